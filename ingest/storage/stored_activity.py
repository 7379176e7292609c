"""A stored activity."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.analysis.summary import ActivitySummary


@dataclass(frozen=True, slots=True, eq=False)
class StoredActivity:
    """An activity with its database number."""

    id: int
    summary: ActivitySummary
