"""Manifest of an account export: the ``activities.csv`` of Strava.

It supplies what a file cannot say about itself: its title and, if missing, its sport. The content is
untrusted: nothing of it is used as a path, and its size is bounded.
"""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TypeAlias

from ingest.errors import UnreadableSourceError
from ingest.files.filenames import printable
from ingest.files.zip_reader import UNREADABLE, UnreadableMember, ZipMember, error_text
from ingest.formats.declared_sport import NO_METADATA, DeclaredMetadata
from ingest.formats.xml.sports import UNKNOWN, fit_sport

log = logging.getLogger(__name__)

MANIFEST_NAME = "activities.csv"
ACTIVITY_FOLDER = "activities/"
"""Folder of the files that the manifest names."""

MOST_ROWS = 100_000
MOST_BYTES = 16 * 1024 * 1024
"""Room for twenty thousand activities with long descriptions; the rest is not read. [bytes]"""

_LONGEST_LINE = 64 * 1024
"""Longer lines are split: a row of millions of commas would fill the memory. [characters]"""

_LABEL = re.compile(r"(?P<beside>.*[/!])?activities\.csv(?: \(\d+\))?", re.IGNORECASE | re.DOTALL)
_LONGEST_TITLE = 80
_LONGEST_SPORT = 40
_TITLE, _SPORT, _FILE = range(3)

_NAMES: Mapping[str, int] = MappingProxyType(
    {
        "activity name": _TITLE,
        "name": _TITLE,
        "name der aktivität": _TITLE,
        "activity type": _SPORT,
        "type": _SPORT,
        "aktivitätsart": _SPORT,
        "filename": _FILE,
        "dateiname": _FILE,
    }
)

_Columns: TypeAlias = tuple[int | None, int | None, int | None]
_UNNAMED: _Columns = (2, 3, None)
"""Fallback for an unknown header language: every known export begins with number, date, title, sport."""


def manifests_in(listed: Collection[ZipMember | UnreadableMember]) -> dict[str, DeclaredMetadata]:
    """Metadata of the members of an archive from its manifests, by label."""
    labels = {one.label for one in listed}
    declared: dict[str, DeclaredMetadata] = {}
    for table in listed:
        named = _LABEL.fullmatch(table.label)
        if named is None or not isinstance(table, ZipMember):
            continue
        prefix = named["beside"] or ""
        try:
            rows_by_file = read_manifest(table.read())
        except (UnreadableSourceError, *UNREADABLE) as error:
            log.warning("%s cannot be read: %s", printable(table.label), error_text(error))
        else:
            declared |= {prefix + name: one for name, one in rows_by_file.items() if prefix + name in labels}
    return declared


def is_manifest(label: str) -> bool:
    """Whether a member of an export is its manifest."""
    return _LABEL.fullmatch(label) is not None


def read_manifest(data: bytes) -> dict[str, DeclaredMetadata]:
    """Metadata by file name, as the manifest writes it; rows that cannot be understood are left out."""
    rows = _rows(data[:MOST_BYTES])
    columns = _columns(next(rows, []))
    declared: dict[str, DeclaredMetadata] = {}
    for row in rows:
        file = _file_of(row, columns)
        if not file:
            continue
        one = DeclaredMetadata(
            _cell(row, columns[_TITLE], _LONGEST_TITLE), _cell(row, columns[_SPORT], _LONGEST_SPORT)
        )
        # A file listed for several activities has no unambiguous metadata.
        declared[file] = one if declared.get(file, one) == one else NO_METADATA
    _log_unknown_sports(declared)
    return declared


def _rows(data: bytes) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", "replace", newline="")
    reader = csv.reader(iter(lambda: text.readline(_LONGEST_LINE), ""))
    try:
        yield from islice(reader, MOST_ROWS + 1)
    except csv.Error as error:
        log.warning("the rest of %s cannot be read: %s", MANIFEST_NAME, error)


def _columns(header: Sequence[str]) -> _Columns:
    """Positions of title, sport and file in the header; None where missing."""
    found: dict[int, int] = {}
    for place, name in enumerate(header):
        meaning = _NAMES.get(name.strip().casefold())
        if meaning is not None:
            found.setdefault(meaning, place)  # some names occur twice; the first is the right one
    return (found.get(_TITLE), found.get(_SPORT), found.get(_FILE)) if found else _UNNAMED


def _file_of(row: Sequence[str], columns: _Columns) -> str:
    """File name of a row; under a header in an unknown language, the first cell in the activity folder."""
    place = columns[_FILE]
    if place is not None:
        return row[place].strip() if place < len(row) else ""
    return next((cell.strip() for cell in row if cell.startswith(ACTIVITY_FOLDER)), "")


def _cell(row: Sequence[str], place: int | None, longest: int) -> str:
    """One cell, safe to store and to show (PostgreSQL, for one, rejects NUL)."""
    return "" if place is None or place >= len(row) else printable(" ".join(row[place].split()))[:longest]


def _log_unknown_sports(declared: Mapping[str, DeclaredMetadata]) -> None:
    unknown = sorted(
        {one.sport for one in declared.values() if one.sport and fit_sport(one.sport)[0] == UNKNOWN}
    )
    if unknown:
        log.info("%s names sports that Hipwatch does not know: %r", MANIFEST_NAME, unknown[:10])
