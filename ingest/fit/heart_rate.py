"""Heart rates that a strap stored while out of reach, under water say, and the watch wrote at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.fit import profile
from ingest.fit.columns import Raw, Rows, gather_rows, octets, raw_column
from ingest.fit.definitions import Definition, FieldLayout
from ingest.fit.walk import Group, Index, Walk
from ingest.recording import Column, Samples

_FRACTION, _BPM, _EVENT, _EVENT_12 = 0, 6, 9, 10
_TICKS_PER_SECOND = 1_024
_ROLLS_AT = 1 << 12
_INVALID_BPM = 255
_INVALID_FRACTION = 0xFFFF
_FRACTION_SCALE = 32_768

HELD_S = 5.0
"""How long a heart rate stands for the samples after it. [s]"""


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Heart rates and when they were measured. [Unix seconds], [1/min]"""

    timestamp_s: Column
    heart_rate_bpm: Column


def fill_heart_rate(samples: Samples, files: Iterable[Walk]) -> Samples:
    """Give samples without a heart rate the last one that the strap stored up to five seconds before.

    Watches put what the strap stored into files of their own, chained behind the activity.
    """
    stored = [walk for walk in files if any(walk.of(profile.HR))]
    gaps = np.isnan(samples.heart_rate_bpm) & np.isfinite(samples.timestamp_s) if stored else None
    if gaps is None or not gaps.any():
        return samples
    beats = _joined([read_beats(walk) for walk in stored])
    last = np.searchsorted(beats.timestamp_s, samples.timestamp_s, side="right") - 1
    gaps &= last >= 0
    gaps[gaps] &= samples.timestamp_s[gaps] - beats.timestamp_s[last[gaps]] <= HELD_S
    filled = samples.heart_rate_bpm.copy()
    filled[gaps] = beats.heart_rate_bpm[last[gaps]]
    return dataclasses.replace(samples, heart_rate_bpm=filled)


def _joined(parts: Sequence[Beats]) -> Beats:
    times = np.concatenate([part.timestamp_s for part in parts])
    rates = np.concatenate([part.heart_rate_bpm for part in parts])
    order = np.argsort(times, kind="stable")
    return Beats(times[order], rates[order])


def read_beats(walk: Walk) -> Beats:
    """Heart rates of the ``hr`` messages.

    One message ties a count of 1/1024 s to a timestamp. Those after it hold only the last twelve bits of
    the count, eight of them in twelve bytes, and the count goes on from one to the next.
    """
    parts = [part for group in walk.of(profile.HR) for part in _read_group(walk, group)]
    if not parts:
        return Beats(np.empty(0), np.empty(0))
    ordinal, count, bpm, origin = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(ordinal, kind="stable")
    count, bpm, origin = count[order], bpm[order], origin[order]
    anchored = ~np.isnan(origin)
    steps = np.where(anchored, 0, np.diff(count, prepend=0) % _ROLLS_AT)
    elapsed = np.cumsum(steps) / _TICKS_PER_SECOND
    anchor = np.maximum.accumulate(np.where(anchored, np.arange(len(count)), -1))
    times = np.where(anchor >= 0, origin[anchor] + elapsed - elapsed[anchor], np.nan)
    kept = np.isfinite(times) & (bpm != _INVALID_BPM) & (bpm > 0)
    return Beats(times[kept], bpm[kept].astype(np.float64))


_Part = tuple[Index, Index, Index, Column]
"""Of each beat its message, its count, its heart rate and, where the message ties it to one, its time."""


def _read_group(walk: Walk, group: Group) -> Iterator[_Part]:
    definition = group.kind.definition
    layout = {field.number: field for field in definition.fields()}
    if _BPM not in layout:
        return
    rows = gather_rows(walk, group)
    bpm = octets(rows, layout[_BPM].offset, layout[_BPM].size).astype(np.int64)
    if _EVENT_12 in layout:
        count = _twelve_bits(octets(rows, layout[_EVENT_12].offset, layout[_EVENT_12].size))
        origin = np.full(len(rows), np.nan)
    elif layout.keys() >= {_EVENT, profile.TIMESTAMP} and _are_counts(layout):
        count = _first(rows, layout[_EVENT], definition)[:, np.newaxis]
        origin = _first(rows, layout[profile.TIMESTAMP], definition) + np.float64(profile.EPOCH_S)
        if _FRACTION in layout and layout[_FRACTION].base.code == "u2":
            fraction = _first(rows, layout[_FRACTION], definition)
            origin += np.where(fraction == _INVALID_FRACTION, 0, fraction) / _FRACTION_SCALE
    else:
        return
    k = min(count.shape[1], bpm.shape[1])
    yield np.repeat(group.ordinals, k), count[:, :k].ravel(), bpm[:, :k].ravel(), np.repeat(origin, k)


def _are_counts(layout: dict[int, FieldLayout]) -> bool:
    return layout[_EVENT].base.code == layout[profile.TIMESTAMP].base.code == "u4"


def _first(rows: Rows, field: FieldLayout, definition: Definition) -> Index:
    return raw_column(rows, field.offset, field.base, big_endian=definition.big_endian).astype(np.int64)


def _twelve_bits(packed: Raw) -> Index:
    """Two numbers of twelve bits out of every three bytes, the lower ones first."""
    whole = packed.shape[1] // 3 * 3
    triples = packed[:, :whole].astype(np.int64).reshape(len(packed), -1, 3)
    low = triples[:, :, 0] | (triples[:, :, 1] & 0x0F) << 8
    high = triples[:, :, 1] >> 4 | triples[:, :, 2] << 4
    return np.stack((low, high), axis=2).reshape(len(packed), -1)
