"""The plan: two weeks of longest runs, the way back, runs still to come, and the calendar feed of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort, flash, render_template, url_for
from werkzeug.wrappers import Response as Answer

from alerts.care.plan.long_run_plan import LongRunPlan
from alerts.care.plan.planned_run_check import PlanCheck
from alerts.care.plan.return_to_run import first_long_words
from alerts.journal.calendar_urls import CalendarShows
from alerts.journal.entries import NAME_AT_MOST, PlannedRun, RunKind
from alerts.runner.secret_urls import SecretAddress
from alerts.service.care_service import CarePage, CareService
from alerts.text.i18n import gettext, gettext_noop, lower_first
from alerts.text.units import Units, distance, short_date
from web.http.formatting import STATES, capitalize_first, relative_day
from web.http.forms import FormInput, empty_form, flash_and_redirect, submitted_form
from web.pages.care.base import ROW, RunnerPages, change_and_redirect

AHEAD_DAYS = 365
LATEST_PLANNED = 300.0
PLANNED = {
    RunKind.RUN: gettext_noop("planned run"),
    RunKind.LONG: gettext_noop("planned long run"),
    RunKind.RACE: gettext_noop("planned race"),
}
KINDS = (
    (RunKind.RUN, gettext_noop("Run")),
    (RunKind.LONG, gettext_noop("Long run")),
    (RunKind.RACE, gettext_noop("Race")),
)
SHOWN = (
    ("distances", gettext_noop("Distances of runs")),
    ("routines", gettext_noop("Names of routines")),
    ("health", gettext_noop("Pain and professional care")),
)
"""What the calendar may show, each with its label."""


def read_planned(typed: FormInput, today: date, metres: float) -> PlannedRun | None:
    """Make a plan of what was typed; None where something is missing, with the message at its field."""
    day = typed.day(
        "day",
        first=today,
        last=today + timedelta(days=AHEAD_DAYS),
        problem=gettext("Enter today or a day within the next year."),
    )
    far = typed.amount(
        "distance",
        most=LATEST_PLANNED,
        problem=gettext("Enter a distance up to {most}.", most=f"{LATEST_PLANNED:.0f}"),
    )
    if far == 0:
        typed.problems["distance"] = gettext("Enter a distance above 0.")
    kind = typed.choice("kind", [value.value for value, _ in KINDS], gettext("Choose a kind."))
    if len(typed.text("name")) > NAME_AT_MOST:
        typed.problems["name"] = gettext("Keep the name under {most} characters.", most=NAME_AT_MOST)
    if typed.problems or day is None or far is None or kind is None:
        return None
    return PlannedRun(day, far * metres, RunKind(kind), typed.text("name"))


def ladder_rows(ladder: LongRunPlan, today: date) -> list[tuple[str, str, str, str]]:
    """Each day with its kind, its sentence, and what is planned."""
    return [
        (
            capitalize_first(relative_day(plan_day.day, today)),
            plan_day.kind,
            plan_day.sentence,
            (plan_day.planned.name or gettext(PLANNED[plan_day.planned.kind])) if plan_day.planned else "",
        )
        for plan_day in ladder.days
    ]


@dataclass(frozen=True, slots=True)
class PlanPages(RunnerPages):
    """The plan's page, and what it takes in."""

    def show(self, typed: FormInput, checked: PlanCheck | None = None, status: int = 200) -> tuple[str, int]:
        """Render the plan with a form as it was typed."""
        page = self.care_service.page(self.clock())
        return render_template(
            "plan.html",
            page=page,
            rows=ladder_rows(page.ladder, page.today),
            steps=back_steps(page),
            first_long=first_long_words(page.back, self.units) if page.back else "",
            typed=typed,
            checked=checked and checked_words(checked),
            planned=[
                (one.planned.id, name_of(one.planned, self.units), *checked_words(one)) for one in page.checks
            ],
            kinds=[(kind, gettext(word)) for kind, word in KINDS],
            unit=self.units.abbreviation,
            first_day=page.today.isoformat(),
            last_day=(page.today + timedelta(days=AHEAD_DAYS)).isoformat(),
            addresses=[self._address(one) for one in self.care_service.journal.calendar.all()],
            shown=[(name, gettext(label)) for name, label in SHOWN],
        ), status

    def _address(self, one: SecretAddress[CalendarShows]) -> tuple[int, str, str]:
        made = short_date(self.care_service.runner_service.runner.day_of(one.created_at))
        return one.id, made, shows_words(one.shows)

    def plan(self) -> tuple[str, int]:
        """Show the plan and an empty form."""
        return self.show(empty_form(kind="run", day=self.today.isoformat()))

    def look(self) -> tuple[str, int]:
        """Look at a run before it is run, and keep nothing."""
        typed = submitted_form()
        made = read_planned(typed, self.today, self.units.metres)
        if made is None:
            return self.show(typed, status=400)
        return self.show(typed, self.care_service.check(made, self.clock()))

    def add(self) -> tuple[str, int] | Answer:
        """Put a run into the plan."""
        typed = submitted_form()
        made = read_planned(typed, self.today, self.units.metres)
        if made is None:
            return self.show(typed, status=400)
        self.care_service.journal.planned.add(made, now=self.clock())
        return flash_and_redirect(gettext("Planned: {run}.", run=name_of(made, self.units)), "plan.plan")

    def withdraw(self, number: int) -> Answer:
        """Take a run out of the plan."""
        planned, now = self.care_service.journal.planned, self.clock()
        return change_and_redirect(
            lambda: planned.withdraw(number, now=now), gettext("Removed from the plan."), "plan.plan"
        )

    def issue(self) -> Answer:
        """Make a calendar address; it is shown on the next page and never again."""
        typed = submitted_form()
        shows = CalendarShows(**{name: typed.has("shows", name) for name, _ in SHOWN})
        token = self.care_service.journal.calendar.issue(shows, now=self.clock())
        flash(url_for("plan.feed", token=token, _external=True), "address")
        made = gettext("Created. Copy the link now; it’s shown only this once.")
        return flash_and_redirect(made, "plan.plan", part="calendar")

    def revoke(self, number: int) -> Answer:
        """End a calendar address."""
        addresses, now = self.care_service.journal.calendar, self.clock()
        return change_and_redirect(
            lambda: addresses.revoke(number, now=now),
            gettext("Removed. The link no longer works."),
            "plan.plan",
            part="calendar",
        )

    def feed(self, token: str) -> Response:
        """Answer a calendar that subscribed."""
        written = self.care_service.calendar(token, self.clock())
        if written is None:
            abort(404)
        return Response(written, mimetype="text/calendar")


