"""The key that forms and links are signed with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.settings.errors import SettingsError
from config.settings.secret import KEY_BYTES, load_secret

pytestmark = pytest.mark.skipif(os.name == "nt", reason="file modes of this kind are not known there")


def test_a_key_is_made_once_and_stays(tmp_path: Path) -> None:
    first = load_secret(tmp_path / "key")

    assert (len(first), load_secret(tmp_path / "key")) == (KEY_BYTES, first)


def test_only_the_owner_may_read_the_key(tmp_path: Path) -> None:
    load_secret(tmp_path / "new" / "key")

    assert (tmp_path / "new" / "key").stat().st_mode & 0o777 == 0o600


def test_nothing_half_written_is_left_beside_the_key(tmp_path: Path) -> None:
    load_secret(tmp_path / "key")

    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_two_houses_have_two_keys(tmp_path: Path) -> None:
    assert load_secret(tmp_path / "a") != load_secret(tmp_path / "b")


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_secret(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(SettingsError, match="chmod 600"):
        load_secret(tmp_path / "key")


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    (tmp_path / "key").chmod(0o600)

    with pytest.raises(SettingsError, match="damaged"):
        load_secret(tmp_path / "key")
