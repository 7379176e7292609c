"""The made-up runner's fourteen months as files, as if a watch had handed them over one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from config.demo.body import record
from config.demo.outings import PlannedSession
from config.demo.plan import SEED, plan
from ingest.formats.fit.encode import encode_fit
from ingest.formats.recording import Recording

HOME = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file of the story: its name, its bytes, and when the watch handed it over."""

    name: str
    data: bytes
    arrived_at: datetime


def demo_files(today: date, *, seed: int = SEED, zone: ZoneInfo = HOME) -> Iterator[DemoFile]:
    """Give the files of the fourteen months that end on the day before ``today``, in order of time.

    The days are the calendar days of ``zone``; the last file arrives before ``today`` begins there.
    """
    for session, recording in demo_recordings(today, seed=seed, zone=zone):
        local = datetime.combine(session.day, session.at, zone)
        yield DemoFile(
            f"{local:%Y-%m-%d-%H%M%S}-{session.sport}.fit",
            encode_fit(recording),
            _arrival(session, recording),
        )


def demo_recordings(
    today: date, *, seed: int = SEED, zone: ZoneInfo = HOME
) -> Iterator[tuple[PlannedSession, Recording]]:
    """Give each outing of the story with what the watch recorded of it."""
    for session in plan(today, seed=seed):
        yield session, record(session, zone)


def _arrival(session: PlannedSession, recording: Recording) -> datetime:
    """Say when the watch came near its phone: some minutes after the end."""
    ended_at = datetime.fromtimestamp(recording.samples.timestamp_s[-1], UTC)
    minutes = np.random.default_rng((*session.chance, 2)).integers(2, 12)
    return ended_at + timedelta(minutes=int(minutes))
