"""The gate in front of every rule: what is odd about an activity, and what it may still count for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np

from ingest.load import IntensityHistograms
from ingest.recording import FOOT_SPORTS, Column, Flag, Samples, Session
from ingest.seconds import FASTEST_HUMAN_MPS, Seconds

TREADMILL = frozenset({"treadmill", "indoor_running", "virtual_activity"})
"""Sub-sports that run on the spot: distance is the machine's or the wrist's guess."""

FASTEST_AVERAGE_MPS = 7.0
EARLIEST_START = datetime(2000, 1, 1, tzinfo=UTC)
EARTH_RADIUS_M = 6_371_009.0


def surface(sub_sport: str | None) -> str:
    """Ground on which a run's cadence can be compared: treadmill, trail, track or road."""
    if sub_sport in TREADMILL:
        return "treadmill"
    return sub_sport if sub_sport in {"trail", "track"} else "road"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a flag lets an activity count for, and how the runner is told."""

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool
    sentence: str


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "impossible_speed": Rule(
            False, False, False, "Faster than anybody runs: perhaps a drive, or poor reception."
        ),
        "clock": Rule(False, False, False, "The watch had the wrong date, so this belongs to no day."),
        "distance_jump": Rule(
            False, True, True, "The distance leaps in places, so it is left out of your mileage."
        ),
        "no_distance": Rule(False, True, False, "No distance was recorded, so it adds none to your mileage."),
        "treadmill": Rule(
            True, True, True, "Run on a treadmill: its cadence is compared with other treadmill runs only."
        ),
        "elapsed_much_longer": Rule(
            True, True, True, "The watch was paused for long; the time in motion is what counts."
        ),
        "heart_rate_dropouts": Rule(
            True, False, True, "Heart rate is missing or doubtful for long, so intensity is not judged."
        ),
        "cadence_in_steps": Rule(
            True, True, True, "The file counts steps where the format counts strides; this was put right."
        ),
        "truncated": Rule(True, True, True, "The file ends early; what is there counts."),
        "unterminated": Rule(True, True, True, "The watch never finished the file; what is there counts."),
        "undefined_message": Rule(
            True, True, True, "The file is damaged in the middle; what can be read counts."
        ),
        "checksum": Rule(True, True, True, "The file's checksum is wrong, though it can be read."),
        "trailing_bytes": Rule(
            True, True, True, "Something strange follows the end of the file; the run is whole."
        ),
        "bad_field_size": Rule(
            True, True, True, "The watch broke the format in one place, without harm to the run."
        ),
        "clock_not_set": Rule(True, True, True, "The watch did not know the time at first."),
    }
)
"""Every word that decides something; a flag of another word lets everything count."""


def sentence_of(flag: Flag) -> str:
    """What a flag means, for the runner; a word without a rule is told as it came."""
    rule = RULES.get(flag.word)
    return rule.sentence if rule else flag.detail or flag.word.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an activity may stand for."""

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool


def verdict(flags: Sequence[Flag]) -> Verdict:
    """Let an activity count for what each of its flags allows."""
    rules = [RULES[flag.word] for flag in flags if flag.word in RULES]
    return Verdict(
        all(rule.counts_distance for rule in rules),
        all(rule.counts_intensity for rule in rules),
        all(rule.counts_cadence for rule in rules),
    )


def inspect(session: Session, samples: Samples, *, now: datetime | None = None) -> tuple[Flag, ...]:
    """Find what is odd about one session and its samples; times and distances are filled in before."""
    found = list(_clock(session, now))
    found += _pauses(session)
    if session.sport in FOOT_SPORTS:
        found += _speed(session, samples)
        found += _distance_jumps(samples)
    if session.sport == "running":
        found += _running(session)
    return tuple(found)


def inspect_heart_rate(seconds: Seconds, intensity: IntensityHistograms) -> tuple[Flag, ...]:
    """Find whether heart rate, where it was measured at all, is good for less than 70 % of the time."""
    covered_s = int(seconds.is_covered.sum())
    missing = 1 - int(intensity.heart_rate_s.sum()) / max(covered_s, 1)
    if not np.isfinite(seconds.heart_rate_bpm).any() or missing <= 0.3:
        return ()
    return (Flag("heart_rate_dropouts", f"no usable heart rate for {missing:.0%} of the time"),)


def _clock(session: Session, now: datetime | None) -> Iterator[Flag]:
    start = session.started_at
    if start is not None and start < EARLIEST_START:
        yield Flag("clock", f"starts in {start.year}")
    elif start is not None and now is not None and start > now + timedelta(days=1):
        yield Flag("clock", f"starts on {start.date()}, which is still to come")


def _pauses(session: Session) -> Iterator[Flag]:
    paused_s = (session.elapsed_s or 0.0) - (session.timer_s or 0.0)
    if paused_s > max(1800.0, session.timer_s or 0.0):
        yield Flag("elapsed_much_longer", f"paused for {paused_s / 60:.0f} minutes")


def _running(session: Session) -> Iterator[Flag]:
    if not session.distance_m:
        yield Flag("no_distance")
    if session.sub_sport in TREADMILL:
        yield Flag("treadmill")


def _speed(session: Session, samples: Samples) -> Iterator[Flag]:
    if session.distance_m and session.timer_s and session.distance_m / session.timer_s > FASTEST_AVERAGE_MPS:
        yield Flag("impossible_speed", f"average {session.distance_m / session.timer_s:.1f} m/s")
        return
    speed = _speed_of_places(samples)
    share = float((speed > FASTEST_HUMAN_MPS).mean()) if len(speed) else 0.0
    if share > 0.05:
        yield Flag("impossible_speed", f"{share:.0%} of the positions lie too far apart")


def _distance_jumps(samples: Samples) -> Iterator[Flag]:
    known = np.isfinite(samples.distance_m) & np.isfinite(samples.timestamp_s)
    time_s, distance_m = samples.timestamp_s[known], samples.distance_m[known]
    if len(distance_m) < 2:
        return
    gained, took_s = np.diff(distance_m), np.diff(time_s)
    leapt_m = float(gained[(gained > 100) & (np.abs(took_s) <= 5)].sum())
    total_m = float(distance_m.max() - distance_m[0])
    if leapt_m > 0.05 * total_m:
        yield Flag("distance_jump", f"{leapt_m:.0f} of {total_m:.0f} m in leaps")


def _speed_of_places(samples: Samples) -> Column:
    """Speed between positions of different seconds, along the great circle. [m/s]"""
    known = np.isfinite(samples.latitude_deg) & np.isfinite(samples.longitude_deg)
    known &= np.isfinite(samples.timestamp_s)
    time_s = samples.timestamp_s[known]
    latitude, longitude = np.radians(samples.latitude_deg[known]), np.radians(samples.longitude_deg[known])
    took_s = np.diff(time_s)
    chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    forward = took_s > 0
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord[forward])) / took_s[forward])
