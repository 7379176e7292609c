"""Channels other than email; delivery is at least once, and errors are reported in words.

A channel is a mailer. What it carries was written with the alert, in one transaction, under a name that
stays the same on every attempt; so it has the outbox's promise without a queue of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alerts.alert.alert import Level
from alerts.care.explained_alert import ExplainedAlert
from alerts.notifications.compose.email_content import Email
from alerts.notifications.delivery.mailer import Mailer
from alerts.text.i18n import gettext

NOBODY_AT_HOME = "hipwatch.invalid"

Form = Literal["event", "little", "all"]
"""What a channel carries: an event for machines, a note that something was found, or what was found."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel besides email, for one runner's alerts from a level on."""

    name: str
    mailer: Mailer
    least: Level
    form: Form = "event"

    @property
    def recipient(self) -> str:
        """A placeholder recipient in the outbox; no email is ever sent to it."""
        return f"{self.name}@{NOBODY_AT_HOME}"


def as_notification(told: Sequence[ExplainedAlert], *, form: Form, dashboard_url: str) -> Email:
    """Alerts as a notification, the most severe first; the text has passed the advice gate.

    It passes through other people's servers and lies on locked screens, so that it says what was found only
    where the runner asked for ``all``.
    """
    if form != "all":
        return Email(
            "Hipwatch",
            gettext("See {address}", address=dashboard_url),
            "",
        )
    lines = [f"{one.alert_text.sentence} {one.alert_text.act}" for one in told[:1]]
    lines += [gettext("Also: {title}", title=one.alert_text.title) for one in told[1:]]
    return Email(
        gettext("Hipwatch: {title}", title=told[0].alert_text.title), "\n".join((*lines, dashboard_url)), ""
    )
