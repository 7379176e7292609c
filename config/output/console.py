"""Output of commands: data to standard output, messages to standard error, outcomes as exit codes."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from ingest.files.sources import Source
from ingest.pipeline.importer import ImportReport

DONE, REJECTED, UNUSABLE, BUSY = 0, 1, 2, 75

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")


def now() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC)


def log_to_stderr(level: int) -> None:
    """Log to standard error from that level on."""
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )


def print_message(text: str) -> None:
    """Print a message to standard error."""
    click.echo(text, err=True)


def print_json(data: object) -> None:
    """Print data for a script."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_import_report(report: ImportReport) -> None:
    """Say in one line what became of the files, and in one each why a file was rejected."""
    for rejected in report.rejected:
        print_message(f"rejected {rejected.path}: {rejected.reason}")
    if not report.files:
        print_message("There was nothing to take in: no .fit, .tcx, .gpx, .gz or .zip file.")
    print_message(
        f"{report.added} added, {report.duplicates} already known, "
        f"{report.ignored} no activity, {len(report.rejected)} rejected"
    )


def count_sources(sources: Iterable[Source], advance: Callable[[], object]) -> Iterator[Source]:
    """Advance the progress bar with each source."""
    for source in sources:
        advance()
        yield source


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[Callable[[], Any]]:
    """Show how far it is, on standard error."""
    from config.output.progress import bar  # noqa: PLC0415 - rich takes longer to load than most commands to run

    with bar(title, total) as advance:
        yield advance
