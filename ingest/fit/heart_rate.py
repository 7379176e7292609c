"""Heart rates that a strap stored while out of reach, under water say, and the watch wrote at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

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
    before = accumulate((len(walk.headers) for walk in files), initial=0)
    parts = [
        part
        for walk, first in zip(files, before, strict=False)
        for group in walk.of(profile.HR)
        for part in _read_group(walk, group, first)
    ]
    if not parts:
        return Beats(np.empty(0), np.empty(0))
    ordinal, count, bpm, origin = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(ordinal, kind="stable")
    count, bpm, origin = count[order], bpm[order], origin[order]
    anchored = np.flatnonzero(~np.isnan(origin))
    steps = np.diff(count, prepend=0) & (_ROLLS_AT - 1)
    elapsed = np.cumsum(steps) / _TICKS_PER_SECOND
    # What lies before the first anchor has no time: a file that lost its beginning.
    first = anchored[0] if len(anchored) else len(count)
    since = np.repeat(origin[anchored] - elapsed[anchored], np.diff(anchored, append=len(count)))
    times, rates = since + elapsed[first:], bpm[first:]
    kept = (rates != _INVALID_BPM) & (rates > 0)
    times, rates = times[kept], rates[kept].astype(np.float64)
    if (np.diff(times) < 0).any():
        by_time = np.argsort(times, kind="stable")
        times, rates = times[by_time], rates[by_time]
    return Beats(times, rates)


_Part = tuple[Index, Index, Index, Column]
"""Of each beat its message, its count, its heart rate and, where the message ties it to one, its time."""


def _read_group(walk: Walk, group: Group, first: int) -> Iterator[_Part]:
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
            origin = origin + np.where(fraction == _INVALID_FRACTION, 0, fraction) / _FRACTION_SCALE
    else:
        return
    k = min(count.shape[1], bpm.shape[1])
    yield np.repeat(group.ordinals + first, k), count[:, :k].ravel(), bpm[:, :k].ravel(), np.repeat(origin, k)


def _are_counts(layout: dict[int, FieldLayout]) -> bool:
    return layout[_EVENT].base.code == layout[profile.TIMESTAMP].base.code == "u4"


def _first(rows: Rows, field: FieldLayout, definition: Definition) -> Index:
    return raw_column(rows, field.offset, field.base, big_endian=definition.big_endian).astype(np.int64)


def _twelve_bits(packed: Raw) -> Index:
    """Two numbers of twelve bits out of every three bytes, the lower ones first."""
    whole = packed.shape[1] // 3 * 3
    triples = packed[:, :whole].astype(np.int64).reshape(len(packed), -1, 3)
    counts = np.empty((*triples.shape[:2], 2), np.int64)
    counts[:, :, 0] = triples[:, :, 0] | (triples[:, :, 1] & 0x0F) << 8
    counts[:, :, 1] = triples[:, :, 1] >> 4 | triples[:, :, 2] << 4
    return counts.reshape(len(packed), -1)
