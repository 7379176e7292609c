"""Whole FIT files with fields of odd base types and values, which go all the way to the summary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.formats.fit import profile
from ingest.formats.fit.encode import encode_file
from ingest.formats.fit.protocol.definitions import BASE_TYPES
from support import definition

UINT32 = 0x86

ODD_VALUES = (
    *(0, -1, 1e6, 2**31, 2**32 - 2, 3e11, 2**62, -1e12),
    *(1e19, 1e38, 1e300, -1e308, np.inf, np.nan),
)

RECORD = (
    (253, 10**9, 1),
    (5, 0, 300),
    (3, 140, 0),
    (4, 85, 0),
    (6, 3_000, 0),
    (2, 2_600, 1),
    (0, 600_000_000, 40),
)
SESSION = ((2, 10**9, 0), (7, 29_000, 0), (8, 29_000, 0), (9, 9_000, 0), (5, 1, 0), (16, 140, 0), (22, 10, 0))

Field = tuple[int, int, int, int]
"""Number, base type, first value and step of a field."""


def odd_file(chance: np.random.Generator) -> bytes:
    """A run whose fields have types of chance, and now and then a value that only such types can hold."""
    record, session = _of_odd_types(RECORD, chance), _of_odd_types(SESSION, chance)
    return encode_file(
        [
            definition(profile.FILE_ID, [(0, 1, 0)]) + b"\0\4",
            _messages(profile.RECORD, record, int(chance.choice([1, 3, 30, 90])), chance),
            _messages(profile.SESSION, session, int(chance.integers(4)), chance),
        ]
    )


def file_of(
    *, times: Sequence[float], of_type: int = UINT32, timer: float = 29_000, timer_type: int = UINT32
) -> bytes:
    """A file of one session with records at the given times, and a timer, of the given base types."""
    fields = [(profile.TIMESTAMP, BASE_TYPES[of_type].size, of_type)]
    session = [(5, 1, 0), (8, BASE_TYPES[timer_type].size, timer_type)]
    return encode_file(
        [
            definition(profile.FILE_ID, [(0, 1, 0)]) + b"\0\4",
            definition(profile.RECORD, fields),
            *(b"\0" + _raw(of_type, time) for time in times),
            definition(profile.SESSION, session) + b"\0\1" + _raw(timer_type, timer),
        ]
    )


def _of_odd_types(fields: Sequence[tuple[int, int, int]], chance: np.random.Generator) -> list[Field]:
    numeric = [number for number, base in BASE_TYPES.items() if base.code]
    kinds = [UINT32] * len(numeric) + numeric
    return [(n, int(chance.choice(kinds)), first, step) for n, first, step in fields if chance.random() < 0.9]


def _messages(message: int, fields: Sequence[Field], rows: int, chance: np.random.Generator) -> bytes:
    share = 0.2 if rows < 10 else 2 / rows
    is_odd = chance.random((rows, len(fields))) < share
    odd = chance.choice(ODD_VALUES, (rows, len(fields)))
    written = [definition(message, [(number, BASE_TYPES[kind].size, kind) for number, kind, *_ in fields])]
    for row in range(rows):
        written.append(b"\0")
        for at, (_, kind, first, step) in enumerate(fields):
            written.append(_raw(kind, float(odd[row, at]) if is_odd[row, at] else first + row * step))
    return b"".join(written)


def _raw(kind: int, value: float) -> bytes:
    """The value as that base type holds it, the nearest that it can."""
    dtype = np.dtype(BASE_TYPES[kind].dtype(big_endian=False))
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return np.float64(value).astype(dtype).tobytes()
    limits = np.iinfo(dtype)
    whole = int(value) if np.isfinite(value) else 0
    return np.array(min(max(whole, limits.min), limits.max), dtype).tobytes()
