"""Real watch files: the facts that they state, and every value that two other readers find in them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import fitdecode
import fitparse
import numpy as np
import pytest

from ingest.errors import FitDecodeError
from ingest.formats.fit import profile
from ingest.formats.fit.decode import decode_fit
from ingest.formats.fit.messages import Values, read_messages
from ingest.formats.recording import Recording
from support import RECORDINGS

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the folder of real watch files is absent"),
]

EXPECTED: dict[str, Any] = (
    json.loads((RECORDINGS / "expected.json").read_text("utf-8")) if RECORDINGS.is_dir() else {}
)
WHOLE = sorted(name for name, facts in EXPECTED.items() if not facts["error"])
DAMAGED = sorted(set(EXPECTED) - set(WHOLE))
UNREADABLE = {"derived__empty.fit", "derived__not_fit.fit"}

READ_BY_FITDECODE = sorted(
    name for name in set(EXPECTED) - UNREADABLE if EXPECTED[name]["readers"]["fitdecode"] == "OK"
)
READ_BY_FITPARSE = sorted(
    # fitparse takes eight seconds for the largest.
    name
    for name in set(EXPECTED) - UNREADABLE
    if EXPECTED[name]["readers"]["fitparse"] == "OK" and EXPECTED[name]["size"] < 1_000_000
)

COLUMNS = {
    "timestamp": "timestamp_s",
    "distance": "distance_m",
    "enhanced_speed": "speed_mps",
    "enhanced_altitude": "altitude_m",
    "position_lat": "latitude_deg",
    "position_long": "longitude_deg",
    "heart_rate": "heart_rate_bpm",
    "power": "power_w",
    "stance_time": "stance_time_ms",
    "stance_time_balance": "stance_time_balance_percent",
    "vertical_oscillation": "vertical_oscillation_mm",
    "vertical_ratio": "vertical_ratio_percent",
    "step_length": "step_length_mm",
    "temperature": "temperature_c",
}


def bytes_of(name: str) -> bytes:
    """A recording's bytes, read in place."""
    return (RECORDINGS / "files" / name).read_bytes()


def nearly(expected: float | None, tolerance: float) -> object:
    """The value within its tolerance; None only for None."""
    return None if expected is None else pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("name", WHOLE)
def test_the_sessions_of_an_undamaged_file_are_those_it_states(name: str) -> None:
    sessions = decode_fit(bytes_of(name)).sessions

    assert len(sessions) == len(EXPECTED[name]["sessions"])
    for session, facts in zip(sessions, EXPECTED[name]["sessions"], strict=True):
        started = facts["start_time"] and datetime.fromisoformat(facts["start_time"])
        assert (session.sport, session.sub_sport) == (facts["sport"], facts["sub_sport"])
        assert session.started_at == started
        assert session.timer_s == nearly(facts["total_timer_s"], 1)
        assert session.elapsed_s == nearly(facts["total_elapsed_s"], 1)
        assert session.distance_m == nearly(facts["total_distance_m"], 0.5)
        assert session.avg_heart_rate_bpm == nearly(facts["avg_heart_rate"], 1)
        assert session.avg_cadence_spm == nearly(facts["avg_cadence_spm"], 1)


@pytest.mark.parametrize("name", WHOLE)
def test_the_type_and_device_of_an_undamaged_file_are_those_it_states(name: str) -> None:
    read = decode_fit(bytes_of(name))

    assert (read.file_type, read.device.manufacturer) == (
        EXPECTED[name]["file_type"],
        EXPECTED[name]["manufacturer"],
    )


@pytest.mark.parametrize("name", WHOLE)
def test_the_columns_of_an_undamaged_file_have_their_count_range_and_sum(name: str) -> None:
    data = bytes_of(name)
    samples = decode_fit(data).samples
    stored = {"heart_rate"} if "hr" in read_messages(data) else set()  # filled from beside the records

    for field, facts in EXPECTED[name]["record_columns"].items():
        if field not in COLUMNS or field in stored:
            continue
        column = getattr(samples, COLUMNS[field])
        known = column[~np.isnan(column)] / (180 / 2**31 if field.startswith("position") else 1)
        assert len(known) == facts["count"], field
        assert known.min() == pytest.approx(facts["min"], abs=1e-3), field
        assert known.max() == pytest.approx(facts["max"], abs=1e-3), field
        assert known.sum() == pytest.approx(facts["sum"], rel=1e-9, abs=0.5), field


@pytest.mark.parametrize(
    "name", sorted(set(WHOLE) - {"fit__coros-dura-medium-20260424150313.fit", "fit_kit__example.fit"})
)
def test_an_undamaged_file_with_a_set_clock_has_no_flag(name: str) -> None:
    flags = {flag.code for flag in decode_fit(bytes_of(name)).flags} - {"clock_not_set"}

    assert flags == set()


@pytest.mark.parametrize("name", sorted(set(DAMAGED) - UNREADABLE))
def test_of_a_damaged_file_all_whole_records_are_kept(name: str) -> None:
    read = decode_fit(bytes_of(name))

    assert len(read.samples) >= EXPECTED[name]["salvageable_records"]


