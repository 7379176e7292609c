"""What the pages need from the rest of the house: three questions, answered by a watch or by a fake."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from alerts.form_view import Form
from alerts.month import Month
from alerts.overview import Explained, Health, Overview
from alerts.run_view import RunView
from alerts.training import Training


class AlmanacSource(Protocol):
    """What the pages beyond the first one ask of one runner."""

    def run(self, activity_id: int, now: datetime) -> RunView | None:
        """Tell one activity from end to end; None where the runner has none of that number."""
        ...

    def month(self, first: date | None, now: datetime) -> Month:
        """Lay out the month that begins on ``first``, by default the current one."""
        ...

    def training(self, now: datetime) -> Training | None:
        """Tell the weeks of half a year; None where nothing was ever taken in."""
        ...

    def form(self, now: datetime) -> Form:
        """Tell cadence, balance and fade of half a year."""
        ...


class DashboardSource(Protocol):
    """One runner's findings and figures, ready to be shown."""

    @property
    def almanac(self) -> AlmanacSource:
        """Where single runs, months, weeks, rules and files are looked up."""
        ...

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says at ``now``."""
        ...

    def find(self, key: str, now: datetime) -> Explained | None:
        """Explain the finding of that key at ``now``; None where there is none, whatever the key is."""
        ...

    def health(self, now: datetime) -> Health:
        """Tell whether the service does its work; cheap enough to be asked every few seconds."""
        ...
