"""What one file is and where its bytes belong: the work that is done in many processes side by side."""

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
    """What one file turned out to be."""

    outcome: Outcome
    file_type: str = ""
    reason: str = ""
    summaries: tuple[ActivitySummary, ...] = ()


def process_file(data: bytes, *, now: datetime | None = None, declared_sport: str = "") -> ProcessedFile:
    """Decode one file and summarise what is in it; bad bytes are an answer, not an exception.

    ``now`` lets the quality gate see a start that is still to come, ``declared_sport`` is what an export's table
    says of a file that names none. A fault of our own is loud in the log,
    yet the file is set aside like any other: it must not stop the runs behind it for ever.
    """
    try:
        return _process(data, now, declared_sport)
    except (
        Exception
    ) as error:  # the one place where that is caught: docs/decisions/0012-one-bad-file-stops-nothing.md
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
    """Where originals go once they have been examined; small enough to be sent to a worker."""

    archive: Archive
    quarantine: Quarantine

    def process_new(
        self, name: str, sha256: str, data: bytes, now: datetime, declared_sport: str
    ) -> ProcessedFile:
        """Examine one file and lay its bytes durably in the one place where they belong.

        This comes before the row that speaks of them is committed. To do it again changes nothing.
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
        """Examine a file that is known: its bytes lie where they belong, whatever is made of them now."""
        processed = process_file(data, now=now, declared_sport=declared_sport)
        if processed.outcome != "rejected":
            self.archive.add(sha256, data)
        return processed

    def quarantine_file(self, name: str, sha256: str, data: bytes, processed: ProcessedFile) -> ProcessedFile:
        """Lay the bytes of a rejected file into the quarantine."""
        self.quarantine.add(sha256, data, name=name, reason=processed.reason)
        return processed
