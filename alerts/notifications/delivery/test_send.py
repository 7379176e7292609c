"""Test sends: each step, and the other side's own words if one fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from alerts.notifications.compose.email_content import Email, to_message
from alerts.notifications.delivery.channels import Channel
from alerts.notifications.delivery.mailer import FolderMailer, Mailer, MailError
from alerts.notifications.delivery.smtp import SmtpMailer
from alerts.notifications.route import MailRoute
from alerts.text.i18n import gettext, gettext_noop

Went = Callable[[str], object]

EVENT = Email("Hipwatch: trial", json.dumps({"event": "trial"}), "")

OFF = gettext_noop("email is turned off by enabled = false under [mail]")
APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SendTestResult:
    """The result of a test send: successful steps, and the error with a hint."""

    steps: tuple[str, ...] = ()
    error: str = ""
    remedy: str = ""

    @property
    def went_well(self) -> bool:
        """Whether the message was accepted."""
        return not self.error


def send_test_email(
    route: MailRoute | None, *, to: str, sender: str, now: datetime, went: Went = lambda _step: None
) -> SendTestResult:
    """Send a test email; ``went`` is called after each successful step.

    Raises
    ------
    EmailError
        If the address is none.
    """
    if route is None or route.mailer is None:
        return SendTestResult((), gettext(OFF), gettext("Set enabled = true there."))
    message = to_message(_letter(), to=to, sender=sender, message_id=_name(now), date=now)
    steps: list[str] = []

    def note(step: str) -> None:
        steps.append(step)
        went(step)

    try:
        if isinstance(route.mailer, SmtpMailer):
            route.mailer.send(message, went=note)
        else:
            route.mailer.send(message)
            note(_taken_by(route.mailer))
    except MailError as error:
        return SendTestResult(tuple(steps), str(error), _remedy(str(error), route.mailer))
    return SendTestResult(tuple(steps))


def send_test_notification(channel: Channel, *, sender: str, now: datetime) -> SendTestResult:
    """Send a test notification on a channel other than email."""
    email = EVENT if channel.form == "event" else _note()
    message = to_message(email, to=channel.recipient, sender=sender, message_id=_name(now), date=now)
    try:
        channel.mailer.send(message)
    except MailError as error:
        return SendTestResult(
            (), str(error), gettext("Check [{table}] in the settings file.", table=_table(channel))
        )
    return SendTestResult((gettext("{name}: accepted", name=channel.name),))


@dataclass(slots=True)
class SendTestLimiter:
    """Limits test sends from a page to one a minute."""

    _last_at: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def may_begin(self, now: datetime) -> bool:
        """Reserve a test send, if one is allowed now."""
        with self._lock:
            is_free = self._last_at is None or abs(now - self._last_at) >= APART
            if is_free:
                self._last_at = now
            return is_free


def _letter() -> Email:
    said = gettext("This is the test email you asked for. Email works.")
    return Email(gettext("Hipwatch: test email"), f"{said}\n", f"<p>{said}</p>\n")


def _note() -> Email:
    return Email("Hipwatch", gettext("This is the test message you asked for. This channel works."), "")


def _name(now: datetime) -> str:
    return f"<trial-{now.timestamp():.6f}@hipwatch.invalid>"


def _table(channel: Channel) -> str:
    return channel.name if channel.form == "event" else f"notify.{channel.name}"


def _taken_by(mailer: Mailer) -> str:
    if isinstance(mailer, FolderMailer):
        return gettext(
            "no mail server or no address is set, so the email was saved in {folder}",
            folder=mailer.folder,
        )
    return gettext("no mail server or no address is set, so it was accepted without sending")


def _remedy(error: str, mailer: Mailer) -> str:
    """A hint that fits the error."""
    if isinstance(mailer, SmtpMailer):
        if "has no address" in error:
            return gettext(
                "Is mail.host = {host} spelled the way your email provider gives it?", host=repr(mailer.host)
            )
        if "user and password" in error:
            return gettext("Many providers need an app password rather than your login password.")
        if "TLS" in error or "trusted" in error:
            return gettext(
                "Ask your email provider for the port and encryption; you have {port} and tls = {tls}.",
                port=mailer.port,
                tls=repr(mailer.tls),
            )
        if "cannot be reached" in error:
            return gettext("Is port {port} right, and does your network allow it?", port=mailer.port)
    return gettext("Check [mail] in the settings file.")
