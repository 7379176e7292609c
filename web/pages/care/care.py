"""The care page: what to do in these days, how to do it, and what was done; the catalogue; who saw to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from alerts.care.catalogue.catalogue import PROFESSIONALS, Routine
from alerts.service.care_service import CareDesk
from alerts.text.i18n import marked, say
from alerts.text.units import short_date
from alerts.views.overview import Overview
from web.http.forms import Typed, done, nothing_typed, sent
from web.http.ports import DashboardSource
from web.pages.care.base import ROW, DeskPages, changed
from web.pages.care.pain import STATES
from web.pages.care.pain_forms import read_seen
from web.pages.today.verdict import verdict
from web.poses.drawing import PoseDrawing, drawing_of

AREAS = (
    ("front", marked("Front of the hip"), ("front of the hip", "hip rotation")),
    ("groin", marked("Groin and inner thigh"), ("inner thigh",)),
    (
        "outer",
        marked("Side of the hip"),
        ("outer hip", "outside of the hip", "outer knee"),
    ),
    ("back", marked("Buttock and back of the thigh"), ("buttock", "back of the thigh")),
    ("trunk", marked("Trunk"), ("trunk",)),
    (
        "whole",
        marked("Whole body and fitness"),
        ("whole", "hips and legs", "aerobic", "hips and trunk"),
    ),
    ("running", marked("Running and load"), ("load", "rest", "gait", "return", "decision")),
    ("other", marked("Everything else"), ()),
)
"""Parts of the catalogue: the name in the address, the heading, and what an entry's area contains."""


SEEN_DAYS = 12 * 7
"""So long a record of who looked can be taken back; as long as it opens what follows an examination."""

BACK = {"today": "today.today"}
"""Where a tap leads back to, by what its form says; else it is the care page."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the catalogue."""

    name: str
    title: str
    routines: tuple[Routine, ...]


def parts(routines: Sequence[Routine], source: Mapping[str, Routine]) -> tuple[Part, ...]:
    """Sort the catalogue by area; an entry of two areas stands in both, and no part is empty.

    The areas are those of the ``source``, for the words of `AREAS` are its words.
    """
    found = []
    placed: set[str] = set()
    for name, title, words in AREAS:
        here = [r for r in routines if any(word in source[r.id].area for word in words)]
        if not words:
            here = [r for r in routines if r.id not in placed]
        placed |= {routine.id for routine in here}
        if here:
            found.append(Part(name, say(title), tuple(here)))
    return tuple(found)


def load_words(overview: Overview) -> str:
    """The rest days of the last one and two weeks in a sentence; empty where nothing was ever taken in."""
    standing = overview.standing
    if standing is None:
        return ""
    return say(
        "Days without a run: {rest_days_7} of the last 7, {rest_days_14} of the last "
        "14. One or two a week are usual advice.",
        rest_days_7=standing.rest_days_7,
        rest_days_14=standing.rest_days_14,
    )


