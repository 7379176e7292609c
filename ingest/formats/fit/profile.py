"""Names, types and scales of the FIT profile: fitparse's, and a supplement for what is newer than it.

This module is the only one that imports fitparse.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from fitparse.profile import FIELD_TYPES, MESSAGE_TYPES

FILE_ID, SESSION, RECORD, ACTIVITY, SPORT, ZONES_TARGET, HR = 0, 18, 20, 34, 12, 7, 132
FIELD_DESCRIPTION = 206
TIMESTAMP = 253

EPOCH_S = 631_065_600
"""FIT counts from 1989-12-31T00:00:00Z. [Unix seconds]"""

CLOCK_SET_S = 0x10000000
"""Smaller timestamps count from when the device was switched on. [FIT seconds]"""


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One field of the profile; physical value = raw / scale - offset."""

    name: str
    type: str
    scale: float | None = None
    offset: float | None = None


@functools.cache
def message_name(number: int) -> str:
    """Name of a message type, "unknown_233" where the profile has none."""
    known = MESSAGE_TYPES.get(number)
    return str(known.name) if known else _supplement()["messages"].get(str(number), f"unknown_{number}")


@functools.cache
def fields(message: int) -> Mapping[int, ProfileField]:
    """Fields of a message type by their number."""
    known = MESSAGE_TYPES.get(message)
    old = known.fields.items() if known else ()
    found = {number: ProfileField(f.name, f.type.name, f.scale, f.offset) for number, f in old}
    for number, entry in _supplement()["fields"].get(str(message), {}).items():
        found[int(number)] = ProfileField(*entry)
    found.setdefault(TIMESTAMP, ProfileField("timestamp", "date_time"))
    return found


@functools.cache
def names(enumeration: str) -> Mapping[int, str]:
    """Names of the values of an enumeration ("sport", "manufacturer", …) by number."""
    known = FIELD_TYPES.get(enumeration)
    found = dict(known.values) if known else {}
    found.update((int(n), name) for n, name in _supplement()["types"].get(enumeration, {}).items())
    return found


@functools.cache
def numbers(enumeration: str) -> Mapping[str, int]:
    """Numbers of the values of an enumeration by name."""
    return {name: number for number, name in names(enumeration).items()}


@functools.cache
def _supplement() -> dict[str, Any]:
    return tomllib.loads(
        resources.files("ingest.formats.fit").joinpath("profile_supplement.toml").read_text("utf-8")
    )
