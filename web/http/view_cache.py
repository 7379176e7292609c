"""A dashboard source that caches its view models, so that many sessions cost one read of the history.

Rendered pages are cached for each session (``web/http/page_cache.py``); view models are shared by all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import IO, TypeVar

from alerts.care.explained_alert import ExplainedAlert
from alerts.text.i18n import current_language
from alerts.views.alert_list import AlertList
from alerts.views.files_view import FilesView
from alerts.views.form_view import Form
from alerts.views.month import Month
from alerts.views.overview import Health, Overview
from alerts.views.rule_view import Preview, RuleList, RuleView
from alerts.views.run_view import RunView
from alerts.views.training import Training
from web.http.lru_cache import LruCache
from web.http.ports import DashboardSource, HistoryViewsSource

T = TypeVar("T")

MOST_VIEWS = 48


@dataclass(frozen=True, slots=True)
class ViewCache:
    """LRU cache of view models by name and language."""

    _cache: LruCache[object] = field(default_factory=lambda: LruCache(MOST_VIEWS))

    def get_or_compute(self, name: Hashable, version: object, compute: Callable[[], T]) -> T:
        """The view of that name and version; without a version token it is computed each time."""
        if version is None:
            return compute()
        key = name, current_language()  # texts in it are in the reader's language
        return self._cache.get_or_compute(key, version, compute)


@dataclass(frozen=True, slots=True)
class CachedHistoryViews:
    """History views of which months, training, form, alerts and rules are cached; all else passes through."""

    history_views: HistoryViewsSource
    state: Callable[[datetime], object | None]
    views: ViewCache

    def month(self, first: date | None, now: datetime) -> Month:
        """A calendar month."""
        return self._cached(("month", first), now, lambda: self.history_views.month(first, now))

    def training(self, now: datetime, *, weeks: int = 26) -> Training | None:
        """Weekly load."""
        return self._cached(("training", weeks), now, lambda: self.history_views.training(now, weeks=weeks))

    def form(self, now: datetime, *, weeks: int = 26) -> Form:
        """Cadence, contact balance and fade."""
        return self._cached(("form", weeks), now, lambda: self.history_views.form(now, weeks=weeks))

    def alerts(self, now: datetime) -> AlertList:
        """Every alert."""
        return self._cached("alerts", now, lambda: self.history_views.alerts(now))

    def rules(self, now: datetime) -> RuleList:
        """Every rule."""
        return self._cached("rules", now, lambda: self.history_views.rules(now))

    def run(self, activity_id: int, now: datetime) -> RunView | None:
        """One activity, not cached."""
        return self.history_views.run(activity_id, now)

    def files(self, now: datetime, *, since: datetime | None = None) -> FilesView:
        """The files, not cached."""
        return self.history_views.files(now, since=since)

    def save_uploads(self, files: Iterable[tuple[IO[bytes], str]]) -> tuple[int, list[str]]:
        """Store uploaded files in the inbox."""
        return self.history_views.save_uploads(files)

    def request_retry(self) -> None:
        """Have rejected files tried again."""
        self.history_views.request_retry()

    def rule(self, kind: str, now: datetime) -> RuleView | None:
        """One rule, not cached."""
        return self.history_views.rule(kind, now)

    def preview(self, kind: str, chosen: Mapping[str, float], now: datetime) -> Preview | None:
        """One rule with other numbers, not cached."""
        return self.history_views.preview(kind, chosen, now)

    def _cached(self, name: Hashable, now: datetime, compute: Callable[[], T]) -> T:
        return self.views.get_or_compute(name, self.state(now), compute)


@dataclass(frozen=True, slots=True)
class CachedSource:
    """A source whose overview and history views are cached; waiting files are counted each time."""

    source: DashboardSource
    views: ViewCache = field(default_factory=ViewCache)

    @property
    def history_views(self) -> HistoryViewsSource:
        """Where the pages beyond the first one look things up."""
        return CachedHistoryViews(self.source.history_views, self.source.state, self.views)

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says."""
        state = self.source.state(now)
        cached = self.views.get_or_compute("overview", state, lambda: self.source.overview(now))
        waiting, set_aside = self.source.file_counts()
        return replace(cached, now=now, files=replace(cached.files, waiting=waiting, set_aside=set_aside))

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
