"""One activity as it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.analysis.summary import ActivitySummary


@dataclass(frozen=True, slots=True, eq=False)
class StoredActivity:
    """An activity as the database returns it."""

    id: int
    summary: ActivitySummary
