"""How a summary lies in its row: plain columns, flags as JSON, histograms packed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import RowMapping

from ingest.packing import PackedHistograms, packed
from ingest.recording import Flag
from ingest.summary import ActivitySummary

_PACKED = ("intensity", "flags")
_PLAIN = tuple(field.name for field in dataclasses.fields(ActivitySummary) if field.name not in _PACKED)


def to_row(summary: ActivitySummary) -> dict[str, Any]:
    """Lay a summary into columns."""
    row: dict[str, Any] = {name: getattr(summary, name) for name in _PLAIN}
    row["flags"] = json.dumps([[flag.word, flag.detail] for flag in summary.flags])
    row["intensity"] = None if summary.intensity is None else packed(summary.intensity).data
    return row


def from_row(row: RowMapping | Mapping[str, Any]) -> ActivitySummary:
    """Read a summary from its columns; others in the row are left alone."""
    plain = {name: row[name] for name in _PLAIN}
    flags: Iterable[list[str]] = json.loads(row["flags"])
    intensity = row["intensity"]
    return ActivitySummary(
        **plain,
        flags=tuple(Flag(word, detail) for word, detail in flags),
        intensity=None if intensity is None else PackedHistograms(intensity),
    )
