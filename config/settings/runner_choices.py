"""The runner's choices on a page: checked like the settings file, stored, effective at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import make_url

from alerts.alert.alert import Alert
from alerts.runner.preferences import Change, ChoiceResult, FileOnlySetting, Setting
from alerts.service.runner_service import RunnerService
from config.settings.precedence import SettingsLayers, values_of


@dataclass(frozen=True, slots=True)
class RunnerChoices:
    """The settings of one runner as a page shows and changes them."""

    layers: SettingsLayers
    runner_service: RunnerService

    def all(self) -> Mapping[str, Setting]:
        """Every setting that the runner may choose, with where its value comes from."""
        resolved = self.layers.resolve()
        values, chosen = values_of(resolved.settings), self.layers.preferences.chosen()
        return {
            name: Setting(
                name=name,
                value=value,
                below=self.layers.without_choices[name],
                origin="page" if name in chosen and name not in resolved.unfit else self._origin(name),
                unfit=resolved.unfit.get(name, ""),
            )
            for name, value in values.items()
            if self.layers.may_choose(name)
        }

    def changes(self, *beginnings: str) -> Sequence[Change]:
        """Changes of the settings whose names begin so, latest first."""
        return self.layers.preferences.changes(*beginnings)

    def look(self, chosen: Mapping[str, Any], now: datetime) -> ChoiceResult:
        """Preview how choices would change the alerts; nothing is saved."""
        wrong = self._refused(chosen)
        if wrong:
            return ChoiceResult(problems=wrong)
        criteria = self.layers.merge(self._wanted(chosen)).in_force.criteria
        would_be = criteria.evaluate(criteria.build_days(self.runner_service.history.activities(), now))
        return _compared((), self.runner_service.alert_store.since(date.min), would_be)

    def choose(self, chosen: Mapping[str, Any], now: datetime) -> ChoiceResult:
        """Save choices, all or none; None resets one to the settings file.

        What was found is looked at again at once, unless files are being taken in: then with those.
        """
        wrong = self._refused(chosen)
        if wrong:
            return ChoiceResult(problems=wrong)
        changes = self._changes(chosen, now)
        if not changes:
            return ChoiceResult()
        before, notifications = self.runner_service.runner.email, self.runner_service.notifications
        coming = self.layers.merge(self._wanted(chosen)).in_force
        preferences = self.layers.preferences
        with preferences.database.writing() as connection:
            preferences.keep(connection, changes)
            if coming.runner.email != before:
                notifications.outbox.readdress(connection, coming.runner.email)
            made = dataclasses.replace(notifications, runner=coming.runner, route=coming.route)
            made.skip_missed(connection, notifications.due(now), now)
        self.layers.resolve.forget()
        return self._look_again(tuple(changes), now)

    def _refused(self, chosen: Mapping[str, Any]) -> Mapping[str, str]:
        """What is wrong with which of the choices (None: none)."""
        refused = {name: "This is set in the settings file." for name in chosen if not self._may(name)}
        unfit = {} if refused else self.layers.merge(self._wanted(chosen)).unfit
        return refused or {name: what for name, what in unfit.items() if name in chosen}

    def _look_again(self, changes: tuple[Change, ...], now: datetime) -> ChoiceResult:
        runner_service = self.runner_service
        if (
            not runner_service.store.runner.is_evaluated()
            or runner_service.store.is_outdated()
            or runner_service.is_judged()
        ):
            return ChoiceResult(changes)
        known = runner_service.alert_store.since(date.min)
        runner_service.evaluate(now)
        return _compared(changes, known, runner_service.alert_store.since(date.min))

    def _changes(self, chosen: Mapping[str, Any], now: datetime) -> list[Change]:
        """What is another than before; a choice of what the file says anyway is none."""
        settings, kept = self.all(), self.layers.preferences.chosen()
        changes = []
        for name, value in chosen.items():
            setting = settings[name]
            is_chosen = value is not None and value != setting.below
            became = value if is_chosen else setting.below
            was_chosen = name in kept
            if is_chosen != was_chosen or (is_chosen and became != kept[name]):
                changes.append(Change(name, setting.value, became, is_chosen, now))
        return changes

    def _wanted(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in self.layers.preferences.chosen().items() if self._may(name)}
        return {name: value for name, value in (kept | dict(chosen)).items() if value is not None}

    def _may(self, name: str) -> bool:
        return self.layers.may_choose(name)

    def _origin(self, name: str) -> str:
        return self.layers.base.origins.get(name, "default")


def _compared(changes: tuple[Change, ...], before: Sequence[Alert], after: Sequence[Alert]) -> ChoiceResult:
    """How many findings come, go, and change their level."""
    known = {alert.key: alert.level for alert in before}
    given = {alert.key: alert.level for alert in after}
    return ChoiceResult(
        changes,
        brought=len(given.keys() - known.keys()),
        taken=len(known.keys() - given.keys()),
        relevelled=sum(given[key] != level for key, level in known.items() if key in given),
        looked_again=True,
    )


PLAIN = (
    *("inbox.folders", "inbox.clear_folders", "web.host", "web.port", "web.url"),
    *("mail.enabled", "mail.host", "mail.port", "mail.tls", "mail.sender", "webhook.min_level"),
    *("schedule.scan_every_s", "schedule.nightly_at"),
)
"""What only the settings file can change and anybody may read; of all else is said whether it is set."""


def fixed_settings(layers: SettingsLayers) -> list[FileOnlySetting]:
    """What only the settings file can change, each with where it comes from, none with a secret."""
    return [
        FileOnlySetting(name, as_shown(name, value), layers.base.origins.get(name, "default"))
        for name, value in values_of(layers.base).items()
        if not layers.may_choose(name) and not name.startswith("detectors.")
    ]


def as_shown(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a settings file may hold
    """A value as anybody may read it; of all but a few only whether it is set."""
    if name == "database.url" and value:
        return make_url(value).render_as_string(hide_password=True)
    if name not in PLAIN:
        return "set" if value else "not set"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) or "not set"
