"""A decoded recording: sample columns, sessions, device and flags."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

Column: TypeAlias = npt.NDArray[np.float64]

FOOT_SPORTS = frozenset({"running", "walking", "hiking"})


@dataclass(frozen=True, slots=True)
class Flag:
    """An irregularity of a recording: a stable code and details."""

    code: str
    detail: str = ""


NO_SPORT = Flag("no_sport", "The file doesn’t name a sport, so this doesn’t count as a run.")


@dataclass(frozen=True, slots=True)
class Device:
    """The watch or application that created the file, as it names itself; untrusted text."""

    manufacturer: str = ""
    product: str = ""
    serial_number: int | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.manufacturer, self.product) if part)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Sample columns of a recording, all of shape (n,), NaN where nothing was recorded.

    ``timestamp_s`` is in Unix seconds, UTC. ``cadence_rpm`` counts one leg or one crank, including its
    fraction, as FIT does; ``ingest.analysis.cadence`` converts it to steps. Several samples may share a
    second and the clock may jump: samples are what the file says, the quality checks judge them.
    """

    timestamp_s: Column
    distance_m: Column
    speed_mps: Column
    heart_rate_bpm: Column
    cadence_rpm: Column
    latitude_deg: Column
    longitude_deg: Column
    altitude_m: Column
    power_w: Column
    stance_time_ms: Column
    stance_time_balance_percent: Column
    vertical_oscillation_mm: Column
    vertical_ratio_percent: Column
    step_length_mm: Column
    temperature_c: Column

    def __post_init__(self) -> None:
        lengths = {column.shape for column in self.columns()}
        if len(lengths) > 1 or any(len(shape) != 1 for shape in lengths):
            raise ValueError(f"columns of one recording differ in shape: {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.timestamp_s)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Column names in order."""
        return _SAMPLE_NAMES

    def columns(self) -> tuple[Column, ...]:
        """Columns in the order of their names."""
        return tuple(getattr(self, name) for name in _SAMPLE_NAMES)

    @classmethod
    def of(cls, n: int, **columns: Column) -> Self:
        """Build samples from some columns; the others are NaN."""
        unknown = columns.keys() - set(cls.names())
        if unknown:
            raise TypeError(f"no such columns: {sorted(unknown)}")
        return cls(*(columns.get(name, np.full(n, np.nan)) for name in cls.names()))

    def between(self, first: int, stop: int) -> Self:
        """Samples ``first`` to ``stop`` (excluded), as views of the same memory."""
        return type(self)(*(column[first:stop] for column in self.columns()))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Concatenate samples of several recordings."""
        return cls(*(np.concatenate(columns) for columns in zip(*(p.columns() for p in parts), strict=True)))


_SAMPLE_NAMES = tuple(field.name for field in dataclasses.fields(Samples))


@dataclass(frozen=True, slots=True)
class Session:
    """One session: a continuous activity of one sport, as summarised by the watch.

    Sport and sub-sport use the names of the FIT profile ("running", "trail"); an unknown value is its number
    as text. ``started_at`` is None if the clock was never set. ``first`` and ``stop`` delimit the session's
    samples.
    """

    sport: str
    sub_sport: str | None = None
    started_at: datetime | None = None
    timer_s: float | None = None
    elapsed_s: float | None = None
    distance_m: float | None = None
    avg_heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    avg_cadence_rpm: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    first: int = 0
    stop: int = 0

    def __post_init__(self) -> None:
        if self.started_at is not None and self.started_at.tzinfo is None:
            raise ValueError("a session starts at an aware time")

    @property
    def avg_cadence_spm(self) -> float | None:
        """Steps per minute, both feet; None off foot. [1/min]"""
        if self.avg_cadence_rpm is None or self.sport not in FOOT_SPORTS:
            return None
        return 2 * self.avg_cadence_rpm


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Everything read from one file; multisport and chained files have several sessions.

    ``file_type`` is the type in the file's ``file_id`` ("activity", "course", …). Only activities have
    sessions. ``utc_offset_s`` is local time minus UTC, if known. [s]
    ``threshold_heart_rate_bpm`` is the lactate threshold set in the watch. [1/min]
    """

    samples: Samples
    sessions: tuple[Session, ...] = ()
    file_type: str = "activity"
    device: Device = Device()
    utc_offset_s: int | None = None
    threshold_heart_rate_bpm: float | None = None
    flags: tuple[Flag, ...] = ()

    def parts(self) -> tuple[Recording, ...]:
        """One recording for each session, with that session's samples only."""
        return tuple(
            dataclasses.replace(
                self,
                samples=self.samples.between(session.first, session.stop),
                sessions=(dataclasses.replace(session, first=0, stop=session.stop - session.first),),
            )
            for session in self.sessions
        )
