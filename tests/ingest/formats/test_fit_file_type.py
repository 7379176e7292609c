"""What a FIT file is, from its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.fit.file_type import FileId, peek_file_id
from ingest.formats.sniff import HEAD_BYTES
from support import RECORDINGS, START, definition, fit_run, message


@pytest.mark.parametrize("file_type", ["activity", "monitoring_b", "settings", "course", "workout"])
@pytest.mark.parametrize("big_endian", [False, True])
def test_the_type_and_the_time_are_told_by_the_first_bytes(file_type: str, *, big_endian: bool) -> None:
    head = fit_run(START, file_type=file_type, duration_s=5, big_endian=big_endian)[:HEAD_BYTES]

    assert peek_file_id(head).type == file_type


def test_the_time_of_making_is_told() -> None:
    assert peek_file_id(fit_run(START, duration_s=5)[:HEAD_BYTES]).created_at == START


def test_a_type_that_the_profile_does_not_know_is_its_number() -> None:
    body = definition(0, [(0, 1, 0)]) + message("B", 49)
    head = bytes((14, 0x20, 0, 0)) + len(body).to_bytes(4, "little") + b".FIT\0\0" + body

    assert peek_file_id(head).type == "49"


def test_another_message_may_come_first() -> None:
    body = definition(49, [(0, 2, 132)], local=1) + message("H", 7, local=1)
    body += definition(0, [(0, 1, 0)]) + message("B", 32)
    head = bytes((14, 0x20, 0, 0)) + len(body).to_bytes(4, "little") + b".FIT\0\0" + body

    assert peek_file_id(head).type == "monitoring_b"


@given(head=st.binary(max_size=600))
def test_whatever_the_bytes_it_never_raises(head: bytes) -> None:
    assert isinstance(peek_file_id(head), FileId)


@given(data=st.data())
def test_however_the_first_bytes_are_damaged_it_never_raises(data: st.DataObject) -> None:
    head = bytearray(fit_run(duration_s=2)[:200])
    for _ in range(data.draw(st.integers(1, 8))):
        head[data.draw(st.integers(12, len(head) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(peek_file_id(bytes(head[: data.draw(st.integers(0, 200))])), FileId)


@pytest.mark.recordings
@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings beside the checkout")
def test_real_files_tell_the_same_type_at_a_glance() -> None:
    from ingest.errors import FitDecodeError  # noqa: PLC0415
    from ingest.formats.fit.decode import decode_fit  # noqa: PLC0415

    different = []
    for path in sorted(RECORDINGS.rglob("*.fit"), key=lambda path: path.stat().st_size)[:60]:
        data = path.read_bytes()
        try:
            decoded = decode_fit(data).file_type
        except FitDecodeError:
            continue
        if peek_file_id(data[:HEAD_BYTES]).type not in {decoded, None}:
            different.append(path.name)

    assert different == []
