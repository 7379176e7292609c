"""Shoes: pairs, how far each went, and which pair a run was run in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from alerts.care.plan.shoes import ShoeStanding, assign
from alerts.errors import JournalError
from alerts.journal.entries import GROUNDS, NAME_AT_MOST, PAIR_AT_MOST_M, Shoe
from alerts.journal.shoe_store import ShoeRack
from alerts.service.care_service import CareDesk
from alerts.text.i18n import marked, say
from alerts.text.units import Units, distance, number, short_date
from web.http.formatting import capital, count, relative_day
from web.http.forms import Typed, done, nothing_typed, sent
from web.pages.care.base import DeskPages

RUNS_SHOWN = 15
OLDEST = timedelta(days=365 * 30)
GROUND_WORDS = {
    "running": marked("all running"),
    "trail": marked("trail"),
    "treadmill": marked("treadmill"),
    "track": marked("track"),
}


def read_shoe(typed: Typed, today: date, metres: float) -> Shoe | None:
    """Make a pair of what was typed; None where something is missing, with the message at its field."""
    name = typed.text("name")
    nameless = say("Give the pair a name of up to {most} characters.", most=NAME_AT_MOST)
    if not 0 < len(name) <= NAME_AT_MOST:
        typed.problems["name"] = nameless
    farthest = PAIR_AT_MOST_M // metres
    far = say("Give a distance of up to {most}, or leave it empty.", most=number(farthest, ",.0f"))
    first = typed.day(
        "first_day",
        first=today - OLDEST,
        last=today,
        problem=say("Give the day of its first run, not a later one."),
    )
    retired = _retired(typed, first, today)
    before = typed.amount("before", most=farthest, problem=far) if typed.text("before") else 0.0
    note_at = typed.amount("note_at", most=farthest, problem=far) if typed.text("note_at") else None
    default_for = typed.choice("default_for", ("", *GROUNDS), say("Choose one of the list."))
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


def _retired(typed: Typed, first: date | None, today: date) -> date | None:
    if not typed.text("retired_on"):
        return None
    problem = say("Give a day from its first one to today, or leave it empty.")
    return typed.day("retired_on", first=first or today - OLDEST, last=today, problem=problem)


def typed_from(shoe: Shoe, metres: float) -> Typed:
    """A pair as its form shows it."""
    return nothing_typed(
        name=shoe.name,
        first_day=shoe.first_day.isoformat(),
        before=f"{shoe.before_m / metres:.1f}" if shoe.before_m else "",
        note_at=f"{shoe.note_at_m / metres:.0f}" if shoe.note_at_m else "",
        default_for=shoe.default_for or "",
        retired_on=shoe.retired_on.isoformat() if shoe.retired_on else "",
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair in the list."""

    id: int
    name: str
    distance: str
    detail: str
    note: str
    is_retired: bool


def pair(standing: ShoeStanding, units: Units) -> Pair:
    """Put a pair into words."""
    shoe = standing.shoe
    details = [count(standing.runs, "run") if standing.runs else say("no run yet")]
    details.append(say("first day {day}", day=short_date(shoe.first_day)))
    if standing.last_day:
        details.append(say("last run {day}", day=short_date(standing.last_day)))
    if shoe.default_for:
        details.append(say("default for {ground}", ground=say(GROUND_WORDS[shoe.default_for])))
    if shoe.retired_on:
        details.append(say("retired {day}", day=short_date(shoe.retired_on)))
    far = distance(standing.distance_m, units, digits=0)
    return Pair(shoe.id, shoe.name, far, " · ".join(details), standing.note, shoe.retired_on is not None)


