"""Archives: what is in them comes out within limits, whatever their headers say."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest

from exports import gpx_run, tcx_run, zip_of
from ingest.errors import UnavailableSourceError, UnreadableSourceError
from ingest.files import limits
from ingest.files.sources import Source, collect
from support import fit_run

NOISE = random.Random(1).randbytes(3_000_000)  # noqa: S311 - noise that is the same each time


def sources_of(folder: Path, data: bytes, name: str = "export.zip") -> list[Source]:
    path = folder / name
    path.write_bytes(data)
    return list(collect([path]))


def refusal_of(source: Source) -> str:
    with pytest.raises(UnreadableSourceError) as caught:
        source.read()
    return str(caught.value)


def test_a_zip_gives_its_members_unpacked(tmp_path: Path) -> None:
    data = zip_of({"a/1.fit": b"one", "a/2.fit.gz": gzip.compress(b"two"), "photo.jpg": b"not a run"})

    assert [source.read() for source in sources_of(tmp_path, data)] == [b"one", b"two"]


def test_an_account_export_of_strava_gives_every_kind_of_recording(tmp_path: Path) -> None:
    members = {
        "activities.csv": b"Activity ID,Activity Date\n1,today\n",
        "activities/1.fit.gz": gzip.compress(fit_run(duration_s=5)),
        "activities/2.gpx.gz": gzip.compress(gpx_run().encode()),
        "activities/3.tcx.gz": gzip.compress(tcx_run().encode()),
        "activities/4.gpx": gpx_run().encode(),
        "media/5.jpg": b"a photo",
    }

    assert [source.member for source in sources_of(tmp_path, zip_of(members))] == [
        "activities/1.fit.gz",
        "activities/2.gpx.gz",
        "activities/3.tcx.gz",
        "activities/4.gpx",
    ]


def test_archives_within_an_archive_are_opened(tmp_path: Path) -> None:
    inner = zip_of({"1.fit": b"one", "2.fit": b"two"})
    found = sources_of(tmp_path, zip_of({"DI_CONNECT/Uploaded/Part1.zip": inner, "3.fit": b"three"}))

    assert [(source.member, source.read()) for source in found] == [
        ("DI_CONNECT/Uploaded/Part1.zip!1.fit", b"one"),
        ("DI_CONNECT/Uploaded/Part1.zip!2.fit", b"two"),
        ("3.fit", b"three"),
    ]


def test_two_levels_are_opened_and_a_third_is_refused(tmp_path: Path) -> None:
    third = zip_of({"deep.fit": b"too deep"})
    second = zip_of({"two.fit": b"two", "third.zip": third})
    first = zip_of({"one.fit": b"one", "second.zip": second})
    found = sources_of(tmp_path, zip_of({"first.zip": first}))

    assert [source.read() for source in found[:2]] == [b"one", b"two"]
    assert "nested more than 2 deep" in refusal_of(found[2])


def test_an_archive_that_holds_itself_ends(tmp_path: Path) -> None:
    data = zip_of({"run.fit": b"one"})
    for _ in range(30):
        data = zip_of({"again.zip": data, "run.fit": b"one"})

    assert len(sources_of(tmp_path, data)) == 4


def test_a_member_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBER_LIMIT_BYTES", 1 << 20)
    big, small = sources_of(tmp_path, zip_of({"big.fit": NOISE, "small.fit": b"one"}))

    assert refusal_of(big) == "is larger than 1 MiB"
    assert small.read() == b"one"


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    (bomb,) = sources_of(tmp_path, zip_of({"run.fit": bytes(4_000_000)}))

    assert refusal_of(bomb) == "unpacks to more than 200 times its size"


def test_a_bomb_whose_header_lies_about_its_size_is_refused_all_the_same(tmp_path: Path) -> None:
    data = zip_of({"run.fit": bytes(4_000_000)})
    told, lie = struct.pack("<I", 4_000_000), struct.pack("<I", 10)
    (bomb,) = sources_of(tmp_path, data.replace(told, lie))

    with pytest.raises(UnreadableSourceError):
        bomb.read()


def test_a_bomb_within_an_archive_is_refused_and_its_neighbour_read(tmp_path: Path) -> None:
    bomb = zip_of({"run.fit": bytes(9_000_000)})
    found = sources_of(tmp_path, zip_of({"bomb.zip": zip_of({"b.zip": bomb}), "run.fit": b"one"}))

    assert "200 times" in refusal_of(found[0])
    assert found[1].read() == b"one"


def test_a_nested_archive_that_unpacks_to_nothing_but_zeros_is_not_spooled(tmp_path: Path) -> None:
    (refused,) = sources_of(tmp_path, zip_of({"zeros.zip": bytes(50_000_000)}))

    assert "200 times" in refusal_of(refused)


def test_all_members_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_LIMIT_BYTES", 5 << 20)
    found = sources_of(tmp_path, zip_of({"1.fit": NOISE, "2.fit": NOISE}))

    assert found[0].read() == NOISE
    assert "the archive unpacks to more than 5 MiB; unpack it yourself" in refusal_of(found[1])


def test_archives_within_an_archive_share_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_LIMIT_BYTES", 5 << 20)
    inner = zip_of({"run.fit": NOISE})
    found = sources_of(tmp_path, zip_of({"1.zip": inner, "2.zip": inner}))

    assert found[0].read() == NOISE
    assert "the archives within it unpack to more than 5 MiB" in refusal_of(found[1])


def test_members_are_counted_through_all_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_LIMIT_MEMBERS", 5)
    inner = zip_of({f"{number}.fit": b"x" for number in range(3)})
    found = sources_of(tmp_path, zip_of({"1.zip": inner, "2.zip": inner}))

    assert [bool(source.refusal) for source in found] == [False, False, False, True]
    assert "holds more than 5 files" in refusal_of(found[-1])


def test_archives_within_an_archive_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NESTED_LIMIT", 1)
    found = sources_of(tmp_path, zip_of({"1.zip": zip_of({"1.fit": b"x"}), "2.zip": zip_of({"2.fit": b"x"})}))

    assert "more than 1 archives" in refusal_of(found[1])


def test_a_list_of_contents_that_is_too_long_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DIRECTORY_LIMIT_BYTES", 100_000)
    (refused,) = sources_of(tmp_path, zip_of({f"{number:0100}.fit": b"" for number in range(1_000)}))

    assert "table of contents is larger" in refusal_of(refused)


def test_an_export_of_fifty_thousand_files_is_listed(tmp_path: Path) -> None:
    data = zip_of({f"me@example.org_{number}.fit": b"x" for number in range(50_000)}, packed=False)

    assert len(sources_of(tmp_path, zip_of({"UploadedFiles_Part1.zip": data}))) == 50_000


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/run.fit",
        "/etc/run.fit",
        "C:\\Windows\\run.fit",
        "..\\..\\run.fit",
        "two\nlines.fit",
        "turn\u202eed.fit",
        "a" * 5_000 + ".fit",
    ],
)
def test_a_hostile_name_is_only_ever_shown(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    before = set(tmp_path.rglob("*"))
    (source,) = sources_of(tmp_path / "in", zip_of({name: b"one"}))

    assert source.read() == b"one"
    assert source.name.isprintable()
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "in" / "export.zip"}


def test_a_name_with_nul_is_only_ever_shown(tmp_path: Path) -> None:
    data = zip_of({"aXb.fit": b"one"}).replace(b"aXb.fit", b"a\0b.fit")

    assert sources_of(tmp_path, data) == []


def test_members_of_the_same_name_are_different_members(tmp_path: Path) -> None:
    written = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("run.fit", b"one")
        archive.writestr("run.fit", b"two")
    found = sources_of(tmp_path, written.getvalue())

    assert [(source.member, source.read()) for source in found] == [
        ("run.fit", b"one"),
        ("run.fit (2)", b"two"),
    ]


def test_an_encrypted_member_is_refused_with_the_reason(tmp_path: Path) -> None:
    data = bytearray(zip_of({"locked.fit": b"one", "open.fit": b"two"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    locked, readable = sources_of(tmp_path, bytes(data))

    assert "is encrypted" in refusal_of(locked)
    assert readable.read() == b"two"


def test_a_damaged_member_is_refused_and_its_neighbour_read(tmp_path: Path) -> None:
    data = zip_of({"a.fit": b"bytes of a run", "b.fit": b"two"}, packed=False).replace(b"of a", b"OF A", 1)
    damaged, whole = sources_of(tmp_path, data)

    assert "Bad CRC-32" in refusal_of(damaged)
    assert whole.read() == b"two"


@pytest.mark.parametrize("shift", [200, -(1 << 20)])
def test_an_archive_that_names_a_place_outside_of_itself_is_damaged_and_not_the_disk(
    tmp_path: Path, shift: int
) -> None:
    data = bytearray(zip_of({"run.fit": b"one"}))
    start = data.rindex(b"PK\5\6") + 16
    told = int.from_bytes(data[start : start + 4], "little")
    data[start : start + 4] = (told + shift).to_bytes(4, "little", signed=shift < 0)
    (source,) = sources_of(tmp_path, bytes(data))

    with pytest.raises(UnreadableSourceError) as refused:
        source.read()
    assert not isinstance(refused.value, UnavailableSourceError)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["run.fit", "inner.zip"])
def test_what_is_packed_so_that_nothing_bounds_its_unpacking_is_refused(
    tmp_path: Path, name: str, method: int
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr(name, bytes(4_000_000))
        archive.writestr("other.fit", b"one", zipfile.ZIP_DEFLATED)
    refused, other = sources_of(tmp_path, packed.getvalue())

    assert "is packed in a way that Hipwatch does not read" in refusal_of(refused)
    assert other.read() == b"one"


def test_what_macs_add_is_left_alone(tmp_path: Path) -> None:
    data = zip_of({"__MACOSX/._run.fit": b"x", "._run.fit": b"x", ".hidden/run.fit": b"x", "run.fit": b"one"})

    assert [source.member for source in sources_of(tmp_path, data)] == ["run.fit"]


@pytest.mark.parametrize("data", [b"", b"PK but no archive", zip_of({"run.fit": NOISE[:9_000]})[:5_000]])
def test_what_is_no_archive_says_so(tmp_path: Path, data: bytes) -> None:
    (refused,) = sources_of(tmp_path, data)

    assert "no readable zip" in refusal_of(refused)


def test_a_broken_archive_within_an_archive_says_so(tmp_path: Path) -> None:
    broken, whole = sources_of(tmp_path, zip_of({"a.zip": b"PK but no archive", "run.fit": b"one"}))

    assert broken.member == "a.zip"
    assert "no readable zip" in refusal_of(broken)
    assert whole.read() == b"one"


def test_memory_stays_flat_however_large_the_archive_within(tmp_path: Path) -> None:
    inner = zip_of({f"{number}.fit": NOISE for number in range(20)}, packed=False)
    (tmp_path / "export.zip").write_bytes(zip_of({"inner.zip": inner}, packed=False))
    del inner
    tracemalloc.start()
    for source in collect([tmp_path / "export.zip"]):
        source.read()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 4 * len(NOISE)


def test_many_archives_do_not_use_up_the_files_that_may_be_open(tmp_path: Path) -> None:
    for number in range(1_500):
        (tmp_path / f"{number}.zip").write_bytes(zip_of({"run.fit": b"one"}))
    found = list(collect([tmp_path]))

    assert {source.read() for source in found} == {b"one"}
