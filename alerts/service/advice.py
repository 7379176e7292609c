"""What one runner may run, read from history, journal and alerts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.alert.alert import Alert, Detector, is_open
from alerts.alert.alert_store import AlertStore
from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice
from alerts.care.pain.advice_gate_state import current_return_plan
from alerts.care.plan.long_run_plan import LongRunPlan, build_long_run_plan
from alerts.care.plan.return_to_run import ReturnPlan
from alerts.care.plan.running_advice import AllowedRunning, Circumstances, allowed_on, circumstances_of
from alerts.detectors.single_run import SingleRunSpike
from alerts.journal.journal import Journal
from alerts.runner.profile import Runner
from alerts.service.history import History

PAST_RACE_DAYS = 90
"""Races planned for so many days ago are still recovered from. [days]"""

OPEN_ALERT_DAYS = 84
WALK_RUN_BREAK_DAYS = 56
"""A shorter break needs no walking in between, only shorter runs; expert opinion. [days]"""


@dataclass(frozen=True, slots=True)
class RunningAdvice:
    """The decision for one runner at ``now``; muted rules and stopped emails count like any other.

    Parameters
    ----------
    about : Circumstances or None
        What decides; None where there is no history.
    gate : AdviceGate
        What pain and red flags leave.
    back : ReturnPlan or None
        Where the runner stands on the return to running.
    """

    about: Circumstances | None
    gate: AdviceGate
    back: ReturnPlan | None

    @property
    def next_step(self) -> ReturnAdvice | None:
        """The next step of the return to running, which stands in for every distance."""
        return None if self.back is None else ReturnAdvice(self.back.sentence, self.back.act)

    @property
    def today(self) -> AllowedRunning | None:
        """What may be run today."""
        if self.about is None:
            return None
        return allowed_on(self.about, self.about.today, gate=self.gate, back=self.next_step)

    @property
    def plan(self) -> LongRunPlan:
        """The coming two weeks."""
        if self.about is None:
            return LongRunPlan()
        return build_long_run_plan(self.about, gate=self.gate, back=self.next_step)


@dataclass(frozen=True, slots=True)
class RunningAdviceSource:
    """Reads what decides on one runner's running."""

    runner: Runner
    detectors: Sequence[Detector]
    history: History
    journal: Journal
    alert_store: AlertStore
    gate: Callable[[date], AdviceGate]

    def advice(self, now: datetime) -> RunningAdvice:
        """What may be run, as of ``now``."""
        today = self.runner.day_of(now)
        days, gate = self.history.days(now), self.gate(today)
        if days.today is None:
            return RunningAdvice(None, gate, None)
        about = circumstances_of(
            days,
            next(rule for rule in self.detectors if isinstance(rule, SingleRunSpike)),
            planned=self.journal.planned.since(today - timedelta(days=PAST_RACE_DAYS)),
            alerts=self.open_alerts(today),
            units=self.runner.units,
        )
        return RunningAdvice(about, gate, self._back(about, gate))

    def open_alerts(self, today: date) -> list[Alert]:
        """Alerts whose advice still runs, muted ones included, the most serious first."""
        found = self.alert_store.since(today - timedelta(days=OPEN_ALERT_DAYS))
        opened = [alert for alert in found if is_open(alert, today)]
        return sorted(opened, key=lambda alert: (alert.level, alert.day), reverse=True)

    def _back(self, about: Circumstances, gate: AdviceGate) -> ReturnPlan | None:
        back = current_return_plan(self.journal, self.history.dated, about.today, gate)
        if back is None or back.reason != "break":
            return back
        break_days = about.history.limit_on(about.today).break_days
        return back if break_days >= WALK_RUN_BREAK_DAYS else None
