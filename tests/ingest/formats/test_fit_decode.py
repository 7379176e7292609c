"""Traps of the format, each with the bytes that set it."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.fit.decode import decode_fit
from ingest.formats.fit.encode import FitField, encode_file, encode_fit, encode_message
from ingest.formats.fit.messages import read_messages
from ingest.formats.fit.protocol.crc import crc16
from ingest.formats.recording import Samples
from support import START, definition, field_description, fit_run, message, recording_of_run

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
START_S = int((START - EPOCH).total_seconds())
UNIX_S = START.timestamp()

ENUM, UINT8, UINT16, UINT32, SINT32, STRING, FLOAT32, BYTE = 0, 2, 0x84, 0x86, 0x85, 7, 0x88, 13
RECORD, SESSION, FILE_ID, ACTIVITY, HR = 20, 18, 0, 34, 132

FILE_ID_ACTIVITY = definition(FILE_ID, [(0, 1, ENUM)]) + message("<B", 4)
TIMES_AND_RATES = definition(RECORD, [(253, 4, UINT32), (3, 1, UINT8)])


def record(second: int, heart_rate_bpm: int) -> bytes:
    """A record of ``TIMES_AND_RATES``."""
    return message("<IB", START_S + second, heart_rate_bpm)


def activity(*messages: bytes) -> bytes:
    """A whole file of an activity."""
    return encode_file([FILE_ID_ACTIVITY, *messages])


def test_byte_order_makes_no_difference() -> None:
    run = {"power_w": 250.0, "threshold_heart_rate_bpm": 171.0, "sub_sport": "trail"}
    little = decode_fit(fit_run(duration_s=30, **run))
    big = decode_fit(fit_run(duration_s=30, big_endian=True, **run))

    assert little.sessions == big.sessions
    for name, one, other in zip(
        Samples.names(), little.samples.columns(), big.samples.columns(), strict=True
    ):
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_byte_orders_may_change_within_a_file() -> None:
    fields = [(253, 4, UINT32), (7, 2, UINT16)]
    read = decode_fit(
        activity(
            definition(RECORD, fields, local=1),
            message("<IH", START_S, 258, local=1),
            definition(RECORD, fields, local=1, big_endian=True),
            message(">IH", START_S + 1, 259, local=1),
            definition(RECORD, fields, local=1),
            message("<IH", START_S + 2, 260, local=1),
        )
    )

    assert read.samples.power_w.tolist() == [258, 259, 260]


def test_of_an_array_a_column_takes_the_first_value() -> None:
    read = decode_fit(
        activity(
            definition(RECORD, [(253, 4, UINT32), (3, 3, UINT8)]), message("<I3B", START_S, 140, 141, 142)
        )
    )

    assert read.samples.heart_rate_bpm.tolist() == [140]


def test_an_array_is_read_whole_by_read_messages() -> None:
    read = read_messages(activity(definition(RECORD, [(3, 3, UINT8)]), message("<3B", 140, 255, 142)))

    np.testing.assert_array_equal(read["record"]["heart_rate"], [[140, np.nan, 142]])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"PACE 3\0\0", "PACE 3"),
        (b"PACE 345", "PACE 345"),
        (b"PACE\0XYZ", "PACE"),
        (b"\0\0\0\0\0\0\0\0", ""),
        (b"PACE\xff\xfe \0", "PACE�� "),
        ("çelik €".encode()[:8], "çelik �"),
    ],
)
def test_a_text_ends_at_its_first_nul_and_survives_bad_bytes(written: bytes, read: str) -> None:
    data = encode_file(
        [
            definition(FILE_ID, [(0, 1, ENUM), (1, 2, UINT16), (8, 8, STRING)]),
            message("<BH8s", 4, 294, written),
        ]
    )

    assert decode_fit(data).device.product == read


def test_compressed_timestamps_roll_over_every_32_seconds() -> None:
    rates = definition(RECORD, [(3, 1, UINT8)], local=1)
    compressed = [message("<B", 140, local=1, compressed=(START_S + s) & 31) for s in (3, 20, 40, 71)]
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 139), rates, *compressed))

    assert (read.samples.timestamp_s - UNIX_S).tolist() == [0, 3, 20, 40, 71]


def test_a_compressed_timestamp_counts_on_from_any_message() -> None:
    """An event between two records moves the clock as well."""
    event = definition(21, [(253, 4, UINT32)], local=2) + message("<I", START_S + 100, local=2)
    rates = definition(RECORD, [(3, 1, UINT8)], local=1)
    later = message("<B", 141, local=1, compressed=(START_S + 101) & 31)
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 139), rates, event, later))

    assert (read.samples.timestamp_s - UNIX_S).tolist() == [0, 101]


def test_a_whole_timestamp_wins_over_a_compressed_header() -> None:
    both = message("<IB", START_S + 50, 141, compressed=7)
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 139), both))

    assert (read.samples.timestamp_s - UNIX_S).tolist() == [0, 50]


def test_several_records_in_one_second_are_all_kept() -> None:
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 139), record(0, 140), record(1, 141)))

    assert read.samples.heart_rate_bpm.tolist() == [139, 140, 141]


def test_unknown_messages_and_fields_are_passed_over() -> None:
    read = decode_fit(
        activity(
            definition(0xFF00, [(77, 9, BYTE)], local=3),
            message("<9s", b"whatever!", local=3),
            definition(RECORD, [(200, 5, STRING), (253, 4, UINT32), (201, 8, 0x90), (3, 1, UINT8)], local=1),
            message("<5sIQB", b"x", START_S, 7, 140, local=1),
        )
    )

    assert (read.samples.heart_rate_bpm.tolist(), read.flags) == ([140], ())


def test_a_field_whose_size_is_no_multiple_of_its_type_spoils_only_itself() -> None:
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (7, 1, UINT32), (3, 1, UINT8)]),
        message("<IBB", START_S, 9, 140),
    )
    read = decode_fit(data)

    assert read.samples.heart_rate_bpm.tolist() == [140]
    assert np.isnan(read.samples.power_w).all()
    assert [flag.code for flag in read.flags] == ["bad_field_size"]


def test_a_field_of_no_bytes_is_nothing() -> None:
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (7, 0, UINT16), (3, 1, UINT8)]), message("<IB", START_S, 140)
    )

    assert decode_fit(data).samples.heart_rate_bpm.tolist() == [140]


def test_the_file_s_own_type_decides_how_a_field_is_read() -> None:
    """Zwift and others write floats where the profile has whole numbers."""
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (3, 4, FLOAT32), (6, 4, UINT32)]),
        message("<IfI", START_S, 140.5, 3_500),
    )
    read = decode_fit(data)

    assert (read.samples.heart_rate_bpm.tolist(), read.samples.speed_mps.tolist()) == ([140.5], [3.5])


@pytest.mark.parametrize("nothing", [float("nan"), float("inf"), float("-inf")])
def test_a_float_that_is_no_number_is_nothing(nothing: float) -> None:
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (3, 4, FLOAT32)]),
        message("<If", START_S, nothing),
        message("<If", START_S + 1, 140),
        definition(SESSION, [(5, 1, ENUM), (9, 4, FLOAT32)], local=1) + message("<Bf", 1, nothing, local=1),
    )
    read = decode_fit(data)

    np.testing.assert_array_equal(read.samples.heart_rate_bpm, [np.nan, 140])
    assert read.sessions[0].distance_m is None


def test_a_signalling_nan_is_nothing() -> None:
    """The processor would complain of it, once for each column."""
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (3, 4, FLOAT32)]), message("<II", START_S, 0x7FA00000)
    )

    assert np.isnan(decode_fit(data).samples.heart_rate_bpm).all()


def test_a_field_that_changes_its_type_midway_is_one_column() -> None:
    data = activity(
        TIMES_AND_RATES,
        record(0, 140),
        definition(RECORD, [(253, 4, UINT32), (3, 2, UINT16)], local=1),
        message("<IH", START_S + 1, 141, local=1),
        record(2, 142),
    )

    assert decode_fit(data).samples.heart_rate_bpm.tolist() == [140, 141, 142]


def test_a_long_run_is_read_across_all_windows_of_the_loop() -> None:
    """Half a day: three times as many bytes as the loop takes at once, messages across each border."""
    run = recording_of_run(duration_s=43_200, power_w=250.0, distance_m=100_000.0)
    read = decode_fit(encode_fit(run)).samples

    np.testing.assert_array_equal(read.timestamp_s, run.samples.timestamp_s)
    np.testing.assert_allclose(read.distance_m, run.samples.distance_m, atol=0.005)


@given(runs=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 140)), min_size=1, max_size=12))
def test_every_message_is_found_however_long_runs_of_one_kind_are(runs: list[tuple[int, int]]) -> None:
    """Messages of one kind that follow one another are taken many at a time, others one by one."""
    kinds = [local for local, count in runs for _ in range(count)]
    layouts = [definition(20, [(253, 4, UINT32), (200, 1 + local, 13)], local=local) for local in range(4)]
    rows = [message(f"<I{1 + kind}x", START_S + n, local=kind) for n, kind in enumerate(kinds)]

    samples = decode_fit(encode_file([*layouts, *rows])).samples

    assert (samples.timestamp_s - samples.timestamp_s[0]).tolist() == list(range(len(kinds)))


def test_enhanced_fields_win_and_plain_ones_fill_their_gaps() -> None:
    data = activity(
        definition(
            RECORD, [(253, 4, UINT32), (6, 2, UINT16), (73, 4, UINT32), (2, 2, UINT16), (78, 4, UINT32)]
        ),
        message("<IHIHI", START_S, 3_000, 3_001, 2_600, 2_605),
        message("<IHIHI", START_S + 1, 3_000, 0xFFFFFFFF, 2_600, 0xFFFFFFFF),
    )
    samples = decode_fit(data).samples

    assert (samples.speed_mps.tolist(), samples.altitude_m.tolist()) == ([3.001, 3.0], [21.0, 20.0])


def test_cadence_has_its_fraction_where_there_is_one() -> None:
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (4, 1, UINT8), (53, 1, UINT8)]),
        message("<IBB", START_S, 85, 64),
        message("<IBB", START_S + 1, 85, 0xFF),
        message("<IBB", START_S + 2, 0xFF, 64),
    )

    np.testing.assert_array_equal(decode_fit(data).samples.cadence_rpm, [85.5, 85.0, np.nan])


STRETCHES = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 2), st.sampled_from([1, 31, 32, 33, 64, 100])),
    min_size=1,
    max_size=6,
)
"""Stretches of records: their local type, their byte order, bytes behind what is read, how many there are."""


@given(stretches=STRETCHES, window=st.sampled_from([64, 300, 1 << 18]))
def test_records_are_read_one_and_all_however_long_their_stretches_are(
    stretches: list[tuple[int, bool, int, int]], window: int
) -> None:
    """Whether they are taken many at a time or singly, and wherever a definition comes in between."""
    written: list[bytes] = []
    seconds = 0
    for local, big_endian, padding, count in stretches:
        fields = [(253, 4, UINT32), (3, 1, UINT8), *[(200, padding, BYTE)] * bool(padding)]
        written.append(definition(RECORD, fields, local=local, big_endian=big_endian))
        layout = f"{'>' if big_endian else '<'}IB{padding}s"
        # Bytes that look like headers stand where the next one is not.
        behind = bytes([local] * padding)
        written.extend(
            message(layout, START_S + second, second % 200, behind, local=local)
            for second in range(seconds, seconds + count)
        )
        seconds += count
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ingest.formats.fit.protocol.message_scanner._WINDOW", window)
        record_columns = read_messages(activity(*written))["record"]

    np.testing.assert_array_equal(record_columns["timestamp"], START_S + np.arange(seconds))
    np.testing.assert_array_equal(record_columns["heart_rate"], np.arange(seconds) % 200)


def packed(speed: int, distance: int) -> bytes:
    """Twelve bits each, speed first."""
    return (speed | distance << 12).to_bytes(3, "little")


@pytest.mark.parametrize("big_endian", [False, True])
def test_packed_speed_and_distance_are_unpacked_and_the_distance_adds_up(big_endian: bool) -> None:  # noqa: FBT001
    order = ">" if big_endian else "<"
    written = [packed(300, 4_000), packed(310, 4_090), b"\xff\xff\xff", packed(320, 60)]
    data = activity(
        definition(RECORD, [(253, 4, UINT32), (8, 3, BYTE)], big_endian=big_endian),
        *(message(f"{order}I3s", START_S + i, octets) for i, octets in enumerate(written)),
    )
    samples = decode_fit(data).samples

    np.testing.assert_array_equal(samples.speed_mps, [3.0, 3.1, np.nan, 3.2])
    np.testing.assert_array_equal(samples.distance_m, [250.0, 255.625, np.nan, (4_090 + 66) / 16])


def test_packed_distance_adds_up_across_definitions() -> None:
    fields = [(253, 4, UINT32), (8, 3, BYTE)]
    data = activity(
        definition(RECORD, fields),
        message("<I3s", START_S, packed(300, 4_090)),
        definition(RECORD, [*fields, (3, 1, UINT8)]),
        message("<I3sB", START_S + 1, packed(300, 10), 140),
    )

    assert decode_fit(data).samples.distance_m.tolist() == [4_090 / 16, (4_090 + 16) / 16]


@pytest.mark.parametrize("hours", [-11, -3.5, 0, 5.75, 14])
def test_the_offset_of_local_time_is_read(hours: float) -> None:
    read = decode_fit(fit_run(duration_s=10, utc_offset_s=int(hours * 3_600)))

    assert read.utc_offset_s == hours * 3_600


@pytest.mark.parametrize("offset_s", [16 * 3_600, -16 * 3_600, 3_601, 600])
def test_an_offset_that_no_time_zone_has_is_not_believed(offset_s: int) -> None:
    read = decode_fit(fit_run(duration_s=10, utc_offset_s=offset_s))

    assert read.utc_offset_s is None


def stored_beats(*counts: int) -> bytes:
    """``hr`` messages: one that ties count 1024 to the start, then packed counts with 100, 101, … bpm."""
    anchor = definition(HR, [(253, 4, UINT32), (9, 4, UINT32), (6, 1, UINT8)], local=4)
    anchor += message("<IIB", START_S, 1_024, 99, local=4)
    pairs = zip(counts[::2], counts[1::2], strict=True)
    octets = b"".join((low | high << 12).to_bytes(3, "little") for low, high in pairs)
    packed_counts = definition(HR, [(6, len(counts), UINT8), (10, len(octets), BYTE)], local=5)
    rates = bytes(range(100, 100 + len(counts)))
    return anchor + packed_counts + message(f"<{len(rates)}s{len(octets)}s", rates, octets, local=5)


def test_stored_heart_rates_fill_records_that_have_none() -> None:
    """Counts of 1/1024 s: one, two, three and a half, then five seconds after the start."""
    beats = stored_beats(2_048, 3_072, (4_608) & 0xFFF, (6_144) & 0xFFF)
    records = [record(second, 0xFF) for second in (0, 1, 2, 4, 5, 9, 30)]
    read = decode_fit(activity(TIMES_AND_RATES, *records, beats))

    np.testing.assert_array_equal(read.samples.heart_rate_bpm, [99, 100, 101, 102, 103, 103, np.nan])


def test_stored_heart_rates_replace_none_that_was_recorded() -> None:
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 150), record(1, 0xFF), stored_beats(2_048, 3_072)))

    assert read.samples.heart_rate_bpm.tolist() == [150, 100]


def test_stored_heart_rates_are_found_in_a_file_chained_behind() -> None:
    stored = encode_file([stored_beats(2_048, 3_072)])
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 0xFF), record(1, 0xFF)) + stored)

    assert read.samples.heart_rate_bpm.tolist() == [99, 100]


def test_chained_files_become_one_recording_with_the_sessions_of_all() -> None:
    first, second = (
        fit_run(duration_s=60),
        fit_run(START + timedelta(hours=5), duration_s=30, sport="cycling"),
    )
    read = decode_fit(first + second)

    assert [(s.sport, s.first, s.stop) for s in read.sessions] == [("running", 0, 61), ("cycling", 61, 92)]


def test_a_definition_ends_with_its_file() -> None:
    """What the first of two chained files defines means nothing in the second."""
    second = encode_file([record(1, 150)])
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 140)) + second)

    assert ([flag.code for flag in read.flags], len(read.samples)) == (["undefined_message"], 1)


def test_a_header_of_twelve_bytes_is_enough() -> None:
    read = decode_fit(encode_fit(recording_of_run(duration_s=20), header_size=12))

    assert (len(read.samples), read.flags) == (21, ())


def test_a_header_without_a_checksum_is_no_damage() -> None:
    whole = bytearray(fit_run(duration_s=20))
    body = bytes(whole[14:-2])
    read = decode_fit(rechecked(bytes(whole[:12]) + b"\0\0" + body))

    assert (len(read.samples), read.flags) == (21, ())


def rechecked(data: bytes) -> bytes:
    """The data with its right checksum behind it."""
    return data + struct.pack("<H", crc16(data))


def test_a_clock_that_was_never_set_gives_no_date() -> None:
    times = definition(RECORD, [(253, 4, UINT32)], local=1)
    session = encode_message(
        SESSION, 2, [FitField(2, "uint32", 5_000), FitField(5, "enum", 1), FitField(8, "uint32", 60_000)]
    )
    read = decode_fit(activity(times, message("<I", 5_000, local=1), message("<I", 5_060, local=1), session))

    assert read.sessions[0].started_at is None
    assert read.samples.timestamp_s.tolist() == [5_000, 5_060]
    assert [flag.code for flag in read.flags] == ["clock_not_set"]


def test_an_activity_that_was_cut_off_gets_a_session_from_its_samples() -> None:
    sport = definition(12, [(0, 1, ENUM), (1, 1, ENUM)], local=2) + message("<BB", 1, 3, local=2)
    (session,) = decode_fit(activity(sport, TIMES_AND_RATES, record(0, 140), record(90, 150))).sessions

    assert (session.sport, session.sub_sport, session.started_at) == ("running", "trail", START)
    assert (session.timer_s, session.elapsed_s, session.distance_m) == (90, 90, None)
    assert (session.avg_heart_rate_bpm, session.max_heart_rate_bpm) == (145, 150)
    assert (session.first, session.stop) == (0, 2)


def test_a_single_sample_makes_no_session() -> None:
    assert decode_fit(activity(TIMES_AND_RATES, record(0, 140))).sessions == ()


def test_a_course_has_no_session_whatever_it_holds() -> None:
    course = definition(FILE_ID, [(0, 1, ENUM)]) + message("<B", 6)
    read = decode_fit(encode_file([course, TIMES_AND_RATES, record(0, 140), record(9, 150)]))

    assert (read.file_type, read.sessions) == ("course", ())


def test_the_samples_of_several_sessions_are_told_apart_by_time() -> None:
    def session(second: int, elapsed_s: float, sport: int) -> bytes:
        fields = [(2, "uint32", START_S + second), (7, "uint32", elapsed_s * 1_000), (5, "enum", sport)]
        return encode_message(SESSION, 3, [FitField(*field) for field in fields])

    records = [record(second, 140) for second in range(0, 101, 10)]
    read = decode_fit(activity(TIMES_AND_RATES, *records, session(0, 40.4, 5), session(40, 59.5, 1)))

    assert [(s.sport, s.first, s.stop) for s in read.sessions] == [("swimming", 0, 4), ("running", 4, 11)]


def test_invalid_facts_of_a_session_are_none() -> None:
    (session,) = decode_fit(
        encode_fit(recording_of_run(distance_m=None, heart_rate_bpm=None, cadence_spm=None, ascent_m=None))
    ).sessions

    assert (session.distance_m, session.avg_heart_rate_bpm, session.avg_cadence_rpm) == (None, None, None)


def test_a_number_that_the_profile_does_not_know_stays_a_number() -> None:
    sport = encode_message(SESSION, 3, [FitField(5, "enum", 213), FitField(2, "uint32", START_S)])
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 140), sport))

    assert read.sessions[0].sport == "213"


def test_what_one_second_redefines_is_read_by_its_own_definition() -> None:
    """Watches alternate definitions of one local type, thousands of times in one file."""
    plain = definition(RECORD, [(253, 4, UINT32), (3, 1, UINT8)], local=1)
    with_power = definition(RECORD, [(7, 2, UINT16), (253, 4, UINT32), (3, 1, UINT8)], local=1)
    messages = []
    for second in range(0, 2_000, 2):
        messages += [plain, message("<IB", START_S + second, 140, local=1)]
        messages += [with_power, message("<HIB", 250, START_S + second + 1, 141, local=1)]
    samples = decode_fit(activity(*messages)).samples

    assert (samples.timestamp_s - UNIX_S).tolist() == list(range(2_000))
    np.testing.assert_array_equal(samples.power_w, [np.nan, 250] * 1_000)


def test_the_header_s_reserved_bits_are_not_read() -> None:
    odd = bytes((0x30,)) + struct.pack("<IB", START_S + 1, 150)
    read = decode_fit(activity(TIMES_AND_RATES, record(0, 140), odd))

    assert read.samples.heart_rate_bpm.tolist() == [140, 150]


def test_the_device_is_the_activity_s_even_behind_another_file() -> None:
    settings = fit_run(duration_s=1, file_type="settings")
    read = decode_fit(settings + fit_run(duration_s=60))

    assert (read.file_type, read.device.product, len(read.sessions)) == ("activity", "fr965", 1)


def test_a_session_of_any_position_is_found() -> None:
    """Some watches write the summary before the samples."""
    session = encode_message(SESSION, 3, [FitField(5, "enum", 1), FitField(2, "uint32", START_S)])
    read = decode_fit(activity(session, TIMES_AND_RATES, record(0, 140), record(1, 141)))

    assert [(s.first, s.stop) for s in read.sessions] == [(0, 2)]


def described(*description: bytes) -> bytes:
    """A record with a developer field of two bytes, behind its descriptions."""
    fields = definition(RECORD, [(253, 4, UINT32)], local=1, developer=[(0, 2, 0)])
    return b"".join(description) + fields + message("<IH", START_S, 251, local=1)


def test_an_application_s_native_quantity_fills_a_column_that_the_watch_lacks() -> None:
    read = decode_fit(
        activity(described(field_description(0, UINT16, "Power", units="Watts", native_field=7)))
    )

    assert read.samples.power_w.tolist() == [251]


@pytest.mark.parametrize(
    ("units", "native_field"), [("Centimeters", 39), ("SPM", 4), ("", 7), ("Watts", 0xFF)]
)
def test_an_application_s_quantity_in_another_unit_is_left_alone(units: str, native_field: int) -> None:
    description = field_description(0, UINT16, "Thing", units=units, native_field=native_field)
    read = decode_fit(activity(described(description)))

    for name, column in zip(Samples.names()[1:], read.samples.columns()[1:], strict=True):
        assert np.isnan(column).all(), name


def test_what_the_watch_measured_wins_over_an_application() -> None:
    data = activity(
        field_description(0, UINT16, "Power", units="Watts", native_field=7),
        definition(RECORD, [(253, 4, UINT32), (7, 2, UINT16)], local=1, developer=[(0, 2, 0)]),
        message("<IHH", START_S, 200, 251, local=1),
    )

    assert decode_fit(data).samples.power_w.tolist() == [200]


def test_developer_fields_never_leak_into_the_next_file() -> None:
    """The same definition, byte for byte, without the description that it needs."""
    with_description = activity(described(field_description(0, UINT16, "Power", units="W", native_field=7)))
    without = activity(described())
    alone = decode_fit(without)
    decode_fit(with_description)
    after = decode_fit(without)

    assert np.isnan(after.samples.power_w).all()
    assert np.isnan(alone.samples.power_w).all()


def test_developer_fields_never_leak_along_a_chain() -> None:
    first = activity(described(field_description(0, UINT16, "Power", units="W", native_field=7)))
    samples = decode_fit(first + activity(described())).samples

    np.testing.assert_array_equal(samples.power_w, [251, np.nan])


def test_a_description_holds_from_its_place_onward() -> None:
    data = activity(
        described(field_description(0, UINT16, "Power", units="W", native_field=7)),
        described(field_description(0, UINT16, "Ground Time", units="ms", native_field=41)),
    )
    read = read_messages(data)["record"]

    np.testing.assert_array_equal(read["Power"], [251, np.nan])
    np.testing.assert_array_equal(read["Ground Time"], [np.nan, 251])


def test_a_developer_field_of_no_bytes_is_nothing() -> None:
    fields = definition(RECORD, [(253, 4, UINT32)], local=1, developer=[(0, 0, 0), (1, 1, 0)])
    description = field_description(1, UINT8, "Rate", units="bpm", native_field=3)
    read = decode_fit(activity(description, fields, message("<IB", START_S, 141, local=1)))

    assert read.samples.heart_rate_bpm.tolist() == [141]


def test_a_developer_field_without_a_description_is_plain_bytes() -> None:
    read = read_messages(activity(described()))

    assert read["record"]["developer_0_0"].tolist() == [[251, 0]]


def test_a_developer_field_has_the_scale_that_the_file_gives_it() -> None:
    fields = [(0, 1, UINT8), (1, 1, UINT8), (2, 1, UINT8), (3, 8, STRING), (6, 1, UINT8), (7, 1, 1)]
    description = definition(206, fields, local=15) + message(
        "<BBB8sBb", 0, 0, UINT16, b"Bounce", 10, -5, local=15
    )

    assert read_messages(activity(described(description)))["record"]["Bounce"].tolist() == [25.1 + 5]


def test_a_file_without_any_record_is_no_error() -> None:
    read = decode_fit(encode_file([definition(FILE_ID, [(0, 1, ENUM)]) + message("<B", 5)]))

    assert (read.file_type, len(read.samples)) == ("workout", 0)
