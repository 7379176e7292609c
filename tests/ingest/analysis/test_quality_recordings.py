"""Real watch files: what nobody damaged is not doubted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ingest.analysis.summary import ActivitySummary, UnusableActivityError, summarise
from ingest.formats.fit.decode import decode_fit
from support import RECORDINGS

HARMLESS = {"bad_field_size", "clock_not_set"}
"""What a decoder notes of files that nobody damaged."""

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.skipif(not RECORDINGS.exists(), reason="no folder of real watch files here"),
]


def undamaged() -> Iterator[tuple[str, ActivitySummary]]:
    for name, expected in json.loads((RECORDINGS / "expected.json").read_text()).items():
        if expected["error"]:
            continue
        for part in decode_fit((RECORDINGS / "files" / name).read_bytes()).parts():
            try:
                yield name, summarise(part)
            except UnusableActivityError:
                continue


def test_nothing_is_odd_about_real_files_but_one_of_24_seconds_without_distance() -> None:
    said = {
        (name, flag.code)
        for name, summary in undamaged()
        for flag in summary.flags
        if flag.code not in HARMLESS
    }

    assert said == {("sweatpy__6471559601_ACTIVITY.fit", "no_distance")}


def test_real_runs_count_for_everything() -> None:
    runs = [summary for _, summary in undamaged() if summary.is_run and summary.distance_m]

    assert len(runs) >= 18
    assert all(run.counts_distance and run.counts_intensity and run.counts_cadence for run in runs)
