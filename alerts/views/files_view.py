"""The files page: waiting, imported and quarantined files with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.service.runner_service import RunnerService
from alerts.views.retry_request import RetryRequests
from ingest.files.uploads import MOST_LISTED, QuarantinedFile, quarantined_files
from ingest.storage.activity_files import outcomes_since


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
    set_aside: tuple[QuarantinedFile, ...] = ()
    set_aside_count: int = 0
    since: datetime | None = None
    taken: int = 0
    ignored: int = 0
    is_retrying: bool = False
    trouble: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether the page will change soon."""
        return self.waiting_count > 0 or self.is_retrying


def build_files_view(
    runner_service: RunnerService,
    retry_requests: RetryRequests,
    now: datetime,
    since: datetime | None,
    *,
    trouble: str = "",
) -> FilesView:
    """Collect what became of the files since a moment, by default since midnight."""
    midnight = datetime.combine(
        runner_service.runner.day_of(now), datetime.min.time(), runner_service.runner.time_zone
    )
    settled = outcomes_since(runner_service.store, since or min(midnight, now))
    return FilesView(
        inbox=str(runner_service.inbox.folder),
        waiting=tuple(runner_service.inbox.waiting()[:MOST_LISTED]),
        waiting_count=runner_service.inbox.count(),
        set_aside=tuple(quarantined_files(runner_service.intake.quarantine)),
        set_aside_count=runner_service.intake.quarantine.count(),
        since=since,
        taken=settled.get("activity", 0),
        ignored=settled.get("ignored", 0),
        is_retrying=retry_requests.wants_retry or retry_requests.is_retrying,
        trouble=trouble,
    )
