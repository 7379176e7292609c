"""Ports: what the pages need from the alerts package, or from a fake in tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import IO, Protocol

from alerts.care.explained_alert import ExplainedAlert
from alerts.views.alert_list import AlertList
from alerts.views.files_view import FilesView
from alerts.views.form_view import Form
from alerts.views.month import Month
from alerts.views.overview import Health, Overview
from alerts.views.rule_view import Preview, RuleList, RuleView
from alerts.views.run_view import RunView
from alerts.views.training import Training


class HistoryViewsSource(Protocol):
    """The views of one runner's history."""

    def run(self, activity_id: int, now: datetime) -> RunView | None:
        """One activity in full; None if the runner has none of that number."""
        ...

    def month(self, first: date | None, now: datetime) -> Month:
        """Lay out the month that begins on ``first``, by default the current one."""
        ...

    def training(self, now: datetime, *, weeks: int = 26) -> Training | None:
        """Tell so many weeks, or all there are; None where nothing was ever taken in."""
        ...

    def form(self, now: datetime, *, weeks: int = 26) -> Form:
        """Tell cadence, balance and fade of so many weeks."""
        ...

    def alerts(self, now: datetime) -> AlertList:
        """List every finding, latest first."""
        ...

    def files(self, now: datetime, *, since: datetime | None = None) -> FilesView:
        """Tell what became of the files, since a moment, by default since the day began."""
        ...

    def save_uploads(self, files: Iterable[tuple[IO[bytes], str]]) -> tuple[int, list[str]]:
        """Lay what was handed over into the inbox; tell how many, and of the others why not."""
        ...

    def request_retry(self) -> None:
        """Have everything that was set aside tried again."""
        ...

    def rules(self, now: datetime) -> RuleList:
        """Tell every rule over this history and as it happened."""
        ...

    def rule(self, kind: str, now: datetime) -> RuleView | None:
        """Tell one rule; None where there is none of that kind."""
        ...

    def preview(self, kind: str, chosen: Mapping[str, float], now: datetime) -> Preview | None:
        """Tell what a rule would have said with other numbers."""
        ...


class DashboardSource(Protocol):
    """One runner's findings and figures, ready to be shown."""

    @property
    def history_views(self) -> HistoryViewsSource:
        """Where single runs, months, weeks, rules and files are looked up."""
        ...

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says at ``now``."""
        ...

    def state(self, now: datetime) -> object | None:
        """Version token for caching; None if the database cannot provide one.

        What lies in folders is left out of it.
        """
        ...

    def file_counts(self) -> tuple[int, int]:
        """Count the files that wait and those that were set aside; cheap enough for every request."""
        ...

    def find(self, key: str, now: datetime) -> ExplainedAlert | None:
        """Explain the finding of that key at ``now``; None where there is none, whatever the key is."""
        ...

    def health(self, now: datetime) -> Health:
        """Tell whether the service does its work; cheap enough to be asked every few seconds."""
        ...
