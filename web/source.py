"""What the pages need from the rest of the house: three questions, answered by a watch or by a fake."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from alerts.overview import Explained, Health, Overview


class DashboardSource(Protocol):
    """One runner's findings and figures, ready to be shown."""

    def overview(self, now: datetime) -> Overview:
        """Gather what the first page says at ``now``."""
        ...

    def find(self, key: str, now: datetime) -> Explained | None:
        """Explain the finding of that key at ``now``; None where there is none, whatever the key is."""
        ...

    def health(self, now: datetime) -> Health:
        """Tell whether the service does its work; cheap enough to be asked every few seconds."""
        ...
