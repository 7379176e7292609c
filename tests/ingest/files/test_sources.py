"""Where files come from: what is collected, what is left alone, what is refused."""

from __future__ import annotations

import gzip
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from exports import gpx_run, tcx_run, zip_of
from ingest.errors import UnavailableSourceError, UnreadableSourceError
from ingest.files import limits
from ingest.files.filenames import printable
from ingest.files.sources import Source, collect, newest_first
from support import START, fit_run


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
        "run.fit.partial",
        "run.fit.crdownload",
        ".run.fit.part",
        ".syncthing.run.fit.tmp",
        "~syncthing~run.fit",
        "notes.txt",
    ],
)
def test_unfinished_hidden_and_foreign_names_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["run.fit", "run.zip"])
def test_a_folder_that_became_a_link_after_it_was_listed_is_not_followed(tmp_path: Path, name: str) -> None:
    """Whoever writes to a share could else have a file read that only its owner may read."""
    for folder in ("watch/2026/may", "secret"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_bytes(zip_of({"run.fit": fit_run(duration_s=60)}))
    (source,) = collect([tmp_path / "watch"])
    source.close()
    (tmp_path / "watch/2026/may").rename(tmp_path / "away")
    (tmp_path / "watch/2026/may").symlink_to(tmp_path / "secret")

    with pytest.raises(UnavailableSourceError):
        source.read()


def test_a_folder_that_is_a_link_itself_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "disk/2026").mkdir(parents=True)
    (tmp_path / "disk/2026/run.fit").write_bytes(b"a run")
    (tmp_path / "watch").symlink_to(tmp_path / "disk")

    assert [source.read() for source in collect([tmp_path / "watch"])] == [b"a run"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a file without a size is Linux's")
def test_a_file_that_does_not_tell_its_size_is_read_to_its_end() -> None:
    assert b"VmRSS" in Source(Path("/proc/self/status")).read()


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

    with pytest.raises(UnreadableSourceError, match="not a regular file"):
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


def test_gzip_in_several_pieces_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(b"bytes of ") + gzip.compress(b"a run"))

    assert Source(path).read() == b"bytes of a run"


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    path.write_bytes(gzip.compress(b"bytes of a run"))

    assert Source(path).read() == b"bytes of a run"


def test_a_gzip_bomb_stops_at_the_ratio(tmp_path: Path) -> None:
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(bytes(4_000_000)))

    with pytest.raises(UnreadableSourceError, match="200 times"):
        Source(path).read()


def test_a_gzip_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBER_LIMIT_BYTES", 500_000)
    path = tmp_path / "run.fit.gz"
    path.write_bytes(gzip.compress(b"run " * 130_000))

    with pytest.raises(UnreadableSourceError, match="larger than"):
        Source(path).read()


def test_a_file_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBER_LIMIT_BYTES", 1 << 20)
    path = tmp_path / "run.fit"
    path.write_bytes(bytes((1 << 20) + 1))

    with pytest.raises(UnreadableSourceError, match="larger than 1 MiB"):
        Source(path).read()


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


@pytest.mark.parametrize("ending", ["fit", "FIT", "tcx", "gpx", "fit.gz", "tcx.gz", "gpx.gz"])
def test_every_kind_of_recording_is_collected(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"run.{ending}").write_bytes(b"")

    assert names(tmp_path) == [f"run.{ending}"]


def test_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".stversions").mkdir()
    (tmp_path / ".stversions" / "run.fit").write_bytes(b"")

    assert names(tmp_path) == []


def test_a_pipe_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "run.fit")

    assert names(tmp_path) == []


def test_folders_deeper_than_python_recurses_are_walked(tmp_path: Path) -> None:
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    (tmp_path / "run.fit").write_bytes(b"")
    found = names(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)  # who clears up after tests recurses

    assert found == ["run.fit"]


def test_a_folder_that_cannot_be_listed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "run.fit").write_bytes(b"bytes of a run")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    run, locked = collect([tmp_path])

    assert run.read() == b"bytes of a run"
    with pytest.raises(UnreadableSourceError, match="Permission denied"):
        locked.read()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two\nlines", "two\\nlines"),
        ("bell\a", "bell\\x07"),
        ("turn\u202eed", "turn\\u202eed"),
        ("not UTF-8 \udcff", "not UTF-8 \\udcff"),
        ("Läufe", "Läufe"),
    ],
)
def test_names_are_shown_without_what_could_deceive(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_the_newest_by_their_content_come_first(tmp_path: Path) -> None:
    """Whatever their names and times: an export gives all files the time of the export."""
    for number, age in enumerate((3, 1, 2)):
        (tmp_path / f"{number}.fit").write_bytes(fit_run(START - timedelta(days=age), duration_s=10))

    assert [source.path.name for source in newest_first(collect([tmp_path]))] == ["1.fit", "2.fit", "0.fit"]


def test_what_is_no_activity_comes_last_and_can_be_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit_run(START + timedelta(days=1), file_type="monitoring_b"))
    (tmp_path / "b.fit").write_bytes(fit_run(START, duration_s=10))
    ordered = newest_first(collect([tmp_path]))

    assert [(source.path.name, source.can_skip) for source in ordered] == [
        ("b.fit", False),
        ("a.fit", True),
    ]


def test_what_leaves_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit_run(file_type="monitoring_b"))

    assert [s.can_skip for s in newest_first(collect([tmp_path], is_removed_later=True))] == [False]


def test_the_date_in_a_name_counts_where_the_content_tells_none(tmp_path: Path) -> None:
    for name in ("2024-03-01-07-10-11.fit", "activity_20260105_0700.fit", "2025.12.31.fit"):
        path = tmp_path / name
        path.write_bytes(b"")
        os.utime(path, (0, 0))

    assert [source.path.name[:13] for source in newest_first(collect([tmp_path]))] == [
        "activity_2026",
        "2025.12.31.fi",
        "2024-03-01-07",
    ]


def test_gpx_and_gzip_are_ordered_by_their_content_too(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(gpx_run(START - timedelta(days=2)))
    (tmp_path / "b.fit.gz").write_bytes(gzip.compress(fit_run(START - timedelta(days=1), duration_s=10)))
    (tmp_path / "c.tcx.gz").write_bytes(gzip.compress(tcx_run(START).encode()))

    assert [source.path.name[0] for source in newest_first(collect([tmp_path]))] == ["c", "b", "a"]


def test_files_that_tell_nothing_are_ordered_by_their_time(tmp_path: Path) -> None:
    for name, at_s in {"old": 1_000, "new": 2_000}.items():
        (tmp_path / f"{name}.fit").write_bytes(b"no recording")
        os.utime(tmp_path / f"{name}.fit", (at_s, at_s))

    assert [source.path.name for source in newest_first(collect([tmp_path]))] == ["new.fit", "old.fit"]
