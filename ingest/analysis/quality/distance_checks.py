"""Checks of distance: jumps, doubling, and speeds that no human runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingest.analysis.resample import FASTEST_HUMAN_MPS, LONGEST_HOLD_S, Seconds
from ingest.formats.recording import Column, Flag, Samples, Session

EARTH_RADIUS_M = 6_371_009.0

RECORD_M = (100.0, 400.0, 800.0, 1_500.0, 5_000.0, 10_000.0, 21_098.0, 42_195.0, 100_000.0, 320_000.0)
RECORD_MPS = (10.44, 9.30, 7.93, 7.28, 6.62, 6.37, 6.20, 5.83, 4.56, 3.70)
"""Fastest average speed over each distance: men's world records as of 2025, those of 100 km and a day as of
2023. [m], [m/s]"""

RECORD_MARGIN = 1.05
"""Allowance for downhill courses, tail wind and watches that measure 3 to 6 % long. [unitless]"""

LEAST_M = 100.0
"""Below this distance, measurement error dominates speed. [m]"""

LEAP_MARGIN_M = 20.0
"""Correction that a watch may make without being flagged. [m]"""

LEAPS_SHARE = 0.05
LEAPS_M = 500.0
"""Jumps smaller than this cannot trigger a distance alert. [unitless], [m]"""

GROUP_S = 5.0
"""Interval over which jumps are judged, as phones record positions only every few seconds. [s]"""

SCATTERED_SHARE = 0.05
FOLLOWS_SHARE = 1.2
"""Ratio of position path to distance above which the distance was not derived from positions. [unitless]"""

TWICE = (1.8, 2.2)
"""Range of ratios that means doubled distance. Treadmill corrections and lost positions give other ratios;
undamaged real runs have 0.95 to 1.10. [unitless]
"""

LEAST_COMPARED_M = 500.0
UNLIKE_FACTOR = 1.2
"""Ratio of total to recorded distance above which the total does not come from the records. [unitless]"""

LEAST_COVERED_SHARE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class _PositionSteps:
    """Steps between consecutive positions in different seconds, at most ten seconds apart.

    ``way_m`` is the great-circle distance, ``gained_m`` the increase of the recorded distance (NaN if
    unknown). [m], [s]
    """

    way_m: Column
    took_s: Column
    gained_m: Column


def inspect_distances(
    session: Session, samples: Samples, seconds: Seconds, *, indoors: bool, is_whole: bool
) -> Iterator[Flag]:
    """Check the distance of a run or walk; ``is_whole`` is set if the decoder found no damage."""
    speed = _impossible_average(session, seconds)
    leaps = _leaps(samples)
    steps = _steps_between(samples)
    yield from speed or leaps
    if not indoors:
        yield from _scattered(steps, is_known=bool(speed or leaps))
        yield from _doubled_way(steps)
    if is_whole and not leaps:
        yield from _unlike_records(session, samples, indoors=indoors)


def fastest_mps(distance_m: float) -> float:
    """Upper limit of average speed over a distance: the interpolated world record plus 5 %.

    Parameters
    ----------
    distance_m : float
        Distance covered. [m]

    Returns
    -------
    float
        Speed that nobody averages over this distance. [m/s]

    Examples
    --------
    >>> [round(fastest_mps(distance_m), 2) for distance_m in (100.0, 42_195.0)]
    [10.96, 6.12]
    """
    return RECORD_MARGIN * float(np.interp(np.log(max(distance_m, 1.0)), np.log(RECORD_M), RECORD_MPS))


def _impossible_average(session: Session, seconds: Seconds) -> list[Flag]:
    distance_m = session.distance_m or 0.0
    took_s = max(session.timer_s or 0.0, float(seconds.is_covered.sum()))
    if distance_m < LEAST_M or not took_s or not distance_m / took_s > fastest_mps(distance_m):
        return []
    return [Flag("impossible_speed", f"average {distance_m / took_s:.1f} m/s over {distance_m:.0f} m")]


def _leaps(samples: Samples) -> list[Flag]:
    """Flag distance gained faster than anyone runs, if it exceeds 5 % of the total or 500 m.

    Only records in which the distance changed are compared: after a tunnel it may catch up.
    """
    known = np.isfinite(samples.distance_m) & np.isfinite(samples.timestamp_s)
    time_s, distance_m = samples.timestamp_s[known], samples.distance_m[known]
    if len(distance_m) < 2:
        return []
    moved = np.append(True, np.diff(distance_m) != 0)
    time_s, distance_m = time_s[moved], distance_m[moved]
    last = np.append(np.diff(np.floor(time_s / GROUP_S)) != 0, True)
    last[0] = True
    gained_m, took_s = np.diff(distance_m[last]), np.diff(time_s[last])
    leapt = (took_s >= 0) & (gained_m > FASTEST_HUMAN_MPS * took_s + LEAP_MARGIN_M)
    leapt_m = float(gained_m[leapt].sum())
    total_m = float(distance_m.max() - distance_m.min())
    if leapt_m <= min(LEAPS_SHARE * total_m, LEAPS_M):
        return []
    gained_m, took_s = np.diff(distance_m), np.diff(time_s)
    worst = int(np.argmax(gained_m - FASTEST_HUMAN_MPS * np.abs(took_s)))
    return [Flag("distance_jump", f"{gained_m[worst]:.0f} m in {took_s[worst]:.0f} s")]


def _scattered(steps: _PositionSteps, *, is_known: bool) -> Iterator[Flag]:
    """Flag positions too far apart; harmless if distance has another source or is flagged."""
    if steps.way_m.sum() < LEAST_M:
        return
    share = float((steps.way_m > FASTEST_HUMAN_MPS * steps.took_s).mean())
    if share <= SCATTERED_SHARE:
        return
    way_m, gained_m = _compared(steps)
    follows = not gained_m or way_m < FOLLOWS_SHARE * gained_m
    code = "impossible_speed" if follows and not is_known else "position_jumps"
    yield Flag(code, f"{share:.0%} of the positions lie too far apart")


def _doubled_way(steps: _PositionSteps) -> Iterator[Flag]:
    """Flag a distance that grows by two metres per metre between positions."""
    way_m, gained_m = _compared(steps)
    if way_m > LEAST_COMPARED_M and TWICE[0] < gained_m / way_m < TWICE[1]:
        yield Flag("doubled_distance", f"{gained_m:.0f} m along {way_m:.0f} m of positions")


def _unlike_records(session: Session, samples: Samples, *, indoors: bool) -> Iterator[Flag]:
    """Flag a total distance that differs from the records, although they cover the whole session.

    On a treadmill watches ask for the displayed distance: there only a doubling is flagged.
    """
    known = np.isfinite(samples.distance_m) & np.isfinite(samples.timestamp_s)
    time_s, distance_m = samples.timestamp_s[known], samples.distance_m[known]
    if not len(distance_m) or time_s[-1] - time_s[0] < LEAST_COVERED_SHARE * (session.timer_s or np.inf):
        return
    recorded_m, total_m = float(distance_m.max() - distance_m[0]), session.distance_m or 0.0
    if not LEAST_COMPARED_M < recorded_m < np.inf or not total_m:
        return
    seen = f"{total_m:.0f} m in all, {recorded_m:.0f} m in the records"
    if TWICE[0] < total_m / recorded_m < TWICE[1]:
        yield Flag("doubled_distance", seen)
    elif not indoors and not any(
        _is_like(total_m, way_m) for way_m in (recorded_m, *_other_ways(distance_m))
    ):
        yield Flag("distance_unlike_records", seen)


def _other_ways(distance_m: Column) -> tuple[float, float]:
    """Recorded distance if the records begin late, and if they restart from 0. [m]"""
    gained_m = np.diff(distance_m)
    return float(distance_m.max()), float(gained_m[gained_m > 0].sum())


def _is_like(one_m: float, other_m: float) -> bool:
    return max(one_m, other_m) <= UNLIKE_FACTOR * min(one_m, other_m)


def _compared(steps: _PositionSteps) -> tuple[float, float]:
    """Path length between positions and distance gained, where both are known. [m]"""
    known = np.isfinite(steps.gained_m)
    return float(steps.way_m[known].sum()), float(steps.gained_m[known].sum())


def _steps_between(samples: Samples) -> _PositionSteps:
    known = np.isfinite(samples.latitude_deg) & np.isfinite(samples.longitude_deg)
    known &= np.isfinite(samples.timestamp_s)
    latitude, longitude = np.radians(samples.latitude_deg[known]), np.radians(samples.longitude_deg[known])
    took_s = np.diff(samples.timestamp_s[known])
    chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    near = (took_s > 0) & (took_s <= LONGEST_HOLD_S)
    way_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord[near], 1.0)))
    return _PositionSteps(way_m, took_s[near], np.diff(samples.distance_m[known])[near])