@dataclass(frozen=True, slots=True)
class CarePages(DeskPages):
    """The care page, the catalogue, and what they take in."""

    source: DashboardSource

    def parts(self, routine: Routine) -> list[tuple[str, Routine, PoseDrawing | None]]:
        """What a programme is made of: each step, the entry that it is, and its drawing."""
        known = self.desk.watch.care.routines
        return [
            (step, known[name], drawing_of(name))
            for name, step in zip(routine.parts, routine.steps, strict=bool(routine.parts))
        ]

    def care(self) -> str:
        """Show what to do in these days."""
        now = self.clock()
        page, overview = self.desk.page(now), self.source.overview(now)
        return render_template(
            "care.html",
            page=page,
            state=STATES[page.pain.verdict],
            verdict=verdict(overview),
            rest=load_words(overview),
            items=[(item, drawing_of(item.routine.id), self.parts(item.routine)) for item in page.plan.items],
            professionals=PROFESSIONALS,
            seen=self._seen()[:1],
        )

    def catalogue(self) -> str:
        """Show every routine by area, or one area alone."""
        area = request.args.get("area", "")
        everything = parts(self.desk.routines(), self.desk.watch.library.source.routines)
        shown = [part for part in everything if part.name == area] or everything
        return render_template("routines.html", parts=everything, shown=shown, area=area)

    def routine(self, name: str) -> str:
        """Show one routine; while a red flag is open every address leads to the professional."""
        if name not in self.desk.watch.care.routines:
            abort(404)
        known = {one.id: one for one in self.desk.routines()}
        shown = known.get(name) or next(iter(known.values()))
        done_today = [one.routine for one in self.desk.journal.routines.since(self.today)]
        return render_template(
            "routine.html",
            routine=shown,
            drawing=drawing_of(shown.id),
            listed=self.parts(shown),
            can_be_done=shown.id not in PROFESSIONALS,
            done_today=shown.id in done_today,
            avoid=", ".join(place.words for place in shown.avoid),
        )

    def mark(self) -> Response:
        """Note a routine as done today."""
        known = {one.id: one for one in self.desk.routines() if one.id not in PROFESSIONALS}
        chosen = known.get(sent().text("routine"))
        if chosen is None:
            abort(404)
        self.desk.journal.routines.done(chosen.id, self.today, now=self.clock())
        return done(
            say("Noted for today: {title}.", title=chosen.title), BACK.get(sent().text("back"), "care.care")
        )

    def unmark(self) -> Response:
        """Take that back."""
        name = sent().text("routine")
        if name not in self.desk.watch.care.routines:
            abort(404)
        self.desk.journal.routines.undo(name, self.today, now=self.clock())
        return done(say("Taken back."), "care.care")

    def _seen_page(self, typed: Typed, status: int = 200) -> tuple[str, int]:
        page = render_template("seen.html", typed=typed, last_day=self.today.isoformat(), seen=self._seen())
        return page, status

    def _seen(self) -> list[tuple[int, str]]:
        """Who looked at it in the last weeks, the latest first."""
        since = self.today - timedelta(days=SEEN_DAYS)
        recorded = [one for one in self.desk.journal.seen_to.all() if one.day >= since]
        return [
            (one.id, say("{day}: seen to by {by}.", day=short_date(one.day), by=one.by))
            for one in reversed(recorded)
        ]

    def unseen(self, number: int) -> Response:
        """Take a record back that was none; what it had settled is open again."""
        seen, now = self.desk.journal.seen_to, self.clock()
        return changed(lambda: seen.withdraw(number, now=now), say("Taken back."), "care.care")

    def seen_form(self) -> tuple[str, int]:
        """Ask who looked at it."""
        return self._seen_page(nothing_typed(day=self.today.isoformat()))

    def seen(self) -> tuple[str, int] | Response:
        """Record who looked at it; this ends the silence."""
        typed = sent()
        made = read_seen(typed, self.today)
        if made is None:
            return self._seen_page(typed, 400)
        self.desk.journal.seen_to.add(made, now=self.clock())
        return done(say("Kept. Come back step by step."), "plan.plan")


def care_blueprint(source: DashboardSource, desk: CareDesk, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the care page and the catalogue, and take in what was done."""
    blueprint, pages = Blueprint("care", __name__), CarePages(desk, clock, source)
    blueprint.get("/care")(pages.care)
    blueprint.get("/care/routines")(pages.catalogue)
    blueprint.get("/care/routines/<name>")(pages.routine)
    blueprint.post("/care/done")(pages.mark)
    blueprint.post("/care/undone")(pages.unmark)
    blueprint.get("/care/seen")(pages.seen_form)
    blueprint.post("/care/seen")(pages.seen)
    blueprint.post(f"/care/seen/{ROW}/withdraw")(pages.unseen)
    return blueprint
