"""Settings: the defaults, what the runner changed, and a clear word about what does not fit."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from config.errors import SettingsError
from ingest.files import write_durably

_Port = Annotated[int, Meta(ge=0, le=65_535)]
_Days = Annotated[int, Meta(ge=0, le=365)]
_TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_RunnerNumber = Annotated[int, Meta(ge=0)]
_WayName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
_HOST_NAME = r"^(|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$"
_HostName = Annotated[str, Meta(pattern=_HOST_NAME)]


SECRETS = (
    ("HIPWATCH_MAIL_PASSWORD", "mail", "password"),
    ("HIPWATCH_WEBHOOK_SECRET", "webhook", "secret"),
)
"""What the environment may hold instead of the file."""


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


_NOTIFY = msgspec.to_builtins(NotifySettings())


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


def default_text() -> str:
    """The defaults as they are shipped, with their explanations."""
    return resources.files("config").joinpath("defaults.toml").read_text("utf-8")


def commented(text: str) -> str:
    """The same file with every setting commented out; tables stay, so that a line can be uncommented."""
    return "".join(
        line if not line.strip() or line.startswith(("#", "[")) else f"# {line}"
        for line in text.splitlines(keepends=True)
    )


def load_settings(path: Path, *, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; write the commented file where there is none yet.

    Raises
    ------
    SettingsError
        For a file that is no TOML, an unknown key (the nearest known one is named) or a wrong value.
    """
    if not path.exists():
        write_durably(path, commented(default_text()).encode())
    try:
        chosen = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    return parse_settings(chosen, origin=str(path), environment=environment)


def parse_settings(
    chosen: Mapping[str, Any], *, origin: str, environment: Mapping[str, str] | None = None
) -> Settings:
    """Lay what was chosen over the defaults and check all of it."""
    notify = _as_table(chosen.get("notify"))
    defaults = tomllib.loads(default_text()) | {"notify": dict.fromkeys(notify, _NOTIFY)}
    for complaint in _unknown(chosen, defaults, ()):
        raise SettingsError(f"{origin}: {complaint}")
    merged = _merge(defaults, chosen)
    origins = dict.fromkeys(dotted(chosen), "file")
    for name, table, key in SECRETS:
        if secret := (environment or {}).get(name):
            merged[table][key] = secret
            origins[f"{table}.{key}"] = "environment"
    for way in merged["notify"]:
        if url := (environment or {}).get(f"HIPWATCH_NOTIFY_{way.upper().replace('-', '_')}"):
            merged["notify"][way] = {**merged["notify"][way], "url": url}
            origins[f"notify.{way}.url"] = "environment"
    return _with_password_file(_converted(merged | {"origins": origins}, origin), origin)


def laid_over(settings: Settings, chosen: Mapping[str, Any]) -> Settings:
    """The settings with some of them chosen otherwise, by their dotted names; checked as a file's are.

    Raises
    ------
    SettingsError
        For a wrong value; it names the setting.
    """
    merged = msgspec.to_builtins(settings)
    for name, value in chosen.items():
        *tables, key = name.split(".")
        place = merged
        for table in tables:
            place = place[table]
        place[key] = value
    return _converted(merged, "")


def dotted(settings: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Every setting by its dotted name."""
    named: dict[str, Any] = {}
    for name, value in settings.items():
        named |= dotted(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return named


def _converted(merged: Mapping[str, Any], origin: str) -> Settings:
    try:
        return msgspec.convert(merged, Settings)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        setting = where.rstrip("`").replace("[...]", ".*").partition("[")[0] or "a setting"
        raise SettingsError(what, setting=setting, origin=origin) from error


def _as_table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _unknown(chosen: Mapping[str, Any], known: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    for name, value in chosen.items():
        path = ".".join((*above, name))
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)
            yield f"unknown setting {path!r}; the nearest known one is {'.'.join((*above, *near))!r}"
        elif isinstance(known[name], dict):
            if isinstance(value, dict):
                yield from _unknown(value, known[name], (*above, name))
            else:
                yield f"{path!r} is a table: write [{path}] and its settings below"


def _merge(defaults: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(defaults)
    for name, value in chosen.items():
        merged[name] = _merge(merged[name], value) if isinstance(value, dict) else value
    return merged


def _with_password_file(settings: Settings, origin: str) -> Settings:
    named = settings.mail.password_file
    if not named or settings.mail.password:
        return settings
    try:
        password = Path(named).expanduser().read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise SettingsError(f"{origin}: mail.password_file {named!r}: {error.strerror}") from error
    return msgspec.structs.replace(settings, mail=msgspec.structs.replace(settings.mail, password=password))
