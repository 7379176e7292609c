"""The settings page: the runner's choices, the origin of each value, and where the data is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, abort, current_app, flash, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from alerts.alert.alert import Level
from alerts.notifications.answers import SORT_WORDS
from alerts.runner.preferences import ChoiceResult, Setting
from alerts.runner.secret_urls import AddressError
from alerts.text.i18n import gettext
from alerts.text.units import short_date
from web.http.forms import FormInput, flash_and_redirect, submitted_form
from web.http.language import COOKIE
from web.pages.care.base import ROW
from web.pages.rules.rule_record import rule_name
from web.pages.settings.ports import SettingsService
from web.pages.settings.sections import FIELDS, LEVEL_WORDS, SETTING_SECTIONS, time_zones
from web.pages.settings.texts import (
    HARD_BPM,
    ORIGIN_TEXTS,
    channel_rows,
    data_location_text,
    fixed_value_text,
    preview_text,
    problem_of,
    read_section,
    saved_text,
    shown_sections,
    stopped_items,
    unreachable_threshold_text,
)


@dataclass(frozen=True, slots=True)
class SettingsPages:
    """The settings page, and what it takes in."""

    service: SettingsService
    clock: Callable[[], datetime]

    def show(
        self, typed: FormInput | None = None, *, looked: Mapping[str, str] | None = None
    ) -> tuple[str, int]:
        """Render the page, with what was typed into one of its forms."""
        settings = self.service.chooser.all()
        values = {name: field.text(settings[name].value) for name, field in FIELDS.items()}
        shown = FormInput(MultiDict(values | (typed.values.to_dict() if typed else {})))
        shown.problems = typed.problems if typed else {}
        now, place, fixed = self.clock(), self.service.place(), self.service.fixed()
        usual = self.service.usual_threshold_bpm(now)
        host = next((one.value for one in fixed if one.name == "mail.host"), "")
        return render_template(
            "settings.html",
            sections=shown_sections(settings),
            typed=shown,
            problems=[(FIELDS[name], what) for name, what in shown.problems.items()],
            looked=looked or {},
            zones=time_zones(),
            zone=self.service.in_force.runner.time_zone.key,
            usual_bpm=f"{usual:.0f}" if usual else "",
            cautions={HARD_BPM: unreachable_threshold_text(_number(shown.text(HARD_BPM)), usual)},
            off=[rule_name(kind) for kind in settings["rules.off"].value],
            changed_rules=self._changed_rules(settings),
            place=data_location_text(place),
            ways=channel_rows(self.service.in_force, host=host, folder=place.mail_folder),
            stops=stopped_items(self.service.answers, self.service.in_force.runner, now),
            can_try="mail_trial.send" in current_app.view_functions,
            fixed=[replace(one, value=fixed_value_text(one.value)) for one in fixed],
            origins=ORIGIN_TEXTS,
            feed_is_served="feed.atom" in current_app.view_functions,
            feeds=[
                (one.id, self._day(one.created_at), gettext(LEVEL_WORDS[one.shows.word]))
                for one in self.service.feeds.all()
            ],
            levels=[(word, gettext(words)) for word, words in LEVEL_WORDS.items()],
        ), 400 if shown.problems else 200

    def page(self) -> tuple[str, int]:
        """Show the settings as they hold."""
        return self.show()

    def save(self, name: str) -> tuple[str, int] | Response:
        """Save the fields of one section, all or none, or preview what they would change."""
        section = next((one for one in SETTING_SECTIONS if one.name == name), None)
        if section is None:
            abort(404)
        typed = submitted_form()
        chosen = read_section(section, typed, self.service.in_force.runner.day_of(self.clock()))
        for field in section.fields:
            if field.kind == "check" and field.name not in typed.values:
                typed.values[field.name] = ""
        typed.problems = {key: gettext(what) for key, what in typed.problems.items()}
        now = self.clock()
        if "look" in typed.values or typed.problems:
            looked = self.service.chooser.look(chosen, now)
            _blame(typed, looked)
            words = {} if typed.problems else {section.name: preview_text(looked)}
            return self.show(typed, looked=words)
        kept = self.service.chooser.choose(chosen, now)
        if kept.problems:
            _blame(typed, kept)
            return self.show(typed)
        return self._done(kept, section.name)

    def back(self) -> Response:
        """Reset one choice to the settings file or the default."""
        field = FIELDS.get(request.form.get("name", ""))
        if field is None:
            abort(404)
        kept = self.service.chooser.choose({field.name: None}, self.clock())
        if kept.problems:  # it does not fit what else was chosen
            return flash_and_redirect(next(iter(kept.problems.values())), "settings.page")
        section = next(one for one in SETTING_SECTIONS if field in one.fields)
        return self._done(kept, section.name)

    def resume(self) -> Response:
        """Let a stopped sort of letters be written again, or a quiet rule speak."""
        kind, what = request.form.get("kind", ""), request.form.get("what", "")
        match kind:
            case "sort" if what in SORT_WORDS:
                self.service.answers.resume(what)
            case "rule":
                self.service.answers.wake(what)
            case _:
                abort(404)
        return flash_and_redirect(gettext("Notifications are back on."), "settings.page", part="ways")

    def issue(self) -> Response:
        """Make an address of the feed; it is shown on the next page and never again."""
        least = request.form.get("least", "")
        if least not in LEVEL_WORDS:
            abort(404)
        token = self.service.feeds.issue(Level[least.upper()], now=self.clock())
        flash(url_for("feed.atom", token=token, _external=True), "feed")
        made = gettext("Created. Copy the link now; it’s shown only this once.")
        return flash_and_redirect(made, "settings.page", part="addresses")

    def revoke(self, number: int) -> Response:
        """End an address of the feed."""
        try:
            self.service.feeds.revoke(number, now=self.clock())
        except AddressError:
            abort(404)
        ended = gettext("Removed. The link no longer works.")
        return flash_and_redirect(ended, "settings.page", part="addresses")

    def export(self) -> Response:
        """Send all stored data as JSON."""
        written = json.dumps(self.service.export(self.clock()), indent=1, ensure_ascii=False, default=str)
        answer = Response(written, mimetype="application/json")
        answer.headers["Content-Disposition"] = 'attachment; filename="hipwatch.json"'
        return answer

    def _done(self, kept: ChoiceResult, section: str) -> Response:
        answer = flash_and_redirect(saved_text(kept), "settings.page", part=section)
        if any(change.name == "runner.language" for change in kept.changes):
            answer.delete_cookie(COOKIE)  # what was pressed in the foot before would hide what was chosen now
        return answer

    def _changed_rules(self, settings: Mapping[str, Setting]) -> Sequence[tuple[str, str]]:
        kinds = {
            name.split(".")[1]: None
            for name, setting in settings.items()
            if name.startswith("detectors.") and setting.origin != "default"
        }
        return [(kind, rule_name(kind)) for kind in kinds]

    def _day(self, moment: datetime) -> str:
        return short_date(self.service.in_force.runner.day_of(moment))


def _number(text: str) -> float:
    """A number as it was typed; 0 where it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def _blame(typed: FormInput, kept: ChoiceResult) -> None:
    for name, what in kept.problems.items():
        typed.problems.setdefault(name, problem_of(FIELDS[name], what))


def settings_blueprint(service: SettingsService, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the settings, take in what is chosen, and hand out addresses and data."""
    blueprint, pages = Blueprint("settings", __name__), SettingsPages(service, clock)
    blueprint.get("/settings")(pages.page)
    blueprint.post("/settings/back")(pages.back)
    blueprint.post("/settings/section/<name>")(pages.save)
    blueprint.post("/settings/resume")(pages.resume)
    blueprint.post("/settings/feed")(pages.issue)
    blueprint.post(f"/settings/feed/{ROW}/revoke")(pages.revoke)
    blueprint.get("/settings/hipwatch.json")(pages.export)
    return blueprint
