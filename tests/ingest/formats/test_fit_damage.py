"""Damage: what is whole is kept, what is wrong is said with its place, and nothing else ever happens."""

from __future__ import annotations

import pickle
import struct
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from ingest.errors import FitDecodeError
from ingest.formats.fit.decode import decode_fit
from ingest.formats.fit.encode import encode_file
from ingest.formats.fit.messages import read_messages
from support import RECORDINGS, definition, fit_run, message, mutant_of

RUN = fit_run(duration_s=99)
"""A header of 14 bytes, then messages, then a checksum of two."""

UINT8, UINT32, BYTE = 2, 0x86, 13


def words(data: bytes) -> list[str]:
    """The flags of what is read."""
    return [flag.code for flag in decode_fit(data).flags]


def test_an_undamaged_file_has_no_flag() -> None:
    assert words(RUN) == []


def test_what_is_no_fit_is_refused_with_its_place() -> None:
    with pytest.raises(FitDecodeError, match="no FIT header, at byte 0"):
        decode_fit(b"<?xml version='1.0'?><gpx></gpx>")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FitDecodeError, match="empty file, at byte 0"):
        decode_fit(b"")


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(FitDecodeError, match="no complete message, at byte 14"):
        decode_fit(RUN[:14])


@pytest.mark.parametrize("length", range(1, 14))
def test_a_part_of_a_header_is_refused(length: int) -> None:
    with pytest.raises(FitDecodeError):
        decode_fit(RUN[:length])


def test_the_refusal_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(FitDecodeError("no FIT header", offset=7)))  # noqa: S301

    assert (str(error), error.offset) == ("no FIT header, at byte 7", 7)


def test_of_a_file_that_was_cut_off_every_whole_record_is_read() -> None:
    run = fit_run(duration_s=19)
    records = [len(decode_fit(run[:length]).samples) for length in range(100, len(run))]

    assert set(np.diff(records)) == {0, 1}
    assert records[-1] == 20


