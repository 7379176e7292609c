"""One activity in other bytes: which recordings are of the same thing, and which of them counts.

Nobody runs twice at the same time, so recordings that overlap and agree are one activity. Whoever doubts
keeps both: a run that counts twice can be seen, one that was lost cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[str, int]
"""A recording's name for good: the fingerprint of its file and its place therein."""

START_S = 300.0
"""Watch and telephone are started within so many seconds of each other. [s]"""
CLOCK_S = 10.0
"""A copy of what one device wrote begins, or ends, within so many seconds of it. [s]"""
DISTANCE_SHARE = 0.2
DURATION_SHARE = 0.2
PARTIAL_OVERLAP = 0.8
SPEED_FACTOR = 2.0
SPAN_LIMIT_S = 48 * 3600.0
"""No recording is taken to last longer. [s]"""

UNKNOWN_SPORTS = frozenset({"", "generic", "all"})
WRONG_CLOCK = frozenset({"clock", "future"})
DAMAGE = frozenset(
    {"truncated", "unterminated", "undefined_message", "checksum", "trailing_bytes", "bad_field_size"}
)


@dataclass(frozen=True, slots=True)
class Trace:
    """What of a stored recording decides whether it is a copy.

    ``distance_m`` is None where it is unknown or the quality gate does not let it count. ``marks`` is the
    number of things that the gate lets the recording count for, ``measures`` of those that were measured.
    """

    id: int
    key: Key
    sport: str
    started_s: float
    timer_s: float
    elapsed_s: float
    distance_m: float | None
    device: str
    marks: int
    measures: int
    records: int
    is_damaged: bool = False
    is_dated: bool = True

    @property
    def stopped_s(self) -> float:
        """When it was over, pauses left out: what happens in a pause is no part of it. [s]"""
        return self.started_s + min(self.timer_s, SPAN_LIMIT_S)


Apart: TypeAlias = AbstractSet[frozenset[Key]]
"""Pairs that the runner said are different."""


def is_copy(one: Trace, other: Trace) -> bool:
    """Whether two recordings are of the same activity, wholly or in part.

    Sessions of one file never are, nor is anything whose clock was wrong. The two overlap in time by more
    than half of the shorter, are of one sport, and either begin together and agree in distance and
    duration, or the shorter lies within the longer and was about as fast. One device records one thing at
    a time: two of its recordings are copies only where they begin, or end, in the same seconds.
    """
    if one.key[0] == other.key[0] or not (one.is_dated and other.is_dated):
        return False
    shorter, longer = sorted((one, other), key=lambda trace: (trace.timer_s, trace.key))
    shared_s = min(one.stopped_s, other.stopped_s) - max(one.started_s, other.started_s)
    if shared_s <= shorter.timer_s / 2:
        return False
    return _is_whole_copy(shorter, longer) or (
        shared_s >= PARTIAL_OVERLAP * shorter.timer_s and _is_part(shorter, longer)
    )


def regroup(traces: Collection[Trace], seeds: Iterable[int], apart: Apart) -> dict[int, int | None]:
    """Say for each recording linked with one of ``seeds`` which other counts for it; None: it counts itself.

    The answer depends on the recordings alone, not on the order in which they came: ``traces`` holds at
    least all that overlap with the seeds, directly or through others.
    """
    known = {trace.id: trace for trace in traces}
    answer: dict[int, int | None] = {}
    for seed in seeds:
        linked = set() if seed in answer else _reachable(known[seed], traces, apart)
        while linked:
            head = _richest(linked)
            group = _group_of(head, linked, apart)
            answer |= {trace.id: head.id for trace in group}
            answer[head.id] = None
            linked -= group
    return answer


def _is_whole_copy(shorter: Trace, longer: Trace) -> bool:
    offset_s = abs(shorter.started_s - longer.started_s)
    if not (_same_sport(shorter, longer) or {shorter.sport, longer.sport} & UNKNOWN_SPORTS):
        return False
    if offset_s > (CLOCK_S if _same_device(shorter, longer) else START_S):
        return False
    if shorter.distance_m is None or longer.distance_m is None:
        return _is_close(shorter.timer_s, longer.timer_s, DURATION_SHARE)
    # One device counts the traffic lights as time in motion, the other does not.
    lasts = any(
        _is_close(mine, theirs, DURATION_SHARE)
        for mine in (shorter.timer_s, shorter.elapsed_s)
        for theirs in (longer.timer_s, longer.elapsed_s)
    )
    return lasts and _is_close(shorter.distance_m, longer.distance_m, DISTANCE_SHARE)


