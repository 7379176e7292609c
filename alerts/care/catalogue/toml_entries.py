"""Strict TOML schema of the care catalogue; every error names its entry."""

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
from alerts.journal.body_sites import BodySite
from alerts.text.units import NBSP

Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
ENTRIES_AT_MOST = 3

LOOSE_SPACE = re.compile(r"(?<=\d) (?=[%×])|(?<=×) (?=\d)")
"""Where a line must not end: the files are written with plain spaces, which an editor shows."""


class RoutineEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[routine]]`` of routines.toml."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")]
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
    weekly: Annotated[int, msgspec.Meta(ge=0, le=7)] = 0
    places: tuple[BodySite, ...] = ()
    pain_up_to: Annotated[int, msgspec.Meta(ge=0, le=10)] = 2
    after_seen: bool = False
    while_stopped: bool = False
    avoid: tuple[BodySite, ...] = ()
    baseline: bool = False
    parts: tuple[Text, ...] = ()


class EvidenceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of evidence.toml; its name is the kind of the alert."""

    claim: Text
    study: Text
    design: Text
    n: Annotated[int, msgspec.Meta(gt=0)]
    effect: Text
    against: Text
    grade: Literal["strong", "moderate", "weak", "none"]
    not_shown: Text
    source: Text
    alarms: bool = True


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
    """All four files, each entry validated by itself."""

    stop: str
    routines: tuple[RoutineEntry, ...]
    evidence: Mapping[str, EvidenceEntry]
    urgent: FlagsEntry
    soon: FlagsEntry
    bundles: tuple[BundleEntry, ...]


EntryT = TypeVar("EntryT", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class File:
    """A TOML file: its table, and its text for locating lines."""

    name: str
    text: str
    table: dict[str, Any]

    @classmethod
    def read(cls, source: Traversable, name: str) -> File:
        """Read a file; errors name it ``name``."""
        try:
            text = source.read_text(encoding="utf-8")
            return cls(name, text, tomllib.loads(LOOSE_SPACE.sub(NBSP, text)))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CareError(f"{name}: cannot be read: {error}") from error

    def requires(self, keys: set[str]) -> None:
        """Raise unless the top level has exactly these keys."""
        if set(self.table) != keys:
            missing = ", ".join(sorted(keys - set(self.table))) or "nothing"
            unknown = ", ".join(sorted(set(self.table) - keys)) or "nothing"
            raise CareError(f"{self.name}: add {missing}, remove {unknown} at the top of the file")

    def entries(self, key: str, kind: type[EntryT], *, name: str) -> tuple[EntryT, ...]:
        """Read a list of entries; ``name`` is the key that identifies an entry in errors."""
        raw = self.table.get(key, [])
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            raise CareError(f"{self.name}: entries are written with double brackets")
        found = []
        for at, item in enumerate(raw):
            try:
                found.append(msgspec.convert(item, kind))
            except msgspec.ValidationError as error:
                where = f"entry {at + 1} ({item.get(name, 'unnamed')}){self._line(key, at, str(error))}"
                raise CareError(f"{self.name}: {where}: {mended(error)}") from error
        return tuple(found)

    def _line(self, key: str, at: int, error: str) -> str:
        """The line of an invalid entry, for the error message; empty if unknown."""
        lines = self.text.splitlines()
        heading = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]")
        begins = [number for number, line in enumerate(lines) if heading.match(line)]
        if len(begins) != len(self.table[key]):
            return ""
        first, last = begins[at], [*begins, len(lines)][at + 1]
        named = re.search(r"`\$\.(\w+)|unknown field `(\w+)", error)
        field = re.compile(rf"\s*{named[1] or named[2]}\s*=") if named else heading
        line = next((number for number in range(first, last) if field.match(lines[number])), first)
        return f" at line {line + 1}"


def care_folder() -> Traversable:
    """The folder of the packaged catalogue."""
    return importlib.resources.files("alerts.care.catalogue")


def read_entries(folder: Traversable) -> CareEntries:
    """Read the four files of a folder."""
    routines, evidence, flags, bundles = (
        File.read(folder / name, name)
        for name in ("routines.toml", "evidence.toml", "redflags.toml", "bundles.toml")
    )
    routines.requires({"stop", "routine"})
    flags.requires({"urgent", "soon"})
    bundles.requires({"bundle"})
    stop = routines.table["stop"]
    if not isinstance(stop, str) or not stop.strip():
        raise CareError("routines.toml: stop is empty; write the stop rule that the entries share")
    return CareEntries(
        stop=stop,
        routines=routines.entries("routine", RoutineEntry, name="id"),
        evidence={
            kind: entry_of(raw, EvidenceEntry, f"evidence.toml: {kind}")
            for kind, raw in evidence.table.items()
        },
        urgent=entry_of(flags.table["urgent"], FlagsEntry, "redflags.toml: urgent"),
        soon=entry_of(flags.table["soon"], FlagsEntry, "redflags.toml: soon"),
        bundles=bundles.entries("bundle", BundleEntry, name="kind"),
    )


def read_own_routines(path: Path) -> tuple[RoutineEntry, ...]:
    """Read a runner's own routines; empty without the file.

    Raises
    ------
    CareError
        If anything is missing or unknown; the message names file, entry and line.
    """
    if not path.exists():
        return ()
    file = File.read(path, str(path))
    file.requires({"routine"})
    return file.entries("routine", RoutineEntry, name="id")


def entry_of(raw: object, kind: type[EntryT], where: str) -> EntryT:
    """Validate one entry; errors begin with ``where``."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise CareError(f"{where}: {mended(error)}") from error


MENDING = (
    (re.compile(r"missing required field `(.+?)`"), "{0} is missing; add it"),
    (re.compile(r"unknown field `(.+?)`"), "{0} is no key that is known; remove it or mend its name"),
    (re.compile(r"matching regex '\\\\S'.*`\$\.(\w+)"), "{0} is empty; write something there"),
    (re.compile(r"length >= 1.*`\$\.(\w+)"), "{0} is empty; write something there"),
    (re.compile(r"matching regex.*`\$\.id"), "id may hold capital letters, digits and hyphens, up to 32"),
    (
        re.compile(r"Invalid enum value '(.*?)'.*`\$\.(\w+)"),
        "{1} cannot be {0!r}; see the head of routines.toml",
    ),
)
"""What a checker says, and how a person would."""


def mended(error: msgspec.ValidationError) -> str:
    """A validation error in words that help to correct the entry."""
    for pattern, words in MENDING:
        found = pattern.search(str(error))
        if found:
            return words.format(*found.groups())
    return str(error)