def test_a_file_that_was_cut_off_before_it_said_its_sport_says_that_it_counts_as_no_run() -> None:
    assert set(words(RUN[: len(RUN) * 4 // 5])) == {"truncated", "no_sport"}


@pytest.mark.parametrize("length", range(150, len(RUN), 97))
def test_a_file_that_was_cut_off_is_flagged_and_keeps_its_session(length: int) -> None:
    read = decode_fit(RUN[:length])

    assert "truncated" in {flag.code for flag in read.flags}
    assert len(read.sessions) == 1


@pytest.mark.parametrize("records", [31, 32, 33, 63, 64, 65, 95, 96, 97, 289])
def test_of_many_alike_the_one_that_is_cut_off_is_left_out(records: int) -> None:
    """Records that follow one another are taken many at a time; the place of the cut must not matter."""
    layout = definition(20, [(253, 4, UINT32), (3, 1, UINT8)])
    rows = [message("<IB", 1_100_000_000 + n, n % 200) for n in range(records)]
    whole = encode_file([layout, *rows])
    behind = len(whole) - 2

    for missing in range(1, 2 * len(rows[0]) + 1):
        lost = -(-missing // len(rows[0]))
        assert len(decode_fit(whole[: behind - missing]).samples) == records - lost


def test_the_flag_names_the_byte() -> None:
    missing, cut_off, _no_sport = decode_fit(RUN[:500]).flags

    assert missing.detail == f"{len(RUN) - 502} bytes of the messages are missing, at byte 500"
    assert "is cut off, at byte 4" in cut_off.detail


def test_a_missing_checksum_is_flagged() -> None:
    assert words(RUN[:-2]) == ["truncated"]


def test_a_wrong_checksum_is_flagged_and_all_is_read() -> None:
    damaged = RUN[:-1] + bytes((RUN[-1] ^ 1,))
    read = decode_fit(damaged)

    assert ([flag.code for flag in read.flags], len(read.samples)) == (["checksum"], 100)


def test_a_wrong_checksum_of_the_header_is_flagged() -> None:
    damaged = bytearray(RUN)
    damaged[12] ^= 0xFF

    assert words(bytes(damaged)) == ["checksum", "checksum"]


@pytest.mark.parametrize("byte", range(100, len(RUN) - 2, 211))
def test_every_flipped_byte_is_noticed(byte: int) -> None:
    damaged = bytearray(RUN)
    damaged[byte] ^= 0x55

    assert "checksum" in words(bytes(damaged))


def test_a_file_that_was_never_closed_is_read_to_its_end() -> None:
    """A watch that dies while it records has written no length and no checksum."""
    open_file = RUN[:4] + b"\0\0\0\0" + RUN[8:12] + b"\0\0" + RUN[14:-2]
    read = decode_fit(open_file)

    assert ([flag.code for flag in read.flags], len(read.samples)) == (["unterminated"], 100)


def test_bytes_behind_a_whole_file_are_flagged() -> None:
    read = decode_fit(RUN + bytes(64))

    assert [str(flag.detail) for flag in read.flags] == [f"64 bytes that are no FIT, at byte {len(RUN)}"]
    assert len(read.sessions) == 1


def test_reading_ends_at_a_message_without_a_definition() -> None:
    """Where the next message begins is not known then, and nothing is guessed."""
    records = definition(20, [(253, 4, UINT32), (3, 1, UINT8)]) + message("<IB", 10**9, 140)
    read = decode_fit(encode_file([records, message("<IB", 10**9, 140, local=7), records]))

    assert len(read.samples) == 1
    assert read.flags[0].detail == "local message 7 has no definition, at byte 32"


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_definition_that_is_cut_off_ends_the_file(cut: int) -> None:
    whole = definition(20, [(253, 4, UINT32), (3, 1, UINT8)], developer=[(0, 1, 0)])
    records = definition(20, [(3, 1, UINT8)]) + message("<B", 140)
    read = decode_fit(encode_file([records, whole[:-cut]]))

    assert ([flag.code for flag in read.flags], len(read.samples)) == (["truncated"], 1)


def hostile_files() -> dict[str, bytes]:
    """Files that cost the most for what they weigh."""
    million = 1 << 20
    one_byte = definition(20, [])
    rates = definition(20, [(3, 1, UINT8)])
    widest = definition(20, [(3, 255, BYTE)] * 255)
    many_kinds = b"".join(
        definition(20, [(number, 1, UINT8)], local=local) + message("<B", 1, local=local)
        for local in range(16)
        for number in range(256)
    )
    ever_new = b"".join(
        struct.pack("<BBBHBBBB", 0x40, reserved, 0, 20, 1, number, 1, UINT8) + b"\0\1"
        for reserved in range(256)
        for number in range(256)
    )
    tiny_file = encode_file([one_byte + b"\0"])
    developers = b"".join(
        definition(206, [(0, 1, UINT8), (1, 1, UINT8)], local=1) + message("<BB", n >> 8, n & 255, local=1)
        for n in range(20_000)
    )
    anchor = definition(132, [(253, 4, UINT32), (9, 4, UINT32), (6, 1, UINT8)], local=1)
    anchor += message("<IIB", 10**9, 7, 99, local=1)
    heart_rates = definition(132, [(6, 4, UINT8), (10, 5, BYTE)])
    wide_heart_rates = definition(132, [(6, 170, UINT8), (10, 255, BYTE)])
    return {
        "messages of one byte": encode_file([one_byte, bytes(8 * million)]),
        "messages of two bytes": encode_file([rates, b"\0\1" * (4 * million)]),
        "compressed messages of two bytes": encode_file([rates, b"\x81\1" * (4 * million)]),
        "definitions only": encode_file([rates, b"\0\1", definition(20, [(3, 1, UINT8)]) * 100_000]),
        "widest messages": encode_file([widest, bytes(1 + 255 * 255) * 60]),
        "many kinds": encode_file([many_kinds * 30]),
        "ever new definitions": encode_file([ever_new]),
        "many small files": tiny_file * 100_000,
        "developer fields": encode_file([developers, rates, b"\0\1"]),
        "sessions": encode_file([rates, b"\0\1", definition(18, []), bytes(8 * million)]),
        "stored heart rates": encode_file([anchor, heart_rates, (b"\0" + bytes(9)) * (800 * 1_024)]),
        "stored heart rates of all widths": encode_file(
            [anchor, heart_rates, (b"\0" + bytes(9)) * 10_000, wide_heart_rates, bytes(426) * 9]
        ),
        "anchors of heart rates": encode_file([anchor[:15], anchor[15:] * 500_000]),
        "kinds in many files": encode_file([ever_new[: 64 << 10]]) * 12,
        "two bytes in two files": encode_file([rates, b"\0\1" * (2 * million)]) * 2,
        "definition of 65 kB messages, cut off": encode_file([rates, b"\0\1", widest, bytes(100)]),
    }


HOSTILE = hostile_files()


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_memory_stays_in_proportion_to_the_file(name: str) -> None:
    data = HOSTILE[name]
    tracemalloc.start()
    decode_fit(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < (64 << 20) + 6 * len(data)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("messages of two bytes", "more than 6815"),
        ("ever new definitions", "more than 16384 definitions"),
        ("many small files", "more than 256 chained files"),
    ],
)
def test_what_is_not_read_of_a_hostile_file_is_said(name: str, reason: str) -> None:
    details = [flag.detail for flag in decode_fit(HOSTILE[name]).flags]

    assert any(detail.startswith(reason) for detail in details), details


def mutants(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Mutants of seeds taken at random, the same for the same number."""
    chance = np.random.default_rng(seed)
    for _ in range(count):
        yield mutant_of(seeds[chance.integers(len(seeds))], chance)


def outcomes(data: bytes) -> None:
    """Read in every way; only the error that is meant for it may escape."""
    for read in (decode_fit, read_messages):
        try:
            read(data)
        except FitDecodeError as error:
            assert 0 <= error.offset <= len(data) + 255  # noqa: PT017 (most mutants raise nothing)


DEVELOPED = encode_file(
    [
        definition(0, [(0, 1, 0)]) + b"\0\4",
        definition(206, [(0, 1, UINT8), (1, 1, UINT8), (2, 1, UINT8), (3, 6, 7), (15, 1, UINT8)], local=2),
        message("<BBB6sB", 0, 0, 0x84, b"Power", 7, local=2),
        definition(20, [(253, 4, UINT32), (8, 3, BYTE)], local=1, developer=[(0, 2, 0)]),
        *(message("<I3sH", 10**9 + i, b"\1\2\3", i, local=1) for i in range(9)),
        definition(132, [(253, 4, UINT32), (9, 4, UINT32), (6, 1, UINT8)], local=3),
        message("<IIB", 10**9, 7, 99, local=3),
        definition(132, [(6, 2, UINT8), (10, 3, BYTE)], local=3) + message("<BB3s", 1, 2, b"\1\2\3", local=3),
        definition(20, [(3, 1, UINT8)], local=0) + message("<B", 99, compressed=9),
    ]
)


def test_of_mutated_runs_only_the_declared_error_escapes() -> None:
    seeds = [DEVELOPED, DEVELOPED, fit_run(duration_s=5), fit_run(duration_s=3, big_endian=True) + DEVELOPED]
    for data in mutants(seeds, 2_500, seed=20_260_302):
        outcomes(data)


@pytest.mark.recordings
@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the folder of real watch files is absent")
def test_of_mutated_recordings_only_the_declared_error_escapes() -> None:
    seeds = [path.read_bytes() for path in sorted((RECORDINGS / "files").glob("*.fit"))]
    for data in mutants([seed for seed in seeds if len(seed) < 90_000], 500, seed=7):
        outcomes(data)
