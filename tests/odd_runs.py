"""Runs with one fault each, and what the gate says of a run; through the door that every file takes."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import numpy as np

from ingest.analysis.summary import summarise
from ingest.formats.recording import Column, Recording, Samples
from support import Numbers, column_of, recording_of_run

HOUR_S = 3_600

SECOND = np.arange(HOUR_S + 1, dtype=np.float64)
"""The seconds of an hour's run."""

PULSE_BPM = np.round(145 + 12 * np.sin(SECOND / 20))
"""A heart rate that goes up and down."""


def words(recording: Recording, *, now: datetime | None = None) -> list[str]:
    """The words of everything odd about a recording."""
    return [flag.code for flag in summarise(recording, now=now).flags]


def details(recording: Recording) -> list[str]:
    """What was seen of everything odd about a recording."""
    return [flag.detail for flag in summarise(recording).flags]


def told(recording: Recording, **changes: object) -> Recording:
    """The same recording whose session says something else."""
    session = dataclasses.replace(recording.sessions[0], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(recording, sessions=(session,))


def with_samples(recording: Recording, **columns: Numbers) -> Recording:
    """The same recording with other columns; lengths stay."""
    n = len(recording.samples)
    samples = dataclasses.replace(
        recording.samples, **{name: column_of(values, n) for name, values in columns.items()}
    )
    return dataclasses.replace(recording, samples=samples)


def taken(recording: Recording, rows: np.ndarray) -> Recording:
    """The same recording with the given samples only, in the given order."""
    samples = Samples(*(column[rows] for column in recording.samples.columns()))
    return told(dataclasses.replace(recording, samples=samples), stop=len(samples))


def leaping(leap_m: float, *, over_s: int = 1) -> Recording:
    """A run of 10 km whose distance leaps once, halfway, without a sample in between."""
    recording = recording_of_run()
    distance_m = recording.samples.distance_m + leap_m * np.clip((SECOND - 1_800) / over_s, 0, 1)
    kept = (SECOND <= 1_800) | (1_800 + over_s <= SECOND)
    return told(taken(with_samples(recording, distance_m=distance_m), kept), distance_m=10_000.0 + leap_m)


def scattered(share: float, leap_deg: float) -> Recording:
    """A run of which that share of the steps between positions is a leap to the east."""
    recording = recording_of_run()
    leaps = np.where(np.arange(HOUR_S + 1) < share * HOUR_S, leap_deg, 0.0)
    return with_samples(recording, longitude_deg=recording.samples.longitude_deg + np.cumsum(leaps))


def moving(
    speed_mps: Numbers, cadence_spm: Numbers, *, duration_s: int = HOUR_S, **facts: object
) -> Recording:
    """A run at the given pace and cadence, each one number or one a second."""
    advance_m: Column = column_of(speed_mps, duration_s + 1)
    covered_m = np.concatenate(([0.0], np.cumsum(advance_m[1:])))
    made = recording_of_run(
        distance_m=float(covered_m[-1]),
        duration_s=duration_s,
        cadence_spm=cadence_spm,
        **({"heart_rate_bpm": PULSE_BPM[: duration_s + 1]} | facts),  # type: ignore[arg-type]
    )
    north_deg = 52.0 + covered_m / 111_194.9
    latitude_deg = np.where(np.isfinite(made.samples.latitude_deg), north_deg, np.nan)
    return with_samples(made, distance_m=covered_m, speed_mps=advance_m, latitude_deg=latitude_deg)
