"""`hipwatch today` and `hipwatch plan`: what may be run, as the pages say it."""

from __future__ import annotations

from typing import Any

import click

from alerts.care.plan.running_advice import AllowedRunning
from config.output.console import as_json, now, print_json
from config.output.open_folder import open_data_folder

NO_HISTORY = "There are no runs yet."


@click.command()
@as_json
def today(*, as_json: bool) -> None:
    """Show what may be run today, and why."""
    with open_data_folder() as services:
        runner_service = services.runner_service
        allowed = runner_service.running_advice.advice(now()).today
    if as_json:
        print_json(None if allowed is None else today_entry(allowed))
    else:
        click.echo(NO_HISTORY if allowed is None else f"{allowed.headline}\n{allowed.why}")


@click.command()
@as_json
def plan(*, as_json: bool) -> None:
    """Show the coming two weeks of running."""
    with open_data_folder() as services:
        coming = services.runner_service.running_advice.advice(now()).plan
    if as_json:
        print_json([plan_entry(one) for one in coming.days])
    else:
        lines = [f"{one.day:%a %d %b}  {one.headline}" for one in coming.days]
        click.echo("\n".join([*lines, coming.sentence or NO_HISTORY]))


def today_entry(allowed: AllowedRunning) -> dict[str, Any]:
    """One day's decision for scripts; distances in metres, null where none is allowed or known."""
    return {
        "day": allowed.day.isoformat(),
        "level": allowed.level,
        "headline": allowed.headline,
        "rest": allowed.rest,
        "easy_up_to_m": allowed.easy_up_to_m,
        "long_up_to_m": allowed.long_up_to_m,
        "easy_up_to_min": allowed.easy_up_to_min,
        "reason": allowed.reason,
        "why": allowed.why,
        "since": allowed.since.isoformat() if allowed.since else None,
        "until": allowed.until.isoformat() if allowed.until else None,
        "expert_opinion": allowed.is_expert_opinion,
    }


def plan_entry(allowed: AllowedRunning) -> dict[str, Any]:
    """One day of the plan for scripts.

    A day without a planned run on which an easy one is fine is an ``optional`` easy day.
    """
    is_optional = allowed.kind == "free"
    return {
        "day": allowed.day.isoformat(),
        "kind": "easy" if is_optional else allowed.kind,
        "up_to_m": allowed.easy_up_to_m if is_optional else allowed.up_to_m,
        "optional": is_optional,
        "headline": allowed.headline,
        "why": allowed.why,
    }
