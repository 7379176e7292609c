"""Whether files come in and letters go out, in one sentence each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from alerts.findings import Level
from alerts.pages.overview import FilesHealth, MailStatus, OtherWay, Overview
from alerts.units import short_date
from web.present import FINE, STATES, State, capital, count, local_moment


@dataclass(frozen=True, slots=True)
class Status:
    """One service: its name, its state and a sentence, and whether a page may try it."""

    name: str
    state: State
    sentence: str
    can_be_tried: bool = False

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state is STATES[Level.CAUTION]


def statuses(overview: Overview) -> tuple[Status, ...]:
    """Files and mail, always both, and every other way on which something is told."""
    others = (_other(way, overview) for way in overview.mail.others)
    mail = replace(_mail(overview.mail, overview), can_be_tried=overview.mail.mode != "off")
    return _files(overview.files, overview), mail, *others


def _files(files: FilesHealth, overview: Overview) -> Status:
    parts = ["None taken in yet"]
    if files.last_taken_at is not None:
        parts = [f"{files.taken_today or 'None'} today"]
        parts.append(f"the last {local_moment(files.last_taken_at, overview.time_zone, overview.today)}")
    if files.waiting:
        parts.append(f"{files.waiting} waiting")
    if not files.set_aside:
        return Status("Files", FINE, f"{', '.join(parts)}; all fine.")
    aside = (
        f"{count(files.set_aside, 'file')} could not be used and {'is' if files.set_aside == 1 else 'are'}"
    )
    return Status("Files", STATES[Level.NOTICE], f"{', '.join(parts)}. {aside} kept aside with the reason.")


def _mail(mail: MailStatus, overview: Overview) -> Status:
    if mail.mode == "off":
        elsewhere = "are told on other ways" if mail.others else "appear on this page only"
        return Status("Mail", STATES[Level.INFO], f"Switched off; findings {elsewhere}.")
    why = f" The last error: “{mail.last_error}”" if mail.last_error else ""
    if mail.dead:
        lost = f"{count(mail.dead, 'letter')} could not be sent and will not be tried again."
        return Status("Mail", STATES[Level.CAUTION], f"{lost} What they say is on this page.{why}")
    if mail.stuck:
        stuck = f"{count(mail.stuck, 'letter')} waiting for hours: nothing leaves."
        return Status("Mail", STATES[Level.CAUTION], f"{stuck} hipwatch mail test says where it ends.{why}")
    if mail.queued and why:
        return Status(
            "Mail", STATES[Level.NOTICE], f"{count(mail.queued, 'letter')} waiting to be tried again.{why}"
        )
    last = (
        f"the last letter {local_moment(mail.last_sent_at, overview.time_zone, overview.today)}"
        if mail.last_sent_at
        else "no letter was needed yet"
    )
    where = "Working" if mail.mode == "smtp" else "Written to a folder, sent to nobody"
    waiting = f"; {mail.queued} waiting" if mail.queued else ""
    return Status("Mail", FINE, f"{where}; {last}{waiting}.{_asked_for(mail, overview)}")


def _other(way: OtherWay, overview: Overview) -> Status:
    name = f"{capital(way.name)} (beside mail)"
    why = f" The last error: “{way.last_error}”" if way.last_error else ""
    if way.dead or way.stuck:
        lost = f"{count(way.dead, 'message')} refused for good" if way.dead else "Nothing leaves"
        return Status(name, STATES[Level.CAUTION], f"{lost}; hipwatch mail ways tries it.{why}")
    if way.queued and why:
        waiting = f"{count(way.queued, 'message')} waiting to be tried again."
        return Status(name, STATES[Level.NOTICE], f"{waiting}{why}")
    last = (
        f"the last message {local_moment(way.last_sent_at, overview.time_zone, overview.today)}"
        if way.last_sent_at
        else "no message was needed yet"
    )
    waiting = f"; {way.queued} waiting" if way.queued else ""
    return Status(name, FINE, f"Working; {last}{waiting}.")


def _asked_for(mail: MailStatus, overview: Overview) -> str:
    """What the runner wants to hear nothing of, so that nobody takes it for rest."""
    quiet = [f"{rule} quiet until {short_date(until, today=overview.today)}" for rule, until in mail.quiet]
    stopped = [f"no {sort}" for sort in mail.stopped]
    asked = [*quiet, *stopped]
    return f" As you asked: {'; '.join(asked)}." if asked else ""
