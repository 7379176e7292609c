"""Import files: each is added, a duplicate, ignored or rejected, and none stops the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from ingest.errors import Outcome, UnavailableSourceError, UnreadableSourceError, would_lose_data
from ingest.files.archive import Archive, Quarantine, sha256_of
from ingest.files.sources import Source
from ingest.pipeline.process_file import ArchiveAndQuarantine, ProcessedFile
from ingest.storage.activity_store import ActivityStore, OriginalFile

log = logging.getLogger(__name__)

BATCH_FILES = 32
BATCH_BYTES = 8 * 1024 * 1024
"""Limits of a batch, which is decoded in parallel and committed together."""

OnResult = Callable[[Source, Outcome, str], None]


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that could not be imported, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Outcome counts of one import."""

    added: int = 0
    duplicates: int = 0
    ignored: int = 0
    rejected: list[RejectedFile] = field(default_factory=list)

    @property
    def files(self) -> int:
        """Number of processed files."""
        return self.added + self.duplicates + self.ignored + len(self.rejected)


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files into archive and database, whatever their source."""

    store: ActivityStore
    archive: Archive
    quarantine: Quarantine
    executor_for: Callable[[int], AbstractContextManager[Executor]]

    def import_files(
        self,
        sources: Sequence[Source],
        *,
        now: datetime,
        on_result: OnResult = lambda _source, _outcome, _reason: None,
    ) -> ImportReport:
        """Import files in the given order.

        ``on_result`` is called for each file once its outcome is durable ("activity" also for a duplicate of
        one), with the reason if it was rejected. It is not called for a file that the operating system
        refused to open, as that may succeed later. A crash loses nothing: files without a result are
        imported by the next call.

        Raises
        ------
        DiskError, StoreError
            If disk or database refuse. Files with a result stay imported.
        """
        with self.executor_for(len(sources)) as executor:
            passage = _ImportRun(
                self.store, ArchiveAndQuarantine(self.archive, self.quarantine), executor, now, on_result
            )
            passage.take(sources)
        return passage.report


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """A file whose bytes have been read."""

    source: Source
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class _PendingFile:
    """A file being processed by a worker; identical files share one result.

    ``before`` is set when an already known file is reprocessed because new metadata arrived.
    """

    read: _ReadFile
    declared_sport: str
    before: Outcome
    future: Future[ProcessedFile]
    is_copy: bool

    def keeps_old_result(self, processed: ProcessedFile) -> bool:
        """Whether the stored result stays, because the new one would lose data."""
        return would_lose_data(processed.outcome, self.before)


@dataclass(slots=True)
class _ImportRun:
    """One import in progress: workers process a batch while the previous one is committed."""

    store: ActivityStore
    storage: ArchiveAndQuarantine
    executor: Executor
    now: datetime
    on_result: OnResult
    report: ImportReport = field(default_factory=ImportReport)

    def take(self, sources: Iterable[Source]) -> None:
        pending: list[_PendingFile] = []
        for batch in _batches(self._read(sources)):
            submitted = list(self._submit(batch, pending))
            self._commit(pending)
            pending = submitted
        self._commit(pending)

    def _read(self, sources: Iterable[Source]) -> Iterator[_ReadFile]:
        for source in sources:
            if source.can_skip:
                self._report(source, "ignored", "")
                continue
            try:
                data = source.read()
            except UnavailableSourceError as error:
                self._reject(source, str(error))
            except UnreadableSourceError as error:
                self._report(source, "rejected", str(error))
            else:
                yield _ReadFile(source, data, sha256_of(data))

    def _submit(self, batch: Sequence[_ReadFile], pending: Sequence[_PendingFile]) -> Iterator[_PendingFile]:
        """Submit new files to the workers; known ones get their result at once."""
        known = self.store.outcomes({read.sha256 for read in batch})
        declared, translate_reason = self._declared_sports(batch, known)
        futures = {before.read.sha256: before.future for before in pending}
        for read in batch:
            outcome = known.get(read.sha256, "rejected")
            if outcome != "rejected" and read.sha256 not in translate_reason:
                if not self.storage.archive.contains(read.sha256, len(read.data)):
                    # After a partial restore, importing again supplies missing originals.
                    self.storage.archive.add(read.sha256, read.data)
                self._report(read.source, outcome, "", is_copy=True)
                continue
            is_copy = read.sha256 in futures
            declared_sport = declared.get(read.sha256, "")
            if not is_copy:
                futures[read.sha256] = self._examined(read, declared_sport, outcome)
            yield _PendingFile(read, declared_sport, outcome, futures[read.sha256], is_copy)

    def _declared_sports(
        self, batch: Sequence[_ReadFile], known: Mapping[str, Outcome]
    ) -> tuple[Mapping[str, str], AbstractSet[str]]:
        """Declared sport of each file, from now or from earlier, and the files for which it is new."""
        now = {read.sha256: read.source.declared.sport for read in batch if read.source.declared.sport}
        asked = {sha256 for sha256, outcome in known.items() if outcome == "rejected" or sha256 in now}
        before = self.store.declared_sports(asked) if asked else {}
        return before | now, now.keys() - before.keys()

    def _commit(self, pending: Sequence[_PendingFile]) -> None:
        if not pending:
            return
        results = [(one, self._result(one)) for one in pending]
        with self.store.database.writing(is_progress=True) as connection:
            for one, processed in results:
                if not (one.is_copy or one.keeps_old_result(processed)):
                    self.store.add(connection, self._original(one, processed), processed.summaries)
        for one, processed in results:
            is_copy = one.is_copy or one.before != "rejected"
            outcome = one.before if one.keeps_old_result(processed) else processed.outcome
            self._report(one.read.source, outcome, processed.reason, is_copy=is_copy)

    def _result(self, one: _PendingFile) -> ProcessedFile:
        try:
            return one.future.result()
        except BrokenExecutor:
            return self._process_alone(one)

    def _process_alone(self, one: _PendingFile) -> ProcessedFile:
        """Process a file with no other in progress: if the worker dies again, this file is the cause."""
        try:
            return self._examined(one.read, one.declared_sport, one.before).result()
        except BrokenExecutor:
            died = ProcessedFile(
                "rejected", reason="the process that read it ended, perhaps for want of memory"
            )
            if one.keeps_old_result(died):
                return died
            return self.storage.quarantine_file(one.read.source.name, one.read.sha256, one.read.data, died)

    def _examined(self, read: _ReadFile, declared_sport: str, before: Outcome) -> Future[ProcessedFile]:
        storage = self.storage
        task = storage.process_new if before == "rejected" else storage.process_known
        return self.executor.submit(task, read.source.name, read.sha256, read.data, self.now, declared_sport)

    def _original(self, one: _PendingFile, processed: ProcessedFile) -> OriginalFile:
        read = one.read
        return OriginalFile(
            sha256=read.sha256,
            name=read.source.name,
            size_bytes=len(read.data),
            file_type=processed.file_type,
            outcome=processed.outcome,
            reason=processed.reason,
            taken_at=self.now,
            declared_sport=one.declared_sport,
        )

    def _report(self, source: Source, outcome: Outcome, reason: str, *, is_copy: bool = False) -> None:
        if outcome == "rejected":
            self._reject(source, reason)
        elif outcome == "ignored":
            self.report.ignored += 1
        elif is_copy:
            self.report.duplicates += 1
        else:
            self.report.added += 1
        self.on_result(source, outcome, reason)

    def _reject(self, source: Source, reason: str) -> None:
        log.info("rejected %s: %s", source.name, reason)
        self.report.rejected.append(RejectedFile(source.name, reason))


def _batches(files: Iterable[_ReadFile]) -> Iterator[list[_ReadFile]]:
    """Split into batches of bounded number and size."""
    batch: list[_ReadFile] = []
    for read in files:
        batch.append(read)
        if len(batch) == BATCH_FILES or sum(len(one.data) for one in batch) >= BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch
