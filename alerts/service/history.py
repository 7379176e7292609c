"""One runner's activities and training days, cached until they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from alerts.care.plan.shoes import ShodRun, ground_of
from alerts.evaluation.history_cache import HistoryCache
from alerts.service.effective_settings import SettingsProvider
from ingest.storage.activity_store import ActivityStore
from ingest.storage.stored_activity import StoredActivity
from ingest.training_days.merge_sessions import local_days
from ingest.training_days.table import TrainingDays


@dataclass(frozen=True, slots=True)
class History:
    """Activities and training days, with their cache."""

    effective_settings: SettingsProvider
    store: ActivityStore
    cache: HistoryCache

    def activities(self) -> list[StoredActivity]:
        """Every activity in order of its start."""
        return self.cache.activities.get_or_compute(
            self.store.runner.history_version(), self.store.activities
        )

    def dated(self) -> list[tuple[date, StoredActivity]]:
        """Every activity with its local day, in order of its start."""
        zone = self.effective_settings().runner.time_zone

        def with_days() -> list[tuple[date, StoredActivity]]:
            activities = self.activities()
            days = local_days([activity.summary for activity in activities], zone)
            return list(zip(days.tolist(), activities, strict=True))

        return self.cache.dated.get_or_compute((self.store.runner.history_version(), zone.key), with_days)

    def days(self, now: datetime) -> TrainingDays:
        """The table of days up to today; it is another one tomorrow."""
        version = self.store.runner.history_version()  # before what it stands for: never newer than that
        in_force = self.effective_settings()
        runner, criteria = in_force.runner, in_force.criteria
        key = version, runner.day_of(now), runner.time_zone.key, runner.hard_heart_rate_bpm
        return self.cache.days.get_or_compute(key, lambda: criteria.build_days(self.activities(), now))

    def shod_runs(self) -> list[ShodRun]:
        """Every run with what decides on its pair of shoes."""
        return [
            ShodRun(activity.id, day, activity.summary.distance_m or 0.0, ground_of(activity.summary))
            for day, activity in self.dated()
            if activity.summary.is_run
        ]
