"""The command line: a contract for scripts. Data goes to standard output, words to standard error."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import msgspec

from alerts.errors import AlertsError
from config.cli.account_commands import accounts
from config.cli.advice_commands import plan, today
from config.cli.care_commands import pain, routines, shoes
from config.cli.export_commands import export
from config.cli.feed_commands import feed
from config.cli.file_commands import decode, import_, rebuild_command, retry_rejected, runs
from config.cli.mail_commands import mail
from config.cli.replay_command import replay_command
from config.cli.settings_command import settings_command
from config.composition.services import open_services
from config.output.console import (
    BUSY,
    DONE,
    REJECTED,
    UNUSABLE,
    as_json,
    log_to_stderr,
    now,
    print_import_report,
    print_json,
    print_message,
    progress_bar,
)
from config.output.listings import alert_lines, list_alerts
from config.output.open_folder import open_data_folder
from config.server.lock import AlreadyRunningError, single_instance
from config.settings.data_folder import DataFolder
from config.settings.errors import ConfigError
from config.settings.load import load_settings
from config.settings.schema import Settings
from ingest.errors import DiskError, IngestError
from ingest.pipeline.last_scan import LastScan
from web.accounts.password_policy import AccountsError

SETTLE_S = 1.0


class Hipwatch(click.Group):
    """Turns what can go wrong into one clear line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AlreadyRunningError as error:
            print_message(f"hipwatch: {error}")
            ctx.exit(BUSY)
        except (ConfigError, AccountsError, AlertsError, IngestError) as error:
            print_message(f"hipwatch: {error}")
            ctx.exit(UNUSABLE)
        except OSError as error:
            if error.filename is None:  # no file's: a closed pipe, which click ends quietly
                raise
            print_message(f"hipwatch: {DiskError.about(error, Path(error.filename))}")
            ctx.exit(UNUSABLE)


@click.group(cls=Hipwatch)
@click.version_option(package_name="hipwatch")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is being done.")
def main(*, verbose: bool) -> None:
    """Read your watch's files and hear in time when a run was too much."""
    os.umask(0o077)  # what is written is health data: its owner's alone
    log_to_stderr(logging.INFO if verbose else logging.WARNING)


@main.command()
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@as_json
def alerts(*, everything: bool, as_json: bool) -> None:
    """List the findings that are open."""
    with open_data_folder() as services:
        listed = list_alerts(services.runner_service, now(), everything=everything)
        print_json(listed) if as_json else click.echo(alert_lines(listed))


@main.command()
@as_json
@click.pass_context
def tick(ctx: click.Context, *, as_json: bool) -> None:
    """One pass of the scheduled job: take in what waits in the inbox, evaluate, deliver."""
    started_s = time.monotonic()
    with open_data_folder() as services:
        inbox, remembered = services.runner_service.inbox, LastScan(services.home.last_look)
        if inbox.first_scan(remembered.load(), now=now()):
            time.sleep(SETTLE_S)  # two looks, so that a file that is still growing is left alone
        report = services.runner_service.tick(now())
        remembered.save(inbox.remaining())
    if as_json:
        print_json(asdict(report.intake) | {"seconds": round(time.monotonic() - started_s, 3)})
    print_import_report(report.intake)
    if inbox.remaining():
        print_message(
            f"{len(inbox.remaining())} left for the next tick: "
            "written to within the last minute, or not readable"
        )
    if report.new_alerts:
        print_message(f"{len(report.new_alerts)} new findings; see hipwatch alerts")
    ctx.exit(REJECTED if report.intake.rejected else DONE)


@main.command()
@click.option("--host", help="Address to listen on.  [default: the setting web.host]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port.  [default: the setting web.port]")
@click.option(
    "--set-up", is_flag=True, help="While there is no account, tell a one-time link that makes the first."
)
def serve(host: str | None, port: int | None, *, set_up: bool) -> None:
    """Run the dashboard and the schedule until stopped."""
    home = DataFolder.from_environment()
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
    from config.cli.doctor import examine_setup  # noqa: PLC0415

    checks = examine_setup(DataFolder.from_environment(), now=now())
    if as_json:
        print_json([asdict(check) for check in checks])
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
    from config.server.serve import ensure_can_listen  # noqa: PLC0415 - the web stack, only where it is served

    if serve:
        ensure_can_listen(host, port)
    home, settings = show_demo(folder, now=now(), echo=print_message, progress=progress_bar)
    if serve:
        serve_home(home, settings, host=host, port=port)


def serve_home(home: DataFolder, settings: Settings, *, host: str, port: int, set_up: bool = False) -> None:
    """Serve one data folder until stopped; nobody else may."""
    from config.server.serve import serve_forever  # noqa: PLC0415 - the web stack, only where it is served

    web = msgspec.structs.replace(settings.web, host=host, port=port)
    settings = msgspec.structs.replace(settings, web=web)
    with single_instance(home.lock), open_services(home, settings, now=now()) as services:
        serve_forever(services, host=host, port=port, echo=print_message, set_up=set_up)


for command in (
    accounts,
    decode,
    export,
    feed,
    import_,
    today,
    plan,
    mail,
    pain,
    rebuild_command,
    replay_command,
    retry_rejected,
    routines,
    runs,
    settings_command,
    shoes,
):
    main.add_command(command)
