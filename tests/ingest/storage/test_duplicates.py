"""Copies: what is one activity is matched, whatever the order of arrival; no trap loses a run."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.storage.duplicates import Fingerprint, Key, assign_duplicates, is_duplicate, overlapping_groups

MINUTE, HOUR = 60.0, 3_600.0

RUN = Fingerprint(
    id=1,
    key=("a", 0),
    sport="running",
    started_s=1_770_000_000.0,
    timer_s=HOUR,
    elapsed_s=HOUR,
    distance_m=10_000.0,
    device="garmin fr965",
    unit=7,
    marks=3,
    measures=3,
    records=3_601,
)


def other(after_s: float = 0.0, **changes: object) -> Fingerprint:
    """Another file's recording, of another device, that begins so much later than ``RUN``."""
    given: dict[str, object] = {"id": 2, "key": ("b", 0), "device": "phone"} | changes
    if "timer_s" in given:
        given.setdefault("elapsed_s", given["timer_s"])
    return dataclasses.replace(RUN, started_s=RUN.started_s + after_s, **given)  # type: ignore[arg-type]


def counting(*traces: Fingerprint, apart: Sequence[tuple[Key, Key]] = ()) -> list[int]:
    """Numbers of those that count."""
    pairs = {frozenset(pair) for pair in apart}
    answer = assign_duplicates(traces, [trace.id for trace in traces], pairs)
    return sorted(trace.id for trace in traces if answer[trace.id] is None)


