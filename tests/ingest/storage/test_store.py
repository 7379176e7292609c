"""The store: a summary comes back as it went in, and no query crosses runners."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app_fixtures import NOW, open_house
from ingest.analysis.histogram_codec import CompressedHistograms
from ingest.analysis.intensity import IntensityHistograms
from ingest.analysis.summary import ActivitySummary
from ingest.files.archive import sha256_of
from ingest.formats.recording import Flag
from ingest.pipeline.process_file import process_file
from ingest.storage.activity_store import ActivityStore, OriginalFile
from ingest.storage.database import Database, metadata
from ingest.storage.duplicate_store import NothingToSplitError
from support import fit_run

RUN = fit_run()
(SUMMARY,) = process_file(RUN).summaries


def original(data: bytes) -> OriginalFile:
    return OriginalFile(sha256_of(data), "run.fit", len(data), "activity", "activity", "", NOW)


def add(store: ActivityStore, data: bytes) -> None:
    with store.database.writing() as connection:
        store.add(connection, original(data), [SUMMARY])


def test_a_summary_comes_back_as_it_went_in(tmp_path: Path) -> None:
    flagged = dataclasses.replace(SUMMARY, flags=(Flag("truncated", "at byte 7 → «ä»"),))
    with open_house(tmp_path) as services:
        store = services.runner_service.store
        with store.database.writing() as connection:
            store.add(connection, original(RUN), [flagged])
        (stored,) = store.activities()

    plain = [field.name for field in dataclasses.fields(SUMMARY) if field.name != "intensity"]
    assert [getattr(stored.summary, name) for name in plain] == [getattr(flagged, name) for name in plain]


def test_the_histograms_come_back_as_they_went_in(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        add(services.runner_service.store, RUN)
        (stored,) = services.runner_service.store.activities()

    before, after = SUMMARY.intensity, stored.summary.intensity
    assert isinstance(before, IntensityHistograms)
    assert isinstance(after, CompressedHistograms)
    for field in dataclasses.fields(before):
        np.testing.assert_array_equal(getattr(before, field.name), getattr(after, field.name))


def test_one_runner_never_sees_what_is_anothers(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        other = ActivityStore(services.database, 2)
        other.runner.enroll(now=NOW)
        add(services.runner_service.store, RUN)
        seen = (
            other.activities(),
            other.latest(10),
            other.outcomes([sha256_of(RUN)]),
            other.last_taken_at(),
            other.taken_since(NOW),
        )

    assert seen == ([], [], {}, None, 0)


def test_two_runners_may_bring_the_same_file(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        other = ActivityStore(services.database, 2)
        other.runner.enroll(now=NOW)
        add(services.runner_service.store, RUN)
        add(other, RUN)

        assert (len(services.runner_service.store.activities()), len(other.activities())) == (1, 1)


def bring(store: ActivityStore, name: str, *summaries: ActivitySummary) -> None:
    """Add a file of that name with the given activities in it."""
    with store.database.writing() as connection:
        store.add(connection, dataclasses.replace(original(name.encode()), name=name), summaries)


def made_by(device: str, after_min: float = 0.0, **changes: object) -> ActivitySummary:
    """The run as another device saw it."""
    started_at = SUMMARY.started_at + timedelta(minutes=after_min)
    return dataclasses.replace(SUMMARY, device=device, started_at=started_at, **changes)  # type: ignore[arg-type]


def told(store: ActivityStore) -> list[tuple[str, str | None]]:
    """Each recording's file with that of the activity that counts for it."""
    recordings = store.recordings()
    names = {one.activity.id: one.name for one in recordings}
    return sorted((one.name, names.get(one.same_as or 0)) for one in recordings)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ActivityStore]:
    with open_house(tmp_path) as services:
        yield services.runner_service.store


def test_what_two_devices_recorded_counts_once(store: ActivityStore) -> None:
    bring(store, "watch", SUMMARY)
    bring(store, "phone", made_by("phone", 1, avg_heart_rate_bpm=None))

    assert [one.summary.device for one in store.activities()] == [SUMMARY.device]
    assert len(store.latest(5)) == 1
    assert told(store) == [("phone", "watch"), ("watch", None)]


def test_a_richer_recording_that_comes_later_takes_over(store: ActivityStore) -> None:
    bring(store, "phone", made_by("phone", 1, avg_heart_rate_bpm=None))
    bring(store, "pod", made_by("pod", 2, avg_heart_rate_bpm=None, avg_cadence_spm=None))
    bring(store, "watch", SUMMARY)

    assert told(store) == [("phone", "watch"), ("pod", "watch"), ("watch", None)]


def test_a_run_of_the_next_hour_counts_too(store: ActivityStore) -> None:
    bring(store, "first", SUMMARY)
    bring(store, "second", made_by(SUMMARY.device, 61))

    assert len(store.activities()) == 2


def test_a_recording_that_links_two_others_is_matched_with_both(store: ActivityStore) -> None:
    """Two runs of the watch in one long recording of the phone, which came last."""
    bring(store, "first", made_by("watch", timer_s=3_000.0, distance_m=9_000.0))
    bring(store, "second", made_by("watch", 52, timer_s=3_000.0, distance_m=9_000.0))
    bring(store, "phone", made_by("phone", timer_s=6_200.0, elapsed_s=6_200.0, distance_m=18_100.0))

    assert told(store) == [("first", "phone"), ("phone", None), ("second", "phone")]


def test_a_split_recording_counts_by_itself_and_the_others_stay_together(store: ActivityStore) -> None:
    for device in ("a", "b", "c"):
        bring(store, device, made_by(device))
    (counts,) = store.activities()
    store.split(counts.id)

    assert sorted(head is None for _, head in told(store)) == [False, True, True]


