"""Requests from pages to the scheduled job, which does the work outside of the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class RetryRequests:
    """Wishes of the pages; ``run_soon`` brings the next pass of the job forward.

    Shared by the threads of one process: each name is written at once, and a wish that comes twice is one.
    """

    run_soon: Callable[[], object] = lambda: None
    wants_retry: bool = False
    is_retrying: bool = False

    def ask_retry(self) -> None:
        """Request a retry of all quarantined files."""
        self.wants_retry = True
        self.run_soon()

    def do_retry(self, work: Callable[[], object]) -> None:
        """Do the retry if requested; pages show that it is running."""
        if not self.wants_retry:
            return
        self.wants_retry, self.is_retrying = False, True
        try:
            work()
        finally:
            self.is_retrying = False
