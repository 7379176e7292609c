"""Whatever a file says, it is added, ignored or set aside with a reason: it never stops the others."""

from __future__ import annotations

import dataclasses
import logging
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app_fixtures import NOW, lay_into, open_house
from ingest.files.sources import collect
from ingest.formats.fit.decode import decode_fit
from ingest.formats.fit.encode import encode_file
from ingest.formats.fit.file_metadata import MAX_MESSAGES
from ingest.pipeline import process_file as examine_module
from ingest.pipeline.process_file import ProcessedFile, process_file
from odd_files import file_of, odd_file
from support import definition, fit_run, message, mutant_of

FLOAT64, UINT64 = 0x89, 0x8F

ODD_FILES = {
    "float times": file_of(times=[3e11, 3e11 + 1], of_type=FLOAT64),
    "times of 64 bits": file_of(times=[2**62, 2**62 + 1024], of_type=UINT64),
    "times beyond any calendar": file_of(times=[1e308, 1e308], of_type=FLOAT64),
    "negative times": file_of(times=[-1e12, -1e308], of_type=FLOAT64),
    "a timer of eternity": file_of(times=[10**9, 10**9 + 9], timer=1e300, timer_type=FLOAT64),
    "a negative timer": file_of(times=[10**9, 10**9 + 9], timer=-1e6, timer_type=FLOAT64),
}


def judged(data: bytes) -> ProcessedFile:
    """Examine it without the last line of defence."""
    return examine_module._process(data, NOW)


def assert_storable(examined: ProcessedFile) -> None:
    """Every number can be stored, and no time is outside what a calendar and the matching can hold."""
    for summary in examined.summaries:
        numbers = [v for v in dataclasses.asdict(summary).values() if isinstance(v, float)]
        assert all(map(math.isfinite, numbers)), summary
        assert 0 <= summary.timer_s < 1e8, summary
        assert 0 <= summary.elapsed_s < 1e8, summary
        assert summary.distance_m is None or 0 <= summary.distance_m < 1e10, summary
        assert summary.started_at < datetime(2130, 1, 1, tzinfo=UTC), summary


@pytest.mark.parametrize("name", sorted(ODD_FILES))
def test_a_number_that_no_watch_writes_is_no_number(name: str) -> None:
    assert_storable(judged(ODD_FILES[name]))


def test_times_that_a_clock_of_32_bits_cannot_say_are_no_times() -> None:
    times = [-1.0, 10**9, 2.0**32, 1e308]

    assert np.isfinite(decode_fit(file_of(times=times, of_type=FLOAT64)).samples.timestamp_s).tolist() == [
        False,
        True,
        False,
        False,
    ]


def test_a_timer_that_cannot_be_is_counted_from_the_samples() -> None:
    (summary,) = judged(ODD_FILES["a timer of eternity"]).summaries

    assert summary.timer_s == 9


def sessions_of_one_start(count: int, records: int = 90) -> bytes:
    """A file whose sessions all claim the same samples."""
    clock, sport = (253, 4, 0x86), [(2, 4, 0x86), (7, 4, 0x86), (5, 1, 0)]
    return encode_file(
        [
            definition(0, [(0, 1, 0)]) + b"\0\4",
            definition(20, [clock]) + b"".join(message("<I", 10**9 + i) for i in range(records)),
            definition(18, sport) + message("<IIB", 10**9, 89_000, 1) * count,
        ]
    )


def test_no_sample_belongs_to_two_sessions() -> None:
    sessions = decode_fit(sessions_of_one_start(16)).sessions

    assert sum(session.stop - session.first for session in sessions) == 90
    assert (sessions[0].first, sessions[0].stop) == (0, 90)


def test_chained_files_have_no_more_sessions_than_one_may_have() -> None:
    assert len(decode_fit(sessions_of_one_start(100) * 3).sessions) == MAX_MESSAGES


def test_sessions_of_more_than_six_days_together_are_left_out_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examine_module, "MOST_SECONDS", 150)
    examined = judged(sessions_of_one_start(1) * 2)

    assert (len(examined.summaries), "more than six days" in examined.reason) == (1, True)


def test_no_odd_number_in_a_whole_file_is_a_fault_of_ours() -> None:
    chance = np.random.default_rng(20_260_303)
    for _ in range(900):
        assert_storable(judged(odd_file(chance)))


def test_no_damage_is_a_fault_of_ours() -> None:
    chance = np.random.default_rng(20_260_304)
    seeds = [fit_run(duration_s=40), fit_run(duration_s=40, big_endian=True, power_w=250.0)]
    for number in range(600):
        assert_storable(judged(mutant_of(seeds[number % 2], chance)))


@pytest.mark.parametrize("error", [RuntimeError, OverflowError, MemoryError, RecursionError])
def test_a_fault_of_ours_is_loud_and_sets_only_that_file_aside(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def summarise(*_: object, **__: object) -> None:
        raise error("a bug")

    with open_house(tmp_path / "home") as services:
        bad, good = lay_into(tmp_path / "watch", [fit_run(duration_s=60), fit_run(duration_s=90)])
        with monkeypatch.context() as broken:
            broken.setattr(examine_module, "summarise", summarise)
            report = services.runner_service.intake.import_files(list(collect([bad])), now=NOW)
        after = services.runner_service.intake.import_files(list(collect([good])), now=NOW)
        (logged,) = [record for record in caplog.records if record.levelno == logging.ERROR]

        assert [f"of Hipwatch itself: {error.__name__}" in r.reason for r in report.rejected] == [True]
        assert (after.added, services.runner_service.intake.quarantine.count()) == (1, 1)
        assert logged.exc_info is not None


def test_odd_files_go_into_the_database_with_a_run_beside_them(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        paths = lay_into(tmp_path / "watch", [*ODD_FILES.values(), fit_run(duration_s=60)])
        report = services.runner_service.intake.import_files(list(collect(paths)), now=NOW)

    assert report.files == len(paths)
    assert process_file(fit_run(duration_s=60)).outcome == "activity"
