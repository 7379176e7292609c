"""Deduplication: which recordings are of the same activity, and which of them is the primary.

Nobody runs twice at the same time, so recordings of one sport that mostly overlap are one activity, however
much they disagree. In doubt both are kept: a run counted twice can be seen, a lost one cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from ingest.formats.sport_names import UNKNOWN_SPORTS

Key: TypeAlias = tuple[str, int]
"""Stable identity of a recording: SHA-256 of its file and its index in it."""

CLOCK_S = 10.0
"""Tolerance of start or end between two recordings of one device. [s]"""
LONGEST_PAUSE_S = 1800.0
"""A pause longer than this and longer than the run means that the watch was left running. [s]"""
LEAST_SHARED = 0.5
LEAST_SHARED_NAMELESS = 0.8
"""Minimum overlap as a share of the shorter recording, and of one whose sport is unknown. [unitless]"""
DISTANCE_SHARE = 0.2
SPEED_FACTOR = 2.0
SPAN_FACTOR = 2.0
PARTS_SHARE = 0.05
"""Tolerance of the total distance when the parts in one file make up a whole in another. [unitless]"""
SPAN_LIMIT_S = 48 * 3600.0
"""Maximum length of a recording. [s]"""

WRONG_CLOCK = frozenset({"clock", "future"})
DAMAGE = frozenset(
    {"truncated", "unterminated", "undefined_message", "checksum", "trailing_bytes", "bad_field_size"}
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The properties of a stored recording that decide whether it is a duplicate.

    ``distance_m`` is None if it is unknown or excluded by the quality checks. ``marks`` is the number of
    quantities for which the recording counts, ``measures`` the number that were measured. ``unit`` is the
    serial number of the device, if known.
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
        """Duration including rests, but not the hours in which a watch was left running. [s]"""
        is_rest = self.elapsed_s - self.timer_s <= max(LONGEST_PAUSE_S, self.timer_s)
        return min(max(self.timer_s, self.elapsed_s if is_rest else 0.0), SPAN_LIMIT_S)

    @property
    def stopped_s(self) -> float:
        """End time. [Unix s]"""
        return self.started_s + self.span_s


SplitPairs: TypeAlias = AbstractSet[frozenset[Key]]
"""Pairs that the runner declared different."""


def is_duplicate(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two recordings are of the same activity, wholly or in part.

    Recordings with a wrong clock never are. Within one file only those that begin and last alike are: a file
    appended to itself, but not the legs of a triathlon. Otherwise two are duplicates if they are of one sport
    and overlap by more than half of the shorter, unless a far longer one is also far slower or faster. One
    device records one activity at a time: two of its recordings are duplicates only if they begin, or end, in
    the same seconds.
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
    """Primary recording of each one linked with ``seeds``; None for a primary itself.

    Duplicates always point at the primary recording, so groups have depth one. The result depends on the
    recordings only, not on the order of import. ``fingerprints`` holds at least all that overlap with the
    seeds, directly or through others.
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
    """Whether one file contains the same activity twice."""
    if abs(one.started_s - other.started_s) > CLOCK_S or abs(one.timer_s - other.timer_s) > CLOCK_S:
        return False
    return one.sport == other.sport and _shared_s(one, other) > 0


def _is_part(part: Fingerprint, whole: Fingerprint) -> bool:
    """Whether ``part`` was recorded during ``whole``; both may be equally long."""
    # An unknown sport may be a whole triathlon: its parts are no duplicates of it, but it may be a part.
    is_nameless = part.sport in UNKNOWN_SPORTS and whole.sport not in UNKNOWN_SPORTS
    if not (is_nameless or _same_sport(part, whole)):
        return False
    if _shared_s(part, whole) <= (LEAST_SHARED_NAMELESS if is_nameless else LEAST_SHARED) * part.span_s:
        return False
    return whole.span_s <= SPAN_FACTOR * part.span_s or _has_similar_speed(part, whole)


