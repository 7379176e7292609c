"""Translations of the care catalogue, checked against the source at start.

``routines.de.toml`` holds a table for each entry of routines.toml, with its texts alone; what the program
reckons with (places, days, emails of strength) stays in the source and is the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec

from alerts.care.catalogue.toml_entries import CareEntries, File, FlagsEntry, Text, entry_of
from alerts.errors import CareError


class RoutineTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Translated texts of one routine; ``source`` is optional."""

    title: Text
    area: Text
    purpose: Text
    steps: tuple[Text, ...]
    dose: Text
    progress: Text
    stop: Text
    evidence: Text
    source: Text | None = None


class EvidenceTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Translated texts of one rule's evidence; study and source are optional."""

    claim: Text
    design: Text
    effect: Text
    against: Text
    not_shown: Text
    study: Text | None = None
    source: Text | None = None


class FlagText(msgspec.Struct, frozen=True):
    """The translated question."""

    question: Text


TextsT = TypeVar("TextsT", bound=msgspec.Struct)


def translated(entries: CareEntries, folder: Traversable, language: str) -> CareEntries:
    """The same entries in another language.

    Raises
    ------
    CareError
        If an entry or a text is missing or unknown; the message names file, entry and line.
    """
    routines = File.read(folder / f"routines.{language}.toml", f"routines.{language}.toml")
    evidence = File.read(folder / f"evidence.{language}.toml", f"evidence.{language}.toml")
    flags = File.read(folder / f"redflags.{language}.toml", f"redflags.{language}.toml")
    stop = routines.table.pop("stop", "")
    if not isinstance(stop, str) or not stop.strip():
        raise CareError(f"{routines.name}: stop is empty; write the stop rule that the entries share")
    said = _texts(routines, RoutineTexts, [entry.id for entry in entries.routines])
    known = _texts(evidence, EvidenceTexts, entries.evidence)
    asked = _texts(flags, FlagText, [flag.id for flag in (*entries.urgent.flag, *entries.soon.flag)])
    for entry in entries.routines:
        _check_shape(entry.stop, len(entry.steps), said[entry.id], _where(routines, entry.id))
    return CareEntries(
        stop=stop,
        routines=tuple(_with(entry, said[entry.id]) for entry in entries.routines),
        evidence={kind: _with(entry, known[kind]) for kind, entry in entries.evidence.items()},
        urgent=_asking(entries.urgent, asked),
        soon=_asking(entries.soon, asked),
        bundles=entries.bundles,
    )


def _texts(file: File, kind: type[TextsT], ids: Iterable[str]) -> dict[str, TextsT]:
    """The texts of every entry; none may be missing or surplus."""
    wanted = list(ids)
    for name in file.table:
        if name not in wanted:
            raise CareError(f"{_where(file, name)}: the source has no such entry; mend the name or remove it")
    for name in wanted:
        if name not in file.table:
            raise CareError(f"{file.name}: {name} is missing; translate it")
    return {name: entry_of(_as_table(file.table[name]), kind, _where(file, name)) for name in wanted}


def _as_table(raw: Any) -> Any:  # noqa: ANN401 - whatever the file holds; it is checked right after
    """Accept a bare string as a question."""
    return {"question": raw} if isinstance(raw, str) else raw


def _check_shape(stop: str, steps: int, said: RoutineTexts, where: str) -> None:
    """Check a translation for what the program relies on: its number of steps and stop rule."""
    if len(said.steps) != steps:
        raise CareError(f"{where}: has {len(said.steps)} steps instead of {steps}")
    shared = [text == "STOP" or text.startswith("STOP; ") for text in (stop, said.stop)]
    if shared[0] != shared[1] or (stop == "STOP") != (said.stop == "STOP"):
        raise CareError(f"{where}: stop begins with STOP, and goes on after it, where the source does")


def _asking(entry: FlagsEntry, asked: Mapping[str, FlagText]) -> FlagsEntry:
    return msgspec.structs.replace(entry, flag=tuple(_with(flag, asked[flag.id]) for flag in entry.flag))


def _with(entry: TextsT, texts: msgspec.Struct) -> TextsT:
    """The entry with whatever was translated of it."""
    said = {name: text for name, text in msgspec.structs.asdict(texts).items() if text is not None}
    return msgspec.structs.replace(entry, **said)


def _where(file: File, name: str) -> str:
    """File, entry and line, for error messages."""
    heading = re.compile(rf'\s*(\[\s*"?{re.escape(name)}"?\s*\]|"?{re.escape(name)}"?\s*=)')
    lines = (at for at, line in enumerate(file.text.splitlines(), 1) if heading.match(line))
    at = next(lines, None)
    return f"{file.name}: {name}" + (f" at line {at}" if at else "")
