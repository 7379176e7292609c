"""Heart rates that a strap stored while out of reach, under water say, and the watch wrote at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.formats.fit import profile
from ingest.formats.fit.protocol.columns import gather_rows, octets
from ingest.formats.fit.protocol.crc import Octets
from ingest.formats.fit.protocol.message_index import Index, MessageGroup, MessageIndex
from ingest.formats.fit.protocol.scalars import read_scalars, whole
from ingest.formats.fit.quantities import unix_seconds
from ingest.formats.recording import Column, Samples

Counts: TypeAlias = npt.NDArray[np.uint16]

_FRACTION, _BPM, _EVENT = 0, 6, 9
_EVENT_12 = 10
_ANCHOR_FIELDS = frozenset({_FRACTION, _BPM, _EVENT, profile.TIMESTAMP})
_TICKS_PER_SECOND = 1_024
_FRACTION_SCALE = 32_768
_ROLLS_AT = 1 << 12
_INVALID_BPM = 255

MAX_BEATS = 1 << 19
_MAX_ANCHORS = 1 << 12
"""Two days without leaving the water; more are not read, for the sake of our memory."""

HELD_S = 5.0
"""How long a heart rate stands for the samples after it. [s]"""


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Heart rates and when they were measured. [Unix seconds], [1/min]"""

    timestamp_s: Column
    heart_rate_bpm: Octets

    def __len__(self) -> int:
        return len(self.timestamp_s)


def fill_heart_rate(samples: Samples, stored: Sequence[Beats]) -> Samples:
    """Give samples without a heart rate the last one that the strap stored up to five seconds before.

    Watches put what the strap stored into files of their own, chained behind the activity.
    """
    stored = [beats for beats in stored if len(beats)]
    gaps = (
        np.flatnonzero(np.isnan(samples.heart_rate_bpm) & np.isfinite(samples.timestamp_s)) if stored else ()
    )
    if not len(gaps):
        return samples
    beats = _in_order(stored)
    times = samples.timestamp_s[gaps]
    last = np.searchsorted(beats.timestamp_s, times, side="right") - 1
    recent = (last >= 0) & (times - beats.timestamp_s[last] <= HELD_S)
    filled = samples.heart_rate_bpm.copy()
    filled[gaps[recent]] = beats.heart_rate_bpm[last[recent]]
    return dataclasses.replace(samples, heart_rate_bpm=filled)


def _in_order(stored: Sequence[Beats]) -> Beats:
    times = np.concatenate([beats.timestamp_s for beats in stored])
    rates = np.concatenate([beats.heart_rate_bpm for beats in stored])
    if (np.diff(times) < 0).any():
        by_time = np.argsort(times, kind="stable")
        times, rates = times[by_time], rates[by_time]
    return Beats(times, rates)


def read_beats(index: MessageIndex, *, limit: int = MAX_BEATS) -> Beats:
    """Heart rates of the ``hr`` messages of one file, not more than ``limit``.

    One message ties a count of 1/1024 s to a timestamp. Those after it hold only the last twelve bits of
    the count, eight of them in twelve bytes, and the count goes on from one to the next.
    """
    stretches = list(_stretches(index, limit)) if index.of(profile.HR) else []
    if not stretches:
        return Beats(np.empty(0), np.empty(0, np.uint8))
    times = np.concatenate([times for times, _ in stretches])
    rates = np.concatenate([rates for _, rates in stretches])
    valid = (rates != _INVALID_BPM) & (rates > 0)
    return Beats(times[valid], rates[valid])


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A message that ties a count to a time."""

    ordinal: int
    count: int
    timestamp_s: float
    heart_rate_bpm: int


def _stretches(index: MessageIndex, limit: int) -> Iterator[tuple[Column, Octets]]:
    """Times and heart rates from each anchor to the next; what lies before the first has no time."""
    anchors = sorted(islice(_anchors(index), _MAX_ANCHORS), key=lambda anchor: anchor.ordinal)
    ordinals, counts, rates = _packed(index, limit)
    starts = np.searchsorted(ordinals, [anchor.ordinal for anchor in anchors]).tolist()
    for anchor, (start, stop) in zip(anchors, pairwise([*starts, len(ordinals)]), strict=True):
        first_count, first_rate = np.uint16(anchor.count % _ROLLS_AT), np.uint8(anchor.heart_rate_bpm)
        events = np.append(first_count, counts[start:stop])
        # uint16 on purpose: differences wrap around as the twelve bits do.
        scanner = np.diff(events, prepend=events[:1]) & np.uint16(_ROLLS_AT - 1)
        times = anchor.timestamp_s + np.cumsum(scanner, dtype=np.int64) / _TICKS_PER_SECOND
        yield times, np.append(first_rate, rates[start:stop])


def _anchors(index: MessageIndex) -> Iterator[_Anchor]:
    for group in index.of(profile.HR):
        places = zip(
            group.ordinals[:_MAX_ANCHORS].tolist(), group.starts[:_MAX_ANCHORS].tolist(), strict=True
        )
        for ordinal, start in places:
            values = read_scalars(group.kind.definition, index.body, start, _ANCHOR_FIELDS)
            count, timestamp = whole(values, _EVENT), whole(values, profile.TIMESTAMP)
            if count is None or timestamp is None:
                break
            fraction = (whole(values, _FRACTION) or 0) / _FRACTION_SCALE
            rate = whole(values, _BPM) or 0
            yield _Anchor(ordinal, count, unix_seconds(timestamp) + fraction, rate if 0 < rate < 255 else 0)


def _packed(index: MessageIndex, limit: int) -> tuple[Index, Counts, Octets]:
    """Packed counts and their heart rates in the order of the file, and the message of each."""
    parts = [(np.empty(0, np.int64), np.empty(0, np.uint16), np.empty(0, np.uint8))]
    for group in index.of(profile.HR):
        layout = {field.number: field for field in group.kind.definition.fields()}
        if not layout.keys() >= {_BPM, _EVENT_12}:
            continue
        counted, rated = layout[_EVENT_12], layout[_BPM]
        k = min(counted.size // 3 * 2, rated.size)
        m = min(len(group.starts), limit // max(k, 1))
        rows = gather_rows(index, MessageGroup(group.kind, group.ordinals[:m], group.starts[:m]))
        counts = _twelve_bits(octets(rows, counted.offset, counted.size))[:, :k]
        rates = octets(rows, rated.offset, rated.size)[:, :k]
        parts.append((np.repeat(group.ordinals[:m], k), counts.ravel(), rates.ravel()))
        limit -= m * k
    ordinals, counts, rates = (np.concatenate(column) for column in zip(*parts, strict=True))
    if len(parts) > 2:
        order = np.argsort(ordinals, kind="stable")
        ordinals, counts, rates = ordinals[order], counts[order], rates[order]
    return ordinals, counts, rates


def _twelve_bits(packed: Octets) -> Counts:
    """Two numbers of twelve bits out of every three bytes, the lower ones first."""
    triples = packed[:, : packed.shape[1] // 3 * 3].astype(np.uint16).reshape(len(packed), -1, 3)
    counts = np.empty((*triples.shape[:2], 2), np.uint16)
    counts[:, :, 0] = triples[:, :, 0] | (triples[:, :, 1] & 0x0F) << 8
    counts[:, :, 1] = triples[:, :, 1] >> 4 | triples[:, :, 2] << 4
    return counts.reshape(len(packed), -1)