def test_a_split_stands_whatever_comes_later(store: ActivityStore) -> None:
    bring(store, "a", made_by("a"))
    bring(store, "b", made_by("b"))
    store.split(store.recordings()[0].activity.id)
    bring(store, "richest", made_by("c", records=99_999))
    with store.database.writing() as connection:
        store.match_all(connection)

    heads = dict(told(store))
    assert (heads["richest"], sorted((heads["a"], heads["b"]), key=str)) == (None, [None, "richest"])


@pytest.mark.parametrize(("activity_id", "why"), [(1, "merged with no other"), (7, "no activity 7")])
def test_what_is_not_merged_cannot_be_split(store: ActivityStore, activity_id: int, why: str) -> None:
    bring(store, "only", SUMMARY)

    with pytest.raises(NothingToSplitError, match=why):
        store.split(activity_id)


def test_nobody_splits_what_is_anothers(store: ActivityStore) -> None:
    bring(store, "a", made_by("a"))
    bring(store, "b", made_by("b"))
    other = ActivityStore(store.database, 2)

    with pytest.raises(NothingToSplitError, match="no activity 1"):
        other.split(1)


def test_a_file_added_again_keeps_the_numbers_of_its_activities(store: ActivityStore) -> None:
    bring(store, "a", made_by("a"), made_by("a", 300, sport="cycling"))
    before = [one.id for one in store.activities()]
    bring(store, "a", made_by("a", distance_m=9_999.0), made_by("a", 300, sport="cycling"))

    assert [one.id for one in store.activities()] == before
    assert store.activities()[0].summary.distance_m == 9_999.0


def gpx_of(tracks: int) -> bytes:
    """The same ten minutes as so many tracks of one file."""
    points = "".join(
        f'<trkpt lat="{52 + 2.7e-5 * second:.6f}" lon="5"><time>2026-03-02T06:{30 + second // 60:02}:'
        f"{second % 60:02}Z</time></trkpt>"
        for second in range(600)
    )
    track = f"<trk><type>running</type><trkseg>{points}</trkseg></trk>"
    return f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{tracks * track}</gpx>'.encode()


@pytest.mark.parametrize("data", [RUN + RUN, gpx_of(2)], ids=["FIT appended to itself", "GPX, track twice"])
def test_the_same_activity_twice_in_one_file_counts_once(store: ActivityStore, data: bytes) -> None:
    summaries = process_file(data).summaries
    bring(store, "twice", *summaries)

    assert len(summaries) == 2
    assert len(store.activities()) == 1


def test_what_one_file_holds_twice_can_be_split(store: ActivityStore) -> None:
    bring(store, "twice", SUMMARY, SUMMARY)
    store.split(store.activities()[0].id)

    assert len(store.activities()) == 2


@contextmanager
def bare_stores(count: int) -> Iterator[list[ActivityStore]]:
    """Stores of so many runners in one new database."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/hipwatch.sqlite3")
        metadata.create_all(database.engine)
        stores = [ActivityStore(database, number) for number in range(1, count + 1)]
        for one in stores:
            one.runner.enroll(now=NOW)
        yield stores
        database.close()


RECORDINGS = {
    "watch": SUMMARY,
    "phone": made_by("phone", 1, avg_heart_rate_bpm=None, distance_m=10_300.0),
    "cut off": made_by(SUMMARY.device, timer_s=1_200.0, elapsed_s=1_200.0, distance_m=3_300.0),
    "export": made_by("", records=900),
    "next": made_by(SUMMARY.device, 70),
    "next by phone": made_by("phone", 72, avg_heart_rate_bpm=None),
    "both by another phone": made_by("pod", timer_s=7_900.0, elapsed_s=7_900.0, distance_m=20_500.0),
    "ride": made_by("phone", sport="cycling"),
}

NAMES = st.lists(st.sampled_from(sorted(RECORDINGS)), unique=True, max_size=6)


def bring_all(store: ActivityStore, names: Sequence[str]) -> None:
    for name in names:
        bring(store, name, RECORDINGS[name])


@settings(max_examples=20, deadline=None)
@given(names=NAMES, data=st.data())
def test_what_counts_does_not_depend_on_the_order_of_arrival(names: list[str], data: st.DataObject) -> None:
    with bare_stores(2) as (one, other):
        bring_all(one, names)
        bring_all(other, data.draw(st.permutations(names)))

        assert told(one) == told(other)


@settings(max_examples=20, deadline=None)
@given(names=NAMES)
def test_matching_everything_anew_changes_nothing(names: list[str]) -> None:
    with bare_stores(1) as (store,):
        bring_all(store, names)
        before = told(store)
        with store.database.writing() as connection:
            store.match_all(connection)

        assert told(store) == before


@settings(max_examples=20, deadline=None)
@given(mine=NAMES, theirs=NAMES, split=st.integers(1, 12))
def test_what_another_runner_brings_and_splits_changes_nothing(
    mine: list[str], theirs: list[str], split: int
) -> None:
    with bare_stores(1) as (alone,):
        bring_all(alone, mine)
        expected = told(alone)
    with bare_stores(2) as (me, other):
        for number in range(max(len(mine), len(theirs))):
            bring_all(me, mine[number : number + 1])
            bring_all(other, theirs[number : number + 1])
        mine_before = told(me)
        with suppress(NothingToSplitError):
            other.split(split)
        with other.database.writing() as connection:
            other.match_all(connection)
            other.mark_examined(connection)

        assert told(me) == mine_before == expected
        assert {one.name for one in me.originals()} == set(mine)
