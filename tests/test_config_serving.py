"""`hipwatch serve` as a real process: it answers, keeps others out, and leaves cleanly."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from houses import lay_into
from support import fit_run

PATIENCE_S = 60
COMMAND = [sys.executable, "-c", "from config.cli import main; main()"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"HIPWATCH_HOME": str(tmp_path / "home"), "TZ": "UTC"}


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving process and its address."""
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        address = re.search(r"http://[\d.]+:\d+/", line)
        assert address, line + process.stderr.read()
        yield process, address.group()
        process.kill()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())


def test_a_newcomer_is_told_how_to_bring_runs_in(served: tuple[subprocess.Popen[str], str]) -> None:
    assert "inbox" in get(served[1])


def test_a_second_process_refuses_and_says_who_is_there(
    served: tuple[subprocess.Popen[str], str], environment: dict[str, str]
) -> None:
    second = run(environment, "serve", "--port", "0")

    assert (second.returncode, str(served[0].pid) in second.stderr) == (75, True)


def test_the_process_leaves_cleanly_when_told_to(served: tuple[subprocess.Popen[str], str]) -> None:
    process, address = served
    get(address)
    process.send_signal(signal.SIGTERM)

    assert process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_one_clear_line(environment: dict[str, str], command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run(environment, command, "--port", str(port))

    assert (refused.returncode, refused.stderr.count("\n"), "--port" in refused.stderr) == (2, 1, True)


def test_an_address_that_others_can_reach_is_refused(environment: dict[str, str]) -> None:
    refused = run(environment, "serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - the claim

    assert (refused.returncode, "no accounts yet" in refused.stderr) == (2, True)


def test_everything_that_is_written_is_its_owners_alone(
    served: tuple[subprocess.Popen[str], str], environment: dict[str, str]
) -> None:
    get(served[1])
    written = [path for path in Path(environment["HIPWATCH_HOME"]).rglob("*") if path.stat().st_mode & 0o077]

    assert written == []


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_after_a_kill_the_next_start_works(
    served: tuple[subprocess.Popen[str], str], environment: dict[str, str]
) -> None:
    served[0].kill()
    served[0].wait(PATIENCE_S)
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], env=environment, stderr=subprocess.PIPE, text=True
    ) as again:
        assert again.stderr is not None
        line = again.stderr.readline()
        again.kill()

    assert "Hipwatch is at http://" in line


def test_the_schedule_takes_in_a_file_without_being_asked(
    served: tuple[subprocess.Popen[str], str], environment: dict[str, str]
) -> None:
    home = Path(environment["HIPWATCH_HOME"])
    (home / "hipwatch.toml").write_text("[schedule]\nscan_every_s = 1\n")
    served[0].send_signal(signal.SIGTERM)
    served[0].wait(PATIENCE_S)
    lay_into(home / "inbox", [fit_run()])
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline_s = time.monotonic() + PATIENCE_S
        while list((home / "inbox").iterdir()) and time.monotonic() < deadline_s:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)

    listed = subprocess.run(
        [*COMMAND, "runs", "--json"], env=environment, capture_output=True, text=True, check=True
    )
    assert [run["sport"] for run in json.loads(listed.stdout)] == ["running"]
