"""One process at a time, shown with processes that are really there."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.server.lock import AlreadyRunningError, single_instance

STARTED_AT = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
HOLDER = """
import sys
from pathlib import Path
from config.server.lock import single_instance
with single_instance(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "hipwatch.lock"


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock in a process of its own until the block ends."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.communicate("enough\n")


def test_the_lock_says_who_holds_it_and_since_when(path: Path) -> None:
    with (
        single_instance(path, clock=lambda: STARTED_AT),
        pytest.raises(AlreadyRunningError) as refusal,
        single_instance(path),
    ):
        pass

    assert refusal.value.since == STARTED_AT
    assert "since 2026-05-04 06:30:00 UTC" in str(refusal.value)


def test_a_second_process_is_refused_and_told_the_first_ones_number(path: Path) -> None:
    with (
        another_process(path) as holder,
        pytest.raises(AlreadyRunningError) as refusal,
        single_instance(path),
    ):
        pass

    assert refusal.value.pid == holder.pid


def test_a_refused_process_leaves_the_holders_name(path: Path) -> None:
    with single_instance(path):
        before = path.read_text()
        with pytest.raises(AlreadyRunningError), single_instance(path):
            pass

        assert path.read_text() == before


def test_a_holder_that_was_killed_leaves_nothing_locked(path: Path) -> None:
    with another_process(path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()

        with single_instance(path):
            assert f"pid {holder.pid}\n" not in path.read_text()


def test_the_lock_is_free_after_the_block(path: Path) -> None:
    with single_instance(path):
        pass

    with single_instance(path):
        assert path.read_text().startswith("pid ")


def test_nobody_is_named_after_the_block(path: Path) -> None:
    with single_instance(path):
        pass

    assert path.read_text() == ""


def test_the_lock_is_free_after_an_error(path: Path) -> None:
    with pytest.raises(KeyError), single_instance(path):
        raise KeyError

    with single_instance(path):
        assert path.read_text().startswith("pid ")


@pytest.mark.parametrize("text", ["", "pid 12", "something else\n"])
def test_a_holder_that_has_not_written_its_name_is_still_respected(path: Path, text: str) -> None:
    with single_instance(path):
        path.write_text(text)
        with pytest.raises(AlreadyRunningError, match="another process holds") as refusal:
            single_instance(path).__enter__()

    assert refusal.value.pid is None
