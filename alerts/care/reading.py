"""The care catalogue as it lies in TOML: read strictly, entry by entry, so that a mistake names its place."""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from alerts.errors import CareError
from alerts.units import NBSP

Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
ENTRIES_AT_MOST = 3

LOOSE_SPACE = re.compile(r"(?<=\d) (?=[%×])|(?<=×) (?=\d)")
"""Where a line must not end: the files are written with plain spaces, which an editor shows."""


class RoutineEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[routine]]`` of routines.toml."""

    id: Text
    title: Text
    area: Text
    purpose: Text
    steps: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    dose: Text
    progress: Text
    stop: Text
    strength: Literal["A", "B", "C", "D"]
    evidence: Text
    source: Text
    minutes: Annotated[int, msgspec.Meta(ge=0)]


class EvidenceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of evidence.toml; its name is the kind of the finding."""

    claim: Text
    study: Text
    design: Text
    n: Annotated[int, msgspec.Meta(gt=0)]
    effect: Text
    against: Text
    grade: Literal["strong", "moderate", "weak", "none"]
    not_shown: Text
    source: Text


class FlagEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of redflags.toml."""

    id: Text
    question: Text


class FlagsEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions of one urgency, and the professional that a yes leads to."""

    routine: Text
    flag: Annotated[tuple[FlagEntry, ...], msgspec.Meta(min_length=1)]


class BundleEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[bundle]]`` of bundles.toml."""

    kind: Text
    levels: Annotated[tuple[Literal["info", "notice", "caution", "high"], ...], msgspec.Meta(min_length=1)]
    routines: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=ENTRIES_AT_MOST)]
    direction: Literal["rise", "drop", "either"] = "either"


@dataclass(frozen=True, slots=True)
class CareEntries:
    """All four files, each entry valid in itself."""

    stop: str
    routines: tuple[RoutineEntry, ...]
    evidence: Mapping[str, EvidenceEntry]
    urgent: FlagsEntry
    soon: FlagsEntry
    bundles: tuple[BundleEntry, ...]


EntryT = TypeVar("EntryT", bound=msgspec.Struct)


def read_entries(path: Path | None) -> CareEntries:
    """Read the four files of a folder, by default those of the package."""
    folder: Traversable = importlib.resources.files("alerts.care") if path is None else path
    routines = _read(folder, "routines.toml", keys={"stop", "routine"})
    evidence = _read(folder, "evidence.toml")
    flags = _read(folder, "redflags.toml", keys={"urgent", "soon"})
    bundles = _read(folder, "bundles.toml", keys={"bundle"})
    if not isinstance(routines["stop"], str) or not routines["stop"].strip():
        raise CareError("routines.toml: stop is empty; write the stop rule that the entries share")
    return CareEntries(
        stop=routines["stop"],
        routines=_entries(routines["routine"], RoutineEntry, "routines.toml", name="id"),
        evidence={
            kind: _entry(raw, EvidenceEntry, f"evidence.toml: {kind}") for kind, raw in evidence.items()
        },
        urgent=_entry(flags["urgent"], FlagsEntry, "redflags.toml: urgent"),
        soon=_entry(flags["soon"], FlagsEntry, "redflags.toml: soon"),
        bundles=_entries(bundles["bundle"], BundleEntry, "bundles.toml", name="kind"),
    )


def _read(folder: Traversable, name: str, *, keys: set[str] | None = None) -> dict[str, Any]:
    """Read one file as a table that has exactly the given keys."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
        table = tomllib.loads(LOOSE_SPACE.sub(NBSP, text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CareError(f"{name}: cannot be read: {error}") from error
    if keys is not None and set(table) != keys:
        missing = ", ".join(sorted(keys - set(table))) or "nothing"
        unknown = ", ".join(sorted(set(table) - keys)) or "nothing"
        raise CareError(f"{name}: add {missing}, remove {unknown} at the top of the file")
    return table


def _entries(raw: object, kind: type[EntryT], file: str, *, name: str) -> tuple[EntryT, ...]:
    """Read a list of entries; ``name`` is the key by which a person finds an entry again."""
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise CareError(f"{file}: entries are written with double brackets")
    return tuple(
        _entry(item, kind, f"{file}: entry {at} ({item.get(name, 'unnamed')})")
        for at, item in enumerate(raw, start=1)
    )


def _entry(raw: object, kind: type[EntryT], where: str) -> EntryT:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise CareError(f"{where}: {error}") from error
