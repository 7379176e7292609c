"""The inbox: a folder that is looked at, never listened to; what is taken leaves it, nothing else does."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingest.archive import Quarantine
from ingest.intake import Intake, IntakeReport
from ingest.sources import Source, collect, is_candidate, walk
from ingest.store import Outcome

log = logging.getLogger(__name__)

Look = dict[Path, tuple[int, int]]


@dataclass(slots=True)
class Inbox:
    """Files that wait to be taken in.

    A file is taken once two looks in a row found it with the same size and time, so that one that is
    still being copied is left to finish. Archives are kept whole in ``packages`` after their members went in.
    """

    folder: Path
    packages: Path
    _last_look: Look = field(default_factory=dict)

    def look(self) -> tuple[Path, ...]:
        """Look once; give the files that have not changed since the look before."""
        previous, self._last_look = self._last_look, self._survey()
        return tuple(path for path, state in self._last_look.items() if previous.get(path) == state)

    def count(self) -> int:
        """How many files wait here."""
        return len(self._survey())

    def take_in(self, intake: Intake, *, now: datetime) -> IntakeReport:
        """Take in what has come to rest since the last look, and clear it away once it is safe elsewhere."""
        paths = self.look()
        sources = list(collect(paths))
        left = {path: sum(source.path == path for source in sources) for path in paths}
        reasons: defaultdict[Path, list[str]] = defaultdict(list)

        def settled(source: Source, outcome: Outcome, reason: str) -> None:
            left[source.path] -= 1
            if outcome == "rejected":
                reasons[source.path].append(reason)
            if left[source.path] == 0:
                self._clear(source, reasons[source.path], intake.quarantine)

        report = intake.take_in(sources, now=now, settled=settled)
        for path in (path for path in paths if left[path] == 0 and path.exists()):
            log.warning("%s holds nothing to take in", path.name)
            self._clear(Source(path, "?"), [], intake.quarantine)
        return report

    def _clear(self, source: Source, reasons: list[str], quarantine: Quarantine) -> None:
        path = source.path
        if source.member is not None:
            self.packages.mkdir(parents=True, exist_ok=True)
            path.replace(self.packages / f"{path.stat().st_mtime_ns:x}-{path.name}")
        elif reasons:
            quarantine.adopt(path, reason="; ".join(reasons))
        else:
            path.unlink(missing_ok=True)

    def _survey(self) -> Look:
        if not self.folder.is_dir():
            return {}
        found: Look = {}
        for path in walk(self.folder):
            if is_candidate(path.name):
                try:
                    status = path.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                found[path] = (status.st_size, status.st_mtime_ns)
        return found
