"""Originals: kept unchanged, found again, and never mistaken."""

from __future__ import annotations

import errno
import os
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import gpx_run, tcx_run
from ingest.errors import DiskError, UnreadableSourceError
from ingest.files.archive import Archive, Quarantine, sha256_of
from ingest.files.atomic_write import STALE_AFTER, disk_errors, remove_stale_parts, write_durably
from support import fit_run

DATA = b"bytes of a run"
SHA = sha256_of(DATA)


def test_what_is_kept_is_given_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(SHA, DATA)

    assert archive.read(SHA) == DATA


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (fit_run(duration_s=60), ".fit"),
        (gpx_run().encode(), ".gpx"),
        (tcx_run().encode(), ".tcx"),
        (gpx_run(prologue="").encode("utf-16"), ".xml"),
        (DATA, ".fit"),
    ],
)
def test_an_original_is_called_after_what_it_is(tmp_path: Path, data: bytes, ending: str) -> None:
    archive = Archive(tmp_path)
    archive.add(sha256_of(data), data)

    assert archive.path_of(sha256_of(data)).suffix == ending
    assert archive.read(sha256_of(data)) == data


def test_an_original_of_an_older_archive_is_found_and_kept_once(tmp_path: Path) -> None:
    """Before it was called after what it is, every one was called .fit."""
    archive, data = Archive(tmp_path), gpx_run().encode()
    sha256 = sha256_of(data)
    older = tmp_path / sha256[:2] / f"{sha256}.fit"
    older.parent.mkdir()
    older.write_bytes(data)
    archive.add(sha256, data)

    assert (archive.read(sha256), archive.stored_files()) == (data, {sha256: older})


def test_what_was_cut_short_under_another_name_is_replaced(tmp_path: Path) -> None:
    archive, data = Archive(tmp_path), gpx_run().encode()
    sha256 = sha256_of(data)
    (tmp_path / sha256[:2]).mkdir()
    (tmp_path / sha256[:2] / f"{sha256}.fit").write_bytes(data[:-1])
    archive.add(sha256, data)

    assert [path.suffix for path in archive.stored_files().values()] == [".gpx"]
    assert archive.read(sha256) == data


def test_a_changed_original_is_not_passed_off_as_the_original(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(SHA, DATA)
    archive.path_of(SHA).write_bytes(b"something else")

    with pytest.raises(UnreadableSourceError, match="changed on disk"):
        archive.read(SHA)


def test_a_write_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.files.atomic_write.os.fsync", fail)
    with pytest.raises(DiskError, match=r"the disk is full: .*run\.fit; free some space"):
        write_durably(tmp_path / "run.fit", DATA)

    assert list(tmp_path.iterdir()) == []


def test_a_rejected_file_lies_beside_its_reason(tmp_path: Path) -> None:
    path = Quarantine(tmp_path).add(SHA, DATA, name="run.fit", reason="no header, at byte 0")

    reason = path.with_name(path.name + ".reason.txt").read_text()
    assert (path.read_bytes(), reason) == (DATA, "run.fit\nno header, at byte 0\n")


def test_the_same_bytes_are_set_aside_once(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    for reason in ("first", "second"):
        quarantine.add(SHA, DATA, name="run.fit", reason=reason)

    assert quarantine.count() == 1


def test_the_same_bytes_under_two_names_are_set_aside_once(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    for name in ("run.fit", "copy of run.fit"):
        quarantine.add(SHA, DATA, name=name, reason="unreadable")

    assert len(list(tmp_path.iterdir())) == 2


def test_only_what_has_the_whole_fingerprint_is_released(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    quarantine.add(SHA, DATA, name="run.fit", reason="unreadable")
    quarantine.release(SHA[:-1] + ("0" if SHA[-1] != "0" else "1"))

    assert quarantine.contains(SHA)


def test_an_original_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(SHA, DATA)
    archive.path_of(SHA).write_bytes(DATA[:4])
    archive.add(SHA, DATA)

    assert archive.read(SHA) == DATA


def test_a_released_file_is_gone(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    quarantine.add(SHA, DATA, name="run.fit", reason="unreadable")
    quarantine.release(SHA)

    assert list(tmp_path.iterdir()) == []


@given(name=st.text(max_size=200))
def test_no_name_from_outside_leaves_the_quarantine(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("quarantine")
    path = Quarantine(folder).add(SHA, DATA, name=name, reason="hostile")

    assert path.resolve().parent == folder.resolve()


def test_what_a_dead_process_left_half_written_is_swept_and_what_a_living_one_writes_is_not(
    tmp_path: Path,
) -> None:
    now = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
    for name, age in (("dead", STALE_AFTER * 2), ("alive", STALE_AFTER / 2)):
        path = tmp_path / f".part-{name}"
        path.write_bytes(b"half a r")
        written_s = (now - age).timestamp()
        os.utime(path, (written_s, written_s))
    swept = remove_stale_parts(tmp_path, now=now)

    assert (swept, [path.name for path in tmp_path.iterdir()]) == (1, [".part-alive"])


def test_a_broken_disk_is_told_with_place_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(b"a file where a folder should be")

    with pytest.raises(DiskError, match=r"archive.*; "):
        Archive(tmp_path / "archive").add(SHA, DATA)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EACCES, "give Hipwatch’s user permission to write there"),
        (errno.EROFS, "make it writable"),
        (errno.EIO, "check the disk and your backup"),
        (errno.ENAMETOOLONG, "fix that"),
    ],
)
def test_each_refusal_of_the_disk_has_its_remedy(number: int, remedy: str, tmp_path: Path) -> None:
    with (
        pytest.raises(DiskError, match=f"run.fit; {remedy}"),
        disk_errors(tmp_path / "run.fit"),
    ):
        raise OSError(number, os.strerror(number))


def test_a_refusal_in_a_worker_reaches_the_one_who_asked(tmp_path: Path) -> None:
    error = DiskError.about(OSError(errno.ENOSPC, "No space left on device"), tmp_path)

    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own