def _is_part(shorter: Trace, longer: Trace) -> bool:
    begins_s, ends_s = shorter.started_s - longer.started_s, longer.stopped_s - shorter.stopped_s
    # A sport that is unknown may be a whole triathlon: its parts are no copies of it.
    if not _same_sport(shorter, longer) or min(begins_s, ends_s) < -START_S:
        return False
    if _same_device(shorter, longer) and min(abs(begins_s), abs(ends_s)) > CLOCK_S:
        return False
    if not shorter.distance_m:
        return False
    if longer.distance_m is None:  # spoilt: it must not stand beside, and in the way of, the good one
        return True
    if shorter.distance_m > (1 + DISTANCE_SHARE) * longer.distance_m:
        return False
    # A watch that was left running until the evening is far slower than the run it hides.
    speeds = shorter.distance_m / shorter.timer_s, longer.distance_m / longer.timer_s
    return max(speeds) <= SPEED_FACTOR * min(speeds)


def _same_sport(one: Trace, other: Trace) -> bool:
    return one.sport == other.sport or {one.sport, other.sport} == {"walking", "hiking"}


def _same_device(one: Trace, other: Trace) -> bool:
    return bool(one.device) and one.device == other.device


def _is_close(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(one, other)


def _is_linked(one: Trace, other: Trace, apart: Apart) -> bool:
    return frozenset((one.key, other.key)) not in apart and is_copy(one, other)


def _reachable(seed: Trace, traces: Collection[Trace], apart: Apart) -> set[Trace]:
    """The seed, everything that is a copy of it, of a copy of it, and so on."""
    found, waiting = {seed}, [seed]
    while waiting:
        trace = waiting.pop()
        fresh = [other for other in traces if other not in found and _is_linked(trace, other, apart)]
        found.update(fresh)
        waiting += fresh
    return found


def _group_of(head: Trace, linked: AbstractSet[Trace], apart: Apart) -> set[Trace]:
    """Those that ``head`` counts for: copies of itself, no two of one file or of a pair to stay apart."""
    group = [head]
    for trace in sorted(linked - {head}, key=_merit):
        is_barred = any(
            trace.key[0] == other.key[0] or frozenset((trace.key, other.key)) in apart for other in group
        )
        if not is_barred and is_copy(trace, head):
            group.append(trace)
    return set(group)


def _richest(linked: AbstractSet[Trace]) -> Trace:
    """The recording that counts: first one whose distance does, then a whole one, then by merit."""
    longest = min(linked, key=lambda trace: (-(trace.distance_m or 0.0), -trace.timer_s, trace.key))
    return min(linked, key=lambda t: (t.distance_m is None, not _is_whole(t, longest), *_merit(t)))


def _is_whole(trace: Trace, longest: Trace) -> bool:
    """Whether nothing is missing: what falls short in distance must not be short of time as well."""
    share = (trace.distance_m or 0.0) / longest.distance_m if longest.distance_m else 1.0
    lasted_s = max(trace.timer_s, trace.elapsed_s)
    return share >= 0.95 or (share >= 1 - DISTANCE_SHARE and lasted_s >= 0.9 * longest.timer_s)


def _merit(trace: Trace) -> tuple[bool | int | float | Key, ...]:
    """Sorts the richer first; the fingerprint decides last, so that the order of arrival never does."""
    return (
        trace.sport in UNKNOWN_SPORTS,
        -trace.marks,
        trace.is_damaged,
        -trace.measures,
        -trace.records,
        trace.started_s,
        trace.key,
    )


def clusters(traces: Iterable[Trace]) -> Iterator[list[Trace]]:
    """Recordings that overlap in time, directly or through others; no copies lie in two clusters."""
    cluster: list[Trace] = []
    until_s = float("-inf")
    for trace in sorted(traces, key=lambda trace: (trace.started_s, trace.key)):
        if cluster and trace.started_s >= until_s:
            yield cluster
            cluster, until_s = [], float("-inf")
        cluster.append(trace)
        until_s = max(until_s, trace.stopped_s)
    if cluster:
        yield cluster
