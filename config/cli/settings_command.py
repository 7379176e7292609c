"""`hipwatch settings`: what holds, and where each value comes from; the same as the settings page shows."""

from __future__ import annotations

from typing import Any

import click

from config.composition.services import Services
from config.output.console import as_json, print_json
from config.output.open_folder import open_data_folder
from config.settings.runner_choices import RunnerChoices, fixed_settings

ORIGINS = {
    "default": "Default",
    "file": "settings file",
    "environment": "environment",
    "page": "chosen on the page",
}


@click.command("settings")
@click.option("--all", "everything", is_flag=True, help="Also the numbers of rules as they are shipped.")
@as_json
def settings_command(*, everything: bool, as_json: bool) -> None:
    """Show what holds and where it comes from: shipped, settings file, or chosen on the page."""
    with open_data_folder() as services:
        listed = list_settings(services, everything=everything)
    print_json(listed) if as_json else click.echo(settings_lines(listed))


def list_settings(services: Services, *, everything: bool) -> list[dict[str, Any]]:
    """Every setting with its value and its origin; of a secret only whether it is set."""
    chosen = [
        {"name": one.name, "value": one.value, "origin": one.origin, "unfit": one.unfit or None}
        for one in RunnerChoices(services.layers, services.runner_service).all().values()
        if everything or one.origin != "default" or one.unfit or not one.name.startswith("detectors.")
    ]
    fixed = [
        {"name": one.name, "value": one.value, "origin": one.origin, "unfit": None}
        for one in fixed_settings(services.layers)
    ]
    return sorted(chosen + fixed, key=lambda row: str(row["name"]).partition(".")[0])


def settings_lines(listed: list[dict[str, Any]]) -> str:
    """One line a setting."""
    lines = []
    for row in listed:
        unfit = f"; what was chosen does not fit: {row['unfit']}" if row["unfit"] else ""
        lines.append(f"{row['name']:<38} {_words(row['value']):<24} {ORIGINS[row['origin']]}{unfit}")
    return "\n".join(lines)


def _words(value: Any) -> str:  # noqa: ANN401 - whatever a settings file may hold
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"
