"""Where the made-up runner runs: a closed loop with two hills, drawn on open water."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.formats.recording import Column

LAP_M = 3_250.0

# Nobody lives in the middle of the Baltic, so that no stranger's street is on the map.
_CENTRE_DEG = (54.93, 13.62)
_DEG_M = 111_195.0
_BENDS = ((2, 0.16, 0.4), (3, 0.09, 2.1), (5, 0.04, 1.0))
_HILLS_M = ((1, 3.2, 0.7), (2, 4.6, 2.6), (5, 0.9, 0.2))
_SEA_LEVEL_M = 38.0


@dataclass(frozen=True, slots=True, eq=False)
class LoopPosition:
    """Positions on the loop, each of shape (n,)."""

    latitude_deg: Column
    longitude_deg: Column
    altitude_m: Column


def position_at(distance_m: Column) -> LoopPosition:
    """Look up where on the loop a runner is after some distance.

    Parameters
    ----------
    distance_m : ndarray, shape (n,)
        Distance from the start of the loop; laps follow each other. [m]
    """
    along = distance_m % LAP_M
    return LoopPosition(
        _CENTRE_DEG[0] + np.interp(along, _ALONG_M, _NORTH_M) / _DEG_M,
        _CENTRE_DEG[1] + np.interp(along, _ALONG_M, _EAST_M) / (_DEG_M * np.cos(np.radians(_CENTRE_DEG[0]))),
        _SEA_LEVEL_M + _hills(along, derivative=False),
    )


def grade_at(distance_m: Column) -> Column:
    """Slope of the loop at a distance; within ±4 %. [m/m]"""
    return _hills(distance_m, derivative=True)


def _hills(along_m: Column, *, derivative: bool) -> Column:
    """Sum the harmonics of the loop's height, or of its slope."""
    turns = 2 * np.pi / LAP_M
    total = np.zeros_like(along_m)
    for count, height_m, phase in _HILLS_M:
        angle = count * turns * along_m + phase
        total += height_m * count * turns * np.cos(angle) if derivative else height_m * np.sin(angle)
    return total


def _outline() -> tuple[Column, Column, Column]:
    """Draw the loop, and measure along it so that it is one lap long."""
    angle = np.linspace(0, 2 * np.pi, 721)
    radius = 1 + sum(size * np.sin(count * angle + phase) for count, size, phase in _BENDS)
    east, north = radius * np.cos(angle), 0.7 * radius * np.sin(angle)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))))
    scale = LAP_M / along[-1]
    return along * scale, east * scale, north * scale


_ALONG_M, _EAST_M, _NORTH_M = _outline()
