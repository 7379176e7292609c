"""Real servers for tests, started for the run and gone after it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def postgresql_programs() -> Path | None:
    """Where initdb and pg_ctl lie: on the path, or where Debian keeps each version's own."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def postgresql(programs: Path, folder: Path) -> Iterator[str]:
    """Run a PostgreSQL of our own on loopback; give the URL of an empty database."""
    port = _free_port()
    data = folder / "data"
    _as_nobody(
        folder, programs / "initdb", "-D", data, "-U", "hipwatch", "-A", "trust", "-E", "UTF8", "--no-sync"
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _as_nobody(folder, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
    try:
        yield f"postgresql+psycopg://hipwatch@127.0.0.1:{port}/postgres"
    finally:
        _as_nobody(folder, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _as_nobody(folder: Path, *command: object) -> None:
    """PostgreSQL refuses to run as root: there it runs as the user that its package made."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
    ran = subprocess.run(
        [*prefix, *map(str, command)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def opensmtpd_program() -> str | None:
    """OpenSMTPD's daemon, where it is installed and we may start it."""
    found = shutil.which("smtpd") or shutil.which("smtpd", path="/usr/sbin:/usr/local/sbin")
    return found if found and os.geteuid() == 0 else None


@contextmanager
def opensmtpd(program: str) -> Iterator[tuple[int, Path]]:
    """Run an OpenSMTPD of our own on loopback; give its port and the folder in which mailboxes lie.

    Letters are delivered by a user of no rights, who cannot see into the folders of a test run by root.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="hipwatch-smtpd-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        boxes = folder / "boxes"
        boxes.mkdir()
        shutil.chown(boxes, "nobody")
        settings = folder / "smtpd.conf"
        settings.write_text(
            'table users { "@" = "nobody" }\n'
            f"listen on 127.0.0.1 port {port} hostname mail.example.org\n"
            f'action "keep" maildir "{boxes}/%{{rcpt.user}}" virtual <users>\n'
            'match from any for domain "example.org" action "keep"\n'
        )
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen([program, "-d", "-f", settings], stdout=log, stderr=log) as daemon,
        ):
            try:
                _wait_for(port, daemon, folder / "log")
                yield port, boxes
            finally:
                daemon.terminate()


def emails_in(mailbox: Path, *, count: int, patience_s: float = 20.0) -> list[Path]:
    """The files of a maildir, once so many have come or patience has ended."""
    until_s = time.monotonic() + patience_s
    while True:
        found = sorted((mailbox / "new").glob("*")) if mailbox.is_dir() else []
        if len(found) >= count or time.monotonic() > until_s:
            return found
        time.sleep(0.05)


def _wait_for(port: int, daemon: subprocess.Popen[bytes], log: Path, *, patience_s: float = 20.0) -> None:
    until_s = time.monotonic() + patience_s
    while time.monotonic() < until_s:
        assert daemon.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())
