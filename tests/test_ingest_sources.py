"""Where files come from: what is collected, what is left alone, what is refused."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from ingest import sources
from ingest.errors import UnreadableSourceError
from ingest.sources import Source, collect


def names(folder: Path) -> list[str]:
    return [source.path.name if source.member is None else source.member for source in collect([folder])]


def test_a_folder_gives_its_files_and_those_below_in_order(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    for name in ("b.fit", "2026/c.FIT", "a.fit.gz"):
        (tmp_path / name).write_bytes(b"")

    assert names(tmp_path) == ["c.FIT", "a.fit.gz", "b.fit"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.fit",
        "run.fit.part",
        "run.fit.tmp",
        ".syncthing.run.fit.tmp",
        "~syncthing~run.fit",
        "notes.txt",
    ],
)
def test_unfinished_hidden_and_foreign_names_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    assert names(tmp_path) == []


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not yours")
    folder = tmp_path / "watch"
    folder.mkdir()
    (folder / "run.fit").symlink_to(secret)

    assert names(folder) == []


def test_a_link_that_was_swapped_in_after_the_look_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not yours")
    link = tmp_path / "run.fit"
    link.symlink_to(secret)

    with pytest.raises(UnreadableSourceError):
        Source(link).read()


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "run.fit"
    os.mkfifo(pipe)

    with pytest.raises(UnreadableSourceError, match="no regular file"):
        Source(pipe).read()


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(b"bytes of a run"))

    assert Source(path).read() == b"bytes of a run"


def test_a_gzip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(b"bytes of a run")[:-9])

    with pytest.raises(UnreadableSourceError, match="cut off"):
        Source(path).read()


def test_a_gzip_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(b"\0" * (sources.MEMBER_LIMIT_BYTES + 1)))

    with pytest.raises(UnreadableSourceError, match="larger than 64 MiB"):
        Source(path).read()


def test_a_zip_gives_its_members_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("activities/1.fit", b"one")
        archive.writestr("activities/2.fit.gz", gzip.compress(b"two"))
        archive.writestr("activities.csv", b"not a run")

    assert [source.read() for source in collect([path])] == [b"one", b"two"]


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.fit", b"\0" * 4_000_000)

    (bomb,) = collect([path])
    with pytest.raises(UnreadableSourceError, match="200 times"):
        bomb.read()


def test_a_broken_zip_does_not_stop_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK but no archive")
    (tmp_path / "b.fit").write_bytes(b"bytes of a run")
    broken, whole = collect([tmp_path])

    assert whole.read() == b"bytes of a run"
    with pytest.raises(UnreadableSourceError, match="no readable zip"):
        broken.read()


def test_a_file_that_went_away_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="No such file"):
        Source(tmp_path / "gone.fit").read()
