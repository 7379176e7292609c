"""Shoes, and the runs that the runner assigned to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from alerts.errors import JournalError
from alerts.journal.entries import Shoe
from alerts.journal.runner_table import RunnerTable
from alerts.journal.schema import run_shoe_table, shoe_table


@dataclass(frozen=True, slots=True)
class ShoeStore(RunnerTable):
    """One runner's shoes."""

    table: ClassVar[sa.Table] = shoe_table

    def add(self, shoe: Shoe, *, now: datetime) -> Shoe:
        """Store a pair; returns its id."""
        return dataclasses.replace(shoe, id=self._add(_row(shoe) | {"added_at": now}))

    def change(self, shoe: Shoe) -> None:
        """Change everything but the id of a pair.

        Raises
        ------
        JournalError
            If the runner has no such pair.
        """
        self._change(shoe.id, _row(shoe))

    def retire(self, number: int, day: date) -> None:
        """Retire a pair after that day.

        Raises
        ------
        JournalError
            If the runner has no such pair, or it begins later.
        """
        known = {shoe.id: shoe for shoe in self.all()}
        if number not in known:
            raise JournalError(f"there is no entry {number} in the journal")
        self.change(dataclasses.replace(known[number], retired_on=day))

    def all(self) -> list[Shoe]:
        """All pairs that were not withdrawn, by first day."""
        return [
            Shoe(**{field.name: row[field.name] for field in dataclasses.fields(Shoe)})
            for row in self._rows(self._stands, order=("first_day", "id"))
        ]

    def choose(self, activity_id: int, shoe_id: int | None, *, now: datetime) -> None:
        """Assign a run to a pair; None goes back to the automatic choice.

        Raises
        ------
        JournalError
            If the runner has no such pair.
        """
        if shoe_id is not None and shoe_id not in {shoe.id for shoe in self.all()}:
            raise JournalError(f"there is no entry {shoe_id} in the journal")
        mine = run_shoe_table.c.runner_id == self.runner_id
        row = {"runner_id": self.runner_id, "activity_id": activity_id, "shoe_id": shoe_id, "chosen_at": now}
        with self.database.writing() as connection:
            before = run_shoe_table.c.activity_id == activity_id
            connection.execute(sa.delete(run_shoe_table).where(mine, before))
            if shoe_id is not None:
                connection.execute(sa.insert(run_shoe_table).values(row))

    def chosen(self) -> Mapping[int, int]:
        """The pair of every run that was assigned by hand."""
        query = sa.select(run_shoe_table.c.activity_id, run_shoe_table.c.shoe_id).where(
            run_shoe_table.c.runner_id == self.runner_id
        )
        with self.database.reading() as connection:
            return {row.activity_id: row.shoe_id for row in connection.execute(query)}


def _row(shoe: Shoe) -> dict[str, Any]:
    row = dataclasses.asdict(shoe)
    del row["id"]
    return row
