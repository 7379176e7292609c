"""The command line: a contract for scripts. Data goes to standard output, words to standard error."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import msgspec

from alerts.errors import AlertsError
from config.account_commands import add_account_commands
from config.care_commands import add_care_commands
from config.console import (
    BUSY,
    DONE,
    REJECTED,
    UNUSABLE,
    as_json,
    counted,
    log_to_stderr,
    now,
    progress_bar,
    say,
    show,
    tell,
)
from config.errors import ConfigError
from config.facts import facts_of
from config.feed_commands import add_feed_commands
from config.home import Home
from config.listings import activity_table, finding_table, list_activities, list_findings
from config.lock import AlreadyRunningError, single_instance
from config.mail_commands import add_mail_commands
from config.replay_command import add_replay_command
from config.services import Services, open_services
from config.settings import load_settings
from config.settings_command import add_settings_command
from config.settings_tables import Settings
from ingest.errors import DecodeError, DiskError, IngestError, UnreadableSourceError
from ingest.intake import IntakeReport
from ingest.looks import RememberedLook
from ingest.reading import read_recording
from ingest.sources import Source, collect, newest_first
from web.accounts.errors import AccountsError

SETTLE_S = 1.0


@contextmanager
def at_home() -> Iterator[Services]:
    """Open the data folder that the environment names."""
    home = Home.from_environment()
    home.create()
    with open_services(home, load_settings(home.settings), now=now()) as services:
        yield services


class Hipwatch(click.Group):
    """Turns what can go wrong into one clear line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AlreadyRunningError as error:
            say(f"hipwatch: {error}")
            ctx.exit(BUSY)
        except (ConfigError, AccountsError, AlertsError, IngestError) as error:
            say(f"hipwatch: {error}")
            ctx.exit(UNUSABLE)
        except OSError as error:
            if error.filename is None:  # no file's: a closed pipe, which click ends quietly
                raise
            say(f"hipwatch: {DiskError.about(error, Path(error.filename))}")
            ctx.exit(UNUSABLE)


@click.group(cls=Hipwatch)
@click.version_option(package_name="hipwatch")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is being done.")
def main(*, verbose: bool) -> None:
    """Read your watch's files and hear in time when a run was too much."""
    os.umask(0o077)  # what is written is health data: its owner's alone
    log_to_stderr(logging.INFO if verbose else logging.WARNING)


