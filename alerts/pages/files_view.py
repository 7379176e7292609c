"""What became of the files: waiting, taken in, set aside and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.arrivals import SetAside


@dataclass(frozen=True, slots=True)
class FilesView:
    """The files of one runner at one moment.

    ``taken`` and ``ignored`` count what was settled since ``since``. ``inbox`` is the watched folder;
    ``waiting_count`` holds what waits in other folders too.
    """

    inbox: str
    waiting: tuple[str, ...] = ()
    waiting_count: int = 0
    set_aside: tuple[SetAside, ...] = ()
    set_aside_count: int = 0
    since: datetime | None = None
    taken: int = 0
    ignored: int = 0
    is_retrying: bool = False

    @property
    def is_busy(self) -> bool:
        """Whether the page will say something else soon."""
        return self.waiting_count > 0 or self.is_retrying