COPIES = {
    "re-exported by a service, which drops the device": other(device="", records=3_500),
    "re-exported with its device": other(device="garmin fr965", records=1_200),
    "two watches": other(4.0, device="coros pace 3", distance_m=10_080.0),
    "phone and watch, started one after the other": other(95.0, distance_m=10_400.0, timer_s=3_480.0),
    "a treadmill, phone and watch differing by a tenth": other(20.0, distance_m=9_000.0),
    "a treadmill of which the phone knows no distance": other(20.0, distance_m=None),
    "one of them stops its clock at the lights": other(timer_s=2_700.0, elapsed_s=HOUR),
    "cut off by an empty battery": other(device="garmin fr965", timer_s=1_900.0, distance_m=5_100.0),
    "cut off in the slow warm-up": other(timer_s=600.0, distance_m=1_000.0),
    "the phone remembered late": other(900.0, timer_s=2_700.0, distance_m=7_500.0),
    "the start cropped away": other(
        600.0, device="garmin fr965", timer_s=HOUR - 600.0, elapsed_s=HOUR - 600.0, distance_m=8_300.0
    ),
    "a sport that the exporter did not write": other(sport="generic"),
    "a treadmill, phone and watch differing by a quarter": other(distance_m=8_000.0),
    "the same, stopped five seconds later": other(timer_s=HOUR + 5.0, distance_m=8_000.0),
    "the same, stopped five seconds earlier": other(timer_s=HOUR - 5.0, distance_m=13_000.0),
    "a third as far, though nobody runs two runs at once": other(distance_m=3_300.0, timer_s=HOUR - 1),
    "one that lost its distance on the way": other(600.0, timer_s=1_900.0, distance_m=None),
    "the phone started and stopped late": other(400.0, timer_s=HOUR + 100.0, distance_m=10_200.0),
    "the phone started and stopped early": other(-500.0, timer_s=HOUR + 100.0, distance_m=10_200.0),
    "a part whose sport the exporter did not write": other(
        900.0, sport="generic", timer_s=1_800.0, distance_m=5e3
    ),
    "the same file appended to itself": other(key=("a", 1), device=RUN.device),
    "the same track twice in a file, a second off": other(1.0, key=("a", 1), timer_s=HOUR - 1),
    "two watches of the same make, the second started later": other(
        120.0, device=RUN.device, unit=8, timer_s=HOUR - 300.0, distance_m=9_300.0
    ),
    "a spoilt copy that goes on in the car": other(timer_s=2 * HOUR, distance_m=None, marks=0),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_the_same_activity_in_other_bytes_is_a_copy(copy: Fingerprint) -> None:
    assert (is_duplicate(RUN, copy), is_duplicate(copy, RUN)) == (True, True)


DIFFERENT = {
    "the watch stopped and started again": other(HOUR, device="garmin fr965"),
    "two watches of the same make, one after the other": other(HOUR, device="garmin fr965", unit=8),
    "the watch stopped and started again a minute later": other(HOUR + MINUTE, device="garmin fr965"),
    "strides in a file of their own, right after": other(HOUR, timer_s=240.0, distance_m=800.0),
    "the bike of a brick": other(sport="cycling"),
    "a lap of the same loop later that day": other(2 * HOUR),
    "the time zone an hour out": other(HOUR),
    "the time zone an hour out, on a long run": other(HOUR, timer_s=3 * HOUR, distance_m=30_000.0),
    "another day": other(24 * HOUR),
    "a session of the same file": other(MINUTE, key=("a", 1)),
    "a longer session of the same file": other(key=("a", 1), timer_s=HOUR + MINUTE),
    "another sport of the same file": other(key=("a", 1), sport="cycling"),
    "less than half of it at the same time": other(0.55 * HOUR),
    "a clock that was wrong": other(is_dated=False),
    "one device that began twice in five minutes, its clock having been reset": other(
        90.0, device="garmin fr965"
    ),
    "the same, of which one export dropped the number": other(90.0, device="garmin fr965", unit=None),
    "hidden behind a watch left running until the evening": other(-HOUR, timer_s=12 * HOUR),
    "in the long pause of another": other(-2 * HOUR, timer_s=HOUR, elapsed_s=12 * HOUR, distance_m=10_000.0),
    "a triathlon as one nameless thing": other(-HOUR, sport="generic", timer_s=3 * HOUR, distance_m=45_000.0),
    "nothing recorded": other(timer_s=0.0),
}


@pytest.mark.parametrize("stranger", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_two_activities_are_not_taken_for_one(stranger: Fingerprint) -> None:
    assert (is_duplicate(RUN, stranger), is_duplicate(stranger, RUN)) == (False, False)


def test_repeats_saved_each_in_a_file_of_its_own_all_count() -> None:
    repeats = [
        other(number * 4 * MINUTE, id=number, key=(f"{number}", 0), timer_s=180.0, distance_m=800.0)
        for number in range(8)
    ]

    assert counting(*repeats) == list(range(8))


RICHER = {
    "more records": (RUN, other(records=900)),
    "heart rate": (RUN, other(measures=2, records=9_000)),
    "undamaged": (RUN, other(is_damaged=True, records=9_000)),
    "let through by the gate": (RUN, other(marks=2, records=9_000)),
    "a distance that counts": (RUN, other(distance_m=None, records=9_000)),
    "whole": (other(measures=1, records=720, id=1), other(timer_s=1_500.0, distance_m=4_100.0, id=2)),
    "a sport with a name": (RUN, other(sport="generic", records=9_000)),
    "whole, where the richer stood still at the lights": (
        RUN,
        other(timer_s=2_700.0, elapsed_s=HOUR, measures=2),
    ),
    "richer, though the other measured further": (RUN, other(distance_m=11_800.0, measures=1)),
    "the corrected one, whatever was imported before": (
        RUN,
        other(timer_s=3 * HOUR, distance_m=None, marks=0, records=20_000),
    ),
}


@pytest.mark.parametrize(("richer", "poorer"), RICHER.values(), ids=RICHER.keys())
def test_of_copies_the_richer_counts(richer: Fingerprint, poorer: Fingerprint) -> None:
    if richer.key == poorer.key:
        poorer = dataclasses.replace(poorer, key=("c", 0))

    assert counting(poorer, richer) == [richer.id]


def test_a_phone_that_recorded_two_runs_of_the_watch_counts_for_both() -> None:
    both = other(id=3, key=("c", 0), timer_s=2 * HOUR, distance_m=20_000.0)
    second = other(HOUR + MINUTE, timer_s=3_500.0, distance_m=9_700.0, device=RUN.device)

    assert counting(RUN, second, both) == [3]


def test_a_file_that_was_appended_to_itself_counts_once() -> None:
    assert counting(RUN, other(key=("a", 1))) == [1]


def test_short_sessions_of_one_file_that_do_not_overlap_both_count() -> None:
    short = dataclasses.replace(RUN, timer_s=5.0, elapsed_s=5.0)

    assert not is_duplicate(short, other(8.0, key=("a", 1), timer_s=5.0))


def test_a_repeat_within_one_file_can_be_split() -> None:
    assert counting(RUN, other(key=("a", 1)), apart=[(("a", 0), ("a", 1))]) == [1, 2]


def test_both_repeats_of_one_file_stand_behind_a_richer_copy() -> None:
    assert counting(RUN, other(key=("a", 1)), other(id=3, key=("b", 0), measures=4)) == [3]


@pytest.mark.parametrize("key", [("0", 0), ("z", 0)])
@pytest.mark.parametrize("timer_s", [HOUR - 5.0, HOUR, HOUR + 5.0])
def test_on_a_treadmill_the_longer_counts_whatever_the_fingerprint_and_the_seconds(
    key: Key, timer_s: float
) -> None:
    """8.0 km by the telephone and 10.5 km by the watch once made a run of 18.5 km."""
    runner_service = dataclasses.replace(RUN, distance_m=10_500.0)

    assert counting(runner_service, other(key=key, timer_s=timer_s, distance_m=8_000.0)) == [1]


def test_the_halves_before_and_after_a_cafe_are_parts_of_the_whole() -> None:
    """The watch was stopped for half an hour, the telephone began anew."""
    runner_service = dataclasses.replace(RUN, elapsed_s=1.5 * HOUR)
    before = other(timer_s=HOUR / 2, distance_m=5_000.0)
    after = other(HOUR, id=3, key=("c", 0), timer_s=HOUR / 2, distance_m=5_000.0)

    assert counting(runner_service, before, after) == [1]


def test_what_is_like_a_copy_but_not_like_the_one_that_counts_is_kept() -> None:
    """Far from the first, near to the middle: a chain of likenesses must not swallow its end."""
    middle = other(1_500.0, id=2, key=("b", 0), device="b")
    last = other(3_000.0, id=3, key=("c", 0), device="c")

    assert len(counting(RUN, middle, last)) == 2


def test_a_slower_run_on_another_day_decides_nothing() -> None:
    """Found by chance: what is whole was once measured against everything that was looked at together."""
    fuller = other(measures=4, distance_m=9_000.0, timer_s=3_300.0)
    slow = other(24 * HOUR, id=3, key=("c", 0), timer_s=4 * HOUR)

    assert counting(RUN, fuller, slow) == [2, 3]


def test_a_pair_that_was_split_stays_apart() -> None:
    assert counting(RUN, other(), apart=[(RUN.key, ("b", 0))]) == [1, 2]


def test_a_third_copy_does_not_bring_together_what_was_split() -> None:
    richest = other(id=3, key=("c", 0), device="c", records=9_999)

    assert counting(RUN, other(), richest, apart=[(RUN.key, ("b", 0))]) == [2, 3]


BOTH = other(id=3, key=("c", 0), timer_s=2 * HOUR, distance_m=20_000.0)


@pytest.mark.parametrize("rest_s", [0.0, 300.0])
def test_a_run_saved_in_halves_is_the_whole_that_another_recorded(rest_s: float) -> None:
    half = other(HOUR + rest_s, key=("a", 1), device=RUN.device, timer_s=HOUR - rest_s, distance_m=9_700.0)

    assert counting(RUN, half, BOTH) == [3]


HALF = other(HOUR, key=("a", 1), device=RUN.device)
NO_HALVES = {
    "together they are farther": dataclasses.replace(HALF, distance_m=11_500.0),
    "together they are less far": dataclasses.replace(HALF, distance_m=8_500.0),
    "nobody knows how far": dataclasses.replace(HALF, distance_m=None),
    "it is another sport": dataclasses.replace(HALF, sport="generic"),
    "it goes on beyond the whole": dataclasses.replace(HALF, timer_s=1.2 * HOUR, elapsed_s=1.2 * HOUR),
    "they overlap": dataclasses.replace(HALF, started_s=RUN.started_s + HOUR / 2),
}


@pytest.mark.parametrize("session", NO_HALVES.values(), ids=NO_HALVES.keys())
def test_sessions_of_one_file_are_not_brought_together_by_another_that_is_not_their_sum(
    session: Fingerprint,
) -> None:
    assert len(counting(RUN, session, BOTH)) == 2


def test_a_half_that_was_split_off_counts() -> None:
    assert counting(RUN, HALF, BOTH, apart=[(HALF.key, BOTH.key)]) == [2, 3]


@st.composite
def days(draw: st.DrawFn) -> list[Fingerprint]:
    """Up to eight recordings of one morning that overlap in every way."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, 120).map(lambda minute: 30.0 * minute),
                st.sampled_from([0.0, 180.0, 1_500.0, 3_000.0, HOUR, 4 * HOUR]),
                st.sampled_from([None, 800.0, 4_000.0, 9_000.0, 10_000.0, 20_000.0]),
                st.sampled_from(["running", "running", "running", "cycling", "generic"]),
                st.sampled_from(["", "watch", "phone", "pod"]),
                st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
                st.booleans(),
                st.sampled_from([1.0, 1.2, 1.8, 4.0]),
            ),
            max_size=8,
        )
    )
    return [
        Fingerprint(
            id=number,
            key=(f"{number // 2}", number % 2) if number < 4 else (f"{number}", 0),
            sport=sport,
            started_s=RUN.started_s + after_s,
            timer_s=timer_s,
            elapsed_s=timer_s * pauses,
            distance_m=distance_m,
            device=device,
            marks=marks,
            measures=measures,
            records=records,
            is_dated=is_dated or number % 3 > 0,
        )
        for number, (
            after_s,
            timer_s,
            distance_m,
            sport,
            device,
            (marks, measures, records),
            is_dated,
            pauses,
        ) in (enumerate(drawn))
    ]


def pairs_of(traces: Sequence[Fingerprint], chance: random.Random) -> set[frozenset[Key]]:
    chosen = [chance.sample(traces, 2) for _ in range(3)] if len(traces) > 1 else []
    return {frozenset(trace.key for trace in pair) for pair in chosen}


@settings(max_examples=60, deadline=None)
@given(traces=days(), chance=st.randoms(use_true_random=False))
def test_the_order_of_arrival_is_irrelevant(traces: list[Fingerprint], chance: random.Random) -> None:
    apart = pairs_of(traces, chance)
    ids = [trace.id for trace in traces]
    shuffled = chance.sample(traces, len(traces))

    assert assign_duplicates(shuffled, ids[::-1], apart) == assign_duplicates(traces, ids, apart)


@settings(max_examples=60, deadline=None)
@given(traces=days(), chance=st.randoms(use_true_random=False))
def test_whatever_does_not_count_is_a_copy_of_what_counts_for_it(
    traces: list[Fingerprint], chance: random.Random
) -> None:
    apart = pairs_of(traces, chance)
    by_id = {trace.id: trace for trace in traces}
    answer = assign_duplicates(traces, list(by_id), apart)

    assert answer.keys() == by_id.keys()
    for copy, head in answer.items():
        if head is not None:
            assert answer[head] is None
            assert is_duplicate(by_id[copy], by_id[head])


@settings(max_examples=60, deadline=None)
@given(traces=days(), chance=st.randoms(use_true_random=False))
def test_no_group_holds_what_must_stay_apart(traces: list[Fingerprint], chance: random.Random) -> None:
    apart = pairs_of(traces, chance)
    answer = assign_duplicates(traces, [trace.id for trace in traces], apart)
    head = {trace.id: trace.id if answer[trace.id] is None else answer[trace.id] for trace in traces}
    together = [
        (one, two) for one in traces for two in traces if one.id < two.id and head[one.id] == head[two.id]
    ]

    assert all(frozenset((one.key, two.key)) not in apart for one, two in together)
    assert all(
        one.key[0] != two.key[0] or is_duplicate(one, two) or make_up_a_whole(one, two, traces, head)
        for one, two in together
    )


def make_up_a_whole(
    one: Fingerprint, two: Fingerprint, traces: Sequence[Fingerprint], head: dict[int, int]
) -> bool:
    """Whether two parts of one file are, with the others of it, as far as what counts for them."""
    (whole,) = (trace for trace in traces if trace.id == head[one.id])
    parts = [trace for trace in traces if trace.key[0] == one.key[0] and is_duplicate(trace, whole)]
    far_m = sum(part.distance_m or 0.0 for part in parts)
    return {one, two} <= set(parts) and abs(far_m - (whole.distance_m or 0.0)) <= 0.05 * far_m + 1


@settings(max_examples=60, deadline=None)
@given(traces=days(), chance=st.randoms(use_true_random=False))
def test_one_by_one_gives_what_all_at_once_gives(traces: list[Fingerprint], chance: random.Random) -> None:
    apart = pairs_of(traces, chance)
    answer: dict[int, int | None] = {}
    for count, trace in enumerate(traces, start=1):
        answer |= assign_duplicates(traces[:count], [trace.id], apart)

    assert answer == assign_duplicates(traces, [trace.id for trace in traces], apart)


@settings(max_examples=60, deadline=None)
@given(traces=days())
def test_no_copies_lie_in_two_clusters(traces: list[Fingerprint]) -> None:
    found = list(overlapping_groups(traces))
    number = {trace.id: place for place, cluster in enumerate(found) for trace in cluster}

    assert sorted(number) == sorted(trace.id for trace in traces)
    assert all(number[a.id] == number[b.id] for a in traces for b in traces if is_duplicate(a, b))


@settings(max_examples=40, deadline=None)
@given(traces=days())
def test_to_be_a_copy_goes_both_ways(traces: list[Fingerprint]) -> None:
    assert all(is_duplicate(a, b) == is_duplicate(b, a) for a in traces for b in traces)
