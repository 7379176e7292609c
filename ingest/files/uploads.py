"""Store uploaded files in the inbox atomically under generated names."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.errors import UnreadableSourceError
from ingest.files.archive import REASON_SUFFIX, Quarantine, safe_filename
from ingest.files.atomic_write import CHUNK_BYTES, atomic_writer
from ingest.files.filenames import is_candidate, printable
from ingest.files.limits import ARCHIVE_LIMIT_BYTES, format_size

FILE_LIMIT_BYTES = 32 * 1024 * 1024
"""Maximum size of an uploaded recording; no watch writes a longer one. [bytes]"""

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A file that could not be imported, under its original name, and the reason."""

    name: str
    reason: str


def save_upload(inbox: Path, stream: IO[bytes], name: str) -> Path:
    """Copy an uploaded stream into the inbox atomically.

    The file is written beside the inbox and moved in. Its name is a random token and a safe form of the
    uploaded name.

    Raises
    ------
    UnreadableSourceError
        If the name is not importable, or the file is larger than the limits allow.
    DiskError
        If the disk refuses; no partial file remains.
    """
    shown = printable(name)[-80:] or "A file without a name"
    safe_name = safe_filename(name)
    if not is_candidate(safe_name):
        raise UnreadableSourceError(f"{shown} is not a .fit, .tcx, .gpx, .gz or .zip file")
    limit_bytes = ARCHIVE_LIMIT_BYTES if safe_name.lower().endswith(".zip") else FILE_LIMIT_BYTES
    if _size(stream) > limit_bytes:
        raise UnreadableSourceError(f"{shown} is larger than {format_size(limit_bytes)}")
    target = inbox / f"{secrets.token_hex(4)}-{safe_name}"
    with atomic_writer(target, staging=inbox.parent) as file:
        shutil.copyfileobj(stream, file, CHUNK_BYTES)
    return target


def quarantined_files(quarantine: Quarantine, *, most: int = MOST_LISTED) -> list[QuarantinedFile]:
    """Quarantined files with their reasons, newest first."""
    if not quarantine.folder.is_dir():
        return []
    found = [path for path in quarantine.folder.iterdir() if path.name.endswith(REASON_SUFFIX)]
    found.sort(key=_mtime_s, reverse=True)
    return [_quarantined(path) for path in found[:most]]


def _quarantined(path: Path) -> QuarantinedFile:
    try:
        name, _, reason = path.read_text("utf-8", errors="replace").partition("\n")
    except OSError as error:
        return QuarantinedFile(
            path.name.removesuffix(REASON_SUFFIX), f"its reason cannot be read: {error.strerror}"
        )
    return QuarantinedFile(printable(name), printable(reason.strip()))


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def _mtime_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
