"""The pain diary: reports, next-morning scores, and examinations of red flags."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerts.errors import JournalError
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainEntry, PainReport, SeenTo, Urgency
from alerts.journal.red_flag import RedFlag
from alerts.journal.runner_table import RunnerTable
from alerts.journal.schema import pain_table, seen_to_table


@dataclass(frozen=True, slots=True)
class PainDiary(RunnerTable):
    """One runner's pain reports."""

    table: ClassVar[sa.Table] = pain_table

    def report(
        self,
        report: PainReport,
        *,
        asked: Sequence[RedFlag],
        now: datetime,
        activity_id: int | None = None,
    ) -> PainEntry:
        """Store a report; every red flag in ``asked`` must be answered.

        Raises
        ------
        JournalError
            If a question was not answered: no answer is not a no.
        """
        urgency = _gravest(report, asked)
        number = self._add(
            {
                "reported_at": now,
                "day": report.day,
                "place": report.place.value,
                "side": report.side.value,
                "during_score": report.during,
                "after_score": report.after,
                "next_morning_score": report.next_morning,
                "limped": report.limped,
                "answers": json.dumps(dict(report.answers)),
                "urgency": urgency,
                "note": report.note,
                "activity_id": activity_id,
            }
        )
        return PainEntry(number, report, now, urgency, activity_id)

    def add_next_morning(self, number: int, score: int) -> PainEntry:
        """Add the next-morning score to an entry.

        Raises
        ------
        JournalError
            If there is no such entry, or the score is not on the scale.
        """
        entry = self.find(number)
        completed = dataclasses.replace(entry.report, next_morning=score)
        self._change(number, {"next_morning_score": score})
        return dataclasses.replace(entry, report=completed)

    def find(self, number: int) -> PainEntry:
        """The entry with that id, withdrawn or not.

        Raises
        ------
        JournalError
            If the runner has no such entry.
        """
        rows = self._rows(self._mine, self.table.c.id == number, order=("id",))
        if not rows:
            raise JournalError(f"there is no entry {number} in the journal")
        return _entry(rows[0])

    def since(self, day: date, *, connection: Connection | None = None) -> list[PainEntry]:
        """Entries about that day and later, by day and report."""
        rows = self._rows(
            self._stands,
            self.table.c.day >= day,
            order=("day", "reported_at", "id"),
            connection=connection,
        )
        return [_entry(row) for row in rows]

    def flagged(self, *, connection: Connection | None = None) -> list[PainEntry]:
        """Every entry with a red flag, including withdrawn ones, in order of report."""
        rows = self._rows(
            self._mine, self.table.c.urgency.is_not(None), order=("reported_at", "id"), connection=connection
        )
        return [_entry(row) for row in rows]


@dataclass(frozen=True, slots=True)
class SeenToLog(RunnerTable):
    """Examinations of one runner's red flags."""

    table: ClassVar[sa.Table] = seen_to_table

    def add(self, seen: SeenTo, *, now: datetime) -> SeenTo:
        """Store an examination."""
        row = {"recorded_at": now, "day": seen.day, "seen_by": seen.by, "note": seen.note}
        return dataclasses.replace(seen, id=self._add(row), recorded_at=now)

    def all(self, *, connection: Connection | None = None) -> list[SeenTo]:
        """All examinations that were not withdrawn, in order."""
        return [
            SeenTo(row["day"], row["seen_by"], row["note"], row["id"], row["recorded_at"])
            for row in self._rows(self._stands, order=("recorded_at", "id"), connection=connection)
        ]


def _gravest(report: PainReport, asked: Sequence[RedFlag]) -> Urgency | None:
    unanswered = [flag.question for flag in asked if flag.id not in report.answers]
    if unanswered:
        raise JournalError(f"answer every question, also with no: {unanswered[0]}")
    urgencies = {flag.urgency for flag in asked if report.answers[flag.id]}
    # a yes to a question that is no longer asked still counts, and as the more severe kind
    if "urgent" in urgencies or set(report.flags) - {flag.id for flag in asked}:
        return "urgent"
    return "soon" if urgencies else None


def _entry(row: RowMapping) -> PainEntry:
    report = PainReport(
        day=row["day"],
        place=BodySite(row["place"]),
        side=Side(row["side"]),
        during=row["during_score"],
        after=row["after_score"],
        next_morning=row["next_morning_score"],
        limped=row["limped"],
        answers=MappingProxyType(json.loads(row["answers"])),
        note=row["note"],
    )
    return PainEntry(
        row["id"], report, row["reported_at"], row["urgency"], row["activity_id"], row["withdrawn_at"]
    )
