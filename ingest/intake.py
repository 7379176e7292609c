"""Take files in: each is added, a duplicate, ignored or rejected, and none stops the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from ingest.archive import Archive, Quarantine, fingerprint
from ingest.errors import FitDecodeError, UnreadableSourceError
from ingest.fit.decode import decode_fit
from ingest.sources import Source
from ingest.store import ActivityStore, Original, Outcome
from ingest.summary import ActivitySummary, UnusableActivityError, summarise

log = logging.getLogger(__name__)

BATCH = 32
"""Files that are decoded side by side and committed together."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What one file turned out to be."""

    outcome: Outcome
    file_type: str = ""
    reason: str = ""
    summaries: tuple[ActivitySummary, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that could not be taken in, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class IntakeReport:
    """What became of the files of one intake."""

    added: int = 0
    duplicates: int = 0
    ignored: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files were looked at."""
        return self.added + self.duplicates + self.ignored + len(self.rejected)


def examine(data: bytes) -> Examined:
    """Decode one file and summarise what is in it; bad bytes are an answer, not an exception."""
    try:
        recording = decode_fit(data)
    except FitDecodeError as error:
        return Examined("rejected", reason=str(error))
    if recording.file_type != "activity" and not recording.sessions:
        return Examined("ignored", recording.file_type, f"a {recording.file_type} file, no activity")
    summaries = []
    reasons = []
    for part in recording.parts():
        try:
            summaries.append(summarise(part))
        except UnusableActivityError as error:
            reasons.append(str(error))
    if summaries:
        return Examined("activity", recording.file_type, "; ".join(reasons), tuple(summaries))
    return Examined("rejected", recording.file_type, "; ".join(reasons) or "the file holds no activity")


@dataclass(frozen=True, slots=True)
class _Waiting:
    source: Source
    data: bytes
    sha256: str
    examined: Future[Examined]


@dataclass(frozen=True, slots=True)
class Intake:
    """The one door through which every file comes in, whatever way it arrived."""

    store: ActivityStore
    archive: Archive
    quarantine: Quarantine
    executor_for: Callable[[int], AbstractContextManager[Executor]]

    def take_in(
        self,
        sources: Sequence[Source],
        *,
        now: datetime,
        settled: Callable[[Source, Outcome, str], None] = lambda _source, _outcome, _reason: None,
    ) -> IntakeReport:
        """Take in the given files in their order.

        ``settled`` is called for each file once its outcome is durable ("activity" also for a duplicate of
        one), with the reason where it was rejected. A kill at any moment loses nothing: whatever was not
        settled is taken in by the next call.
        """
        report = IntakeReport()
        seen: set[str] = set()
        pending: list[_Waiting] = []
        with self.executor_for(len(sources)) as executor:
            for start in range(0, len(sources), BATCH):
                batch = sources[start : start + BATCH]
                submitted = list(self._submit(executor, batch, seen, report, settled))
                self._commit(pending, report, now, settled)
                pending = submitted
            self._commit(pending, report, now, settled)
        return report

    def _submit(
        self,
        executor: Executor,
        sources: Sequence[Source],
        seen: set[str],
        report: IntakeReport,
        settled: Callable[[Source, Outcome, str], None],
    ) -> Iterator[_Waiting]:
        read: list[tuple[Source, bytes, str]] = []
        for source in sources:
            try:
                data = source.read()
            except UnreadableSourceError as error:
                self._reject(source, str(error), report)
                settled(source, "rejected", str(error))
            else:
                read.append((source, data, fingerprint(data)))
        known = self.store.outcomes({sha256 for _, _, sha256 in read})
        for source, data, sha256 in read:
            before = known.get(sha256)
            if before == "ignored":
                report.ignored += 1
                settled(source, "ignored", "")
            elif before == "activity" or sha256 in seen:
                report.duplicates += 1
                settled(source, "activity", "")
            else:
                seen.add(sha256)
                yield _Waiting(source, data, sha256, executor.submit(examine, data))

    def _commit(
        self,
        batch: Sequence[_Waiting],
        report: IntakeReport,
        now: datetime,
        settled: Callable[[Source, Outcome, str], None],
    ) -> None:
        if not batch:
            return
        results = [(waiting, waiting.examined.result()) for waiting in batch]
        for waiting, examined in results:
            if examined.outcome == "rejected":
                name = waiting.source.name
                self.quarantine.put(waiting.sha256, waiting.data, name=name, reason=examined.reason)
            else:
                self.archive.put(waiting.sha256, waiting.data)
        with self.store.database.writing() as connection:
            for waiting, examined in results:
                original = Original(
                    sha256=waiting.sha256,
                    name=waiting.source.name,
                    size_bytes=len(waiting.data),
                    file_type=examined.file_type,
                    outcome=examined.outcome,
                    reason=examined.reason,
                    taken_at=now,
                )
                self.store.add(connection, original, examined.summaries)
        for waiting, examined in results:
            self._count(waiting, examined, report)
            settled(waiting.source, examined.outcome, examined.reason)

    def _count(self, waiting: _Waiting, examined: Examined, report: IntakeReport) -> None:
        if examined.outcome == "activity":
            report.added += 1
            self.quarantine.release(waiting.sha256)
        elif examined.outcome == "ignored":
            report.ignored += 1
        else:
            self._reject(waiting.source, examined.reason, report)

    def _reject(self, source: Source, reason: str, report: IntakeReport) -> None:
        log.warning("rejected %s: %s", source.name, reason)
        report.rejected.append(Rejected(source.name, reason))
