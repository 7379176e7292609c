"""Real servers for tests, started for the run and gone after it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
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
