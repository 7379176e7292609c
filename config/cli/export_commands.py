"""`hipwatch export`: runs, training days and the samples of a run as CSV or Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config.composition.services import Services
from config.output.console import now, print_message
from config.output.open_folder import open_data_folder

if TYPE_CHECKING:
    import pandas as pd

Command = Callable[..., Any]


def _format_options(command: Command) -> Command:
    """Add the options that every export takes."""
    command = click.option(
        "--output", "path", type=click.Path(dir_okay=False, path_type=Path), help="File to write."
    )(command)
    command = click.option(
        "--parquet", "as_parquet", is_flag=True, help="Write Parquet; needs --output and hipwatch[parquet]."
    )(command)
    return click.option("--csv", "as_csv", is_flag=True, help="Write CSV.  [default]")(command)


@click.group()
def export() -> None:
    """Write your data as CSV (to standard output or a file) or as Parquet (to a file)."""


@export.command()
@_format_options
def runs(path: Path | None, *, as_csv: bool, as_parquet: bool) -> None:
    """Every activity that is stored, one row each; of several recordings the one that counts."""
    from config.output import dataframes  # noqa: PLC0415 - only exports need it

    _write(dataframes.runs, path, as_csv=as_csv, as_parquet=as_parquet)


@export.command()
@_format_options
def days(path: Path | None, *, as_csv: bool, as_parquet: bool) -> None:
    """Every calendar day from the first activity to today, rest days included."""
    from config.output import dataframes  # noqa: PLC0415 - only exports need it

    _write(
        lambda services: dataframes.training_days(services, now()),
        path,
        as_csv=as_csv,
        as_parquet=as_parquet,
    )


@export.command()
@click.argument("activity_id", metavar="RUN", type=click.IntRange(1))
@_format_options
def records(activity_id: int, path: Path | None, *, as_csv: bool, as_parquet: bool) -> None:
    """Every sample of one run, read from its original file; RUN is the id that hipwatch runs shows."""
    from config.output import dataframes  # noqa: PLC0415 - only exports need it

    _write(
        lambda services: dataframes.records(services, activity_id),
        path,
        as_csv=as_csv,
        as_parquet=as_parquet,
    )


def _write(
    load: Callable[[Services], pd.DataFrame], path: Path | None, *, as_csv: bool, as_parquet: bool
) -> None:
    from config.output import dataframes  # noqa: PLC0415 - only exports need it

    if as_csv and as_parquet:
        raise click.UsageError("Choose --csv or --parquet, not both.")
    if as_parquet and path is None:
        raise click.UsageError("Parquet goes to a file: give --output FILE.")
    if as_parquet:
        dataframes.ensure_parquet()
    with open_data_folder() as services:
        frame = load(services)
    if path is None:
        click.echo(dataframes.to_csv(frame), nl=False)
        return
    write = dataframes.write_parquet if as_parquet else dataframes.write_csv
    write(frame, path)
    print_message(f"{len(frame)} rows written to {path}")
