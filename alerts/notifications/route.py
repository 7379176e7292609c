"""The channels and timing of one runner's notifications."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.notifications.compose.signed_links import Links
from alerts.notifications.delivery.channels import Channel
from alerts.notifications.delivery.mailer import Mailer
from alerts.notifications.policy.mail_policy import MailPolicy
from alerts.notifications.policy.timing import Timing


@dataclass(frozen=True, slots=True)
class MailRoute:
    """How and when emails are sent; without ``links`` they contain no answer links.

    Without a ``mailer`` no email is written, and what is found is told on the ``channels`` alone.
    ``asks_after_silence`` allows one question when no file came for longer than is usual; ``subject_tells``
    lets the subject say what was found.
    """

    mailer: Mailer | None
    policy: MailPolicy
    timing: Timing
    dashboard_url: str
    links: Links | None = None
    asks_after_silence: bool = True
    channels: tuple[Channel, ...] = ()
    subject_tells: bool = False
