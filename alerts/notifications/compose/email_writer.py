"""From findings to a finished letter, in the words of one runner."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alerts.alert.alert import Finding
from alerts.care.explained_alert import Explained, with_others
from alerts.care.pain.advice_gate import Voice
from alerts.evaluation.training_status import Standing
from alerts.explanation.grouping import causes_of
from alerts.notifications.answers import Sort
from alerts.notifications.compose.answer_links import answering
from alerts.notifications.compose.email_content import Letter, Told, write_letter
from alerts.notifications.compose.email_parts import Opening
from alerts.notifications.compose.week_chart_png import draw_weeks
from alerts.notifications.policy.mail_policy import fold
from alerts.notifications.route import MailRoute
from alerts.runner.profile import Runner
from alerts.text.i18n import say_many


@dataclass(frozen=True, slots=True)
class Known:
    """What the watch knows of its runner, asked for only when a letter is written."""

    explain: Callable[[Finding, date], Explained]
    voice: Callable[[date], Voice]
    standing: Callable[[datetime], Standing | None]
    active_days: Callable[[], Sequence[date]]
    last_taken_at: Callable[[], datetime | None]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one runner's letters; ``sender`` is the address that they come from."""

    runner: Runner
    route: MailRoute
    sender: str
    known: Known

    def write(
        self,
        chosen: Sequence[Finding],
        now: datetime,
        *,
        sort: Sort,
        opening: Opening | None = None,
        among: Sequence[Finding] = (),
    ) -> Letter:
        """Write one letter about what was chosen, after an opening where it has one.

        What else is ``among`` the findings of a story that is told is named in it.
        """
        today = self.runner.day_of(now)
        also = {cause.lead.key: cause.also for cause in causes_of(chosen, among)}
        leads = [finding for finding in chosen if finding.key in also]
        told = [self._folded(finding, count, today, also[finding.key]) for finding, count in fold(leads)]
        standing = self.known.standing(now) if sort != "silence" else None
        marked = told[0].finding.day if told else today
        return write_letter(
            told,
            to=self.runner.email,
            sender=self.sender,
            runner_name=self.runner.name,
            dashboard_url=self.route.dashboard_url,
            units=self.runner.units,
            today=today,
            opening=opening,
            subject_tells=self.route.subject_tells,
            picture=draw_weeks(standing.weeks, marked=marked, units=self.runner.units, today=today)
            if standing
            else None,
            answers=answering(self.route.links, told, sort=sort, now=now) if self.route.links else None,
        )

    def _folded(self, finding: Finding, count: int, today: date, also: Sequence[Finding]) -> Told:
        """A finding with its words; what others said of it, or its rule of other days, is a sentence."""
        others = [self.known.explain(other, today) for other in also]
        explained = with_others(self.known.explain(finding, today), others)
        story = explained.story
        if count > 1:
            again = say_many(
                "The same rule spoke of another of these days, no more gravely.",
                "The same rule spoke of {n} more of these days, no more gravely.",
                count - 1,
            )
            story = dataclasses.replace(story, sentence=f"{story.sentence} {again}")
        return Told(explained.finding, story, explained.advice)
