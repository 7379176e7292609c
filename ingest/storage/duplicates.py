"""One activity in other bytes: which recordings are of the same thing, and which of them counts.

Nobody runs twice at the same time, so recordings of one sport that overlap for the most part are one
activity, however far they disagree. Elsewhere whoever doubts keeps both: a run that counts twice can be
seen, one that was lost cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from ingest.formats.sport_names import UNKNOWN_SPORTS

Key: TypeAlias = tuple[str, int]
"""A recording's name for good: the fingerprint of its file and its place therein."""

CLOCK_S = 10.0
"""A copy of what one device wrote begins, or ends, within so many seconds of it. [s]"""
LONGEST_PAUSE_S = 1800.0
"""A pause that is longer than this and than the run is none: the watch was forgotten. [s]"""
LEAST_SHARED = 0.5
LEAST_SHARED_NAMELESS = 0.8
"""Share of the shorter that overlaps, and of one whose sport is unknown. [unitless]"""
DISTANCE_SHARE = 0.2
SPEED_FACTOR = 2.0
SPAN_FACTOR = 2.0
PARTS_SHARE = 0.05
"""Parts of one file make up a whole in another where their distances come so near to its own."""
SPAN_LIMIT_S = 48 * 3600.0
"""No recording is taken to last longer. [s]"""

