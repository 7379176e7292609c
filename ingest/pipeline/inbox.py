"""The inbox and watched folders, polled rather than subscribed to, so that network shares work too."""

from __future__ import annotations

import logging
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingest.errors import DiskError, Outcome, UnreadableSourceError
from ingest.files.archive import Quarantine, sha256_of
from ingest.files.atomic_write import (
    MOVED_PREFIX,
    copy_durably,
    is_readable,
    move_durably,
    move_to_temporary_name,
    restore_moved,
)
from ingest.files.filenames import printable, walk_files
from ingest.files.sources import Source, collect, newest_first
from ingest.pipeline.importer import Importer, ImportReport
from ingest.pipeline.last_scan import ScanResult, settled_files
from ingest.pipeline.seen_files import FileState, SeenFiles

log = logging.getLogger(__name__)

_MOST_REASONS = 5


@dataclass(slots=True)
class Inbox:
    """Files waiting for import, in the inbox folder and in watched folders.

    A file is imported once two consecutive scans found it with the same size and time, so that files still
    being copied are left alone. Imported files are removed from ``folder``; archives are kept in
    ``packages``. In a watched folder everything stays and is remembered as seen, unless ``clears_watched``;
    even then rejected files stay, as only their owner may delete them.
    """

    folder: Path
    packages: Path
    seen: SeenFiles
    watched: tuple[Path, ...] = ()
    clears_watched: bool = False
    _last_scan: ScanResult | None = None

    def scan(self) -> tuple[Path, ...]:
        """Scan once; returns the files that have not changed since the previous scan."""
        previous = self._last_scan or {}
        if self._last_scan is None:
            self._restore_moved_files()
        found = self._last_scan = {**self._list_inbox(), **self._list_watched()}
        return tuple(Path(path) for path, state in found.items() if previous.get(path) == state)

    def first_scan(self, before: ScanResult, *, now: datetime) -> bool:
        """Scan in a short-lived process; returns whether the next scan will find files to import.

        These are files unchanged since ``before``, the last scan of another process, and files not modified
        for a minute.
        """
        self.scan()
        self._last_scan = settled_files(self._last_scan or {}, before, now=now)
        return bool(self._last_scan)

    def remaining(self) -> ScanResult:
        """Files found by the last scan and not imported, with their state."""
        return self._last_scan or {}

    def stable_files(self) -> ScanResult:
        """Files found by the last scan and unchanged since; the next scan returns them."""
        return {path: state for path, state in self.remaining().items() if _file_state(Path(path)) == state}

    def resume_from(self, scan: ScanResult, *, handed: ScanResult | None = None) -> None:
        """Continue from the last scan of another process and from the files it has handled.

        Files found by this process beyond those in ``handed`` stay found.
        """
        known = self.remaining() if handed is None else handed
        meanwhile = {path: state for path, state in self.remaining().items() if known.get(path) != state}
        self._last_scan = meanwhile | dict(scan)
        self.seen.forget()

    def count(self) -> int:
        """Number of waiting files; for watched folders as of the last scan, if any.

        Files that another process has recorded as seen since that scan are not counted.
        """
        found = self._list_watched() if self._last_scan is None else self._last_scan
        watched = {path: state for path, state in found.items() if not self.is_own(path)}
        return len(self._list_inbox()) + self.seen.count_unseen(watched)

    def waiting(self) -> list[str]:
        """Display names of the files waiting in the inbox."""
        return sorted(printable(Path(path).name) for path in self._list_inbox())

    def unreadable(self) -> Iterator[tuple[Path, str]]:
        """Watched folders that are missing or cannot be listed, with the error message."""
        for folder in self.watched:
            try:
                os.scandir(folder).close()
            except OSError as error:
                yield folder, error.strerror or str(error)

    def import_new(self, importer: Importer, *, now: datetime, most: int | None = None) -> ImportReport:
        """Import the files that are stable since the last scan, and remove them once stored safely.

        The newest come first. At most ``most`` files are imported; the next call continues.
        """
        paths = self.scan()
        found = self._last_scan or {}
        sources = newest_first(self._sources(paths))
        run = _ImportPass(self, found, importer.quarantine, Counter(source.path for source in sources), now)
        try:
            report = importer.import_files(sources[:most], now=now, on_result=run.on_result)
            for path in paths:
                if path not in run.remaining:
                    log.info("%s holds nothing to take in", printable(path.name))
                    run.finish(path)
        finally:
            self.seen.flush(now=now)
            self._last_scan = {path: state for path, state in found.items() if path not in run.done}
        return report

    def _restore_moved_files(self) -> None:
        """Rename back files that a crashed process was about to remove."""
        for folder in (self.folder, *(self.watched if self.clears_watched else ())):
            for entry in list(walk_files(folder, wanted=lambda name: name.startswith(MOVED_PREFIX))):
                restore_moved(Path(entry.path))

    def clear(
        self,
        path: Path,
        state: FileState,
        reasons: list[str],
        quarantine: Quarantine,
        *,
        is_quarantined: bool,
    ) -> bool:
        """Remove a file whose outcome is durable; returns whether it is gone from its place.

        ``is_quarantined`` means that all rejected content is in quarantine already; otherwise the file
        itself is moved there, such as an archive with members that cannot be unpacked.
        """
        is_own = self.is_own(str(path))
        if not is_own and (reasons or not self.clears_watched):
            return False
        moved = move_to_temporary_name(path, self.root_of(path))
        try:
            if _file_state(moved) != state:
                restore_moved(moved)  # Replaced just now, and not read yet.
            elif reasons and not is_quarantined:
                quarantine.move_in(moved, name=path.name, reason=_joined_reasons(reasons))
            elif path.name.lower().endswith(".zip"):
                self._archive_zip(moved, path.name)
            else:
                moved.unlink(missing_ok=True)
        except (OSError, DiskError):
            restore_moved(moved)
            raise
        return True

    def _archive_zip(self, path: Path, name: str) -> None:
        status = path.stat()
        target = self.packages / f"{status.st_mtime_ns:x}-{status.st_size:x}-{name[-50:]}"
        if self.is_own(str(path)):
            move_durably(path, target)
        else:
            copy_durably(path, target)
            path.unlink()

    def _sources(self, paths: tuple[Path, ...]) -> Iterator[Source]:
        for path in paths:
            is_removed_later = self.clears_watched or self.is_own(str(path))
            yield from collect([path], root=self.root_of(path), is_removed_later=is_removed_later)

    def root_of(self, path: Path) -> Path:
        """The innermost scanned folder that contains the path; one may be a link within another."""
        around = [one for one in (self.folder, *self.watched) if path.is_relative_to(one)]
        return max(around, key=lambda one: len(one.parts), default=path.parent)

    def is_own(self, path: str) -> bool:
        """Whether the path is in the inbox, which is emptied after import."""
        return path.startswith(f"{self.folder}{os.sep}")

    def _list_inbox(self) -> ScanResult:
        return self._list(self.folder, frozenset())

    def _list_watched(self) -> ScanResult:
        apart = frozenset({str(self.folder.parent)})
        found: dict[str, FileState] = {}
        for folder in self.watched:
            found |= self._list(folder, apart)
        return found

    def _list(self, folder: Path, apart: frozenset[str]) -> ScanResult:
        found: dict[str, FileState] = {}
        for entry in walk_files(folder, _log_unreadable, apart=apart):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # Removed meanwhile, or the device was unplugged.
            state = (status.st_size, status.st_mtime_ns)
            if not self.seen.has(entry.path, state):
                found[entry.path] = state
        return found


