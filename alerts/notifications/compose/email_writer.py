"""Composes emails about alerts in one runner's language and units."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alerts.alert.alert import Alert
from alerts.care.explained_alert import ExplainedAlert, with_grouped
from alerts.care.pain.advice_gate import AdviceGate
from alerts.care.plan.running_advice import AllowedRunning
from alerts.evaluation.training_status import TrainingStatus
from alerts.explanation.grouping import groups_of
from alerts.notifications.answers import EmailKind
from alerts.notifications.compose.answer_links import answering
from alerts.notifications.compose.email_content import Email, EmailAlert, write_email
from alerts.notifications.compose.email_parts import Opening
from alerts.notifications.compose.week_chart_png import draw_week_chart
from alerts.notifications.policy.mail_policy import one_per_rule
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.text.i18n import ngettext


@dataclass(frozen=True, slots=True)
class EmailContext:
    """What an email needs to know about its runner, loaded only when one is written."""

    explain: Callable[[Alert, date], ExplainedAlert]
    gate: Callable[[date], AdviceGate]
    training_status: Callable[[datetime], TrainingStatus | None]
    allowed_today: Callable[[datetime], AllowedRunning | None]
    active_days: Callable[[], Sequence[date]]
    last_taken_at: Callable[[], datetime | None]


@dataclass(frozen=True, slots=True)
class EmailWriter:
    """Composes one runner's emails; ``sender`` is the From address."""

    runner: Runner
    route: MailRoute
    sender: str
    known: EmailContext

    def write(
        self,
        chosen: Sequence[Alert],
        now: datetime,
        *,
        sort: EmailKind,
        opening: Opening | None = None,
        among: Sequence[Alert] = (),
    ) -> Email:
        """Compose one email about the chosen alerts, after an optional opening.

        What else is ``among`` the alerts of a story that is told is named in it.
        """
        today = self.runner.day_of(now)
        also = {group.lead.key: group.also for group in groups_of(chosen, among)}
        leads = [alert for alert in chosen if alert.key in also]
        told = [self._folded(alert, count, today, also[alert.key]) for alert, count in one_per_rule(leads)]
        training_status = self.known.training_status(now) if sort != "silence" else None
        marked = told[0].alert.day if told else today
        return write_email(
            told,
            to=self.runner.email,
            sender=self.sender,
            runner_name=self.runner.name,
            dashboard_url=self.route.dashboard_url,
            units=self.runner.units,
            today=today,
            opening=opening,
            subject_tells=self.route.subject_tells,
            picture=draw_week_chart(
                training_status.weeks, marked=marked, units=self.runner.units, today=today
            )
            if training_status
            else None,
            answers=answering(self.route.links, told, sort=sort, now=now) if self.route.links else None,
        )

    def _folded(self, alert: Alert, count: int, today: date, also: Sequence[Alert]) -> EmailAlert:
        """An alert with its text; grouped alerts and other days of the same rule become one sentence."""
        others = [self.known.explain(other, today) for other in also]
        explained = with_grouped(self.known.explain(alert, today), others)
        alert_text = explained.alert_text
        if count > 1:
            again = ngettext(
                "The same rule fired for another of these days, at no higher level.",
                "The same rule fired for {n} more of these days, at no higher level.",
                count - 1,
            )
            alert_text = dataclasses.replace(alert_text, sentence=f"{alert_text.sentence} {again}")
        return EmailAlert(explained.alert, alert_text, explained.advice)
