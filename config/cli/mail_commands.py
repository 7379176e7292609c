"""`hipwatch mail`: try the way that letters take, step by step, and send again what was given up."""

from __future__ import annotations

import click

from alerts.notifications.answers import ALL
from alerts.notifications.delivery.test_send import (
    OFF,
    SendTestResult,
    send_test_email,
    send_test_notification,
)
from config.output.console import DONE, REJECTED, UNUSABLE, as_json, now, print_json, print_message
from config.output.open_folder import open_data_folder


@click.group()
def mail() -> None:
    """Letters: try the way they take, send again, take back a stop."""


@mail.command()
@click.argument("address", required=False)
@as_json
@click.pass_context
def test(ctx: click.Context, address: str | None, *, as_json: bool) -> None:
    """Send a trial letter, saying each step; to ADDRESS, else to the runner's own."""
    with open_data_folder() as services:
        runner_service = services.runner_service
        to, sender = address or runner_service.runner.email, runner_service.outbox.sender
        went = _silent if as_json else _tell_step
        trial = send_test_email(runner_service.route, to=to, sender=sender, now=now(), went=went)
    if as_json:
        print_json({"steps": trial.steps, "error": trial.error or None})
    else:
        _tell_failure(trial)
    ctx.exit(DONE if trial.went_well else UNUSABLE if trial.error == OFF else REJECTED)


@mail.command()
@as_json
@click.pass_context
def ways(ctx: click.Context, *, as_json: bool) -> None:
    """Send a trial on every other way that is set: the webhook and whatever stands under [notify]."""
    with open_data_folder() as services:
        route, sender = services.runner_service.route, services.runner_service.outbox.sender
        trials = {
            channel.name: send_test_notification(channel, sender=sender, now=now())
            for channel in (route.channels if route else ())
        }
    if as_json:
        print_json({name: {"error": trial.error or None} for name, trial in trials.items()})
    else:
        for trial in trials.values():
            for step in trial.steps:
                _tell_step(step)
            _tell_failure(trial)
    if not trials:
        print_message("no other way is set: see [webhook] and [notify] in the settings file")
    is_well = all(trial.went_well for trial in trials.values())
    ctx.exit((DONE if is_well else REJECTED) if trials else UNUSABLE)


@mail.command("retry")
@as_json
@click.pass_context
def retry_emails(ctx: click.Context, *, as_json: bool) -> None:
    """Send the letters again that were given up."""
    with open_data_folder() as services:
        revived = services.runner_service.outbox.requeue_dead(now())
        outcomes = dict(services.runner_service.deliver(now()))
        ways = services.runner_service.notifications.health(now()).values()
    queued, dead = sum(way.queued for way in ways), sum(way.dead for way in ways)
    errors = [way.last_error for way in ways if way.last_error]
    if as_json:
        print_json({"revived": revived, **outcomes, "queued": queued, "dead": dead})
    else:
        click.echo(f"{revived} taken up again; {outcomes.get('sent', 0)} sent, {queued} wait")
        for error in errors:
            click.echo(f"▲ {error}")
    ctx.exit(REJECTED if errors else DONE)


@mail.command()
def on() -> None:
    """Take back every stop that was pressed in a letter."""
    with open_data_folder() as services:
        stopped = services.answers.stopped()
        services.answers.resume(ALL)
    click.echo(f"{len(stopped)} stops taken back; letters are written again")


def _silent(_step: str) -> None:
    """Say nothing."""


def _tell_step(step: str) -> None:
    click.echo(f"● {step}")


def _tell_failure(trial: SendTestResult) -> None:
    if not trial.went_well:
        click.echo(f"▲ {trial.error}\n    → {trial.remedy}")