@dataclass(slots=True)
class _ImportPass:
    """State of one import from the inbox: files with outstanding results, and rejections."""

    inbox: Inbox
    found: ScanResult
    quarantine: Quarantine
    remaining: Counter[Path]
    now: datetime
    reasons: defaultdict[Path, list[str]] = field(default_factory=lambda: defaultdict(list))
    not_quarantined: set[Path] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    def on_result(self, source: Source, outcome: Outcome, reason: str) -> None:
        """Record the outcome of one file or member; remove the file after its last one."""
        self.remaining[source.path] -= 1
        if outcome == "rejected":
            self.reasons[source.path].append(reason)
            if source.path not in self.not_quarantined and not self._is_quarantined(source):
                self.not_quarantined.add(source.path)
        if self.remaining[source.path] == 0:
            source.close()
            self.finish(source.path)

    def _is_quarantined(self, source: Source) -> bool:
        """Whether the rejected bytes themselves are in quarantine, not the archive around them."""
        if not self.inbox.is_own(str(source.path)):
            return False
        try:
            return self.quarantine.contains(sha256_of(source.read()))
        except UnreadableSourceError:
            return False

    def finish(self, path: Path) -> None:
        """Remove a file, or remember it as seen if it has to stay."""
        self.done.add(str(path))
        state, reasons = self.found[str(path)], self.reasons[path]
        if _file_state(path) != state:
            return  # Replaced by a newer file, which later scans will find.
        try:
            if self.inbox.clear(
                path, state, reasons, self.quarantine, is_quarantined=path not in self.not_quarantined
            ):
                return
        except (OSError, DiskError) as error:
            log.warning("%s stays where it is: %s", printable(path.name), error)
            if self.inbox.is_own(str(path)):
                return  # Imported already; a later scan will remove it.
        if not reasons or is_readable(path, self.inbox.root_of(path)):
            self.inbox.seen.note(str(path), state, now=self.now)


def _file_state(path: Path) -> FileState | None:
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _joined_reasons(reasons: list[str]) -> str:
    more = len(reasons) - _MOST_REASONS
    return "; ".join(reasons[:_MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")


def _log_unreadable(path: str, error: OSError) -> None:
    log.info("%s cannot be listed: %s", printable(path), error.strerror)
