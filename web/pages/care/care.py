"""The care page: what to do in these days, how to do it, and what was done; the catalogue; who saw to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from alerts.care.catalogue.catalogue import PROFESSIONALS, Routine
from alerts.service.care_service import CareService
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import short_date
from alerts.views.overview import Overview
from web.http.forms import FormInput, empty_form, flash_and_redirect, submitted_form
from web.http.ports import DashboardSource
from web.pages.care.base import ROW, RunnerPages, change_and_redirect
from web.pages.care.pain import STATES
from web.pages.care.pain_forms import read_seen
from web.pages.today.verdict import today_verdict
from web.poses.drawing import PoseDrawing, drawing_of

AREAS = (
    ("front", gettext_noop("Front of the hip"), ("front of the hip", "hip rotation")),
    ("groin", gettext_noop("Groin and inner thigh"), ("inner thigh",)),
    (
        "outer",
        gettext_noop("Side of the hip"),
        ("outer hip", "outside of the hip", "outer knee"),
    ),
    ("back", gettext_noop("Buttock and back of the thigh"), ("buttock", "back of the thigh")),
    ("trunk", gettext_noop("Trunk"), ("trunk",)),
    (
        "whole",
        gettext_noop("Whole body and fitness"),
        ("whole", "hips and legs", "aerobic", "hips and trunk"),
    ),
    ("running", gettext_noop("Running and load"), ("load", "rest", "gait", "return", "decision")),
    ("other", gettext_noop("Everything else"), ()),
)
"""Parts of the catalogue: the name in the address, the heading, and what an entry's area contains."""


SEEN_DAYS = 12 * 7
"""So long a record of who looked can be taken back; as long as it opens what follows an examination."""

BACK = {"today": "today.today"}
"""Where a tap leads back to, by what its form says; else it is the care page."""


@dataclass(frozen=True, slots=True)
class CatalogueArea:
    """One part of the catalogue."""

    name: str
    title: str
    routines: tuple[Routine, ...]


def catalogue_areas(routines: Sequence[Routine], source: Mapping[str, Routine]) -> tuple[CatalogueArea, ...]:
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
            found.append(CatalogueArea(name, gettext(title), tuple(here)))
    return tuple(found)


def rest_days_sentence(overview: Overview) -> str:
    """The rest days of the last one and two weeks in a sentence; empty where nothing was ever taken in."""
    training_status = overview.training_status
    if training_status is None:
        return ""
    return gettext(
        "Rest days: {rest_days_7} of the last 7, {rest_days_14} of the last 14. One or two a week are "
        "commonly advised.",
        rest_days_7=training_status.rest_days_7,
        rest_days_14=training_status.rest_days_14,
    )


@dataclass(frozen=True, slots=True)
class CarePages(RunnerPages):
    """The care page, the catalogue, and what they take in."""

    source: DashboardSource

    def parts(self, routine: Routine) -> list[tuple[str, Routine, PoseDrawing | None]]:
        """What a programme is made of: each step, the entry that it is, and its drawing."""
        known = self.care_service.runner_service.care.routines
        return [
            (step, known[name], drawing_of(name))
            for name, step in zip(routine.parts, routine.steps, strict=bool(routine.parts))
        ]

    def care(self) -> str:
        """Show what to do in these days."""
        now = self.clock()
        page, overview = self.care_service.page(now), self.source.overview(now)
        return render_template(
            "care.html",
            page=page,
            state=STATES[page.pain.verdict],
            verdict=today_verdict(overview),
            rest=rest_days_sentence(overview),
            items=[(item, drawing_of(item.routine.id), self.parts(item.routine)) for item in page.plan.items],
            professionals=PROFESSIONALS,
            seen=self._seen()[:1],
        )

    def catalogue(self) -> str:
        """Show every routine by area, or one area alone."""
        area = request.args.get("area", "")
        everything = catalogue_areas(
            self.care_service.routines(), self.care_service.runner_service.library.source.routines
        )
        shown = [part for part in everything if part.name == area] or everything
        return render_template("routines.html", parts=everything, shown=shown, area=area)

    def routine(self, name: str) -> str:
        """Show one routine; while a red flag is open every address leads to the professional."""
        if name not in self.care_service.runner_service.care.routines:
            abort(404)
        known = {one.id: one for one in self.care_service.routines()}
        shown = known.get(name) or next(iter(known.values()))
        done_today = [one.routine for one in self.care_service.journal.routines.since(self.today)]
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
        known = {one.id: one for one in self.care_service.routines() if one.id not in PROFESSIONALS}
        chosen = known.get(submitted_form().text("routine"))
        if chosen is None:
            abort(404)
        self.care_service.journal.routines.done(chosen.id, self.today, now=self.clock())
        return flash_and_redirect(
            gettext("Done today: {title}.", title=chosen.title),
            BACK.get(submitted_form().text("back"), "care.care"),
        )

    def unmark(self) -> Response:
        """Take that back."""
        name = submitted_form().text("routine")
        if name not in self.care_service.runner_service.care.routines:
            abort(404)
        self.care_service.journal.routines.undo(name, self.today, now=self.clock())
        return flash_and_redirect(gettext("Undone."), "care.care")

    def _seen_page(self, typed: FormInput, status: int = 200) -> tuple[str, int]:
        page = render_template("seen.html", typed=typed, last_day=self.today.isoformat(), seen=self._seen())
        return page, status

    def _seen(self) -> list[tuple[int, str]]:
        """Who looked at it in the last weeks, the latest first."""
        since = self.today - timedelta(days=SEEN_DAYS)
        recorded = [one for one in self.care_service.journal.seen_to.all() if one.day >= since]
        return [
            (one.id, gettext("{day}: seen by {by}.", day=short_date(one.day), by=one.by))
            for one in reversed(recorded)
        ]

    def unseen(self, number: int) -> Response:
        """Take a record back that was none; what it had settled is open again."""
        seen, now = self.care_service.journal.seen_to, self.clock()
        return change_and_redirect(lambda: seen.withdraw(number, now=now), gettext("Undone."), "care.care")

    def seen_form(self) -> tuple[str, int]:
        """Ask who looked at it."""
        return self._seen_page(empty_form(day=self.today.isoformat()))

    def seen(self) -> tuple[str, int] | Response:
        """Record who looked at it; this ends the silence."""
        typed = submitted_form()
        made = read_seen(typed, self.today)
        if made is None:
            return self._seen_page(typed, 400)
        self.care_service.journal.seen_to.add(made, now=self.clock())
        return flash_and_redirect(gettext("Saved. Return step by step."), "plan.plan")


def care_blueprint(
    source: DashboardSource, care_service: CareService, clock: Callable[[], datetime]
) -> Blueprint:
    """Answer the care page and the catalogue, and take in what was done."""
    blueprint, pages = Blueprint("care", __name__), CarePages(care_service, clock, source)
    blueprint.get("/care")(pages.care)
    blueprint.get("/care/routines")(pages.catalogue)
    blueprint.get("/care/routines/<name>")(pages.routine)
    blueprint.post("/care/done")(pages.mark)
    blueprint.post("/care/undone")(pages.unmark)
    blueprint.get("/care/seen")(pages.seen_form)
    blueprint.post("/care/seen")(pages.seen)
    blueprint.post(f"/care/seen/{ROW}/withdraw")(pages.unseen)
    return blueprint
