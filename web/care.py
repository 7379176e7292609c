"""The care page: what to do in these days, how to do it, and what was done; the catalogue; who saw to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from alerts.care.catalogue import PROFESSIONALS, Routine
from alerts.care_desk import CareDesk
from alerts.errors import JournalError
from alerts.overview import Overview
from alerts.units import NBSP
from web.forms import Typed, done, nothing_typed, sent
from web.pain import STATES, read_seen
from web.poses.drawing import drawing_of
from web.present import capital
from web.source import DashboardSource
from web.verdict import verdict

AREAS = (
    ("front", "Front of the hip", ("front of the hip", "hip rotation")),
    ("groin", "Groin and inner thigh", ("inner thigh",)),
    ("outer", "Side of the hip", ("outer hip", "outside of the hip", "outer knee")),
    ("back", "Buttock and back of the thigh", ("buttock", "back of the thigh")),
    ("trunk", "Trunk", ("trunk",)),
    ("whole", "Whole body and fitness", ("whole", "hips and legs", "aerobic", "hips and trunk")),
    ("running", "Running and load", ("load", "rest", "gait", "return", "decision")),
    ("other", "Everything else", ()),
)
"""Parts of the catalogue: the name in the address, the heading, and what an entry's area contains."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the catalogue."""

    name: str
    title: str
    routines: tuple[Routine, ...]


def parts(routines: Sequence[Routine]) -> tuple[Part, ...]:
    """Sort the catalogue by area; an entry of two areas stands in both, and no part is empty."""
    found = []
    placed: set[str] = set()
    for name, title, words in AREAS:
        here = [r for r in routines if any(word in r.area for word in words)]
        if not words:
            here = [r for r in routines if r.id not in placed]
        placed |= {routine.id for routine in here}
        if here:
            found.append(Part(name, title, tuple(here)))
    return tuple(found)


def load_words(overview: Overview) -> str:
    """The rest days of the last one and two weeks in a sentence; empty where nothing was ever taken in."""
    standing = overview.standing
    if standing is None:
        return ""
    return (
        f"Days without a run: {standing.rest_days_7} of the last 7, {standing.rest_days_14} of the last "
        f"14. One or two a week{NBSP}are usual advice."
    )


def care_blueprint(source: DashboardSource, desk: CareDesk, clock: Callable[[], datetime]) -> Blueprint:  # noqa: C901 - one small answer beside the other
    """Answer the care page, the catalogue, and take in what was done."""
    blueprint = Blueprint("care", __name__)

    def today() -> date:
        return desk.watch.runner.day_of(clock())

    @blueprint.get("/care")
    def care() -> str:
        now = clock()
        page, overview = desk.page(now), source.overview(now)
        return render_template(
            "care.html",
            page=page,
            state=STATES[page.pain.verdict],
            verdict=verdict(overview),
            rest=load_words(overview),
            items=[(item, drawing_of(item.routine.id)) for item in page.plan.items],
            countable=[item.routine.id for item in page.plan.items if item.routine.id not in PROFESSIONALS],
        )

    @blueprint.get("/care/routines")
    def catalogue() -> str:
        area = request.args.get("area", "")
        everything = parts(desk.routines(clock()))
        shown = [part for part in everything if part.name == area] or everything
        return render_template("routines.html", parts=everything, shown=shown, area=area)

    @blueprint.get("/care/routines/<name>")
    def routine(name: str) -> str:
        now = clock()
        known = {one.id: one for one in desk.routines(now)}
        if name not in desk.watch.care.routines:
            abort(404)
        # while a red flag is open every entry leads to the professional
        shown = known.get(name) or next(iter(known.values()))
        days = {one.day for one in desk.journal.routines.since(today()) if one.routine == shown.id}
        return render_template(
            "routine.html",
            routine=shown,
            drawing=drawing_of(shown.id),
            can_be_done=shown.id not in PROFESSIONALS,
            done_today=today() in days,
            avoid=", ".join(place.words for place in shown.avoid),
        )

    @blueprint.post("/care/done")
    def mark() -> Response:
        known = {one.id: one for one in desk.routines(clock()) if one.id not in PROFESSIONALS}
        chosen = known.get(sent().text("routine"))
        if chosen is None:
            abort(404)
        desk.journal.routines.done(chosen.id, today(), now=clock())
        return done(f"Noted for today: {chosen.title}.", "care.care")

    @blueprint.post("/care/undone")
    def unmark() -> Response:
        name = sent().text("routine")
        if name not in desk.watch.care.routines:
            abort(404)
        desk.journal.routines.undo(name, today(), now=clock())
        return done("Taken back.", "care.care")

    def seen_page(typed: Typed, status: int = 200) -> tuple[str, int]:
        return render_template("seen.html", typed=typed, last_day=today().isoformat()), status

    @blueprint.get("/care/seen")
    def seen_form() -> tuple[str, int]:
        return seen_page(nothing_typed(day=today().isoformat()))

    @blueprint.post("/care/seen")
    def seen() -> tuple[str, int] | Response:
        typed = sent()
        made = read_seen(typed, today())
        if made is None:
            return seen_page(typed, 400)
        try:
            desk.journal.seen_to.add(made, now=clock())
        except JournalError as error:
            typed.problems["by"] = f"{capital(str(error))}."
            return seen_page(typed, 400)
        return done("Kept. Come back step by step.", "plan.plan")

    return blueprint