WRONG_CLOCK = frozenset({"clock", "future"})
DAMAGE = frozenset(
    {"truncated", "unterminated", "undefined_message", "checksum", "trailing_bytes", "bad_field_size"}
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What of a stored recording decides whether it is a copy.

    ``distance_m`` is None where it is unknown or the quality gate does not let it count. ``marks`` is the
    number of things that the gate lets the recording count for, ``measures`` of those that were measured.
    ``unit`` is the serial number of the device, where that is told.
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
    unit: int | None = None

    @property
    def span_s(self) -> float:
        """How long it went on, a rest in a café included; a watch that was forgotten rests for nobody. [s]"""
        is_rest = self.elapsed_s - self.timer_s <= max(LONGEST_PAUSE_S, self.timer_s)
        return min(max(self.timer_s, self.elapsed_s if is_rest else 0.0), SPAN_LIMIT_S)

    @property
    def stopped_s(self) -> float:
        """When it was over. [Unix s]"""
        return self.started_s + self.span_s


SplitPairs: TypeAlias = AbstractSet[frozenset[Key]]
"""Pairs that the runner said are different."""


def is_duplicate(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two recordings are of the same activity, wholly or in part.

    Nothing is whose clock was wrong. Of one file only what begins and lasts alike is: a file that was
    appended to itself, and no legs of a triathlon. Others are copies where they are of one sport and overlap
    by more than half of the shorter, unless a far longer one is far slower or faster as well. One device
    records one thing at a time: two of its recordings are copies only where they begin, or end, in the same
    seconds.
    """
    if not (one.is_dated and other.is_dated):
        return False
    if one.key[0] == other.key[0]:
        return _is_repeat(one, other)
    if _same_device(one, other) and not _share_a_border(one, other):
        return False
    return _is_part(one, other) or _is_part(other, one)


def assign_duplicates(
    fingerprints: Collection[Fingerprint], seeds: Iterable[int], split_pairs: SplitPairs
) -> dict[int, int | None]:
    """Say for each recording linked with one of ``seeds`` which other counts for it; None: it counts itself.

    The answer depends on the recordings alone, not on the order in which they came: ``fingerprints`` holds at
    least all that overlap with the seeds, directly or through others.
    """
    known = {fingerprint.id: fingerprint for fingerprint in fingerprints}
    answer: dict[int, int | None] = {}
    for seed in seeds:
        linked = set() if seed in answer else _reachable(known[seed], fingerprints, split_pairs)
        while linked:
            head = _best_recording(linked)
            group = _group_of(head, linked, split_pairs)
            answer |= {fingerprint.id: head.id for fingerprint in group}
            answer[head.id] = None
            linked -= group
    return answer


def _is_repeat(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one file holds the same twice."""
    if abs(one.started_s - other.started_s) > CLOCK_S or abs(one.timer_s - other.timer_s) > CLOCK_S:
        return False
    return one.sport == other.sport and _shared_s(one, other) > 0


def _is_part(part: Fingerprint, whole: Fingerprint) -> bool:
    """Whether ``part`` was recorded while ``whole`` was; both may be as long."""
    # A sport that is unknown may be a whole triathlon: its parts are no copies of it, but it may be a part.
    is_nameless = part.sport in UNKNOWN_SPORTS and whole.sport not in UNKNOWN_SPORTS
    if not (is_nameless or _same_sport(part, whole)):
        return False
    if _shared_s(part, whole) <= (LEAST_SHARED_NAMELESS if is_nameless else LEAST_SHARED) * part.span_s:
        return False
    return whole.span_s <= SPAN_FACTOR * part.span_s or _has_similar_speed(part, whole)


def _shared_s(one: Fingerprint, other: Fingerprint) -> float:
    """How long both went on; below 0 it is what lies between them. [s]"""
    return min(one.stopped_s, other.stopped_s) - max(one.started_s, other.started_s)


def _has_similar_speed(part: Fingerprint, whole: Fingerprint) -> bool:
    """Whether a far longer recording may hold the shorter one."""
    if whole.distance_m is None:  # spoilt: it must not stand beside, and in the way of, the good one
        return True
    if not part.distance_m or part.distance_m > (1 + DISTANCE_SHARE) * whole.distance_m:
        return False
    # A watch that was left running until the evening is far slower than the run it hides.
    speeds = [
        fingerprint.distance_m / max(fingerprint.timer_s, 1.0)
        for fingerprint in (part, whole)
        if fingerprint.distance_m
    ]
    return max(speeds) <= SPEED_FACTOR * min(speeds)


def _share_a_border(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two begin, or end, in the same seconds; pauses may be written down for one of them only."""
    apart_s = (
        one.started_s - other.started_s,
        one.stopped_s - other.stopped_s,
        one.started_s + one.timer_s - other.started_s - other.timer_s,
    )
    return min(map(abs, apart_s)) <= CLOCK_S


def _same_sport(one: Fingerprint, other: Fingerprint) -> bool:
    return one.sport == other.sport or {one.sport, other.sport} == {"walking", "hiking"}


def _same_device(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one thing recorded both; of two of the same make each has a number of its own."""
    are_two = None not in (one.unit, other.unit) and one.unit != other.unit
    return bool(one.device) and one.device == other.device and not are_two


def _is_linked(one: Fingerprint, other: Fingerprint, split_pairs: SplitPairs) -> bool:
    return frozenset((one.key, other.key)) not in split_pairs and is_duplicate(one, other)


def _reachable(
    seed: Fingerprint, fingerprints: Collection[Fingerprint], split_pairs: SplitPairs
) -> set[Fingerprint]:
    """The seed, everything that is a copy of it, of a copy of it, and so on."""
    found, waiting = {seed}, [seed]
    while waiting:
        fingerprint = waiting.pop()
        fresh = [
            other
            for other in fingerprints
            if other not in found and _is_linked(fingerprint, other, split_pairs)
        ]
        found.update(fresh)
        waiting += fresh
    return found


def _group_of(
    head: Fingerprint, linked: AbstractSet[Fingerprint], split_pairs: SplitPairs
) -> set[Fingerprint]:
    """Those that ``head`` counts for: copies of itself, no two of a pair to stay apart."""
    group = [head]
    alike = [
        fingerprint
        for fingerprint in sorted(linked - {head}, key=_quality_rank)
        if is_duplicate(fingerprint, head)
    ]
    whole = _files_split_in_parts(alike, head)
    for fingerprint in alike:
        if not any(_stay_apart(fingerprint, other, split_pairs, whole) for other in group):
            group.append(fingerprint)
    return set(group)


def _stay_apart(
    one: Fingerprint, other: Fingerprint, split_pairs: SplitPairs, whole: AbstractSet[str]
) -> bool:
    """Whether the runner parted two, or one file did that is no whole in parts."""
    is_parted = one.key[0] == other.key[0] not in whole and not is_duplicate(one, other)
    return is_parted or frozenset((one.key, other.key)) in split_pairs


def _files_split_in_parts(alike: Iterable[Fingerprint], head: Fingerprint) -> set[str]:
    """Files whose parts together are the one that counts, as a run saved in halves beside the whole of it."""
    files: dict[str, list[Fingerprint]] = {}
    for fingerprint in alike:
        files.setdefault(fingerprint.key[0], []).append(fingerprint)
    return {file for file, parts in files.items() if _parts_add_up(parts, head)}


def _parts_add_up(parts: Sequence[Fingerprint], head: Fingerprint) -> bool:
    """Whether parts follow one another within a whole and are as far as that all together."""
    inside = all(
        part.sport == head.sport and _shared_s(part, head) >= (1 - PARTS_SHARE) * part.span_s
        for part in parts
    )
    in_order = sorted(parts, key=lambda part: part.started_s)
    follow = all(_shared_s(one, other) <= CLOCK_S for one, other in pairwise(in_order))
    known_m = [part.distance_m for part in parts if part.distance_m]
    if not (inside and follow and head.distance_m and 1 < len(parts) == len(known_m)):
        return False
    return abs(sum(known_m) - head.distance_m) <= PARTS_SHARE * head.distance_m


def _best_recording(linked: AbstractSet[Fingerprint]) -> Fingerprint:
    """The recording that counts: first one whose distance does, then a whole one, then by merit."""
    longest = min(
        linked,
        key=lambda fingerprint: (-(fingerprint.distance_m or 0.0), -fingerprint.timer_s, fingerprint.key),
    )
    return min(linked, key=lambda t: (t.distance_m is None, not _is_whole(t, longest), *_quality_rank(t)))


def _is_whole(fingerprint: Fingerprint, longest: Fingerprint) -> bool:
    """Whether nothing is missing: what falls short in distance must not be short of time as well."""
    share = (fingerprint.distance_m or 0.0) / longest.distance_m if longest.distance_m else 1.0
    lasted_s = max(fingerprint.timer_s, fingerprint.elapsed_s)
    return share >= 0.95 or (share >= 1 - DISTANCE_SHARE and lasted_s >= 0.9 * longest.timer_s)


def _quality_rank(fingerprint: Fingerprint) -> tuple[bool | int | float | Key, ...]:
    """Sorts the richer first; the fingerprint decides last, so that the order of arrival never does."""
    return (
        fingerprint.sport in UNKNOWN_SPORTS,
        -fingerprint.marks,
        fingerprint.is_damaged,
        -fingerprint.measures,
        -fingerprint.records,
        fingerprint.started_s,
        fingerprint.key,
    )


def overlapping_groups(fingerprints: Iterable[Fingerprint]) -> Iterator[list[Fingerprint]]:
    """Recordings that overlap in time, directly or through others; no copies lie in two clusters."""
    cluster: list[Fingerprint] = []
    until_s = float("-inf")
    for fingerprint in sorted(fingerprints, key=lambda fingerprint: (fingerprint.started_s, fingerprint.key)):
        if cluster and fingerprint.started_s >= until_s:
            yield cluster
            cluster, until_s = [], float("-inf")
        cluster.append(fingerprint)
        until_s = max(until_s, fingerprint.stopped_s)
    if cluster:
        yield cluster
