"""Runs a large import in a subprocess, so that the server stays responsive.

Decoding has processes of its own in any case. What is left (reading, matching, storing) still asks for half a
core, and two threads of one interpreter wait for each other by hundredths of a second.
"""

from __future__ import annotations

import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime

from config.composition.executors import FEW_FILES, follow_parent
from config.composition.services import open_services
from config.output.console import log_to_stderr
from config.settings.data_folder import DataFolder
from config.settings.schema import Settings
from ingest.errors import WorkerLostError
from ingest.pipeline.importer import ImportReport
from ingest.pipeline.inbox import Inbox
from ingest.pipeline.last_scan import ScanResult

LITTLE_BYTES = 8 * 1024 * 1024
"""Beyond it even one file is much, as it may be an archive of a thousand."""


@dataclass(slots=True)
class ImportSubprocess:
    """Imports an inbox in a subprocess."""

    home: DataFolder
    settings: Settings
    _tried: ScanResult = field(default_factory=dict)

    def is_wanted(self, inbox: Inbox) -> bool:
        """Whether enough files are stable to slow down pages.

        What the system hands over to no process (a share that is gone, files of somebody else) asks for none.
        """
        waiting = inbox.stable_files().items()
        return is_large({path: state for path, state in waiting if self._tried.get(path) != state})

    def take_in(self, inbox: Inbox, *, now: datetime) -> ImportReport:
        """Import the files that are stable since the last scan.

        Raises
        ------
        WorkerLostError
            If the process was ended from outside. What it had settled stays, the rest waits.
        DiskError, StoreError
            If disk or database refuse.
        """
        handed = inbox.remaining()
        context = multiprocessing.get_context("spawn")  # a fork may inherit a lock that nobody will release
        with ProcessPoolExecutor(1, mp_context=context, initializer=_begin) as process:
            asked = process.submit(_import_waiting, self.home, self.settings, handed, now)
            try:
                report, left = asked.result()
            except BrokenProcessPool as error:
                raise WorkerLostError(
                    "the import process was stopped; the files are still waiting"
                ) from error
        inbox.resume_from(left, handed=handed)
        self._tried = {path: state for path, state in left.items() if handed.get(path) == state}
        return report


def is_large(look: ScanResult) -> bool:
    """Whether importing these files would slow down pages."""
    return len(look) > FEW_FILES or sum(size_bytes for size_bytes, _ in look.values()) > LITTLE_BYTES


def _begin() -> None:
    log_to_stderr(logging.INFO)
    follow_parent()


def _import_waiting(
    home: DataFolder, settings: Settings, before: ScanResult, now: datetime
) -> tuple[ImportReport, ScanResult]:
    with open_services(home, settings, now=now) as services:
        inbox = services.runner_service.inbox
        inbox.resume_from(before)
        report = inbox.import_new(services.runner_service.intake, now=now)
        return report, inbox.remaining()
