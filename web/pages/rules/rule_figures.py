"""What rules said and what came of it, counted: on one's past, and as it happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.evaluation.replay import ReplayTable, RuleReplay
from alerts.text import units as words
from alerts.text.i18n import gettext, gettext_noop
from alerts.text.units import number
from alerts.views.rule_view import PAIN_WITHIN_DAYS, Preview, RuleList, RuleView
from web.pages.rules.rule_record import rule_name

NOTHING_TO_COUNT = "–"
NO_PAIN_YET = gettext_noop("You haven’t logged any pain yet, so nothing can be said about what followed.")


@dataclass(frozen=True, slots=True)
class CountColumn:
    """What is counted in a column, and since when."""

    title: str
    since: str


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One line of a table; ``kind`` is the rule that it is about, where the table is about several."""

    title: str
    cells: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """One rule counted: a column for the past, one for the numbers tried, one for what really happened."""

    columns: tuple[CountColumn, ...]
    rows: tuple[CountedRow, ...]


@dataclass(frozen=True, slots=True)
class RulesTable:
    """All rules counted in one way; ``about`` says from when and over how much pain."""

    name: str
    title: str
    about: str
    header: tuple[str, ...]
    rows: tuple[CountedRow, ...]


Count = Callable[[RuleReplay], str]


def of_whole(part: int, whole: int) -> str:
    """So many of so many; nothing where there are none to be counted."""
    if not whole:
        return NOTHING_TO_COUNT
    return gettext("{part} of {whole}", part=number(part), whole=number(whole))


def followed(figures: RuleReplay) -> str:
    """After how many findings pain was told, as a share as well where there are enough of them."""
    counted = of_whole(figures.followed, figures.times)
    share = figures.share_followed
    return counted if share is None else f"{counted} ({words.percent(share)})"


def rule_figures(view: RuleView, tried: Preview | None) -> RuleFigures:
    """Count one rule."""
    counted = [(gettext("On your history"), view.record.figures)]
    if tried is not None and tried.record is not None:
        counted.append((gettext("With your changes"), tried.record.figures))
    if not view.is_off:
        counted.append((gettext("What happened"), view.live))
    # on a phone the head of a column may break anywhere between its words
    columns = tuple(
        CountColumn(title, _since(one.first, view.today).replace(words.NBSP, " ")) for title, one in counted
    )
    lines = _counts(tells_pain=view.tells_pain)
    if not view.is_off:
        lines += _opinions(gettext("You called it useful"), gettext("You called it not useful"))
    rows = (CountedRow(title, tuple(count(one) for _, one in counted)) for title, count in lines)
    return RuleFigures(columns, tuple(rows))


def rules_tables(listed: RuleList) -> tuple[RulesTable, ...]:
    """Count all rules, on one's past and as it happened; nothing before there is a history."""
    if listed.past.first is None:
        return ()
    counts = _counts(tells_pain=listed.tells_pain)
    opinions = _opinions(gettext("Useful"), gettext("Not useful"))
    return (
        _table("past", gettext("On your history"), listed.past, counts, listed),
        _table("live", gettext("What happened"), listed.live, [*counts, *opinions], listed),
    )


def _table(
    name: str, title: str, table: ReplayTable, lines: Sequence[tuple[str, Count]], listed: RuleList
) -> RulesTable:
    rows = (
        CountedRow(rule_name(row.kind), tuple(count(row) for _, count in lines), row.kind)
        for row in table.rules
        if name == "past" or row.kind not in listed.off
    )
    return RulesTable(name, title, _about(table, listed), tuple(title for title, _ in lines), tuple(rows))


def _about(table: ReplayTable, listed: RuleList) -> str:
    since = _since(table.first, listed.today)
    if not listed.tells_pain:
        begun = gettext("Since {day}.", day=since)
        return f"{begun} {gettext(NO_PAIN_YET)}"
    if not table.pain_days:
        return gettext("Since {day}. No pain was logged.", day=since)
    return gettext(
        "Since {day}. Days with pain: {n}, of which {unannounced} had no alert from any rule in the "
        "{days} days before.",
        day=since,
        n=number(len(table.pain_days)),
        unannounced=number(len(table.unannounced)),
        days=PAIN_WITHIN_DAYS,
    )


def _since(day: date | None, today: date) -> str:
    return NOTHING_TO_COUNT if day is None else words.plain_date(day, today=today)


def _counts(*, tells_pain: bool) -> list[tuple[str, Count]]:
    """What is counted of every history; of pain nothing where none was ever told."""
    days = PAIN_WITHIN_DAYS
    return [
        (gettext("Triggered"), lambda one: number(one.times)),
        (
            gettext("Pain within {days} days", days=days),
            lambda one: followed(one) if tells_pain else NOTHING_TO_COUNT,
        ),
        (
            gettext("Pain with no alert"),
            lambda one: of_whole(len(one.unannounced), len(one.pain_days)),
        ),
    ]


def _opinions(useful: str, not_useful: str) -> list[tuple[str, Count]]:
    """What the runner said of it, under those titles; nothing where nobody could be asked."""

    def counted(part: int | None, figures: RuleReplay) -> str:
        return NOTHING_TO_COUNT if part is None else of_whole(part, figures.times)

    return [
        (useful, lambda one: counted(one.useful, one)),
        (not_useful, lambda one: counted(one.not_useful, one)),
    ]
