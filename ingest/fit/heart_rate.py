"""Heart rates that a strap stored while out of reach, under water say, and the watch wrote at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.fit import profile
from ingest.fit.columns import gather_rows, octets
from ingest.fit.crc import Octets
from ingest.fit.quantities import unix_seconds
from ingest.fit.scalars import read_scalars, whole
from ingest.fit.walk import Index, Walk
from ingest.recording import Column, Samples

Counts: TypeAlias = npt.NDArray[np.uint16]

_FRACTION, _BPM, _EVENT = 0, 6, 9
_EVENT_12 = 10
_ANCHOR_FIELDS = frozenset({_FRACTION, _BPM, _EVENT, profile.TIMESTAMP})
_TICKS_PER_SECOND = 1_024
_FRACTION_SCALE = 32_768
_ROLLS_AT = 1 << 12
_INVALID_BPM = 255

HELD_S = 5.0
"""How long a heart rate stands for the samples after it. [s]"""


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Heart rates by the time at which they were measured, ascending. [Unix seconds], [1/min]"""

    timestamp_s: Column
    heart_rate_bpm: Column


def fill_heart_rate(samples: Samples, files: Sequence[Walk]) -> Samples:
    """Give samples without a heart rate the last one that the strap stored up to five seconds before.

    Watches put what the strap stored into files of their own, chained behind the activity.
    """
    if not any(walk.of(profile.HR) for walk in files):
        return samples
    gaps = np.flatnonzero(np.isnan(samples.heart_rate_bpm) & np.isfinite(samples.timestamp_s))
    beats = read_beats(files)
    if not len(gaps) or not len(beats.timestamp_s):
        return samples
    times = samples.timestamp_s[gaps]
    last = np.searchsorted(beats.timestamp_s, times, side="right") - 1
    recent = (last >= 0) & (times - beats.timestamp_s[last] <= HELD_S)
    filled = samples.heart_rate_bpm.copy()
    filled[gaps[recent]] = beats.heart_rate_bpm[last[recent]]
    return dataclasses.replace(samples, heart_rate_bpm=filled)


def read_beats(files: Sequence[Walk]) -> Beats:
    """Heart rates of the ``hr`` messages of all files.

    One message ties a count of 1/1024 s to a timestamp. Those after it hold only the last twelve bits of
    the count, eight of them in twelve bytes, and the count goes on from one to the next.
    """
    stretches = [stretch for walk in files for stretch in _stretches(walk)]
    if not stretches:
        return Beats(np.empty(0), np.empty(0))
    times = np.concatenate([times for times, _ in stretches])
    rates = np.concatenate([rates for _, rates in stretches])
    kept = (rates != _INVALID_BPM) & (rates > 0)
    times, rates = times[kept], rates[kept].astype(np.float64)
    if (np.diff(times) < 0).any():
        by_time = np.argsort(times, kind="stable")
        times, rates = times[by_time], rates[by_time]
    return Beats(times, rates)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A message that ties a count to a time."""

    ordinal: int
    count: int
    timestamp_s: float
    heart_rate_bpm: int


def _stretches(walk: Walk) -> Iterator[tuple[Column, Octets]]:
    """Times and heart rates from each anchor to the next; what lies before the first has no time."""
    anchors = sorted(_anchors(walk), key=lambda anchor: anchor.ordinal)
    ordinals, counts, rates = _packed(walk)
    starts = np.searchsorted(ordinals, [anchor.ordinal for anchor in anchors]).tolist()
    for anchor, (start, stop) in zip(anchors, pairwise([*starts, len(ordinals)]), strict=True):
        first_count, first_rate = np.uint16(anchor.count % _ROLLS_AT), np.uint8(anchor.heart_rate_bpm)
        events = np.append(first_count, counts[start:stop])
        # Octet pairs on purpose: their differences roll over as the twelve bits do.
        steps = np.diff(events, prepend=events[:1]) & np.uint16(_ROLLS_AT - 1)
        times = anchor.timestamp_s + np.cumsum(steps, dtype=np.int64) / _TICKS_PER_SECOND
        yield times, np.append(first_rate, rates[start:stop])


def _anchors(walk: Walk) -> Iterator[_Anchor]:
    for group in walk.of(profile.HR):
        for ordinal, start in zip(group.ordinals.tolist(), group.starts.tolist(), strict=True):
            values = read_scalars(group.kind.definition, walk.body, start, _ANCHOR_FIELDS)
            count, timestamp = whole(values, _EVENT), whole(values, profile.TIMESTAMP)
            if count is None or timestamp is None:
                break
            fraction = (whole(values, _FRACTION) or 0) / _FRACTION_SCALE
            rate = whole(values, _BPM) or 0
            yield _Anchor(ordinal, count, unix_seconds(timestamp) + fraction, rate if 0 < rate < 255 else 0)


def _packed(walk: Walk) -> tuple[Index, Counts, Octets]:
    """Messages with packed counts: which of the messages, their counts and heart rates, shape (m, k)."""
    parts = []
    for group in walk.of(profile.HR):
        layout = {field.number: field for field in group.kind.definition.fields()}
        if layout.keys() >= {_BPM, _EVENT_12}:
            rows = gather_rows(walk, group)
            counts = _twelve_bits(octets(rows, layout[_EVENT_12].offset, layout[_EVENT_12].size))
            rates = octets(rows, layout[_BPM].offset, layout[_BPM].size)
            k = min(counts.shape[1], rates.shape[1])
            parts.append((group.ordinals, counts[:, :k], rates[:, :k]))
    if len(parts) == 1:
        return parts[0]
    return _in_order(parts)


def _in_order(parts: Sequence[tuple[Index, Counts, Octets]]) -> tuple[Index, Counts, Octets]:
    """Several kinds as one, as wide as the widest: repeated counts take no time, rates of 255 are none."""
    width = max((counts.shape[1] for _, counts, _ in parts), default=0)
    ordinals = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
    counts = np.empty((len(ordinals), width), np.uint16)
    rates = np.full((len(ordinals), width), _INVALID_BPM, np.uint8)
    first = 0
    for _, part, part_rates in parts:
        stop, k = first + len(part), part.shape[1]
        if k:
            counts[first:stop] = np.pad(part, ((0, 0), (0, width - k)), mode="edge")
            rates[first:stop, :k] = part_rates
        first = stop
    order = np.argsort(ordinals, kind="stable")
    return ordinals[order], counts[order], rates[order]


def _twelve_bits(packed: Octets) -> Counts:
    """Two numbers of twelve bits out of every three bytes, the lower ones first."""
    triples = packed[:, : packed.shape[1] // 3 * 3].astype(np.uint16).reshape(len(packed), -1, 3)
    counts = np.empty((*triples.shape[:2], 2), np.uint16)
    counts[:, :, 0] = triples[:, :, 0] | (triples[:, :, 1] & 0x0F) << 8
    counts[:, :, 1] = triples[:, :, 1] >> 4 | triples[:, :, 2] << 4
    return counts.reshape(len(packed), -1)
