"""`hipwatch replay_command`: the rules over one's own past, with their parameters or with others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from alerts.evaluation.replay import ReplayTable, RuleReplay
from config.output.console import as_json, now, print_json
from config.output.open_folder import open_data_folder


@click.command("replay")
@click.option("--rule", "kind", metavar="KIND", help="Only this rule.")
@click.option("--set", "changes", multiple=True, metavar="NAME=VALUE", help="Try another parameter.")
@as_json
def replay_command(kind: str | None, changes: tuple[str, ...], *, as_json: bool) -> None:
    """Show when each rule would have spoken in your history, and what your pain diary says to that."""
    chosen = dict(_pair(change) for change in changes)
    with open_data_folder() as services:
        moment = now()
        table = services.runner_service.rule_history.replay(moment, kind=kind, changes=chosen)
        live = services.runner_service.rule_history.live_figures(moment, kind=kind)
    if as_json:
        print_json(_of(table) | {"live": _of(live)})
    else:
        click.echo("\n\n".join(filter(None, (replay_lines(table), live_lines(live)))))


def _pair(change: str) -> tuple[str, str]:
    name, equals, value = change.partition("=")
    if not (name and equals and value):
        raise click.BadParameter(f"{change!r}: write NAME=VALUE", param_hint="--set")
    return name.strip(), value.strip()


def replay_lines(table: ReplayTable) -> str:
    """The table for people: counts, and a share only of twenty and more."""
    if table.first is None:
        return "There is no history yet."
    return _lines(table, f"{table.first} to {table.last}; ", HEADER, [_cells(row) for row in table.rules])


def live_lines(table: ReplayTable) -> str:
    """The same of what was said as it happened; nothing where nothing was."""
    if table.first is None:
        return ""
    rows = [(*_cells(row), str(row.useful), str(row.not_useful), str(row.first)) for row in table.rules]
    return _lines(table, f"As it happened since {table.first}; ", (*HEADER, *LIVE_HEADER), rows)


HEADER = ("rule", "spoke", "pain within 14 days", "pain without it before")
LIVE_HEADER = ("called useful", "not useful", "counted since")


def _cells(row: RuleReplay) -> tuple[str, ...]:
    return row.kind, str(row.times), _followed(row), f"{len(row.unannounced)} of {len(row.pain_days)}"


def _lines(table: ReplayTable, when: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]
    about = (
        f"{when}days with pain: {len(table.pain_days)}, of which "
        f"{len(table.unannounced)} had no finding of any of these rules in the 14 days before."
    )
    return "\n".join((about, "", *lines))


def _followed(row: RuleReplay) -> str:
    share = "" if row.share_followed is None else f" ({100 * row.share_followed:.0f} %)"
    return f"{row.followed} of {row.times}{share}"


def _of(table: ReplayTable) -> dict[str, Any]:
    return {
        "first": table.first and table.first.isoformat(),
        "last": table.last and table.last.isoformat(),
        "pain_days": [day.isoformat() for day in table.pain_days],
        "unannounced": [day.isoformat() for day in table.unannounced],
        "rules": [
            {
                "kind": row.kind,
                "parameters": row.parameters,
                "spoke": row.times,
                "followed": row.followed,
                "share_followed": row.share_followed,
                "first": row.first and row.first.isoformat(),
                "pain_days": [day.isoformat() for day in row.pain_days],
                "unannounced": [day.isoformat() for day in row.unannounced],
                "useful": row.useful,
                "not_useful": row.not_useful,
                "fired": [
                    {
                        "day": one.day.isoformat(),
                        "level": one.level.word,
                        "pain_day": one.pain_day and one.pain_day.isoformat(),
                    }
                    for one in row.fired
                ],
            }
            for row in table.rules
        ],
    }
