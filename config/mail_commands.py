"""`hipwatch mail`: try the way that letters take, step by step, and send again what was given up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from email.message import EmailMessage

import click

from alerts.letters.answers import ALL
from alerts.letters.letter import Letter, to_message
from alerts.letters.mailer import Mailer, MailError
from alerts.letters.smtp import SmtpMailer
from config.arrange import NOBODY
from config.services import Services
from config.settings import MailSettings

AtHome = Callable[[], AbstractContextManager[Services]]
Clock = Callable[[], datetime]
Show = Callable[[object], None]

DONE, REFUSED, UNUSABLE = 0, 1, 2

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")

TRIAL = Letter(
    "Hipwatch: a trial letter",
    "This letter was sent by hipwatch mail test. Nothing is the matter; letters arrive.\n",
    "<p>This letter was sent by <code>hipwatch mail test</code>. "
    "Nothing is the matter; letters arrive.</p>\n",
)


def add_mail_commands(main: click.Group, *, at_home: AtHome, now: Clock, show: Show) -> None:
    """Add what is about letters to the command line."""

    @main.group()
    def mail() -> None:
        """Letters: try the way they take, send again, take back a stop."""

    mail.add_command(_test(at_home, now, show))
    mail.add_command(_retry(at_home, now, show))
    mail.add_command(_on(at_home))


def _test(at_home: AtHome, now: Clock, show: Show) -> click.Command:
    @click.command()
    @click.argument("address", required=False)
    @as_json
    @click.pass_context
    def test(ctx: click.Context, address: str | None, *, as_json: bool) -> None:
        """Send a trial letter, saying each step; to ADDRESS, else to the runner's own."""
        steps: list[str] = []

        def went(step: str) -> None:
            steps.append(step)
            if not as_json:
                click.echo(f"● {step}")

        with at_home() as services:
            error, status = _try(services, address, now(), went)
            if as_json:
                show({"steps": steps, "error": error})
            elif error:
                click.echo(f"▲ {error}")
                click.echo(f"    → {_remedy(services, error)}")
        ctx.exit(status)

    return test


def _try(
    services: Services, address: str | None, now: datetime, went: Callable[[str], object]
) -> tuple[str | None, int]:
    """Send the trial letter; give what went wrong and the exit code."""
    route, to = services.watch.route, address or services.watch.runner.email
    if route is None:
        return "mail is switched off by enabled = false under [mail]", UNUSABLE
    if isinstance(route.mailer, SmtpMailer) and to == NOBODY:
        return "there is nobody to write to: set email under [runner]", UNUSABLE
    message = to_message(
        TRIAL,
        to=to,
        sender=services.watch.outbox.sender,
        message_id=f"<trial-{now.timestamp():.6f}@hipwatch.invalid>",
        date=now,
    )
    try:
        _send(route.mailer, message, services, went)
    except MailError as error:
        return str(error), REFUSED
    return None, DONE


def _send(mailer: Mailer, message: EmailMessage, services: Services, went: Callable[[str], object]) -> None:
    if isinstance(mailer, SmtpMailer):
        mailer.send(message, went=went)
        return
    mailer.send(message)
    went(f"no mail server and address are set, so the letter lies in {services.home.mail}")


def _remedy(services: Services, error: str) -> str:
    """Where to look, by what went wrong."""
    mail: MailSettings = services.settings.mail
    if "has no address" in error:
        return f"Is mail.host = {mail.host!r} spelt as your mail service spells it?"
    if "user and password" in error:
        return "Many services want an app password made for this, not the one you log in with."
    if "TLS" in error or "STARTTLS" in error or "trusted" in error:
        return f"Ask your mail service for port and encryption; these are {mail.port} and tls = {mail.tls!r}."
    if "cannot be reached" in error:
        return f"Is port {mail.port} right, and does this network let it out?"
    return f"Look at [mail] in {services.home.settings}."


def _retry(at_home: AtHome, now: Clock, show: Show) -> click.Command:
    @click.command()
    @as_json
    @click.pass_context
    def retry(ctx: click.Context, *, as_json: bool) -> None:
        """Send the letters again that were given up."""
        with at_home() as services:
            revived = services.watch.outbox.revive(now())
            outcomes = dict(services.watch.deliver(now()))
            health = services.watch.outbox.health(now())
        if as_json:
            show({"revived": revived, **outcomes, "queued": health.queued, "dead": health.dead})
        else:
            click.echo(f"{revived} taken up again; {outcomes.get('sent', 0)} sent, {health.queued} wait")
            if health.last_error:
                click.echo(f"▲ {health.last_error}")
        ctx.exit(REFUSED if health.last_error else DONE)

    return retry


def _on(at_home: AtHome) -> click.Command:
    @click.command()
    def on() -> None:
        """Take back every stop that was pressed in a letter."""
        with at_home() as services:
            stopped = services.answers.stopped()
            services.answers.resume(ALL)
        click.echo(f"{len(stopped)} stops taken back; letters are written again")

    return on