@dataclass(frozen=True, slots=True)
class ShoePages(DeskPages):
    """The rack's pages, and what they take in."""

    @property
    def rack(self) -> ShoeRack:
        """The runner's pairs."""
        return self.desk.journal.shoes

    def show(self, typed: Typed, status: int = 200) -> tuple[str, int]:
        """Render the rack with a form as it was typed."""
        return render_template(
            "shoes.html",
            typed=typed,
            pairs=[pair(standing, self.units) for standing in self.desk.shoes()],
            options=[(shoe.id, shoe.name) for shoe in self.rack.all()],
            runs=list(self._runs()),
            **self._common(),
        ), status

    def _runs(self) -> Iterator[tuple[int, str, int, bool]]:
        """The last runs: number, words, number of the pair, and whether the runner chose it."""
        runs, chosen = self.desk.watch.history.shod_runs(), self.rack.chosen()
        assigned = assign(runs, self.rack.all(), chosen)
        for run in reversed(runs[-RUNS_SHOWN:]):
            words = f"{capital(relative_day(run.day, self.today))}, {distance(run.distance_m, self.units)}"
            worn = assigned[run.activity_id].id if run.activity_id in assigned else 0
            yield run.activity_id, words, worn, run.activity_id in chosen

    def _common(self) -> dict[str, Any]:
        return {
            "grounds": {name: say(word) for name, word in GROUND_WORDS.items()},
            "unit": self.units.abbreviation,
            "last_day": self.today.isoformat(),
        }

    def _show_one(self, shoe: Shoe, typed: Typed, status: int = 200) -> tuple[str, int]:
        return render_template("shoe.html", shoe=shoe, typed=typed, **self._common()), status

    def _known(self, number: int) -> Shoe:
        shoe = next((one for one in self.rack.all() if one.id == number), None)
        if shoe is None:
            abort(404)
        return shoe

    def shoes(self) -> tuple[str, int]:
        """Show the rack and an empty form."""
        return self.show(nothing_typed(first_day=self.today.isoformat()))

    def add(self) -> tuple[str, int] | Response:
        """Put a pair on the rack."""
        typed = sent()
        made = read_shoe(typed, self.today, self.units.metres)
        if made is None:
            return self.show(typed, 400)
        self.rack.add(made, now=self.clock())
        return done(say("On the rack: {name}.", name=made.name), "shoes.shoes")

    def one(self, number: int) -> tuple[str, int]:
        """Show one pair."""
        shoe = self._known(number)
        return self._show_one(shoe, typed_from(shoe, self.units.metres))

    def change(self, number: int) -> tuple[str, int] | Response:
        """Change a pair."""
        shoe, typed = self._known(number), sent()
        made = read_shoe(typed, self.today, self.units.metres)
        if made is None:
            return self._show_one(shoe, typed, 400)
        self.rack.change(replace(made, id=number))
        return done(say("Changed: {name}.", name=made.name), "shoes.shoes")

    def retire(self, number: int) -> Response:
        """Use a pair no more after today."""
        shoe = self._known(number)
        self.rack.change(replace(shoe, retired_on=max(self.today, shoe.first_day)))
        return done(say("Retired: {name}. Its runs stay with it.", name=shoe.name), "shoes.shoes")

    def wear(self) -> Response:
        """Keep which pair a run was run in."""
        typed = sent()
        run, choice = typed.text("run"), typed.text("shoe")
        runs = {str(one.activity_id): one.activity_id for one in self.desk.watch.history.shod_runs()}
        pairs = {str(shoe.id): shoe.id for shoe in self.rack.all()} | {"": None}
        if run not in runs or choice not in pairs:
            abort(404)
        self.rack.choose(runs[run], pairs[choice], now=self.clock())
        return done(say("Kept: the pair of that run."), "shoes.shoes")


def shoes_blueprint(desk: CareDesk, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the rack, and take in pairs and which run was run in which."""
    blueprint, pages = Blueprint("shoes", __name__), ShoePages(desk, clock)
    blueprint.get("/shoes")(pages.shoes)
    blueprint.post("/shoes")(pages.add)
    blueprint.get("/shoes/<int:number>")(pages.one)
    blueprint.post("/shoes/<int:number>")(pages.change)
    blueprint.post("/shoes/<int:number>/retire")(pages.retire)
    blueprint.post("/shoes/runs")(pages.wear)
    return blueprint
