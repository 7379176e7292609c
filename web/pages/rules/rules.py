"""The rules: each with its evidence and its record, other numbers tried, kept, and the rule switched off."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts.runner.preferences import OFF, Chooser, numbers_of
from alerts.text.i18n import gettext
from alerts.views.rule_view import Preview, RuleView
from web.http.ports import DashboardSource
from web.pages.rules.rule_figures import rules_tables
from web.pages.rules.rule_page import rule_page
from web.pages.rules.rule_record import rule_name, rule_rows
from web.pages.settings.texts import saved_text


def _chosen(view: RuleView, typed: Mapping[str, str]) -> tuple[dict[str, float], str]:
    """Read the numbers that were typed; the second is what is wrong with one that is none."""
    chosen: dict[str, float] = {}
    for parameter in view.parameters:
        text = typed.get(parameter.name, "").strip().replace(",", ".")[:20]
        if not text:
            continue
        try:
            number = float(text)
        except ValueError:
            return chosen, gettext("{name}: “{text}” isn’t a number.", name=parameter.name, text=text)
        if not math.isfinite(number) or (parameter.is_whole and number != int(number)):
            return chosen, _no_number(parameter.name, is_whole=parameter.is_whole)
        chosen[parameter.name] = int(number) if parameter.is_whole else number
    return chosen, ""


def _no_number(name: str, *, is_whole: bool) -> str:
    if is_whole:
        return gettext("{name} must be a whole number.", name=name)
    return gettext("{name} must be a number.", name=name)


@dataclass(frozen=True, slots=True)
class RulePages:
    """The rules' pages, and what they take in; without a ``chooser`` rules can be tried and not kept."""

    source: DashboardSource
    clock: Callable[[], datetime]
    chooser: Chooser | None

    def page(self) -> str:
        """List the rules."""
        listed = self.source.history_views.rules(self.clock())
        return render_template("rules.html", rules=rule_rows(listed), tables=rules_tables(listed))

    def one(self, kind: str) -> str:
        """Show one rule, with what it would say with the numbers in the address."""
        view = self._view(kind)
        return self._show(view, self._tried(view, request.args))

    def keep(self, kind: str) -> str | tuple[str, int] | Response:
        """Keep numbers; where they leave nothing to hear, only from somebody who says that they know."""
        view, chooser = self._view(kind), self._chooser()
        tried = self._tried(view, request.form)
        if tried is None:
            return self._done(kind, gettext("Nothing to save: these are already the current numbers."))
        if tried.record is None:
            return self._show(view, tried), 400
        if not tried.record.alerts and "knows" not in request.form:
            return self._show(view, tried, asks=True), 400
        chosen = {f"{numbers_of(kind)}{name}": number for name, number in tried.chosen.items()}
        kept = chooser.choose(chosen, self.clock())
        if kept.problems:
            problem = next(iter(kept.problems.values()))
            return self._show(view, Preview(tried.chosen, problem=problem)), 400
        return self._done(kind, saved_text(kept))

    def back(self, kind: str) -> Response:
        """Let go of all numbers that were chosen for a rule."""
        view, chooser = self._view(kind), self._chooser()
        kept = chooser.choose({f"{numbers_of(kind)}{p.name}": None for p in view.parameters}, self.clock())
        return self._done(kind, saved_text(kept))

    def switch(self, kind: str) -> Response:
        """Switch a rule off or on again."""
        self._view(kind)
        chooser, wants = self._chooser(), request.form.get("state", "")
        if wants not in {"on", "off"}:
            abort(404)
        off = set(chooser.all()[OFF].value)
        kept = chooser.choose({OFF: sorted(off | {kind} if wants == "off" else off - {kind})}, self.clock())
        state = gettext("Off: {rule}.", rule=rule_name(kind)) if wants == "off" else ""
        return self._done(
            kind, f"{state or gettext('On again: {rule}.', rule=rule_name(kind))} {saved_text(kept)}"
        )

    def _view(self, kind: str) -> RuleView:
        view = self.source.history_views.rule(kind, self.clock())
        if view is None:
            abort(404)
        return view

    def _chooser(self) -> Chooser:
        if self.chooser is None:
            abort(404)
        return self.chooser

    def _tried(self, view: RuleView, typed: Mapping[str, str]) -> Preview | None:
        chosen, problem = _chosen(view, typed)
        if problem:
            return Preview(chosen, problem=problem)
        if all(chosen.get(p.name, p.value) == p.value for p in view.parameters):
            return None
        return self.source.history_views.preview(view.kind, chosen, self.clock())

    def _show(self, view: RuleView, tried: Preview | None, *, asks: bool = False) -> str:
        extra: dict[str, Any] = {}
        if self.chooser is not None:
            changes = self.chooser.changes(numbers_of(view.kind), OFF)
            extra = {"settings": self.chooser.all(), "changes": changes}
        shown = rule_page(view, tried, **extra)
        return render_template("rule.html", shown=shown, can_keep=self.chooser is not None, asks=asks)

    def _done(self, kind: str, message: str) -> Response:
        flash(message)
        return redirect(url_for("rules.one", kind=kind), code=303)


def rules_blueprint(
    source: DashboardSource, clock: Callable[[], datetime], chooser: Chooser | None = None
) -> Blueprint:
    """Answer the list of rules and each rule, and take in what is chosen for them."""
    blueprint, pages = Blueprint("rules", __name__), RulePages(source, clock, chooser)
    blueprint.get("/rules")(pages.page)
    blueprint.get("/rules/<kind>")(pages.one)
    if chooser is not None:
        blueprint.post("/rules/<kind>")(pages.keep)
        blueprint.post("/rules/<kind>/back")(pages.back)
        blueprint.post("/rules/<kind>/switch")(pages.switch)
    return blueprint
