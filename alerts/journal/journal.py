"""One runner's journal: everything the runner enters by hand."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.journal.calendar_urls import CalendarAddresses
from alerts.journal.pain_diary import PainDiary, SeenToLog
from alerts.journal.planned_runs import PlannedRuns
from alerts.journal.routine_log import RoutineLog
from alerts.journal.shoe_store import ShoeStore
from ingest.storage.database import Database


@dataclass(frozen=True, slots=True)
class Journal:
    """One runner's journal."""

    database: Database
    runner_id: int

    @property
    def pain(self) -> PainDiary:
        """The pain diary."""
        return PainDiary(self.database, self.runner_id)

    @property
    def seen_to(self) -> SeenToLog:
        """Examinations of red flags."""
        return SeenToLog(self.database, self.runner_id)

    @property
    def routines(self) -> RoutineLog:
        """Routines done."""
        return RoutineLog(self.database, self.runner_id)

    @property
    def shoes(self) -> ShoeStore:
        """Pairs of shoes."""
        return ShoeStore(self.database, self.runner_id)

    @property
    def planned(self) -> PlannedRuns:
        """Planned runs and races."""
        return PlannedRuns(self.database, self.runner_id)

    @property
    def calendar(self) -> CalendarAddresses:
        """URLs of the calendar feed."""
        return CalendarAddresses(self.database, self.runner_id)
