"""Checks of time: clock errors, pauses, and repeated records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from ingest.analysis.resample import LONGEST_HOLD_S
from ingest.formats.recording import FOOT_SPORTS, Flag, Samples, Session

EARLIEST_START = datetime(2000, 1, 1, tzinfo=UTC)
"""No watch that writes FIT is older; an unset clock counts from 1989."""

AHEAD = timedelta(days=1)
"""Tolerance for a start in the future: watches set to another time zone are up to 26 hours off."""

LONG_PAUSE_S = 1800.0

TIMER_SLACK_S = 60.0
TIMER_SLACK_SHARE = 0.05
"""Tolerated excess of timer over elapsed time, for rounding. [unitless]"""

BEYOND_RECORDS_SHARE = 0.2
"""Tolerated excess of timer over the recorded period, as records may begin late and end early. [unitless]"""

SHARED_SECONDS = 0.1
"""Share of repeated seconds that is flagged; one watch in ten repeats a few. [unitless]"""

REPEATED_SHARE = 0.05


def inspect_times(
    session: Session, samples: Samples, now: datetime | None, *, is_whole: bool
) -> Iterator[Flag]:
    """Check for wrong clocks, long pauses, contradictory times and repeated seconds."""
    start = session.started_at
    if start is not None and start < EARLIEST_START:
        yield Flag("clock", f"starts in {start.year}")
    elif start is not None and now is not None and start - now > AHEAD:
        yield Flag("future", f"starts on {start.date()}, which was still to come on {now.date()}")
    timer_s, elapsed_s = session.timer_s or 0.0, session.elapsed_s or 0.0
    if elapsed_s - timer_s > max(LONG_PAUSE_S, timer_s):
        yield Flag("elapsed_much_longer", f"paused for {(elapsed_s - timer_s) / 60:.0f} minutes")
    if 0 < elapsed_s < timer_s / (1 + TIMER_SLACK_SHARE) - TIMER_SLACK_S:
        yield Flag("timer_beyond_elapsed", f"{timer_s:.0f} s in motion within {elapsed_s:.0f} s")
    if is_whole and session.sport in FOOT_SPORTS:  # swim watches write one record per length
        yield from _beyond_records(timer_s, samples)
    yield from _records(samples)


def _beyond_records(timer_s: float, samples: Samples) -> Iterator[Flag]:
    """Flag a timer that runs much longer than the records."""
    step_s = np.diff(samples.timestamp_s[np.isfinite(samples.timestamp_s)])
    span_s = float(step_s[step_s > 0].sum())  # the clock may be set back meanwhile
    if span_s and timer_s > (1 + BEYOND_RECORDS_SHARE) * span_s + TIMER_SLACK_S:
        yield Flag("timer_beyond_records", f"{timer_s:.0f} s in motion, {span_s:.0f} s of records")


def _records(samples: Samples) -> Iterator[Flag]:
    timestamp_s = samples.timestamp_s[np.isfinite(samples.timestamp_s)]
    if len(timestamp_s) < 2:
        return
    step_s = np.diff(timestamp_s)
    share = float((step_s == 0).mean())
    if share > SHARED_SECONDS:
        yield Flag("several_per_second", f"{share:.0%} of the records share their second with another")
    if (step_s < -LONGEST_HOLD_S).any():
        share = _repeated_share(samples)
        if share > REPEATED_SHARE:
            yield Flag("recorded_twice", f"{share:.0%} of the records repeat others")


def _repeated_share(samples: Samples) -> float:
    """Share of records that repeat another of the same second with equal position and heart rate.

    A clock that was set back repeats seconds too, but with other values.
    """
    measured = (samples.latitude_deg, samples.longitude_deg, samples.altitude_m, samples.heart_rate_bpm)
    is_measured = np.isfinite(samples.timestamp_s) & np.isfinite(measured).any(axis=0)
    if not is_measured.any():
        return 0.0
    rows = np.column_stack((samples.timestamp_s, *measured))[is_measured]
    distinct = np.unique(np.nan_to_num(rows, nan=-1e9), axis=0)
    return 1 - len(distinct) / len(rows)
