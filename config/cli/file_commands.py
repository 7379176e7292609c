"""The commands of files and what was read in them: import, decode, retry, rebuild, runs."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from pathlib import Path

import click

from config.composition.services import Services
from config.output.console import (
    DONE,
    REJECTED,
    UNUSABLE,
    as_json,
    count_sources,
    now,
    print_import_report,
    print_json,
    print_message,
    progress_bar,
)
from config.output.file_facts import facts_of
from config.output.listings import activity_lines, list_activities
from config.output.open_folder import open_data_folder
from ingest.errors import DecodeError, UnreadableSourceError
from ingest.files.sources import Source, collect, newest_first
from ingest.formats.read_file import read_recording
from ingest.pipeline.importer import ImportReport


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@as_json
@click.pass_context
def import_(ctx: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Take in files, folders, gzip and zip archives of FIT, TCX and GPX; they stay where they are."""
    started_s = time.monotonic()
    with open_data_folder() as services:
        report = _import_files(
            services, paths
        )  # apart: what is known of the files is gone before the rules look
        services.runner_service.evaluate_news(now())
        services.runner_service.deliver(now())
    _end(ctx, report, started_s, as_json=as_json)


def _import_files(services: Services, paths: tuple[Path, ...]) -> ImportReport:
    # a link in a folder is left alone; one that was named is meant
    named = [path.resolve() if path.is_symlink() else path for path in paths]
    with progress_bar("Looking", None) as advance:
        sources = newest_first(count_sources(collect(named), advance))
    with progress_bar("Reading", len(sources)) as advance:
        return services.runner_service.take_in(
            sources, now=now(), on_result=lambda _source, _outcome, _reason: advance()
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As always: decode prints nothing but JSON.")
@click.pass_context
def decode(ctx: click.Context, file: Path, *, as_json: bool) -> None:  # noqa: ARG001 - accepted everywhere
    """Print one file's facts as JSON, without storing it."""
    try:
        facts = facts_of(read_recording(Source(Path(os.path.realpath(file))).read()), now=now())
    except (DecodeError, UnreadableSourceError) as error:
        print_json({"error": str(error)})
        ctx.exit(UNUSABLE)
    print_json(facts)


@click.command("retry")
@as_json
@click.pass_context
def retry_rejected(ctx: click.Context, *, as_json: bool) -> None:
    """Try again to take in the files that were set aside."""
    started_s = time.monotonic()
    with open_data_folder() as services:
        report = services.runner_service.retry(now=now())
        services.runner_service.evaluate_news(now())
        services.runner_service.deliver(now())
    _end(ctx, report, started_s, as_json=as_json)


def _end(ctx: click.Context, report: ImportReport, started_s: float, *, as_json: bool) -> None:
    """Say what became of the files."""
    if as_json:
        print_json(asdict(report) | {"seconds": round(time.monotonic() - started_s, 3)})
    print_import_report(report)
    ctx.exit(REJECTED if report.rejected else DONE)


@click.command("rebuild")
@as_json
@click.pass_context
def rebuild_command(ctx: click.Context, *, as_json: bool) -> None:
    """Derive everything again from the original files; what you have said is kept."""
    started_s = time.monotonic()
    with open_data_folder() as services:
        originals = services.runner_service.store.originals()
        with progress_bar("Deriving", len(originals)) as advance:
            report = services.runner_service.rebuild(originals, advance=advance)
        found = services.runner_service.import_missing(now=now())
        services.runner_service.evaluate(now())
        services.runner_service.deliver(now())
    if as_json:
        seconds = round(time.monotonic() - started_s, 3)
        print_json(asdict(report) | {"unknown_to_the_database": asdict(found), "seconds": seconds})
    if found.files:
        print_message("In the archive lay files that the database did not know:")
        print_import_report(found)
    for failed in report.failed:
        print_message(f"{failed.path} stays as it was: {failed.reason}")
    print_message(
        f"{report.files - len(report.failed)} files derived again, {len(report.failed)} could not be"
    )
    ctx.exit(REJECTED if report.failed else DONE)


@click.group(invoke_without_command=True)
@click.option(
    "--all", "everything", is_flag=True, help="Every recording, also those that another counts for."
)
@as_json
@click.pass_context
def runs(ctx: click.Context, *, everything: bool, as_json: bool) -> None:
    """List the activities that are stored, newest last."""
    if ctx.invoked_subcommand is not None:
        return
    with open_data_folder() as services:
        listed = list_activities(services.runner_service, everything=everything)
        print_json(listed) if as_json else click.echo(activity_lines(services.runner_service, listed))


@runs.command()
@click.argument("activity_id", metavar="ID", type=click.IntRange(1))
def split(activity_id: int) -> None:
    """Say that a recording is a run of its own; ID as runs --all shows it."""
    with open_data_folder() as services:
        services.runner_service.split(activity_id, now())
        services.runner_service.deliver(now())
    print_message(f"activity {activity_id} now counts by itself")