def _shared_s(one: Fingerprint, other: Fingerprint) -> float:
    """Overlap of two recordings; negative is the gap between them. [s]"""
    return min(one.stopped_s, other.stopped_s) - max(one.started_s, other.started_s)


def _has_similar_speed(part: Fingerprint, whole: Fingerprint) -> bool:
    """Whether a far longer recording may contain the shorter one."""
    if whole.distance_m is None:  # excluded: it must not count beside the valid one
        return True
    if not part.distance_m or part.distance_m > (1 + DISTANCE_SHARE) * whole.distance_m:
        return False
    # A watch left running until the evening has a far lower speed than the run in it.
    speeds = [
        fingerprint.distance_m / max(fingerprint.timer_s, 1.0)
        for fingerprint in (part, whole)
        if fingerprint.distance_m
    ]
    return max(speeds) <= SPEED_FACTOR * min(speeds)


def _share_a_border(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two begin, or end, in the same seconds; pauses may be recorded in one of them only."""
    apart_s = (
        one.started_s - other.started_s,
        one.stopped_s - other.stopped_s,
        one.started_s + one.timer_s - other.started_s - other.timer_s,
    )
    return min(map(abs, apart_s)) <= CLOCK_S


def _same_sport(one: Fingerprint, other: Fingerprint) -> bool:
    return one.sport == other.sport or {one.sport, other.sport} == {"walking", "hiking"}


def _same_device(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one device made both; two of the same model differ in serial number."""
    are_two = None not in (one.unit, other.unit) and one.unit != other.unit
    return bool(one.device) and one.device == other.device and not are_two


def _is_linked(one: Fingerprint, other: Fingerprint, split_pairs: SplitPairs) -> bool:
    return frozenset((one.key, other.key)) not in split_pairs and is_duplicate(one, other)


def _reachable(
    seed: Fingerprint, fingerprints: Collection[Fingerprint], split_pairs: SplitPairs
) -> set[Fingerprint]:
    """All recordings linked with the seed, directly or through others."""
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
    """The primary and its duplicates, without any pair to be kept apart."""
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
    """Whether two were split by the runner, or by one file that is not a whole in parts."""
    is_parted = one.key[0] == other.key[0] not in whole and not is_duplicate(one, other)
    return is_parted or frozenset((one.key, other.key)) in split_pairs


def _files_split_in_parts(alike: Iterable[Fingerprint], head: Fingerprint) -> set[str]:
    """Files whose parts add up to the primary, as a run saved in halves beside the whole of it."""
    files: dict[str, list[Fingerprint]] = {}
    for fingerprint in alike:
        files.setdefault(fingerprint.key[0], []).append(fingerprint)
    return {file for file, parts in files.items() if _parts_add_up(parts, head)}


def _parts_add_up(parts: Sequence[Fingerprint], head: Fingerprint) -> bool:
    """Whether parts follow one another within a whole and their distances add up to its distance."""
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
    """The primary recording: first one with a valid distance, then a complete one, then by quality."""
    longest = min(
        linked,
        key=lambda fingerprint: (-(fingerprint.distance_m or 0.0), -fingerprint.timer_s, fingerprint.key),
    )
    return min(linked, key=lambda t: (t.distance_m is None, not _is_whole(t, longest), *_quality_rank(t)))


def _is_whole(fingerprint: Fingerprint, longest: Fingerprint) -> bool:
    """Whether a recording is complete: a shorter distance is accepted only with nearly the full duration."""
    share = (fingerprint.distance_m or 0.0) / longest.distance_m if longest.distance_m else 1.0
    lasted_s = max(fingerprint.timer_s, fingerprint.elapsed_s)
    return share >= 0.95 or (share >= 1 - DISTANCE_SHARE and lasted_s >= 0.9 * longest.timer_s)


def _quality_rank(fingerprint: Fingerprint) -> tuple[bool | int | float | Key, ...]:
    """Sort key, best first; the file hash comes last, so that import order never decides."""
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
    """Groups of recordings linked by overlap in time; no duplicates span two groups."""
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
