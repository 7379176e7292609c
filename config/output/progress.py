"""Progress bar with count, rate and time left, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class RateColumn(ProgressColumn):
    """Files a second, over the last half-minute."""

    def render(self, task: Task) -> Text:
        """Show the rate once there is one."""
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")


@contextmanager
def bar(title: str, total: int | None, *, console: Console | None = None) -> Iterator[Callable[[], Any]]:
    """Show a bar while the block runs; give what moves it on by one file.

    A ``total`` of None is not known yet; such a bar leaves no trace. Fewer than two files are done before
    anybody reads of them, and where nobody looks (a pipe, a log) nothing is drawn.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    shown_on = console or Console(stderr=True)
    is_wanted = shown_on.is_terminal and (total is None or total > 1)
    with Progress(*columns, console=shown_on, disable=not is_wanted, transient=total is None) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)
