"""Precedence of settings: the runner's choices over the settings file over the defaults."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

import msgspec

from alerts.notifications.delivery.mailer import Mailer
from alerts.runner.preferences import Preferences
from alerts.service.effective_settings import EffectiveSettings
from config.settings.build import build_from_settings
from config.settings.data_folder import DataFolder
from config.settings.errors import SettingsError
from config.settings.load import default_text, dotted, with_choices
from config.settings.schema import Settings

OF_THE_RUNNER = (
    *(f"runner.{name}" for name in ("name", "email", "time_zone", "units", "language", "week_start")),
    *(f"runner.{name}" for name in ("hard_heart_rate_bpm", "previous_injury", "together_days")),
    *(f"mail.{name}" for name in ("min_level", "at_once_level", "max_age_days", "pause_days")),
    *(f"mail.{name}" for name in ("notes_pause_days", "digest")),
    *(f"mail.{name}" for name in ("digest_weekday", "digest_at", "sunday_letter", "sunday_at")),
    *(f"mail.{name}" for name in ("quiet_from", "quiet_until", "ask_after_silence", "subject_tells")),
    "rules.off",
)
"""What a runner may choose on a page, beside the numbers of rules; all else is the server's."""


@dataclass(frozen=True, slots=True)
class ResolvedSettings:
    """The resolved settings, and stored choices that are no longer valid, with the reason."""

    settings: Settings
    in_force: EffectiveSettings
    unfit: Mapping[str, str]


@dataclass(slots=True)
class VersionedCache:
    """Caches the resolved settings until their version changes.

    Parameters
    ----------
    state : callable
        Something that stays equal as long as nothing at all was written: the cheaper question, asked first.
    version : callable
        The version of what the runner chose.
    work_out : callable
        Works out what holds.
    """

    state: Callable[[], object]
    version: Callable[[], int]
    work_out: Callable[[], ResolvedSettings]
    _seen: object = None
    _version: int = -1
    _kept: ResolvedSettings | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> ResolvedSettings:
        """What holds now."""
        with self._lock:
            state = self.state()  # before what it stands for: never newer than that
            if self._kept is None or state != self._seen:
                version = self.version()
                if self._kept is None or version != self._version:
                    self._kept = self.work_out()
                self._seen, self._version = state, version
            return self._kept

    def forget(self) -> None:
        """Drop the cached value."""
        with self._lock:
            self._kept = None


@dataclass(frozen=True)
class SettingsLayers:
    """Merges the runner's choices into the settings; resolved again only after a change."""

    home: DataFolder
    base: Settings
    preferences: Preferences
    mailer: Mailer | None = None

    def __post_init__(self) -> None:
        self.resolve()  # what the file says wrongly is said at the start

    def in_force(self) -> EffectiveSettings:
        """What is in force now."""
        return self.resolve().in_force

    def settings(self) -> Settings:
        """The settings as they hold now."""
        return self.resolve().settings

    @cached_property
    def resolve(self) -> VersionedCache:
        """The current settings and the choices that are not valid."""
        return VersionedCache(_state_of(self.preferences), self.preferences.version, self._resolve)

    def may_choose(self, name: str) -> bool:
        """Whether a setting is the runner's."""
        return name in OF_THE_RUNNER or (name.startswith("detectors.") and name in self.defaults)

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """Every setting as it is shipped, by its dotted name."""
        return dotted(tomllib.loads(default_text()))

    @cached_property
    def without_choices(self) -> Mapping[str, Any]:
        """Every setting by defaults and file alone."""
        return values_of(self.base)

    def merge(self, chosen: Mapping[str, Any]) -> ResolvedSettings:
        """Lay choices over the settings; one that does not fit is left out, and named.

        Raises
        ------
        SettingsError
            If the settings do not hold without any choice either.
        """
        fitting, unfit = dict(chosen), dict[str, str]()
        while True:
            try:
                settings = with_choices(self.base, fitting)
                return ResolvedSettings(
                    settings, build_from_settings(self.home, settings, self.mailer), unfit
                )
            except SettingsError as error:
                blamed = [name for name in fitting if _is_about(error.setting, name)]
                if not blamed:
                    raise
                unfit |= dict.fromkeys(blamed, error.what)
                fitting = {name: value for name, value in fitting.items() if name not in blamed}

    def _resolve(self) -> ResolvedSettings:
        chosen = self.preferences.chosen().items()
        return self.merge({name: value for name, value in chosen if self.may_choose(name)})


def values_of(settings: Settings) -> dict[str, Any]:
    """Every setting by its dotted name."""
    told: dict[str, Any] = msgspec.to_builtins(settings)
    del told["origins"]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in dotted(told).items()}


def _is_about(setting: str, name: str) -> bool:
    return name == setting or name.startswith(f"{setting}.")


def _state_of(preferences: Preferences) -> Callable[[], object]:
    """A question that is cheap enough to be asked at every look: PostgreSQL is asked once a second."""
    database = preferences.database
    if database.engine.dialect.name == "postgresql":
        return lambda: int(time.monotonic())
    return database.state
