"""What tests make their material from: recordings and FIT files of invented runs."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.analysis.summary import ActivitySummary
from ingest.formats.fit.encode import encode_fit
from ingest.formats.recording import Column, Device, Recording, Samples, Session

START = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)

WATCH = Device("garmin", "fr965", 4_203_117)

METRES_PER_DEGREE = 111_194.9

RECORDINGS = Path(__file__).parents[2] / "shared" / "fit"
"""Real watch files beside the checkout; tests of them are skipped where it is absent."""

Numbers = float | npt.ArrayLike | None
"""One value for the whole run, or one for each second."""


def recording_of_run(
    started_at: datetime = START,
    *,
    distance_m: float | None = 10_000.0,
    duration_s: int = 3_600,
    timer_s: float | None = None,
    sport: str = "running",
    sub_sport: str | None = None,
    heart_rate_bpm: Numbers = 150.0,
    cadence_spm: Numbers = 170.0,
    altitude_m: Numbers = 20.0,
    ascent_m: float | None = 0.0,
    descent_m: float | None = 0.0,
    start_position: tuple[float, float] | None = (52.0, 5.0),
    device: Device = WATCH,
    utc_offset_s: int | None = 0,
    threshold_heart_rate_bpm: float | None = None,
    file_type: str = "activity",
    with_session: bool = True,
    **columns: Numbers,
) -> Recording:
    """A run at an even pace, due north, a sample a second, first and last second included.

    ``columns`` replaces or adds columns of ``Samples`` by name, ``speed_mps`` and ``power_w`` for example.
    """
    elapsed = np.arange(duration_s + 1, dtype=np.float64)
    covered = None if distance_m is None else distance_m * elapsed / max(duration_s, 1)
    given: dict[str, Numbers] = {
        "timestamp_s": started_at.timestamp() + elapsed,
        "distance_m": covered,
        "speed_mps": None if distance_m is None else distance_m / max(duration_s, 1),
        "heart_rate_bpm": heart_rate_bpm,
        "cadence_rpm": None if cadence_spm is None else np.asarray(cadence_spm, np.float64) / 2,
        "altitude_m": altitude_m,
    }
    if start_position is not None:
        north = 0.0 if covered is None else covered / METRES_PER_DEGREE
        given |= {"latitude_deg": start_position[0] + north, "longitude_deg": start_position[1]}
    n = len(elapsed)
    samples = Samples.of(n, **{name: column_of(v, n) for name, v in (given | columns).items()})
    session = Session(
        sport=sport,
        sub_sport=sub_sport,
        started_at=started_at,
        timer_s=float(duration_s) if timer_s is None else timer_s,
        elapsed_s=float(duration_s),
        distance_m=distance_m,
        avg_heart_rate_bpm=_mean(samples.heart_rate_bpm),
        max_heart_rate_bpm=_max(samples.heart_rate_bpm),
        avg_cadence_rpm=_mean(samples.cadence_rpm),
        ascent_m=ascent_m,
        descent_m=descent_m,
        stop=n,
    )
    return Recording(
        samples=samples,
        sessions=(session,) if with_session and file_type == "activity" else (),
        file_type=file_type,
        device=device,
        utc_offset_s=utc_offset_s,
        threshold_heart_rate_bpm=threshold_heart_rate_bpm,
    )


def fit_run(
    started_at: datetime = START,
    *,
    distance_m: float | None = 10_000.0,
    duration_s: int = 3_600,
    sport: str = "running",
    big_endian: bool = False,
    **run: object,
) -> bytes:
    """The same run as the bytes of a FIT file; further arguments are those of ``recording_of_run``."""
    recording = recording_of_run(
        started_at,
        distance_m=distance_m,
        duration_s=duration_s,
        sport=sport,
        **run,  # type: ignore[arg-type]
    )
    return encode_fit(recording, big_endian=big_endian)


def column_of(values: Numbers, n: int) -> Column:
    """A column of n values from one, from n, or from none."""
    given = np.nan if values is None else values
    return np.broadcast_to(np.asarray(given, np.float64), n).copy()


def _mean(column: Column) -> float | None:
    return None if np.isnan(column).all() else round(128 * float(np.nanmean(column))) / 128


def _max(column: Column) -> float | None:
    return None if np.isnan(column).all() else float(np.nanmax(column))


def definition(
    message: int,
    fields: Sequence[tuple[int, int, int]],
    *,
    local: int = 0,
    big_endian: bool = False,
    developer: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    """A definition message of fields (number, size, base type) and developer fields (number, size, index)."""
    order = ">" if big_endian else "<"
    header = 0x40 | local | (0x20 if developer else 0)
    written = struct.pack(f"{order}BBBHB", header, 0, big_endian, message, len(fields))
    written += b"".join(bytes(field) for field in fields)
    if developer:
        written += bytes((len(developer),)) + b"".join(bytes(field) for field in developer)
    return written


def message(layout: str, *values: object, local: int = 0, compressed: int | None = None) -> bytes:
    """A data message of a struct layout; ``compressed`` puts five bits of time into its header."""
    header = local if compressed is None else 0x80 | local << 5 | compressed
    return bytes((header,)) + struct.pack(layout, *values)


def field_description(
    number: int, base_type: int, name: str, *, units: str = "", native_field: int = 0xFF, developer: int = 0
) -> bytes:
    """The messages that describe one developer field."""
    fields = [(0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 16, 7), (8, 16, 7), (15, 1, 2)]
    described = message(
        "<BBB16s16sB", developer, number, base_type, name.encode(), units.encode(), native_field, local=15
    )
    return definition(206, fields, local=15) + described


def mutant_of(data: bytes, chance: np.random.Generator) -> bytes:
    """The data with up to eight wounds: bits flipped, parts replaced, inserted, removed or doubled."""
    wounded = bytearray(data)
    for _ in range(chance.integers(1, 9)):
        at, length = int(chance.integers(max(len(wounded), 1))), int(chance.integers(1, 33))
        garbage = chance.integers(0, 256, length, np.uint8).tobytes()
        match chance.integers(12):
            case 0 | 1 | 2 if wounded:
                wounded[at] ^= 1 << int(chance.integers(8))
            case 3 | 4 if wounded:
                # Definitions crowd at the beginning: that is where a wound goes deep.
                wounded[int(at * chance.random() ** 3)] = int(chance.integers(256))
            case 5 | 6:
                wounded[at : at + length] = garbage
            case 7 | 8:
                wounded[at:at] = garbage
            case 9:
                del wounded[at : at + length]
            case 10:
                wounded[at:at] = wounded[at : at + 20 * length]
            case _:
                del wounded[len(wounded) // 2 + at // 2 :]
    return bytes(wounded)


def plain_summary(started_at: datetime, **changes: object) -> ActivitySummary:
    """A run of 8 km in 50 minutes of which nothing but its steady cadence is known, but for what is given."""
    plain = ActivitySummary(
        sport="running",
        sub_sport=None,
        started_at=started_at,
        utc_offset_s=None,
        timer_s=3_000.0,
        elapsed_s=3_000.0,
        distance_m=8_000.0,
        avg_heart_rate_bpm=None,
        max_heart_rate_bpm=None,
        avg_cadence_spm=None,
        ascent_m=None,
        descent_m=None,
        device="garmin fr965",
        threshold_heart_rate_bpm=None,
        steady_speed_mps=2.7,
        steady_cadence_spm=172.0,
        steady_windows=90,
        intensity=None,
        records=3_000,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]
