"""Convert columns of FIT fields to sample columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest.formats.fit import profile
from ingest.formats.recording import Column, Samples

LATITUDE, LONGITUDE, ALTITUDE, HEART_RATE, CADENCE, DISTANCE, SPEED, POWER = range(8)
SPEED_DISTANCE, TEMPERATURE, VERTICAL_OSCILLATION, STANCE_TIME = 8, 13, 39, 41
FRACTIONAL_CADENCE, ENHANCED_SPEED, ENHANCED_ALTITUDE = 53, 73, 78
VERTICAL_RATIO, STANCE_TIME_BALANCE, STEP_LENGTH = 83, 84, 85

WANTED = frozenset(
    {
        *(profile.TIMESTAMP, LATITUDE, LONGITUDE, ALTITUDE, HEART_RATE, CADENCE, DISTANCE, SPEED, POWER),
        *(SPEED_DISTANCE, TEMPERATURE, VERTICAL_OSCILLATION, STANCE_TIME, FRACTIONAL_CADENCE),
        *(ENHANCED_SPEED, ENHANCED_ALTITUDE, VERTICAL_RATIO, STANCE_TIME_BALANCE, STEP_LENGTH),
    }
)
"""Fields of the record message that are read."""

DEGREES_PER_SEMICIRCLE = 180 / 2**31

LARGEST = float(1 << 32)
"""Largest value that a field of the profile can hold; larger floats are damage and would overflow later."""

_PACKED_BITS = 12
_PACKED_MASK = 0xFFF

Columns = dict[int, Column]


def samples_of(columns: Columns, n: int) -> Samples:
    """Sample columns from record fields with n rows each, by field number."""
    columns = {
        number: column if number == profile.TIMESTAMP else _within_reason(column)
        for number, column in columns.items()
    }
    if SPEED_DISTANCE in columns:
        speed, distance = _unpacked(columns[SPEED_DISTANCE])
        columns = {SPEED: speed, DISTANCE: distance} | columns
    found = {
        "timestamp_s": _unix_seconds(columns.get(profile.TIMESTAMP)),
        "distance_m": _not_negative(columns.get(DISTANCE)),
        "speed_mps": _first_of(columns.get(ENHANCED_SPEED), columns.get(SPEED)),
        "heart_rate_bpm": columns.get(HEART_RATE),
        "cadence_rpm": _with_fraction(columns.get(CADENCE), columns.get(FRACTIONAL_CADENCE)),
        "latitude_deg": _degrees(columns.get(LATITUDE)),
        "longitude_deg": _degrees(columns.get(LONGITUDE)),
        "altitude_m": _first_of(columns.get(ENHANCED_ALTITUDE), columns.get(ALTITUDE)),
        "power_w": columns.get(POWER),
        "stance_time_ms": columns.get(STANCE_TIME),
        "stance_time_balance_percent": columns.get(STANCE_TIME_BALANCE),
        "vertical_oscillation_mm": columns.get(VERTICAL_OSCILLATION),
        "vertical_ratio_percent": columns.get(VERTICAL_RATIO),
        "step_length_mm": columns.get(STEP_LENGTH),
        "temperature_c": columns.get(TEMPERATURE),
    }
    nothing = _nothing(n)
    return Samples(**{name: nothing if column is None else column for name, column in found.items()})


def _within_reason(column: Column) -> Column:
    return _where_not(column, np.abs(column) > LARGEST)


def _not_negative(column: Column | None) -> Column | None:
    return None if column is None else _where_not(column, column < 0)


def _where_not(column: Column, is_odd: npt.NDArray[np.bool_]) -> Column:
    """The column with odd values replaced by NaN; unchanged if there are none."""
    return np.where(is_odd, np.nan, column) if is_odd.any() else column


def join_samples(parts: Sequence[Samples]) -> Samples:
    """Concatenate samples of chained files; columns that none recorded share memory."""
    parts = [part for part in parts if len(part)]
    if len(parts) <= 1:
        return parts[0] if parts else NO_SAMPLES
    nothing = _nothing(sum(len(part) for part in parts))
    return Samples(
        *(
            np.concatenate(columns) if any(column.flags.writeable for column in columns) else nothing
            for columns in zip(*(part.columns() for part in parts), strict=True)
        )
    )


def _nothing(n: int) -> Column:
    """A shared, read-only NaN column."""
    column = np.full(n, np.nan)
    column.flags.writeable = False
    return column


def unix_seconds(fit_seconds: float) -> float:
    """Unix seconds of a FIT timestamp; seconds since power-on stay unchanged."""
    return fit_seconds + profile.EPOCH_S if fit_seconds >= profile.CLOCK_SET_S else fit_seconds


def _unix_seconds(fit_seconds: Column | None) -> Column | None:
    if fit_seconds is None:
        return None
    # A file may declare it as a float: values beyond 32 bits are no time.
    fit_seconds = _where_not(fit_seconds, (fit_seconds < 0) | (fit_seconds >= 1 << 32))
    unix_seconds = fit_seconds + profile.EPOCH_S
    unset = fit_seconds < profile.CLOCK_SET_S
    if unset.any():
        unix_seconds[unset] = fit_seconds[unset]
    return unix_seconds


def _degrees(semicircles: Column | None) -> Column | None:
    return None if semicircles is None else semicircles * DEGREES_PER_SEMICIRCLE


def _with_fraction(whole: Column | None, fraction: Column | None) -> Column | None:
    if whole is None or fraction is None:
        return whole
    return whole + np.where(np.isnan(fraction), 0.0, fraction)


def _first_of(preferred: Column | None, other: Column | None) -> Column | None:
    """The preferred column, with gaps filled from the other."""
    if preferred is None or other is None:
        return other if preferred is None else preferred
    gaps = np.isnan(preferred)
    return np.where(gaps, other, preferred) if gaps.any() else preferred


def _unpacked(packed: Column) -> tuple[Column, Column]:
    """Speed and distance from packed 12-bit values, as old foot pods write them; distance rolls over."""
    valid = (packed >= 0) & (packed < 1 << 2 * _PACKED_BITS)
    bits = packed[valid].astype(np.int64)
    speed, distance = np.full((2, len(packed)), np.nan)
    speed[valid] = (bits & _PACKED_MASK) / 100
    distance[valid] = np.cumsum(np.diff(bits >> _PACKED_BITS, prepend=0) & _PACKED_MASK) / 16
    return speed, distance


NO_SAMPLES = samples_of({}, 0)
