"""What only the settings file can change, as it may be shown: of a secret only whether it is set."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import make_url

from alerts.preferences import Fixed
from config.layers import Layers, values_of

PLAIN = (
    *("inbox.folders", "inbox.clear_folders", "web.host", "web.port", "web.url"),
    *("mail.enabled", "mail.host", "mail.port", "mail.tls", "mail.sender", "webhook.min_level"),
    *("schedule.scan_every_s", "schedule.nightly_at"),
)
"""What only the settings file can change and anybody may read; of all else is said whether it is set."""


def fixed_settings(layers: Layers) -> list[Fixed]:
    """What only the settings file can change, each with where it comes from, none with a secret."""
    return [
        Fixed(name, as_shown(name, value), layers.base.origins.get(name, "default"))
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
