"""Reprocess originals after an upgrade, and retry quarantined files."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingest.errors import DiskError, Outcome, UnreadableSourceError, would_lose_data
from ingest.files.archive import REASON_SUFFIX, Archive
from ingest.files.atomic_write import move_durably
from ingest.files.sources import Source, collect
from ingest.pipeline.importer import BATCH_FILES, Importer, ImportReport, OnResult, RejectedFile
from ingest.pipeline.process_file import ProcessedFile, process_file
from ingest.storage.activity_store import CODE_VERSION, OriginalFile

log = logging.getLogger(__name__)


@dataclass(slots=True)
class RebuildReport:
    """Number of reprocessed files, and those that failed: their old results stay."""

    files: int = 0
    failed: list[RejectedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredFile(Source):
    """A file in quarantine or archive, under its original name."""

    original_name: str = ""

    @property
    def name(self) -> str:
        """Name for messages, and for quarantine if it stays there."""
        return self.original_name


def rebuild(
    importer: Importer, originals: Sequence[OriginalFile], *, advance: Callable[[], object] = lambda: None
) -> RebuildReport:
    """Reprocess the given originals and reassign all duplicates; the runner's own entries are kept.

    All activities of a file change together and keep their numbers. After a crash each file has either its
    old or its new result; the next call continues.
    """
    report = RebuildReport()
    with importer.executor_for(len(originals)) as executor:
        pending = _submit(executor, importer.archive, originals[:BATCH_FILES])
        for start in range(BATCH_FILES, len(originals) + BATCH_FILES, BATCH_FILES):
            following = originals[start : start + BATCH_FILES]
            batch, pending = pending, _submit(executor, importer.archive, following)
            results = [(one.original, _result(executor, importer.archive, one)) for one in batch]
            _commit(importer, results, report, is_last=not pending)
            for _ in batch:
                advance()
    return report


def import_missing(importer: Importer, *, now: datetime) -> ImportReport:
    """Import archived files that the database does not know, as after the database was lost."""
    archived = importer.archive.stored_files()
    unknown = archived.keys() - importer.store.outcomes(archived.keys())
    found = [StoredFile(archived[sha256], original_name=archived[sha256].name) for sha256 in sorted(unknown)]
    return importer.import_files(found, now=now)


def retry_quarantined(
    importer: Importer,
    *,
    now: datetime,
    on_result: OnResult = lambda _source, _outcome, _reason: None,
) -> ImportReport:
    """Retry the import of every quarantined file; successful ones leave quarantine."""
    waiting = list(quarantined_sources(importer))
    remaining: dict[Path, int] = {}
    for source in waiting:
        remaining[source.path] = remaining.get(source.path, 0) + 1

    def on_retry_result(source: Source, outcome: Outcome, reason: str) -> None:
        if outcome != "rejected":
            remaining[source.path] -= 1
            if remaining[source.path] == 0:
                _clear(importer.archive, source)
        on_result(source, outcome, reason)

    return importer.import_files(waiting, now=now, on_result=on_retry_result)


def quarantined_sources(importer: Importer) -> Iterator[Source]:
    """All quarantined files, under their original names."""
    for explained in sorted(importer.quarantine.folder.glob(f"*{REASON_SUFFIX}")):
        path = explained.with_name(explained.name.removesuffix(REASON_SUFFIX))
        original_name = explained.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
        if not path.exists():
            continue
        if path.name.lower().endswith(".zip"):
            yield from collect([path])
        else:
            yield StoredFile(path, original_name=original_name or path.name)


def reprocess_after_upgrade(importer: Importer, *, now: datetime) -> bool:
    """Reprocess what another version of Hipwatch processed, and retry what it could not read.

    This runs before any detector: results of two versions must not be compared. Returns whether there was
    anything to do.
    """
    store = importer.store
    if not store.is_outdated():
        return False
    originals = store.originals(examined_by_others=True)
    log.warning("Hipwatch is now %s: deriving %d files anew", CODE_VERSION, len(originals))
    rebuild(importer, originals)
    retry_quarantined(importer, now=now)
    with store.database.writing() as connection:
        store.mark_examined(connection)
    return True


@dataclass(frozen=True, slots=True)
class _PendingOriginal:
    original: OriginalFile
    processed: Future[ProcessedFile]


def _submit(
    executor: Executor, archive: Archive, originals: Sequence[OriginalFile]
) -> list[_PendingOriginal]:
    return [_PendingOriginal(o, executor.submit(_reprocess, archive, o)) for o in originals]


def _result(executor: Executor, archive: Archive, one: _PendingOriginal) -> ProcessedFile:
    try:
        return one.processed.result()
    except BrokenExecutor:  # a worker died, of this file or of another
        try:
            return executor.submit(_reprocess, archive, one.original).result()
        except BrokenExecutor:
            return ProcessedFile(
                "rejected", reason="the process that read it ended, perhaps for want of memory"
            )


def _reprocess(archive: Archive, original: OriginalFile) -> ProcessedFile:
    """Process with the clock of the day of import, so that a start in the future stays one."""
    try:
        data = archive.read(original.sha256)
        with suppress(DiskError):  # such as a read-only disk; either name is found
            archive.fix_extension(original.sha256, data)
        return process_file(data, now=original.taken_at, declared_sport=original.declared_sport)
    except UnreadableSourceError as error:
        return ProcessedFile("rejected", reason=str(error))


def _commit(
    importer: Importer,
    results: Sequence[tuple[OriginalFile, ProcessedFile]],
    report: RebuildReport,
    *,
    is_last: bool,
) -> None:
    with importer.store.database.writing() as connection:
        for original, processed in results:
            if would_lose_data(processed.outcome, original.outcome):
                continue
            now_known = dataclasses.replace(
                original,
                file_type=processed.file_type,
                outcome=processed.outcome,
                reason=processed.reason,
                examined_by=CODE_VERSION,
            )
            importer.store.derive(connection, now_known, processed.summaries)
        if is_last:  # in the same transaction as the last files, so that a crash cannot separate them
            importer.store.match_all(connection)
    for original, processed in results:
        report.files += 1
        if would_lose_data(processed.outcome, original.outcome):
            reason = processed.reason or "was an activity and is none now"
            log.warning("%s stays as it was: %s", original.name, reason)
            report.failed.append(RejectedFile(original.name, reason))


def _clear(archive: Archive, source: Source) -> None:
    path = source.path
    if source.member is not None and path.exists():
        move_durably(path, archive.folder / "packages" / path.name)
    path.unlink(missing_ok=True)
    path.with_name(path.name + REASON_SUFFIX).unlink(missing_ok=True)
