"""How a summary lies in its row: plain columns, flags as JSON, histograms packed."""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from sqlalchemy.engine import RowMapping

from ingest.recording import Flag
from ingest.summary import (
    BEST_EFFORT_MIN,
    HEART_RATE_BINS,
    SPEED_BINS,
    ActivitySummary,
    IntensityHistograms,
)

_PACKED = ("intensity", "flags")
_PLAIN = tuple(field.name for field in dataclasses.fields(ActivitySummary) if field.name not in _PACKED)
_INTEGERS = 2 * HEART_RATE_BINS + SPEED_BINS


def to_row(summary: ActivitySummary) -> dict[str, Any]:
    """Lay a summary into columns."""
    row: dict[str, Any] = {name: getattr(summary, name) for name in _PLAIN}
    row["flags"] = json.dumps([[flag.word, flag.detail] for flag in summary.flags])
    row["intensity"] = None if summary.intensity is None else _pack(summary.intensity)
    return row


def from_row(row: RowMapping | Mapping[str, Any]) -> ActivitySummary:
    """Read a summary from its columns; others in the row are left alone."""
    plain = {name: row[name] for name in _PLAIN}
    flags: Iterable[list[str]] = json.loads(row["flags"])
    packed = row["intensity"]
    return ActivitySummary(
        **plain,
        flags=tuple(Flag(word, detail) for word, detail in flags),
        intensity=None if packed is None else _unpack(packed),
    )


def _pack(intensity: IntensityHistograms) -> bytes:
    whole = np.concatenate((intensity.heart_rate_s, intensity.median_heart_rate_s, intensity.speed_s))
    return zlib.compress(whole.astype("<i4").tobytes() + intensity.best_effort_m.astype("<f8").tobytes(), 6)


def _unpack(packed: bytes) -> IntensityHistograms:
    data = zlib.decompress(packed)
    whole = np.frombuffer(data, "<i4", count=_INTEGERS)
    return IntensityHistograms(
        heart_rate_s=whole[:HEART_RATE_BINS],
        median_heart_rate_s=whole[HEART_RATE_BINS : 2 * HEART_RATE_BINS],
        speed_s=whole[2 * HEART_RATE_BINS :],
        best_effort_m=np.frombuffer(data, "<f8", count=len(BEST_EFFORT_MIN), offset=4 * _INTEGERS),
    )
