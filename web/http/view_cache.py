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

from alerts.care.explained_alert import Explained
from alerts.text.i18n import spoken
from alerts.views.alert_list import FindingList
from alerts.views.form_view import Form
from alerts.views.month import Month
from alerts.views.overview import Health, Overview
from alerts.views.rule_view import RuleList
from alerts.views.training import Training
from web.http.ports import AlmanacSource, DashboardSource

T = TypeVar("T")

MOST_VIEWS = 48


@dataclass(slots=True)
class _Place:
    """Where one view is kept, with the state that it was made of; who makes it holds the lock."""

    lock: Lock = field(default_factory=Lock)
    state: object = None
    view: Any = None


@dataclass(frozen=True, slots=True)
class Views:
    """Views by name and language; the one that nobody has asked for longest makes room."""

    _places: OrderedDict[Hashable, _Place] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def recall(self, name: Hashable, state: object, make: Callable[[], T]) -> T:
        """Give the view of that name as of that state; several that ask for it at once have it made once."""
        if state is None:
            return make()
        place = self._place((name, spoken()))  # findings in it are told in the reader's language
        with place.lock:
            if place.state is None or place.state != state:
                place.view, place.state = make(), state
            return cast("T", place.view)

    def _place(self, name: Hashable) -> _Place:
        with self._lock:
            place = self._places.setdefault(name, _Place())
            self._places.move_to_end(name)
            while len(self._places) > MOST_VIEWS:
                self._places.popitem(last=False)
            return place


@dataclass(frozen=True, slots=True)
class RememberingAlmanac:
    """An almanac whose months, weeks, form, findings and rules are put together once."""

    almanac: AlmanacSource
    state: Callable[[datetime], object | None]
    views: Views

    def month(self, first: date | None, now: datetime) -> Month:
        """Lay out a month."""
        return self._recall(("month", first), now, lambda: self.almanac.month(first, now))

    def training(self, now: datetime, *, weeks: int = 26) -> Training | None:
        """Tell so many weeks."""
        return self._recall(("training", weeks), now, lambda: self.almanac.training(now, weeks=weeks))

    def form(self, now: datetime, *, weeks: int = 26) -> Form:
        """Tell cadence, balance and fade of so many weeks."""
        return self._recall(("form", weeks), now, lambda: self.almanac.form(now, weeks=weeks))

    def findings(self, now: datetime) -> FindingList:
        """List every finding."""
        return self._recall("findings", now, lambda: self.almanac.findings(now))

    def rules(self, now: datetime) -> RuleList:
        """Tell every rule."""
        return self._recall("rules", now, lambda: self.almanac.rules(now))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the almanac has
        """Everything else is asked each time."""
        return getattr(self.almanac, name)

    def _recall(self, name: Hashable, now: datetime, make: Callable[[], T]) -> T:
        return self.views.recall(name, self.state(now), make)


@dataclass(frozen=True, slots=True)
class RememberingSource:
    """A source that puts its overview together once; how many files wait is counted each time."""

    source: DashboardSource
    views: Views = field(default_factory=Views)

    @property
    def almanac(self) -> AlmanacSource:
        """Where the pages beyond the first one look things up."""
        remembering = RememberingAlmanac(self.source.almanac, self.source.state, self.views)
        return cast("AlmanacSource", remembering)

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says."""
        state = self.source.state(now)
        kept = self.views.recall("overview", state, lambda: self.source.overview(now))
        waiting, set_aside = self.source.lying()
        return replace(kept, now=now, files=replace(kept.files, waiting=waiting, set_aside=set_aside))

    def state(self, now: datetime) -> object | None:
        """Tell the state of what is remembered."""
        return self.source.state(now)

    def lying(self) -> tuple[int, int]:
        """Count the files."""
        return self.source.lying()

    def find(self, key: str, now: datetime) -> Explained | None:
        """Explain a finding."""
        return self.source.find(key, now)

    def health(self, now: datetime) -> Health:
        """Tell whether the service does its work."""
        return self.source.health(now)
