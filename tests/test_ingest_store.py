"""The store: a summary comes back as it went in, and no query crosses runners."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from houses import NOW, open_house
from ingest.archive import fingerprint
from ingest.examine import examine
from ingest.recording import Flag
from ingest.store import ActivityStore, Original
from support import fit_run

RUN = fit_run()
(SUMMARY,) = examine(RUN).summaries


def original(data: bytes) -> Original:
    return Original(fingerprint(data), "run.fit", len(data), "activity", "activity", "", NOW)


def add(store: ActivityStore, data: bytes) -> None:
    with store.database.writing() as connection:
        store.add(connection, original(data), [SUMMARY])


def test_a_summary_comes_back_as_it_went_in(tmp_path: Path) -> None:
    flagged = dataclasses.replace(SUMMARY, flags=(Flag("truncated", "at byte 7 → «ä»"),))
    with open_house(tmp_path) as services:
        store = services.watch.store
        with store.database.writing() as connection:
            store.add(connection, original(RUN), [flagged])
        (stored,) = store.activities()

    plain = [field.name for field in dataclasses.fields(SUMMARY) if field.name != "intensity"]
    assert [getattr(stored.summary, name) for name in plain] == [getattr(flagged, name) for name in plain]


def test_the_histograms_come_back_as_they_went_in(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        add(services.watch.store, RUN)
        (stored,) = services.watch.store.activities()

    before, after = SUMMARY.intensity, stored.summary.intensity
    assert before is not None
    assert after is not None
    for field in dataclasses.fields(before):
        np.testing.assert_array_equal(getattr(before, field.name), getattr(after, field.name))


def test_one_runner_never_sees_what_is_anothers(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        other = ActivityStore(services.database, 2)
        other.enroll(now=NOW)
        add(services.watch.store, RUN)
        seen = (
            other.activities(),
            other.latest(10),
            other.outcomes([fingerprint(RUN)]),
            other.last_taken_at(),
            other.taken_since(NOW),
        )

    assert seen == ([], [], {}, None, 0)


def test_two_runners_may_bring_the_same_file(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        other = ActivityStore(services.database, 2)
        other.enroll(now=NOW)
        add(services.watch.store, RUN)
        add(other, RUN)

        assert (len(services.watch.store.activities()), len(other.activities())) == (1, 1)