@pytest.mark.parametrize("name", sorted(set(DAMAGED) - UNREADABLE))
def test_damage_is_flagged(name: str) -> None:
    words = {flag.code for flag in decode_fit(bytes_of(name)).flags}

    assert words & {
        *("truncated", "checksum", "unterminated"),
        *("trailing_bytes", "undefined_message", "bad_field_size"),
    }


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_holds_nothing_readable_is_refused(name: str) -> None:
    with pytest.raises(FitDecodeError):
        decode_fit(bytes_of(name))


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - UNREADABLE))
def test_the_samples_of_each_session_are_within_its_file(name: str) -> None:
    read: Recording = decode_fit(bytes_of(name))

    for session in read.sessions:
        assert 0 <= session.first <= session.stop <= len(read.samples)


def test_the_strap_s_stored_heart_rates_agree_with_the_session() -> None:
    """A swim: the records have none, the session states a mean of 142, perhaps without the rests."""
    read = decode_fit(bytes_of("python-fitparse__event_timestamp.fit"))

    assert np.isfinite(read.samples.heart_rate_bpm).mean() > 0.95
    assert np.nanmean(read.samples.heart_rate_bpm) == pytest.approx(142, abs=5)


Rows = dict[str, list[dict[str, Any]]]


class Untouched:
    """For fitparse: hand values out as they are."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return lambda _: None


def fields_of(message: int, fields: list[Any]) -> Iterator[tuple[str, Any]]:
    """Fields as they stand in a message, by our names for them; no components of other fields.

    A compressed timestamp is among them unless there is a whole one.
    """
    taken = set()
    for field in fields:
        is_compressed_time = field.field_def is None and field.field.name == "timestamp"
        if field.field_def is None and not is_compressed_time:
            continue
        developer = getattr(field.field, "dev_data_index", None)
        meaning = profile.fields(message).get(field.def_num) if developer is None else None
        name = (
            meaning.name if meaning else field.name if developer is not None else f"unknown_{field.def_num}"
        )
        if (name in taken or not name) and developer is not None:
            name = f"developer_{developer}_{field.def_num}"
        if name not in taken:
            taken.add(name)
            yield name, value_of(field, meaning)


def value_of(field: Any, meaning: profile.ProfileField | None) -> Any:  # noqa: ANN401
    """The other reader's value; where only one of the two profiles knows the field, by ours.

    Enumerated values by number.
    """
    if meaning and meaning.name == field.name and isinstance(field.value, (int, float, tuple)):
        return field.value
    raw = field.raw_value
    if meaning and meaning.scale and raw is not None:
        return raw / meaning.scale - (meaning.offset or 0)
    return raw


def rows_by_fitdecode(data: bytes) -> Rows:
    """All messages by our name for them, in the order of the file."""
    reader = fitdecode.FitReader(
        data,
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    rows: Rows = {}
    for frame in reader:
        if isinstance(frame, fitdecode.FitDataMessage):
            fields = dict(fields_of(frame.global_mesg_num, frame.fields))
            rows.setdefault(profile.message_name(frame.global_mesg_num), []).append(fields)
    return rows


def rows_by_fitparse(data: bytes) -> Rows:
    """All messages by our name for them, in the order of the file."""
    fitparse.records.DEV_TYPES.clear()  # it would let developer fields of another file in
    rows: Rows = {}
    for message in fitparse.FitFile(io.BytesIO(data), check_crc=False, data_processor=Untouched()):
        fields = dict(fields_of(message.mesg_num, message.fields))
        rows.setdefault(profile.message_name(message.mesg_num), []).append(fields)
    return rows


def as_column(values: list[Any], like: Values) -> Values:
    """Another reader's values in the shape of ours."""
    if like.dtype == object:
        column = np.empty(len(values), object)
        column[:] = [value.decode() if isinstance(value, bytes) else value for value in values]
        return column
    nothing = 255 if like.dtype == np.uint8 else np.nan
    if like.ndim == 1:
        return np.array([nothing if value is None else value for value in values], like.dtype)
    column = np.full(like.shape, nothing, like.dtype)
    for row, value in enumerate(values):
        if value is not None:
            several = value if isinstance(value, tuple) else (value,)
            column[row, : len(several)] = [nothing if one is None else one for one in several]
    return column


def assert_same(ours: dict[str, dict[str, Values]], name: str, rows: list[dict[str, Any]]) -> None:
    """Every field of every message of one type has the same value."""
    fields = dict.fromkeys(field for row in rows for field in row)
    for field in fields:
        column = ours[name][field]
        theirs = as_column([row.get(field) for row in rows], column)
        np.testing.assert_array_equal(column, theirs, err_msg=f"{name}.{field}")


@pytest.mark.parametrize("name", READ_BY_FITDECODE)
def test_every_value_of_every_message_is_the_one_fitdecode_reads(name: str) -> None:
    data = bytes_of(name)
    ours = read_messages(data)

    for message, rows in rows_by_fitdecode(data).items():
        assert_same(ours, message, rows)


@pytest.mark.parametrize("name", READ_BY_FITPARSE)
def test_every_value_of_every_message_is_the_one_fitparse_reads(name: str) -> None:
    data = bytes_of(name)
    ours = read_messages(data)

    for message, rows in rows_by_fitparse(data).items():
        assert_same(ours, message, rows)
