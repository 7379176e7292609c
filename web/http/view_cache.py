"""A source that remembers what it put together, so that ten sessions cost one look at the history.

Pages are kept for a session each (``web/keeping.py``); what they are made of is the runner's, and shared.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from threading import Lock
from typing import Any, TypeVar, cast

from alerts.care.explained_alert import ExplainedAlert
from alerts.text.i18n import current_language
from alerts.views.alert_list import AlertList
from alerts.views.form_view import Form
from alerts.views.month import Month
from alerts.views.overview import Health, Overview
from alerts.views.rule_view import RuleList
from alerts.views.training import Training
from web.http.ports import DashboardSource, HistoryViewsSource

T = TypeVar("T")

MOST_VIEWS = 48


@dataclass(slots=True)
class _Entry:
    """Where one view is kept, with the state that it was made of; who makes it holds the lock."""

    lock: Lock = field(default_factory=Lock)
    state: object = None
    view: Any = None


@dataclass(frozen=True, slots=True)
class ViewCache:
    """Views by name and language; the one that nobody has asked for longest makes room."""

    _places: OrderedDict[Hashable, _Entry] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get_or_compute(self, name: Hashable, state: object, make: Callable[[], T]) -> T:
        """Give the view of that name as of that state; several that ask for it at once have it made once."""
        if state is None:
            return make()
        place = self._place((name, current_language()))  # findings in it are told in the reader's language
        with place.lock:
            if place.state is None or place.state != state:
                place.view, place.state = make(), state
            return cast("T", place.view)

    def _place(self, name: Hashable) -> _Entry:
        with self._lock:
            place = self._places.setdefault(name, _Entry())
            self._places.move_to_end(name)
            while len(self._places) > MOST_VIEWS:
                self._places.popitem(last=False)
            return place


@dataclass(frozen=True, slots=True)
class CachedHistoryViews:
    """An almanac whose months, weeks, form, findings and rules are put together once."""

    history_views: HistoryViewsSource
    state: Callable[[datetime], object | None]
    views: ViewCache

    def month(self, first: date | None, now: datetime) -> Month:
        """Lay out a month."""
        return self._recall(("month", first), now, lambda: self.history_views.month(first, now))

    def training(self, now: datetime, *, weeks: int = 26) -> Training | None:
        """Tell so many weeks."""
        return self._recall(("training", weeks), now, lambda: self.history_views.training(now, weeks=weeks))

    def form(self, now: datetime, *, weeks: int = 26) -> Form:
        """Tell cadence, balance and fade of so many weeks."""
        return self._recall(("form", weeks), now, lambda: self.history_views.form(now, weeks=weeks))

    def alerts(self, now: datetime) -> AlertList:
        """List every finding."""
        return self._recall("alerts", now, lambda: self.history_views.alerts(now))

    def rules(self, now: datetime) -> RuleList:
        """Tell every rule."""
        return self._recall("rules", now, lambda: self.history_views.rules(now))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the almanac has
        """Everything else is asked each time."""
        return getattr(self.history_views, name)

    def _recall(self, name: Hashable, now: datetime, make: Callable[[], T]) -> T:
        return self.views.get_or_compute(name, self.state(now), make)


@dataclass(frozen=True, slots=True)
class CachedSource:
    """A source that puts its overview together once; how many files wait is counted each time."""

    source: DashboardSource
    views: ViewCache = field(default_factory=ViewCache)

    @property
    def history_views(self) -> HistoryViewsSource:
        """Where the pages beyond the first one look things up."""
        remembering = CachedHistoryViews(self.source.history_views, self.source.state, self.views)
        return cast("HistoryViewsSource", remembering)

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says."""
        state = self.source.state(now)
        kept = self.views.get_or_compute("overview", state, lambda: self.source.overview(now))
        waiting, set_aside = self.source.file_counts()
        return replace(kept, now=now, files=replace(kept.files, waiting=waiting, set_aside=set_aside))

    def state(self, now: datetime) -> object | None:
        """Tell the state of what is remembered."""
        return self.source.state(now)

    def file_counts(self) -> tuple[int, int]:
        """Count the files."""
        return self.source.file_counts()

    def find(self, key: str, now: datetime) -> ExplainedAlert | None:
        """Explain a finding."""
        return self.source.find(key, now)

    def health(self, now: datetime) -> Health:
        """Tell whether the service does its work."""
        return self.source.health(now)
