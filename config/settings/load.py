"""Loads the settings: defaults, the settings file, and clear errors."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from config.settings.errors import SettingsError
from config.settings.schema import NotifySettings, Settings
from ingest.files.atomic_write import write_durably

SECRETS = (
    ("HIPWATCH_MAIL_PASSWORD", "mail", "password"),
    ("HIPWATCH_WEBHOOK_SECRET", "webhook", "secret"),
)
"""What the environment may hold instead of the file."""

_NOTIFY = msgspec.to_builtins(NotifySettings())


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
    """Merge the settings file into the defaults and check the result."""
    notify = _as_table(chosen.get("notify"))
    defaults = tomllib.loads(default_text()) | {"notify": dict.fromkeys(notify, _NOTIFY)}
    for complaint in _unknown(chosen, defaults, ()):
        raise SettingsError(f"{origin}: {complaint}")
    merged = _merged(defaults, chosen)
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


def with_choices(settings: Settings, chosen: Mapping[str, Any]) -> Settings:
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


def _merged(defaults: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(defaults)
    for name, value in chosen.items():
        merged[name] = _merged(merged[name], value) if isinstance(value, dict) else value
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
