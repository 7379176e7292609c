"""Red flags: one "yes" locks all running and exercise advice until a professional has examined it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.care.catalogue.catalogue import PROFESSIONALS, CareCatalogue, Routine
from alerts.journal.entries import PainEntry, SeenTo, Urgency
from alerts.journal.red_flag import RedFlag
from alerts.text.i18n import gettext

SLIP_WITHIN = timedelta(minutes=10)
"""A report that is withdrawn so soon was a slip of the finger; later only "seen to" ends the silence."""


@dataclass(frozen=True, slots=True)
class RedFlagLock:
    """Why advice is locked: the red flags that no professional has examined yet.

    ``professional`` is the only advice shown, for the highest urgency. ``flags`` are the questions answered
    "yes", in their current wording. ``since`` is the first such report, ``latest_at`` the last.
    """

    urgency: Urgency
    professional: Routine
    flags: tuple[RedFlag, ...]
    since: datetime
    latest_at: datetime

    @property
    def sentence(self) -> str:
        """The reason for the lock."""
        return gettext("You answered yes to a question that a professional should look at.")

    @property
    def act(self) -> str:
        """The one thing to do: see a professional."""
        if self.urgency == "urgent":
            return gettext("Get medical care today, and don’t run until you’ve been examined.")
        return gettext("See a professional within days, and don’t run until you’ve been examined.")


def find_red_flag_lock(
    flagged: Sequence[PainEntry], seen: Sequence[SeenTo], care: CareCatalogue
) -> RedFlagLock | None:
    """The lock from unexamined red flags; None if there are none.

    Parameters
    ----------
    flagged : sequence of PainEntry
        Every report with a yes, withdrawn ones too.
    seen : sequence of SeenTo
        Who saw to it; whatever was reported before that was recorded is settled.
    """
    settled_at = max((s.recorded_at for s in seen if s.recorded_at is not None), default=None)
    still_open = [
        entry
        for entry in flagged
        if entry.urgency is not None
        and not _was_a_slip(entry)
        and (settled_at is None or entry.reported_at > settled_at)
    ]
    if not still_open:
        return None
    urgency: Urgency = "urgent" if any(entry.urgency == "urgent" for entry in still_open) else "soon"
    answered = {flag for entry in still_open for flag in entry.report.flags}
    return RedFlagLock(
        urgency=urgency,
        professional=professional(care, urgency),
        flags=tuple(flag for flag in care.red_flags if flag.id in answered),
        since=min(entry.reported_at for entry in still_open),
        latest_at=max(entry.reported_at for entry in still_open),
    )


def professional(care: CareCatalogue, urgency: Urgency) -> Routine:
    """The catalogue's referral to a professional of that urgency."""
    return next(care.routines[name] for name, kind in PROFESSIONALS.items() if kind == urgency)


def _was_a_slip(entry: PainEntry) -> bool:
    return entry.withdrawn_at is not None and entry.withdrawn_at - entry.reported_at <= SLIP_WITHIN
