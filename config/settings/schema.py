"""What can be set: the tables of the settings, each value with its bounds; defaults.toml has the words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

_Port = Annotated[int, Meta(ge=0, le=65_535)]
_Days = Annotated[int, Meta(ge=0, le=365)]
_TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_RunnerNumber = Annotated[int, Meta(ge=0)]
_WayName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
_HOST_NAME = r"^(|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$"
_HostName = Annotated[str, Meta(pattern=_HOST_NAME)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class RunnerSettings(_Table, frozen=True):
    """Who runs, where and in which units."""

    name: str
    email: str
    time_zone: str
    units: Literal["metric", "imperial"]
    language: Literal["", "en", "de"]
    week_start: Literal["monday", "sunday"]
    hard_heart_rate_bpm: Annotated[float, Meta(ge=0, le=250)]
    previous_injury: Annotated[str, Meta(pattern=r"^(|\d{4}-\d{2}-\d{2})$")]
    together_days: _Days


class InboxSettings(_Table, frozen=True):
    """Where files are looked for beside the inbox."""

    folders: tuple[str, ...]
    clear_folders: bool


class WebSettings(_Table, frozen=True):
    """Where the dashboard listens."""

    host: _HostName
    port: _Port
    url: str
    proxies: Annotated[int, Meta(ge=0, le=5)]

    @property
    def address(self) -> str:
        """The address at which the dashboard is opened."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.url or f"http://{host}:{self.port}"


class MailSettings(_Table, frozen=True):
    """How letters leave, and which are worth one."""

    enabled: bool
    host: _HostName
    port: _Port
    tls: Literal["none", "starttls", "tls"]
    user: str
    password: str
    password_file: str
    sender: str
    min_level: Literal["info", "notice", "caution", "high"]
    at_once_level: Literal["notice", "caution", "high"]
    max_age_days: _Days
    pause_days: _Days
    notes_pause_days: _Days
    digest: Literal["weekly", "daily", "off"]
    digest_weekday: _Weekday
    digest_at: _TimeOfDay
    sunday_letter: bool
    sunday_at: _TimeOfDay
    quiet_from: _TimeOfDay
    quiet_until: _TimeOfDay
    ask_after_silence: bool
    subject_tells: bool

    def __repr__(self) -> str:
        return f"MailSettings(host={self.host!r}, port={self.port}, tls={self.tls!r})"


class ScheduleSettings(_Table, frozen=True):
    """When the work is done."""

    scan_every_s: Annotated[int, Meta(ge=1, le=86_400)]
    nightly_at: _TimeOfDay
    ping_url: str


class WebhookSettings(_Table, frozen=True):
    """Where findings are posted to, as signed JSON."""

    url: str
    secret: str
    min_level: Literal["info", "notice", "caution", "high"]
    runner: _RunnerNumber

    def __repr__(self) -> str:
        return f"WebhookSettings(url={self.url!r})"


class NotifySettings(_Table, frozen=True):
    """One service that is notified, by an address that Apprise knows."""

    url: str = ""
    min_level: Literal["info", "notice", "caution", "high"] = "caution"
    says: Literal["little", "all"] = "little"
    runner: _RunnerNumber = 0

    def __repr__(self) -> str:
        return f"NotifySettings(min_level={self.min_level!r}, says={self.says!r}, runner={self.runner})"


class RulesSettings(_Table, frozen=True):
    """Which rules are switched off."""

    off: tuple[str, ...]


class DatabaseSettings(_Table, frozen=True):
    """Where rows are kept."""

    url: str


class Settings(_Table, frozen=True):
    """Everything that can be chosen.

    ``origins`` says of the settings that are not the defaults who set them: "file" or "environment".
    """

    runner: RunnerSettings
    inbox: InboxSettings
    web: WebSettings
    mail: MailSettings
    webhook: WebhookSettings
    notify: dict[_WayName, NotifySettings]
    schedule: ScheduleSettings
    database: DatabaseSettings
    rules: RulesSettings
    detectors: dict[str, dict[str, Any]]
    origins: dict[str, str] = {}
