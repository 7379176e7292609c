"""What became of the files: waiting, taken in, set aside and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.service.runner_service import Watch
from alerts.views.retry_request import Errands
from ingest.files.uploads import MOST_LISTED, SetAside, set_aside
from ingest.storage.activity_files import settled_since


@dataclass(frozen=True, slots=True)
class FilesView:
    """The files of one runner at one moment.

    ``taken`` and ``ignored`` count what was settled since ``since``. ``inbox`` is the watched folder;
    ``waiting_count`` holds what waits in other folders too. ``trouble`` says why nothing goes on, where that
    is so.
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
    trouble: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether the page will say something else soon."""
        return self.waiting_count > 0 or self.is_retrying


def look_at_files(
    watch: Watch, errands: Errands, now: datetime, since: datetime | None, *, trouble: str = ""
) -> FilesView:
    """Tell what became of the files, since a moment, by default since the day began."""
    midnight = datetime.combine(watch.runner.day_of(now), datetime.min.time(), watch.runner.time_zone)
    settled = settled_since(watch.store, since or min(midnight, now))
    return FilesView(
        inbox=str(watch.inbox.folder),
        waiting=tuple(watch.inbox.waiting()[:MOST_LISTED]),
        waiting_count=watch.inbox.count(),
        set_aside=tuple(set_aside(watch.intake.quarantine)),
        set_aside_count=watch.intake.quarantine.count(),
        since=since,
        taken=settled.get("activity", 0),
        ignored=settled.get("ignored", 0),
        is_retrying=errands.wants_retry or errands.is_retrying,
        trouble=trouble,
    )
