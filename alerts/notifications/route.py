"""Where a runner's notifications go."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.notifications.compose.signed_links import Links
from alerts.notifications.delivery.channels import Channel
from alerts.notifications.delivery.mailer import Mailer
from alerts.notifications.policy.mail_policy import MailPolicy
from alerts.notifications.policy.timing import Timing


@dataclass(frozen=True, slots=True)
class MailRoute:
    """How emails leave, and when; without ``links`` they cannot be answered by pressing on something.

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
