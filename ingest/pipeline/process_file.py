"""Process one file: decode, summarise, and store its bytes. Runs in worker processes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from ingest.analysis.resample import MOST_SECONDS, seconds_needed
from ingest.analysis.summary import ActivitySummary, UnusableActivityError, summarise
from ingest.errors import DecodeError, Outcome
from ingest.files.archive import Archive, Quarantine
from ingest.formats.read_file import read_recording

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProcessedFile:
    """The result of processing one file."""

    outcome: Outcome
    file_type: str = ""
    reason: str = ""
    summaries: tuple[ActivitySummary, ...] = ()


def process_file(data: bytes, *, now: datetime | None = None, declared_sport: str = "") -> ProcessedFile:
    """Decode one file and summarise its activities; invalid bytes give a result, not an exception.

    ``now`` lets the quality checks detect a start in the future, ``declared_sport`` is the sport from an
    export manifest for a file that names none. An unexpected exception is logged and the file is rejected, so
    that a bug cannot block the files behind it for ever.
    """
    try:
        return _process(data, now, declared_sport)
    except Exception as error:  # only here, see docs/decisions/0012-one-bad-file-stops-nothing.md
        log.exception("examining a file of %d bytes failed: it is set aside", len(data))
        return ProcessedFile("rejected", reason=f"a fault of Hipwatch itself: {type(error).__name__}")


def _process(data: bytes, now: datetime | None, declared_sport: str = "") -> ProcessedFile:
    try:
        recording = read_recording(data, declared_sport=declared_sport)
    except DecodeError as error:
        return ProcessedFile("rejected", reason=str(error))
    if recording.file_type != "activity" and not recording.sessions:
        return ProcessedFile("ignored", recording.file_type, f"a {recording.file_type} file, no activity")
    summaries: list[ActivitySummary] = []
    reasons: list[str] = []
    seconds = 0
    for part in recording.parts():
        seconds += seconds_needed(part.samples)
        if seconds > MOST_SECONDS and summaries:
            reasons.append("Its sessions take more than six days together; the later ones are left out.")
            break
        try:
            summaries.append(summarise(part, now=now))
        except UnusableActivityError as error:
            reasons.append(str(error))
    reason = "; ".join(dict.fromkeys(reasons))
    if summaries:
        return ProcessedFile("activity", recording.file_type, reason, tuple(summaries))
    return ProcessedFile("rejected", recording.file_type, reason or "the file holds no activity")


@dataclass(frozen=True, slots=True)
class ArchiveAndQuarantine:
    """Where originals are stored after processing; picklable, as it is sent to workers."""

    archive: Archive
    quarantine: Quarantine

    def process_new(
        self, name: str, sha256: str, data: bytes, now: datetime, declared_sport: str
    ) -> ProcessedFile:
        """Process one file and store its bytes durably in archive or quarantine.

        This happens before its database row is committed, and is idempotent.
        """
        processed = process_file(data, now=now, declared_sport=declared_sport)
        if processed.outcome == "rejected":
            return self.quarantine_file(name, sha256, data, processed)
        self.archive.add(sha256, data)
        self.quarantine.release(sha256)
        return processed

    def process_known(
        self, _name: str, sha256: str, data: bytes, now: datetime, declared_sport: str
    ) -> ProcessedFile:
        """Process a known file again; if rejected now, its bytes stay where they are."""
        processed = process_file(data, now=now, declared_sport=declared_sport)
        if processed.outcome != "rejected":
            self.archive.add(sha256, data)
        return processed

    def quarantine_file(self, name: str, sha256: str, data: bytes, processed: ProcessedFile) -> ProcessedFile:
        """Store the bytes of a rejected file in quarantine."""
        self.quarantine.add(sha256, data, name=name, reason=processed.reason)
        return processed
