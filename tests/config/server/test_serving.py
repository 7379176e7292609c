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
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app_fixtures import lay_into
from support import fit_run

PATIENCE_S = 60
COMMAND = [sys.executable, "-c", "from config.cli.main import main; main()"]


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


@contextmanager
def serving(folder: Path, environment: dict[str, str], *options: str) -> Iterator[tuple[str, str]]:
    """Serve for a while; give everything that was told at the start, and the address."""
    told = folder / "told"
    command = [*COMMAND, "serve", "--port", "0", *options]
    with told.open("w") as sink, subprocess.Popen(command, env=environment, stderr=sink) as process:
        deadline_s = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < deadline_s:
            if port := re.search(r":(\d+)/ \(", told.read_text()):
                break
            time.sleep(0.05)
        else:
            raise AssertionError(told.read_text())
        address = f"http://127.0.0.1:{port[1]}"
        status_of(f"{address}/healthz")  # answered once the start is over
        yield told.read_text(), address
        process.kill()


def status_of(address: str) -> tuple[int, str]:
    """What is answered, and by which page in the end."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
            return answer.status, answer.url
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.url


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
    assert "hipwatch accounts add" in refused.stderr


@pytest.mark.parametrize("line", ["proxies = 1", 'url = "https://runs.example.org"'])
def test_an_open_dashboard_is_not_put_behind_a_proxy(environment: dict[str, str], line: str) -> None:
    home = Path(environment["HIPWATCH_HOME"])
    home.mkdir()
    (home / "hipwatch.toml").write_text(f"[web]\n{line}\n", "utf-8")
    refused = run(environment, "serve", "--port", "0")

    assert (refused.returncode, "no accounts yet" in refused.stderr) == (2, True)


def test_what_a_proxy_says_of_the_visitor_arrives(tmp_path: Path, environment: dict[str, str]) -> None:
    home = Path(environment["HIPWATCH_HOME"])
    home.mkdir()
    (home / "hipwatch.toml").write_text('[web]\nproxies = 1\nurl = "https://runs.example.org"\n', "utf-8")
    run(environment, "accounts", "add", "ada")
    with serving(tmp_path, environment) as (_, address):
        said = {"Host": "runs.example.org", "X-Forwarded-Proto": "https"}
        asked = urllib.request.Request(f"{address}/login", headers=said)  # noqa: S310 - loopback
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
            page = answer.read().decode()

    assert "/login/passkey" in page  # of which there is none without HTTPS


def test_once_there_is_an_account_the_address_is_served_and_closed(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    run(environment, "accounts", "add", "ada")
    with serving(tmp_path, environment, "--host", "0.0.0.0") as (told, address):  # noqa: S104 - the claim
        landed = status_of(f"{address}/pain")

    assert landed == (200, f"{address}/login?next=/pain")
    assert "unencrypted" in told


def test_set_up_tells_a_link_and_opens_nothing_else(tmp_path: Path, environment: dict[str, str]) -> None:
    with serving(tmp_path, environment, "--set-up") as (told, address):
        link = re.search(r"/account/link/\S+", told)
        assert link
        page, refused = get(address + link.group()), status_of(f"{address}/")

    assert "Create your account" in page
    assert refused == (403, f"{address}/")


@pytest.mark.parametrize(("options", "names"), [((), ()), (("--set-up",), ("ada",))])
def test_no_link_is_told_unless_the_first_account_is_missing_and_wanted(
    tmp_path: Path, environment: dict[str, str], options: tuple[str, ...], names: tuple[str, ...]
) -> None:
    for name in names:
        run(environment, "accounts", "add", name)
    with serving(tmp_path, environment, *options) as (told, _):
        pass

    assert "/account/link/" not in told


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
