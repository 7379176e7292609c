"""The pain diary: place, scores and questions on one page, what was told before, and what it allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts.care.pain.pain_scale import Verdict
from alerts.errors import JournalError
from alerts.journal.body_sites import Side, body_site_text
from alerts.journal.entries import PainEntry
from alerts.journal.red_flag import RedFlag
from alerts.service.care_service import CareService
from alerts.text.i18n import gettext
from web.charts.hip_diagram import SPOTS, views
from web.http.formatting import FINE, STOP, capitalize_first, on_day, relative_day
from web.http.forms import FormInput, empty_form, flash_and_redirect, submitted_form
from web.pages.care.base import ROW, RunnerPages, change_and_redirect
from web.pages.care.pain_forms import SCORES, read_report, times
from web.pages.today.verdict import HOLD

NO_RUNS: Mapping[int, date] = MappingProxyType({})
HERE = "pain.diary_page"
BEGUN = frozenset({"spot", "both", "day", "next_morning"})
"""What the morning after fills in of the form where one of the questions is so."""

STATES = {Verdict.GO: FINE, Verdict.HOLD: HOLD, Verdict.STOP: STOP}


@dataclass(frozen=True, slots=True)
class DiaryRow:
    """One entry of the diary in words."""

    id: int
    day: str
    where: str
    scores: str
    note: str
    flags: tuple[str, ...]
    run_id: int | None = None
    run: str = ""


def diary_row(
    entry: PainEntry, today: date, questions: Sequence[RedFlag], runs: Mapping[int, date] = NO_RUNS
) -> DiaryRow:
    """Put an entry into words; what was not told is left out. ``runs`` are the days of the runs there are."""
    report = entry.report
    named = (
        (gettext("during"), report.during),
        (gettext("after"), report.after),
        (gettext("next morning"), report.next_morning),
    )
    scores = ", ".join(f"{score} {when}" for when, score in named if score is not None)
    return DiaryRow(
        entry.id,
        capitalize_first(relative_day(report.day, today)),
        capitalize_first(body_site_text(report.place, report.side)),
        gettext("{scores} (of\xa010)", scores=scores) + (gettext(", with a limp") if report.limped else ""),
        report.note,
        tuple(flag.question for flag in questions if flag.id in report.flags),
        *_run_before(entry, today, runs),
    )


def _run_before(entry: PainEntry, today: date, runs: Mapping[int, date]) -> tuple[int | None, str]:
    """The number of the run before a report, and its day in words; nothing where it is not there any more."""
    number = entry.activity_id
    if number is None or number not in runs:
        return None, ""
    return number, on_day(runs[number], today)


@dataclass(frozen=True, slots=True)
class PainPages(RunnerPages):
    """The diary's page, and what it takes in."""

    @property
    def questions(self) -> Sequence[RedFlag]:
        """What every report is asked."""
        return self.care_service.runner_service.care.red_flags

    def show(self, typed: FormInput, status: int = 200) -> tuple[str, int]:
        """Render the diary with a form as it was typed."""
        page = self.care_service.page(self.clock())
        runs = {one.id: day for day, one in self.care_service.runner_service.history.dated()}
        return render_template(
            "pain.html",
            typed=typed,
            state=STATES[page.pain.verdict],
            pain=page.pain,
            mornings=[diary_row(entry, page.today, self.questions) for entry in page.mornings],
            entries=[diary_row(entry, page.today, self.questions, runs) for entry in page.entries],
            questions=self.questions,
            views=views(),
            spots=SPOTS,
            times=times(),
            last_day=page.today.isoformat(),
        ), status

    def diary_page(self) -> tuple[str, int]:
        """Show the diary and an empty form, or one that the morning after has begun to fill in."""
        begun = {name: value for name, value in request.args.items() if name in BEGUN}
        return self.show(empty_form(**{"day": self.today.isoformat(), **begun}))

    def report(self) -> tuple[str, int] | Response:
        """Take in a report."""
        typed = submitted_form()
        made = read_report(typed, self.questions, self.today)
        if made is None:
            return self.show(typed, 400)
        try:
            entry = self.care_service.report_pain(made, self.clock())
        except JournalError as error:
            typed.problems["note"] = f"{capitalize_first(str(error))}."
            return self.show(typed, 400)
        if entry.urgency:
            return flash_and_redirect(gettext("Saved. Please see a professional about this."), "care.care")
        return flash_and_redirect(gettext("Saved. Here’s what it means for you:"), HERE)

    def morning(self, number: int) -> Response:
        """Complete an entry with how the morning after was; a yes to a question asks for a whole report."""
        typed, diary = submitted_form(), self.care_service.journal.pain
        score = typed.choice("score", SCORES, "")
        if score is None or typed.text("flags") not in {"none", "some"}:
            return flash_and_redirect(
                gettext("Nothing was changed: choose a number, and answer the question."), HERE
            )
        if typed.text("flags") == "some":
            return self._ask_again(number, score)
        return change_and_redirect(
            lambda: diary.add_next_morning(number, int(score)), gettext("Saved: how the morning was."), HERE
        )

    def _ask_again(self, number: int, score: str) -> Response:
        """Lead to the whole form, with what is known filled in."""
        try:
            report = self.care_service.journal.pain.find(number).report
        except JournalError:
            abort(404)
        side = report.side.each[0]
        spot = next(spot.value for spot in SPOTS if (spot.place, spot.side) == (report.place, side))
        both = "yes" if report.side is Side.BOTH else None
        flash(gettext("Tick what applies, then save; nothing has been saved yet."))
        begun = url_for(HERE, spot=spot, both=both, day=report.day.isoformat(), next_morning=score)
        return redirect(begun, code=303)

    def withdraw(self, number: int) -> Response:
        """Take an entry out."""
        diary, now = self.care_service.journal.pain, self.clock()
        return change_and_redirect(
            lambda: diary.withdraw(number, now=now),
            gettext("Removed from the diary. A yes that was there for more than ten minutes still counts."),
            HERE,
        )


def pain_blueprint(care_service: CareService, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the diary and take in reports."""
    blueprint, pages = Blueprint("pain", __name__), PainPages(care_service, clock)
    blueprint.get("/pain")(pages.diary_page)
    blueprint.post("/pain")(pages.report)
    blueprint.post(f"/pain/{ROW}/morning")(pages.morning)
    blueprint.post(f"/pain/{ROW}/withdraw")(pages.withdraw)
    return blueprint