@main.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@as_json
@click.pass_context
def import_(ctx: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Take in files, folders, gzip and zip archives of FIT, TCX and GPX; they stay where they are."""
    started_s = time.monotonic()
    with at_home() as services:
        report = _take_in(services, paths)  # apart: what is known of the files is gone before the rules look
        services.watch.evaluate_news(now())
        services.watch.deliver(now())
    if as_json:
        show(asdict(report) | {"seconds": round(time.monotonic() - started_s, 3)})
    tell(report)
    ctx.exit(REJECTED if report.rejected else DONE)


def _take_in(services: Services, paths: tuple[Path, ...]) -> IntakeReport:
    # a link in a folder is left alone; one that was named is meant
    named = [path.resolve() if path.is_symlink() else path for path in paths]
    with progress_bar("Looking", None) as advance:
        sources = newest_first(counted(collect(named), advance))
    with progress_bar("Reading", len(sources)) as advance:
        return services.watch.take_in(
            sources, now=now(), settled=lambda _source, _outcome, _reason: advance()
        )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As always: decode prints nothing but JSON.")
@click.pass_context
def decode(ctx: click.Context, file: Path, *, as_json: bool) -> None:  # noqa: ARG001 - accepted everywhere
    """Print one file's facts as JSON, without storing it."""
    try:
        facts = facts_of(read_recording(Source(Path(os.path.realpath(file))).read()), now=now())
    except (DecodeError, UnreadableSourceError) as error:
        show({"error": str(error)})
        ctx.exit(UNUSABLE)
    show(facts)


@main.command()
@as_json
@click.pass_context
def retry(ctx: click.Context, *, as_json: bool) -> None:
    """Try again to take in the files that were set aside."""
    started_s = time.monotonic()
    with at_home() as services:
        report = services.watch.retry(now=now())
        services.watch.evaluate_news(now())
        services.watch.deliver(now())
    if as_json:
        show(asdict(report) | {"seconds": round(time.monotonic() - started_s, 3)})
    tell(report)
    ctx.exit(REJECTED if report.rejected else DONE)


@main.command()
@as_json
@click.pass_context
def rebuild(ctx: click.Context, *, as_json: bool) -> None:
    """Derive everything again from the original files; what you have said is kept."""
    started_s = time.monotonic()
    with at_home() as services:
        originals = services.watch.store.originals()
        with progress_bar("Deriving", len(originals)) as advance:
            report = services.watch.rebuild(originals, advance=advance)
        found = services.watch.take_in_unknown(now=now())
        services.watch.evaluate(now())
        services.watch.deliver(now())
    if as_json:
        seconds = round(time.monotonic() - started_s, 3)
        show(asdict(report) | {"unknown_to_the_database": asdict(found), "seconds": seconds})
    if found.files:
        say("In the archive lay files that the database did not know:")
        tell(found)
    for failed in report.failed:
        say(f"{failed.path} stays as it was: {failed.reason}")
    say(f"{report.files - len(report.failed)} files derived again, {len(report.failed)} could not be")
    ctx.exit(REJECTED if report.failed else DONE)


@main.group(invoke_without_command=True)
@click.option(
    "--all", "everything", is_flag=True, help="Every recording, also those that another counts for."
)
@as_json
@click.pass_context
def runs(ctx: click.Context, *, everything: bool, as_json: bool) -> None:
    """List the activities that are stored, newest last."""
    if ctx.invoked_subcommand is not None:
        return
    with at_home() as services:
        listed = list_activities(services.watch, everything=everything)
        show(listed) if as_json else click.echo(activity_table(services.watch, listed))


@runs.command()
@click.argument("activity_id", metavar="ID", type=click.IntRange(1))
def split(activity_id: int) -> None:
    """Say that a recording is a run of its own; ID as runs --all shows it."""
    with at_home() as services:
        services.watch.split(activity_id, now())
        services.watch.deliver(now())
    say(f"activity {activity_id} now counts by itself")


@main.command()
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@as_json
def alerts(*, everything: bool, as_json: bool) -> None:
    """List the findings that are open."""
    with at_home() as services:
        listed = list_findings(services.watch, now(), everything=everything)
        show(listed) if as_json else click.echo(finding_table(listed))


@main.command()
@as_json
@click.pass_context
def tick(ctx: click.Context, *, as_json: bool) -> None:
    """One pass of the scheduled job: take in what waits in the inbox, evaluate, deliver."""
    started_s = time.monotonic()
    with at_home() as services:
        inbox, remembered = services.watch.inbox, RememberedLook(services.home.last_look)
        if inbox.look_first(remembered.load(), now=now()):
            time.sleep(SETTLE_S)  # two looks, so that a file that is still growing is left alone
        report = services.watch.tick(now())
        remembered.save(inbox.left())
    if as_json:
        show(asdict(report.intake) | {"seconds": round(time.monotonic() - started_s, 3)})
    tell(report.intake)
    if inbox.left():
        say(f"{len(inbox.left())} left for the next tick: written to within the last minute, or not readable")
    if report.new_findings:
        say(f"{len(report.new_findings)} new findings; see hipwatch alerts")
    ctx.exit(REJECTED if report.intake.rejected else DONE)


@main.command()
@click.option("--host", help="Address to listen on.  [default: the setting web.host]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port.  [default: the setting web.port]")
@click.option(
    "--set-up", is_flag=True, help="While there is no account, tell a one-time link that makes the first."
)
def serve(host: str | None, port: int | None, *, set_up: bool) -> None:
    """Run the dashboard and the schedule until stopped."""
    home = Home.from_environment()
    home.create()
    settings = load_settings(home.settings)
    serve_home(
        home,
        settings,
        host=host or settings.web.host,
        port=settings.web.port if port is None else port,
        set_up=set_up,
    )


@main.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Say what is set up, what is missing, and how to mend it."""
    from config.doctor import examine_setup  # noqa: PLC0415

    checks = examine_setup(Home.from_environment(), now=now())
    if as_json:
        show([asdict(check) for check in checks])
    else:
        for check in checks:
            click.echo(f"{check.mark} {check.title}: {check.detail}")
            if check.remedy:
                click.echo(f"    → {check.remedy}")
    ctx.exit(DONE if all(check.is_fine for check in checks) else REJECTED)


@main.command()
@click.option(
    "--dir", "folder", type=click.Path(file_okay=False, path_type=Path), help="Data folder to keep."
)
@click.option("--serve/--no-serve", default=True, help="Whether to serve the dashboard at the end.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65535))
def demo(folder: Path | None, host: str, port: int, *, serve: bool) -> None:
    """Make up fourteen months of one runner and show what Hipwatch says of them."""
    from config.demo.show import show_demo  # noqa: PLC0415 - only the demo needs its runner
    from config.serving import ensure_can_listen  # noqa: PLC0415 - the web stack, only where it is served

    if serve:
        ensure_can_listen(host, port)
    home, settings = show_demo(folder, now=now(), say=say, progress=progress_bar)
    if serve:
        serve_home(home, settings, host=host, port=port)


def serve_home(home: Home, settings: Settings, *, host: str, port: int, set_up: bool = False) -> None:
    """Serve one data folder until stopped; nobody else may."""
    from config.serving import serve_forever  # noqa: PLC0415 - the web stack, only where it is served

    web = msgspec.structs.replace(settings.web, host=host, port=port)
    settings = msgspec.structs.replace(settings, web=web)
    with single_instance(home.lock), open_services(home, settings, now=now()) as services:
        serve_forever(services, host=host, port=port, say=say, set_up=set_up)


add_account_commands(main, at_home=at_home, now=now, show=show)
add_care_commands(main, at_home=at_home, now=now, show=show)
add_feed_commands(main, at_home=at_home, now=now, show=show)
add_mail_commands(main, at_home=at_home, now=now, show=show)
add_settings_command(main, at_home=at_home, show=show)
add_replay_command(main, at_home=at_home, now=now, show=show)
