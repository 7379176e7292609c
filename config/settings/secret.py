"""The signing key of forms and links, created at the first start, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from config.settings.errors import SettingsError

KEY_BYTES = 32


def load_secret(path: Path) -> bytes:
    """Read the key of that file; make one where there is none.

    Raises
    ------
    SettingsError
        If others may read it, or it is too short to be one.
    """
    _make(path)
    if os.name != "nt" and path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others; run: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise SettingsError(f"{path} is damaged; remove it, and a new key is made at the next start")
    return key


def _make(path: Path) -> None:
    """Write a new key in one step, so that nobody finds half of one; whoever was first wins."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    begun = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        begun.touch(mode=0o600, exist_ok=False)
        begun.write_bytes(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(begun, path)
        except FileExistsError:
            return
    finally:
        begun.unlink(missing_ok=True)
