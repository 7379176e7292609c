"""Whether the scheduled job goes through, as the schedule notes it and the pages tell it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.text.i18n import gettext_noop
from ingest.errors import IngestError

LATE_AFTER = timedelta(minutes=5)

MANY_FAILURES = 2
"""One may be chance, and is mended by the next pass: nobody need hear of it."""

UNFORESEEN = gettext_noop("an unexpected error; see the log")


@dataclass(slots=True)
class Heartbeat:
    """When the scheduled job last went through; shared by the schedule, which sets it, and the pages."""

    is_scheduled: bool = False
    started_at: datetime | None = None
    last_tick_at: datetime | None = None
    _failures: int = 0
    _why: str = ""

    def is_late(self, now: datetime) -> bool:
        """Whether a tick is overdue."""
        latest = self.last_tick_at or self.started_at
        return self.is_scheduled and latest is not None and now - latest > LATE_AFTER

    @property
    def trouble(self) -> str:
        """Why the job goes on failing; empty where it does not."""
        return self._why if self._failures >= MANY_FAILURES else ""

    @contextmanager
    def beating(self, now: datetime) -> Iterator[None]:
        """Note whether the pass within the block goes through; what it raises goes on."""
        failures, why = self._failures + 1, UNFORESEEN
        try:
            yield
        except IngestError as error:
            why = str(error)
            raise
        else:
            failures, why, self.last_tick_at = 0, "", now
        finally:
            self._failures, self._why = failures, why
