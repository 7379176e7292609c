"""A runner's settings, stored as an append-only list of changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerts.schema import preference_table as table
from ingest.storage.database import Database

ALL_NUMBERS = "detectors."
"""How the names of the settings that are numbers of rules begin."""

OFF = "rules.off"
"""The setting that lists the rules that are switched off."""


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one setting; ``is_chosen`` is False if it went back to the default."""

    name: str
    was: Any
    became: Any
    is_chosen: bool
    changed_at: datetime

    def is_number_of(self, kind: str) -> bool:
        """Whether it is a parameter of a rule."""
        return self.name.startswith(numbers_of(kind))

    def switches(self, kind: str) -> bool:
        """Whether it enables or disables a rule."""
        return self.name == OFF and (kind in self.was) != (kind in self.became)


def numbers_of(kind: str) -> str:
    """The prefix of a rule's parameter settings."""
    return f"{ALL_NUMBERS}{kind}."


@dataclass(frozen=True, slots=True)
class Preferences:
    """One runner's choices by dotted settings name; they override the settings file."""

    database: Database
    runner_id: int

    def version(self) -> int:
        """A counter of changes; 0 before the first."""
        with self.database.reading() as connection:
            return int(connection.execute(sa.select(sa.func.max(table.c.id)).where(self._mine)).scalar() or 0)

    def chosen(self) -> dict[str, Any]:
        """The current choices by name."""
        latest = sa.select(sa.func.max(table.c.id)).where(self._mine).group_by(table.c.name)
        query = sa.select(table.c.name, table.c.became).where(table.c.id.in_(latest), table.c.is_chosen)
        with self.database.reading() as connection:
            return {row.name: json.loads(row.became) for row in connection.execute(query)}

    def keep(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Store changes in the caller's transaction."""
        if changes:
            connection.execute(sa.insert(table), [self._row(change) for change in changes])

    def changes(self, *beginnings: str) -> list[Change]:
        """Changes of settings with that name prefix, latest first."""
        named = sa.or_(*(table.c.name.startswith(name, autoescape=True) for name in beginnings))
        query = sa.select(table).where(self._mine, named).order_by(table.c.id.desc())
        with self.database.reading() as connection:
            return [
                Change(row.name, json.loads(row.was), json.loads(row.became), row.is_chosen, row.changed_at)
                for row in connection.execute(query)
            ]

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return table.c.runner_id == self.runner_id

    def _row(self, change: Change) -> Mapping[str, object]:
        return {
            "runner_id": self.runner_id,
            "name": change.name,
            "was": json.dumps(change.was),
            "became": json.dumps(change.became),
            "is_chosen": change.is_chosen,
            "changed_at": change.changed_at,
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a runner: its value and where it comes from.

    ``below`` is what holds without a choice on the page; ``origin`` is "page", "file", "environment" or
    "default". ``unfit`` says why a choice that was made does not hold.
    """

    name: str
    value: Any
    below: Any
    origin: str
    unfit: str = ""


@dataclass(frozen=True, slots=True)
class FileOnlySetting:
    """A setting that only the settings file can change; of a secret, only whether it is set."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """The result of saving choices: changes or problems, and the effect on alerts.

    ``brought``, ``taken`` and ``relevelled`` count alerts that come, that go, and that change their level.
    """

    changes: tuple[Change, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    brought: int = 0
    taken: int = 0
    relevelled: int = 0
    looked_again: bool = False


class Chooser(Protocol):
    """Shows and changes the settings of one runner."""

    def all(self) -> Mapping[str, Setting]:
        """Every setting that the runner may change."""
        ...

    def changes(self, *beginnings: str) -> Sequence[Change]:
        """Changes of settings with that name prefix, latest first."""
        ...

    def look(self, chosen: Mapping[str, Any], now: datetime) -> ChoiceResult:
        """Preview the effect of choices on alerts, without saving."""
        ...

    def choose(self, chosen: Mapping[str, Any], now: datetime) -> ChoiceResult:
        """Save choices, all or none; None goes back to the settings file."""
        ...
