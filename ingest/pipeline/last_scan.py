"""The last folder scan, stored for processes that run briefly (debouncing)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ingest.files.atomic_write import disk_errors, write_durably
from ingest.pipeline.seen_files import FileState

ScanResult = Mapping[str, FileState]
"""Files by path, with their state."""

SETTLED_AFTER = timedelta(minutes=1)
"""A file not modified for this long is complete: stalled copies resume within seconds."""


@dataclass(frozen=True, slots=True)
class LastScan:
    """The last scan of the previous process, stored in a small file."""

    path: Path

    def load(self) -> ScanResult:
        """Load the scan; empty if the file is missing or malformed."""
        try:
            stored = json.loads(self.path.read_bytes())
            return {path: (int(size_bytes), int(mtime_ns)) for path, (size_bytes, mtime_ns) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def save(self, scan: ScanResult) -> None:
        """Store the scan for the next process.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        if scan:
            write_durably(self.path, json.dumps(scan).encode())
            return
        with disk_errors(self.path):
            self.path.unlink(missing_ok=True)


def settled_files(found: ScanResult, before: ScanResult, *, now: datetime) -> dict[str, FileState]:
    """Files that are unchanged since the previous scan, or not modified for a minute."""
    quiet_ns = int((now - SETTLED_AFTER).timestamp()) * 1_000_000_000
    return {path: state for path, state in found.items() if before.get(path) == state or state[1] <= quiet_ns}
