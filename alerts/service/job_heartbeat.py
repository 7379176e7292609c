"""Whether the scheduled job runs; set by the scheduler, shown by the pages."""

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
    """When the scheduled job last succeeded; the scheduler sets it, the pages read it."""

    is_scheduled: bool = False
    started_at: datetime | None = None
    last_tick_at: datetime | None = None
    _failures: int = 0
    _why: str = ""

    def is_late(self, now: datetime) -> bool:
        """Whether a run of the job is overdue."""
        latest = self.last_tick_at or self.started_at
        return self.is_scheduled and latest is not None and now - latest > LATE_AFTER

    @property
    def trouble(self) -> str:
        """Why the job keeps failing; empty if it does not."""
        return self._why if self._failures >= MANY_FAILURES else ""

    @contextmanager
    def beating(self, now: datetime) -> Iterator[None]:
        """Context manager that records whether the block succeeded; errors propagate."""
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
