"""Where a runner stands on one day: the numbers of the first page and of the letter before a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Week:
    """One calendar week of running, and the longest run that its days allowed."""

    first_day: date
    run_m: float
    usual_low_m: float | None
    usual_high_m: float | None
    ceiling_m: float | None


@dataclass(frozen=True, slots=True)
class CadenceBand:
    """Cadence of the last runs against the normal band at the same speed."""

    speed_mps: float
    cadence_spm: float
    low_spm: float
    high_spm: float
    runs: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a runner stands at the end of ``on``.

    ``ceiling_m`` is the longest run of the 30 days before ``on`` times the single-run limit, for a run on
    ``on``; None where those days hold too few runs for the rule to speak (then ``returning`` is True if
    there is a history before them, and ``return_ceiling_m`` is half of the longest run of 90 days).
    ``usual_low_m`` and ``usual_high_m`` span the middle of the weekly distances of the weeks before.
    ``weeks`` are the last twelve calendar weeks, the current one last.
    """

    on: date
    ran_today_m: float
    longest_m: float | None
    longest_day: date | None
    ceiling_m: float | None
    returning: bool
    return_ceiling_m: float | None
    week_m: float
    usual_low_m: float | None
    usual_high_m: float | None
    rest_days_7: int
    rest_days_14: int
    cadence: CadenceBand | None
    last_run_day: date | None
    weeks: tuple[Week, ...]
