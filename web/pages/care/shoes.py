"""Shoes: pairs, how far each went, and which pair a run was run in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from alerts.care.plan.shoes import ShoeMileage, assign
from alerts.errors import JournalError
from alerts.journal.entries import GROUNDS, NAME_AT_MOST, PAIR_AT_MOST_M, Shoe
from alerts.journal.shoe_store import ShoeStore
from alerts.service.care_service import CareService
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import Units, distance, number, short_date
from web.http.formatting import capitalize_first, count, relative_day
from web.http.forms import FormInput, empty_form, flash_and_redirect, submitted_form
from web.pages.care.base import RunnerPages

RUNS_SHOWN = 15
OLDEST = timedelta(days=365 * 30)
GROUND_WORDS = {
    "running": gettext_noop("all running"),
    "trail": gettext_noop("trail"),
    "treadmill": gettext_noop("treadmill"),
    "track": gettext_noop("track"),
}


def read_shoe(typed: FormInput, today: date, metres: float) -> Shoe | None:
    """Make a pair of what was typed; None where something is missing, with the message at its field."""
    name = typed.text("name")
    nameless = gettext("Give the pair a name of up to {most} characters.", most=NAME_AT_MOST)
    if not 0 < len(name) <= NAME_AT_MOST:
        typed.problems["name"] = nameless
    farthest = PAIR_AT_MOST_M // metres
    far = gettext("Enter a distance up to {most}, or leave it empty.", most=number(farthest, ",.0f"))
    first = typed.day(
        "first_day",
        first=today - OLDEST,
        last=today,
        problem=gettext("Enter the day of its first run; it can’t be after other days."),
    )
    retired = _retired(typed, first, today)
    before = typed.amount("before", most=farthest, problem=far) if typed.text("before") else 0.0
    note_at = typed.amount("note_at", most=farthest, problem=far) if typed.text("note_at") else None
    default_for = typed.choice("default_for", ("", *GROUNDS), gettext("Choose one from the list."))
    if typed.problems or first is None:
        return None
    try:
        return Shoe(
            name=name,
            first_day=first,
            before_m=(before or 0.0) * metres,
            note_at_m=note_at * metres if note_at else None,
            default_for=default_for or None,
            retired_on=retired,
        )
    except JournalError:  # of characters that nobody sees nothing is left
        typed.problems["name"] = nameless
        return None


def _retired(typed: FormInput, first: date | None, today: date) -> date | None:
    if not typed.text("retired_on"):
        return None
    problem = gettext("Enter a day between its first one and today, or leave it empty.")
    return typed.day("retired_on", first=first or today - OLDEST, last=today, problem=problem)


def form_input_of(shoe: Shoe, metres: float) -> FormInput:
    """A pair as its form shows it."""
    return empty_form(
        name=shoe.name,
        first_day=shoe.first_day.isoformat(),
        before=f"{shoe.before_m / metres:.1f}" if shoe.before_m else "",
        note_at=f"{shoe.note_at_m / metres:.0f}" if shoe.note_at_m else "",
        default_for=shoe.default_for or "",
        retired_on=shoe.retired_on.isoformat() if shoe.retired_on else "",
    )


@dataclass(frozen=True, slots=True)
class ShoeRow:
    """One pair in the list."""

    id: int
    name: str
    distance: str
    detail: str
    note: str
    is_retired: bool


def shoe_row(training_status: ShoeMileage, units: Units) -> ShoeRow:
    """Put a pair into words."""
    shoe = training_status.shoe
    details = [count(training_status.runs, "run") if training_status.runs else gettext("no runs yet")]
    details.append(gettext("first day {day}", day=short_date(shoe.first_day)))
    if training_status.last_day:
        details.append(gettext("last run {day}", day=short_date(training_status.last_day)))
    if shoe.default_for:
        details.append(gettext("default for {ground}", ground=gettext(GROUND_WORDS[shoe.default_for])))
    if shoe.retired_on:
        details.append(gettext("retired {day}", day=short_date(shoe.retired_on)))
    far = distance(training_status.distance_m, units, digits=0)
    return ShoeRow(
        shoe.id, shoe.name, far, " · ".join(details), training_status.note, shoe.retired_on is not None
    )


@dataclass(frozen=True, slots=True)
class ShoePages(RunnerPages):
    """The rack's pages, and what they take in."""

    @property
    def rack(self) -> ShoeStore:
        """The runner's pairs."""
        return self.care_service.journal.shoes

    def show(self, typed: FormInput, status: int = 200) -> tuple[str, int]:
        """Render the rack with a form as it was typed."""
        return render_template(
            "shoes.html",
            typed=typed,
            pairs=[shoe_row(training_status, self.units) for training_status in self.care_service.shoes()],
            options=[(shoe.id, shoe.name) for shoe in self.rack.all()],
            runs=list(self._runs()),
            **self._common(),
        ), status

    def _runs(self) -> Iterator[tuple[int, str, int, bool]]:
        """The last runs: number, words, number of the pair, and whether the runner chose it."""
        runs, chosen = self.care_service.runner_service.history.shod_runs(), self.rack.chosen()
        assigned = assign(runs, self.rack.all(), chosen)
        for run in reversed(runs[-RUNS_SHOWN:]):
            day = capitalize_first(relative_day(run.day, self.today))
            words = f"{day}, {distance(run.distance_m, self.units)}"
            worn = assigned[run.activity_id].id if run.activity_id in assigned else 0
            yield run.activity_id, words, worn, run.activity_id in chosen

    def _common(self) -> dict[str, Any]:
        return {
            "grounds": {name: gettext(word) for name, word in GROUND_WORDS.items()},
            "unit": self.units.abbreviation,
            "last_day": self.today.isoformat(),
        }

    def _show_one(self, shoe: Shoe, typed: FormInput, status: int = 200) -> tuple[str, int]:
        return render_template("shoe.html", shoe=shoe, typed=typed, **self._common()), status

    def _known(self, number: int) -> Shoe:
        shoe = next((one for one in self.rack.all() if one.id == number), None)
        if shoe is None:
            abort(404)
        return shoe

    def shoes(self) -> tuple[str, int]:
        """Show the rack and an empty form."""
        return self.show(empty_form(first_day=self.today.isoformat()))

    def add(self) -> tuple[str, int] | Response:
        """Put a pair on the rack."""
        typed = submitted_form()
        made = read_shoe(typed, self.today, self.units.metres)
        if made is None:
            return self.show(typed, 400)
        self.rack.add(made, now=self.clock())
        return flash_and_redirect(gettext("Added {name}.", name=made.name), "shoes.shoes")

    def one(self, number: int) -> tuple[str, int]:
        """Show one pair."""
        shoe = self._known(number)
        return self._show_one(shoe, form_input_of(shoe, self.units.metres))

    def change(self, number: int) -> tuple[str, int] | Response:
        """Change a pair."""
        shoe, typed = self._known(number), submitted_form()
        made = read_shoe(typed, self.today, self.units.metres)
        if made is None:
            return self._show_one(shoe, typed, 400)
        self.rack.change(replace(made, id=number))
        return flash_and_redirect(gettext("Changed: {name}.", name=made.name), "shoes.shoes")

    def retire(self, number: int) -> Response:
        """Use a pair no more after today."""
        shoe = self._known(number)
        self.rack.change(replace(shoe, retired_on=max(self.today, shoe.first_day)))
        return flash_and_redirect(
            gettext("Retired: {name}. Its runs stay with it.", name=shoe.name), "shoes.shoes"
        )

    def wear(self) -> Response:
        """Keep which pair a run was run in."""
        typed = submitted_form()
        run, choice = typed.text("run"), typed.text("shoe")
        runs = {
            str(one.activity_id): one.activity_id
            for one in self.care_service.runner_service.history.shod_runs()
        }
        pairs = {str(shoe.id): shoe.id for shoe in self.rack.all()} | {"": None}
        if run not in runs or choice not in pairs:
            abort(404)
        self.rack.choose(runs[run], pairs[choice], now=self.clock())
        return flash_and_redirect(gettext("Saved the shoes for that run."), "shoes.shoes")


def shoes_blueprint(care_service: CareService, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the rack, and take in pairs and which run was run in which."""
    blueprint, pages = Blueprint("shoes", __name__), ShoePages(care_service, clock)
    blueprint.get("/shoes")(pages.shoes)
    blueprint.post("/shoes")(pages.add)
    blueprint.get("/shoes/<int:number>")(pages.one)
    blueprint.post("/shoes/<int:number>")(pages.change)
    blueprint.post("/shoes/<int:number>/retire")(pages.retire)
    blueprint.post("/shoes/runs")(pages.wear)
    return blueprint
