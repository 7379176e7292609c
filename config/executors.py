"""Where decoding happens: here for a few files, in a process each core for many."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import connection
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

FEW_FILES = 64
"""Up to so many files a pool's start takes longer than the work."""


class InlineExecutor(Executor):
    """Does the work at once, in the caller's thread."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Run ``fn`` now; an exception it raises comes out here, as no result could carry it better."""
        future: Future[_T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def executor_for(count: int) -> AbstractContextManager[Executor]:
    """Give what suits so many files."""
    if count <= FEW_FILES:
        return InlineExecutor()
    # spawn: a fork of a process with threads (the web server's) may inherit a lock that nobody will release
    return ProcessPoolExecutor(
        os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn"), initializer=follow_parent
    )


def follow_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it ends.

    A worker holds both ends of the pipe that its work comes through, so that the death of a killed parent
    would never reach it: it would wait for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
