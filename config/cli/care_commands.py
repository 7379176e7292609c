"""The commands of care: routines, pain and shoes."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

import click

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import WORST, PainReport
from config.composition.services import Services
from config.output.care_listings import (
    list_pain,
    list_routines,
    list_shoes,
    of_entry,
    pain_lines,
    routine_lines,
    shoe_lines,
)
from config.output.console import as_json, now, print_json, print_message
from config.output.open_folder import open_data_folder

score = click.IntRange(0, WORST)


@click.command()
@as_json
def routines(*, as_json: bool) -> None:
    """List the routines; a star marks those of the plan."""
    with open_data_folder() as services:
        moment = now()
        listed = list_routines(
            services.care_service.routines(), services.care_service.routine_plan(moment).ids
        )
        print_json(listed) if as_json else click.echo(routine_lines(listed))


@click.command()
@as_json
def shoes(*, as_json: bool) -> None:
    """List pairs of shoes with the distance run in each."""
    with open_data_folder() as services:
        listed = list_shoes(services.care_service.shoes())
        print_json(listed) if as_json else click.echo(
            shoe_lines(listed, services.runner_service.runner.units)
        )


@click.group()
def pain() -> None:
    """The pain diary: list what was reported, add a report."""


@pain.command("list")
@as_json
def list_pain_reports(*, as_json: bool) -> None:
    """What was reported in the last 14 days, and what follows."""
    with open_data_folder() as services:
        page = services.care_service.page(now())
        print_json(list_pain(page)) if as_json else click.echo(pain_lines(page))


@pain.command("add")
@click.option("--place", required=True, type=click.Choice([place.value for place in BodySite]))
@click.option("--side", default="both", show_default=True, type=click.Choice([s.value for s in Side]))
@click.option("--during", type=score, help="Pain during the run, 0 to 10.")
@click.option("--after", type=score, help="Pain after it.")
@click.option("--next-morning", type=score, help="Pain the morning after.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day.  [default: today]")
@click.option("--limped", is_flag=True, help="It made you limp.")
@click.option("--yes", "yeses", multiple=True, metavar="FLAG", help="A red flag that is answered yes.")
@click.option("--no-flags", is_flag=True, help="Every red flag is answered no.")
@click.option("--note", default="", help="A note of up to 500 characters.")
def add_pain_report(  # noqa: PLR0913 - as many as a report has
    *,
    place: str,
    side: str,
    during: int | None,
    after: int | None,
    next_morning: int | None,
    day: datetime | None,
    limped: bool,
    yeses: tuple[str, ...],
    no_flags: bool,
    note: str,
) -> None:
    """Add a report. The red flags have to be answered: --no-flags, or --yes for each that applies."""
    with open_data_folder() as services:
        report = PainReport(
            day=day.date() if day else services.runner_service.runner.day_of(now()),
            place=BodySite(place),
            side=Side(side),
            during=during,
            after=after,
            next_morning=next_morning,
            limped=limped,
            answers=_answers(services, yeses, no_flags=no_flags),
            note=note,
        )
        print_json(of_entry(services.care_service.report_pain(report, now())))
        print_message(services.care_service.page(now()).pain.act)


def _answers(services: Services, yeses: tuple[str, ...], *, no_flags: bool) -> MappingProxyType[str, bool]:
    """An answer to every question; said in one go, and never by saying nothing."""
    questions = {flag.id: flag.question for flag in services.runner_service.care.red_flags}
    unknown = [name for name in yeses if name not in questions]
    if unknown or no_flags is bool(yeses):
        asked = "\n".join(f"  {name:<15} {question}" for name, question in questions.items())
        raise click.UsageError(f"Answer the red flags: --no-flags, or --yes for each that applies.\n{asked}")
    return MappingProxyType({name: name in yeses for name in questions})