def plan_blueprint(care_service: CareService, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the plan, take in runs to come, and hand out the calendar."""
    blueprint, pages = Blueprint("plan", __name__), PlanPages(care_service, clock)
    blueprint.get("/plan")(pages.plan)
    blueprint.post("/plan")(pages.add)
    blueprint.post("/plan/check")(pages.look)
    blueprint.post(f"/plan/{ROW}/withdraw")(pages.withdraw)
    blueprint.post("/plan/calendar")(pages.issue)
    blueprint.post(f"/plan/calendar/{ROW}/revoke")(pages.revoke)
    blueprint.get("/feeds/<token>.ics")(pages.feed)
    return blueprint


def name_of(planned: PlannedRun, units: Units) -> str:
    """A planned run in one line."""
    called = planned.name or gettext(dict(KINDS)[planned.kind])
    return f"{called}, {short_date(planned.day)}, {distance(planned.distance_m, units)}"


def checked_words(check: PlanCheck) -> tuple[str, str, str]:
    """The state's shape and word, and what there is to say."""
    state = STATES[check.level] if check.level is not None else None
    shape, word = (state.shape, state.word) if state and check.level else ("info", "")
    return shape, word, f"{check.sentence} {check.act}"


def back_steps(page: CarePage) -> list[tuple[str, str]]:
    """The steps of the way back, each with where it stands."""
    if page.back is None:
        return []
    at = page.back.at
    return [
        (step.words, "done" if row < at else "next" if row == at else "")
        for row, step in enumerate(page.back.steps)
    ]


def shows_words(shows: CalendarShows) -> str:
    """What an address shows, in words."""
    named = [lower_first(gettext(label)) for name, label in SHOWN if getattr(shows, name)]
    return ", ".join(named) or gettext("days only")
