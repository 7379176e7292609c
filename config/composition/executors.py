"""Executors for decoding: inline for a few files, one process per core for many."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from multiprocessing import connection
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

NICENESS = 10
"""Whoever waits for a page goes before files that nobody waits for."""

FEW_FILES = 64
"""Up to so many files a pool's start takes longer than the work."""


class InlineExecutor(Executor):
    """Does the work at once, in the caller's thread."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Run ``fn`` now; an exception it raises comes out here, as no result could carry it better."""
        future: Future[_T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Workers(Executor):
    """Processes that are started with the first piece of work, and anew after one of them was killed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Let a process run ``fn``; if it dies of it, the future says so and the next work finds new ones."""
        if self._pool is not None:
            try:
                return self._pool.submit(fn, *args, **kwargs)
            except BrokenProcessPool:
                self._pool.shutdown()
        # spawn: a fork of a process with threads (the web server's) may inherit a lock nobody will release
        self._pool = ProcessPoolExecutor(
            os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn"), initializer=follow_parent
        )
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the processes when they have done their work."""
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)


def executor_for(count: int) -> AbstractContextManager[Executor]:
    """The executor for that many files."""
    return InlineExecutor() if count <= FEW_FILES else Workers()


def follow_parent() -> None:
    """Leave Ctrl-C to the parent, end when it ends, and let its pages go first.

    A worker holds both ends of the pipe that its work comes through, so that the death of a killed parent
    would never reach it: it would wait for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(max(NICENESS - os.nice(0), 0))  # as nice as that in all: its parent may be nice already
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
