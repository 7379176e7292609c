"""Whether files come in and letters go out, in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.alert.alert import Level
from alerts.text.i18n import gettext, ngettext
from alerts.text.rejection_reasons import translate_reason
from alerts.text.units import short_date
from alerts.views.overview import FilesHealth, MailStatus, OtherWay, Overview
from web.http.formatting import FINE, STATES, StateBadge, capital, local_moment


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
    parts = [gettext("None taken in yet")]
    if files.last_taken_at is not None:
        taken = files.taken_today
        parts = [gettext("{n} today", n=taken) if taken else gettext("None today")]
        parts.append(
            gettext(
                "the last {moment}",
                moment=local_moment(files.last_taken_at, overview.time_zone, overview.today),
            )
        )
    if files.waiting:
        parts.append(ngettext("{n} waiting", "{n} waiting", files.waiting))
    came = ", ".join(parts)
    if files.trouble:
        return Status(gettext("Files"), STATES[Level.CAUTION], f"{came}. {import_trouble(files.trouble)}")
    if not files.set_aside:
        return Status(gettext("Files"), FINE, gettext("{parts}; all fine.", parts=came))
    aside = ngettext(
        "{n}\xa0file could not be used and is kept aside with the reason.",
        "{n}\xa0files could not be used and are kept aside with the reason.",
        files.set_aside,
    )
    return Status(gettext("Files"), STATES[Level.NOTICE], f"{came}. {aside}")


def import_trouble(trouble: str) -> str:
    """Say why no file is taken in, and no run looked at; empty where that is not so."""
    why = translate_reason(trouble)
    return gettext("The work stands still: {why}. It is tried again by itself.", why=why) if trouble else ""


def _mail(mail: MailStatus, overview: Overview) -> Status:
    state, sentence = _trouble_with_mail(mail) or (FINE, _mail_works(mail, overview))
    return Status(gettext("Mail"), state, sentence)


def _trouble_with_mail(mail: MailStatus) -> tuple[StateBadge, str] | None:
    """What keeps letters from going out, the gravest first; None where nothing does."""
    if mail.mode == "off":
        elsewhere = gettext("are told on other ways") if mail.others else gettext("appear on this page only")
        return STATES[Level.INFO], gettext("Switched off; findings {elsewhere}.", elsewhere=elsewhere)
    why = _last_error(mail.last_error)
    if mail.dead:
        lost = ngettext(
            "{n}\xa0letter could not be sent and will not be tried again.",
            "{n}\xa0letters could not be sent and will not be tried again.",
            mail.dead,
        )
        said = gettext("{lost} What they say is on this page.{why}", lost=lost, why=why)
        return STATES[Level.CAUTION], said
    if mail.stuck:
        stuck = ngettext(
            "{n}\xa0letter waiting for hours: nothing leaves.",
            "{n}\xa0letters waiting for hours: nothing leaves.",
            mail.stuck,
        )
        said = gettext("{stuck} hipwatch mail test says where it ends.{why}", stuck=stuck, why=why)
        return STATES[Level.CAUTION], said
    if mail.queued and why:
        return STATES[Level.NOTICE], ngettext(
            "{n}\xa0letter waiting to be tried again.{why}",
            "{n}\xa0letters waiting to be tried again.{why}",
            mail.queued,
            why=why,
        )
    return None


def _mail_works(mail: MailStatus, overview: Overview) -> str:
    last = gettext("no letter was needed yet")
    if mail.last_sent_at:
        moment = local_moment(mail.last_sent_at, overview.time_zone, overview.today)
        last = gettext("the last letter {moment}", moment=moment)
    return gettext(
        "{where}; {last}{waiting}.{asked_for}",
        where=gettext("Working") if mail.mode == "smtp" else gettext("Written to a folder, sent to nobody"),
        last=last,
        waiting=_waiting(mail.queued),
        asked_for=_asked_for(mail, overview),
    )


def _last_error(said: str | None) -> str:
    return gettext(" The last error: “{last_error}”", last_error=said) if said else ""


def _waiting(queued: int) -> str:
    return gettext("; {queued} waiting", queued=queued) if queued else ""


def _other(way: OtherWay, overview: Overview) -> Status:
    name = gettext("{name} (beside mail)", name=capital(way.name))
    why = _last_error(way.last_error)
    if way.dead or way.stuck:
        lost = (
            ngettext("{n}\xa0message refused for good", "{n}\xa0messages refused for good", way.dead)
            if way.dead
            else gettext("Nothing leaves")
        )
        return Status(
            name,
            STATES[Level.CAUTION],
            gettext("{lost}; hipwatch mail ways tries it.{why}", lost=lost, why=why),
        )
    if way.queued and why:
        waiting = ngettext(
            "{n}\xa0message waiting to be tried again.",
            "{n}\xa0messages waiting to be tried again.",
            way.queued,
        )
        return Status(name, STATES[Level.NOTICE], f"{waiting}{why}")
    last = gettext("no message was needed yet")
    if way.last_sent_at:
        moment = local_moment(way.last_sent_at, overview.time_zone, overview.today)
        last = gettext("the last message {moment}", moment=moment)
    return Status(name, FINE, gettext("Working; {last}{waiting}.", last=last, waiting=_waiting(way.queued)))


def _watcher(overview: Overview) -> Iterator[Status]:
    """Whoever is told outside that the work goes on, where no word gets through to them."""
    since = overview.watcher_unheard_since
    if since is not None:
        moment = local_moment(since, overview.time_zone, overview.today)
        said = gettext(
            "No sign of life has got through to ping_url since {moment}; the log says what was answered.",
            moment=moment,
        )
        yield Status(gettext("Watcher outside"), STATES[Level.CAUTION], said)


def _asked_for(mail: MailStatus, overview: Overview) -> str:
    """What the runner wants to hear nothing of, so that nobody takes it for rest."""
    quiet = [
        gettext("{rule} quiet until {day}", rule=rule, day=short_date(until, today=overview.today))
        for rule, until in mail.quiet
    ]
    stopped = [gettext("no {sort}", sort=sort) for sort in mail.stopped]
    asked = [*quiet, *stopped]
    return gettext(" As you asked: {wishes}.", wishes="; ".join(asked)) if asked else ""
