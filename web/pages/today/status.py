"""Health of imports and notifications, in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.alert.alert import Level
from alerts.text.i18n import gettext, ngettext
from alerts.text.rejection_reasons import translate_reason
from alerts.text.units import short_date
from alerts.views.overview import FilesHealth, MailStatus, OtherWay, Overview
from web.http.formatting import FINE, STATES, StateBadge, capitalize_first, local_moment


@dataclass(frozen=True, slots=True)
class Status:
    """One service: its name, its state and a sentence.

    Whether it ``can_be_tried`` with a trial letter, and ``has_given_up`` something that can be sent again.
    """

    name: str
    state: StateBadge
    sentence: str
    can_be_tried: bool = False
    has_given_up: bool = False

    @property
    def is_trouble(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state is STATES[Level.CAUTION]


def statuses(overview: Overview) -> tuple[Status, ...]:
    """Files and mail, always both, every other way on which something is told, and a watcher in the dark."""
    others = (replace(_other(way, overview), has_given_up=way.dead > 0) for way in overview.mail.others)
    is_on, dead = overview.mail.mode != "off", overview.mail.dead > 0
    mail = replace(_mail(overview.mail, overview), can_be_tried=is_on, has_given_up=dead)
    return _files(overview.files, overview), mail, *others, *_watcher(overview)


def _files(files: FilesHealth, overview: Overview) -> Status:
    parts = [gettext("None yet")]
    if files.last_taken_at is not None:
        taken = files.taken_today
        parts = [gettext("{n} today", n=taken) if taken else gettext("None today")]
        parts.append(
            gettext(
                "last file: {moment}",
                moment=local_moment(files.last_taken_at, overview.time_zone, overview.today),
            )
        )
    if files.waiting:
        parts.append(ngettext("{n} waiting", "{n} waiting", files.waiting))
    came = ", ".join(parts)
    if files.trouble:
        return Status(gettext("Files"), STATES[Level.CAUTION], f"{came}. {import_trouble(files.trouble)}")
    if not files.set_aside:
        return Status(gettext("Files"), FINE, gettext("{parts}", parts=came))
    aside = ngettext(
        "{n}\xa0file couldn’t be read; see the reason on Files.",
        "{n}\xa0files couldn’t be read; see the reasons on Files.",
        files.set_aside,
    )
    return Status(gettext("Files"), STATES[Level.NOTICE], f"{came}. {aside}")


def import_trouble(trouble: str) -> str:
    """Say why no file is taken in, and no run looked at; empty where that is not so."""
    why = translate_reason(trouble)
    return (
        gettext("Nothing is being imported: {why}. It will be retried automatically.", why=why)
        if trouble
        else ""
    )


def _mail(mail: MailStatus, overview: Overview) -> Status:
    state, sentence = _trouble_with_mail(mail) or (FINE, _mail_works(mail, overview))
    return Status(gettext("Email"), state, sentence)


def _trouble_with_mail(mail: MailStatus) -> tuple[StateBadge, str] | None:
    """What keeps letters from going out, the gravest first; None where nothing does."""
    if mail.mode == "off":
        elsewhere = (
            gettext("are sent by other channels") if mail.others else gettext("appear only on this page")
        )
        return STATES[Level.INFO], gettext("Turned off; alerts {elsewhere}.", elsewhere=elsewhere)
    why = _last_error(mail.last_error)
    if mail.dead:
        lost = ngettext(
            "{n}\xa0email couldn’t be sent and won’t be retried.",
            "{n}\xa0emails couldn’t be sent and won’t be retried.",
            mail.dead,
        )
        said = gettext("{lost} What they say is on this page.{why}", lost=lost, why=why)
        return STATES[Level.CAUTION], said
    if mail.stuck:
        stuck = ngettext(
            "{n}\xa0email has been waiting for hours; nothing is being sent.",
            "{n}\xa0emails have been waiting for hours; nothing is being sent.",
            mail.stuck,
        )
        said = gettext("{stuck} Run hipwatch mail test to find out why.{why}", stuck=stuck, why=why)
        return STATES[Level.CAUTION], said
    if mail.queued and why:
        return STATES[Level.NOTICE], ngettext(
            "{n}\xa0email is waiting to be retried.{why}",
            "{n}\xa0emails are waiting to be retried.{why}",
            mail.queued,
            why=why,
        )
    return None


def _mail_works(mail: MailStatus, overview: Overview) -> str:
    last = gettext("no email has been needed yet")
    if mail.last_sent_at:
        moment = local_moment(mail.last_sent_at, overview.time_zone, overview.today)
        last = gettext("last email {moment}", moment=moment)
    return gettext(
        "{where}; {last}{waiting}.{asked_for}",
        where=gettext("Working")
        if mail.mode == "smtp"
        else gettext("Email isn’t set up yet: saved in a folder, not sent"),
        last=last,
        waiting=_waiting(mail.queued),
        asked_for=_asked_for(mail, overview),
    )


def _last_error(said: str | None) -> str:
    return gettext(" Last error: “{last_error}”", last_error=said) if said else ""


def _waiting(queued: int) -> str:
    return gettext("; {queued} waiting", queued=queued) if queued else ""


def _other(way: OtherWay, overview: Overview) -> Status:
    name = gettext("{name} (besides email)", name=capitalize_first(way.name))
    why = _last_error(way.last_error)
    if way.dead or way.stuck:
        lost = (
            ngettext("{n}\xa0message rejected permanently", "{n}\xa0messages rejected permanently", way.dead)
            if way.dead
            else gettext("Nothing is being sent")
        )
        return Status(
            name,
            STATES[Level.CAUTION],
            gettext("{lost}; try it with hipwatch mail ways.{why}", lost=lost, why=why),
        )
    if way.queued and why:
        waiting = ngettext(
            "{n}\xa0message is waiting to be retried.",
            "{n}\xa0messages are waiting to be retried.",
            way.queued,
        )
        return Status(name, STATES[Level.NOTICE], f"{waiting}{why}")
    last = gettext("no message has been needed yet")
    if way.last_sent_at:
        moment = local_moment(way.last_sent_at, overview.time_zone, overview.today)
        last = gettext("last message {moment}", moment=moment)
    return Status(name, FINE, gettext("Working; {last}{waiting}.", last=last, waiting=_waiting(way.queued)))


def _watcher(overview: Overview) -> Iterator[Status]:
    """The external uptime monitor, where pings to it fail."""
    since = overview.uptime_ping_failing_since
    if since is not None:
        moment = local_moment(since, overview.time_zone, overview.today)
        said = gettext(
            "No ping has reached ping_url since {moment}; the log has its response.",
            moment=moment,
        )
        yield Status(gettext("Uptime monitor"), STATES[Level.CAUTION], said)


def _asked_for(mail: MailStatus, overview: Overview) -> str:
    """Snoozed rules and stopped emails, listed so that quiet is not mistaken for "nothing found"."""
    quiet = [
        gettext("{rule} muted until {day}", rule=rule, day=short_date(until, today=overview.today))
        for rule, until in mail.quiet
    ]
    stopped = [gettext("no {sort}", sort=sort) for sort in mail.stopped]
    asked = [*quiet, *stopped]
    return gettext(" As you asked: {wishes}.", wishes="; ".join(asked)) if asked else ""
