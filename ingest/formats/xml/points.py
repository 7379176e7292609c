"""Track points as columns, limited to the value ranges of FIT."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from ingest.errors import TrackDecodeError
from ingest.formats.recording import Column, Flag, Samples
from ingest.formats.sport_names import counts_steps

MOST_POINTS = 1_000_000
"""Maximum number of points (eleven days of seconds), to bound memory."""

EARTH_RADIUS_M = 6_371_009.0

BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "timestamp_s": (631_065_600.0, 631_065_600.0 + (1 << 32) - 2),
        "distance_m": (0.0, 42_949_672.94),
        "speed_mps": (0.0, 65.534),
        "heart_rate_bpm": (1.0, 254.0),
        "cadence_rpm": (0.0, 508.0),
        "latitude_deg": (-90.0, 90.0),
        "longitude_deg": (-180.0, 180.0),
        "altitude_m": (-500.0, 12_606.8),
        "power_w": (0.0, 65_534.0),
        "temperature_c": (-127.0, 126.0),
    }
)
"""Value ranges of a FIT file; cadence has twice its range, as some files count steps."""


def parse_number(text: str | None) -> float:
    """Parse a finite number; NaN otherwise."""
    try:
        value = float(text or "nan")
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def parse_time(text: str | None) -> datetime | None:
    """Parse an XML time; without a zone it is UTC, as both formats specify."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def utc_seconds(time: datetime | None) -> float:
    """Unix seconds; NaN without a time. [s]"""
    return math.nan if time is None else (time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


@dataclass(slots=True)
class TrackPoints:
    """Columns that grow point by point; breaks mark interruptions of recording."""

    columns: dict[str, array[float]] = field(
        default_factory=lambda: {name: array("d") for name in BOUNDS},
    )
    breaks: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns["timestamp_s"])

    def add(self, values: Mapping[str, float]) -> None:
        """Add a point; missing values are NaN."""
        if len(self) == MOST_POINTS:
            raise TrackDecodeError(f"more than {MOST_POINTS} points")
        for name, column in self.columns.items():
            column.append(values.get(name, math.nan))

    def interrupt(self) -> None:
        """Start a new segment with the next point."""
        if not self.breaks or self.breaks[-1] != len(self):
            self.breaks.append(len(self))

    def samples(self) -> Samples:
        """The points as samples; impossible values and incomplete positions are NaN."""
        columns = {name: _within(np.array(column), *BOUNDS[name]) for name, column in self.columns.items()}
        places = np.isfinite(columns["latitude_deg"]) & np.isfinite(columns["longitude_deg"])
        for name in ("latitude_deg", "longitude_deg"):
            columns[name] = np.where(places, columns[name], np.nan)
        return Samples.of(len(self), **columns)

    def recorded_s(self, samples: Samples, first: int, stop: int) -> float:
        """Total duration of the segments within the bounds. [s]"""
        edges = [first, *(edge for edge in self.breaks if first < edge < stop), stop]
        total_s = 0.0
        for begin, end in pairwise(edges):
            timed = samples.timestamp_s[begin:end]
            timed = timed[np.isfinite(timed)]
            total_s += max(float(timed[-1] - timed[0]), 0.0) if len(timed) else 0.0
        return total_s


def distance_from_positions(samples: Samples, breaks: list[int]) -> Column:
    """Cumulative great-circle distance between positions, not counted across breaks. [m]"""
    known = np.flatnonzero(np.isfinite(samples.latitude_deg))
    distance_m = np.full(len(samples), np.nan)
    if not len(known):
        return distance_m
    latitude, longitude = np.radians(samples.latitude_deg[known]), np.radians(samples.longitude_deg[known])
    chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    step_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    stretch = np.searchsorted(np.asarray(breaks, np.int64), known, side="right")
    step_m[np.diff(stretch) > 0] = 0.0
    distance_m[known] = np.concatenate(([0.0], np.cumsum(step_m)))
    return distance_m


def strides(cadence_rpm: Column, sport: str) -> tuple[Column, tuple[Flag, ...]]:
    """Cadence per leg as in FIT; some applications write steps into GPX and TCX. [1/min]"""
    if sport != "running" or not counts_steps(cadence_rpm):
        return cadence_rpm, ()
    return cadence_rpm / 2, (Flag("cadence_in_steps"),)


def _within(column: Column, low: float, high: float) -> Column:
    return np.where((column >= low) & (column <= high), column, np.nan)
