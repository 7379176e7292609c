"""Loads the care catalogue from its files and reports inconsistencies with file and entry."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import msgspec

from alerts.alert.alert import Level
from alerts.alert.evidence import Evidence
from alerts.care.catalogue.catalogue import PROFESSIONALS, CareCatalogue, Routine
from alerts.care.catalogue.toml_entries import (
    CareEntries,
    FlagsEntry,
    RoutineEntry,
    care_folder,
    read_entries,
    read_own_routines,
)
from alerts.care.catalogue.translations import translated
from alerts.errors import CareError
from alerts.journal.red_flag import RedFlag
from alerts.text.i18n import SOURCE

DIRECTIONS: Mapping[str, tuple[bool, ...]] = {"rise": (True,), "drop": (False,), "either": (True, False)}


def load_care(path: Path | None = None, *, own: Path | None = None, language: str = SOURCE) -> CareCatalogue:
    """Read the catalogue from a folder of TOML files, by default the one that comes with the package.

    ``own`` is a file of further routines; where an id is known, it replaces that entry, in its place.

    Raises
    ------
    CareError
        If anything is missing, unknown or contradictory; the message names file, entry and what to mend.
    """
    folder = care_folder() if path is None else path
    entries = read_entries(folder)
    if language != SOURCE:
        entries = translated(entries, folder, language)
    routines: dict[str, Routine] = {}
    for entry in entries.routines:
        if entry.id in routines:
            raise CareError(f"routines.toml: {entry.id} is there twice; keep one")
        routines[entry.id] = _routine(entry, entries.stop)
    if own is not None:
        routines |= _own_routines(own, entries.stop)
    for routine in routines.values():
        _check_parts(routine, routines, str(own) if routine.is_own else "routines.toml")
    flags = _red_flags("urgent", entries.urgent) + _red_flags("soon", entries.soon)
    for flag in flags:
        _check_known(flag.routine, routines, f"redflags.toml: {flag.urgency}")
    return CareCatalogue(
        stop=entries.stop,
        routines=routines,
        evidence={
            kind: Evidence(kind=kind, **msgspec.structs.asdict(entry))
            for kind, entry in entries.evidence.items()
        },
        red_flags=flags,
        bundles=_bundles(entries, routines),
    )


def _own_routines(own: Path, shared_stop: str) -> dict[str, Routine]:
    """A runner's own entries; the referral to a professional cannot be overridden."""
    routines: dict[str, Routine] = {}
    for entry in read_own_routines(own):
        if entry.id in routines:
            raise CareError(f"{own}: {entry.id} is there twice; keep one")
        if entry.id in PROFESSIONALS:
            raise CareError(f"{own}: {entry.id} cannot be replaced; give your entry another id")
        routines[entry.id] = dataclasses.replace(_routine(entry, shared_stop), is_own=True)
    return routines


def _routine(entry: RoutineEntry, shared_stop: str) -> Routine:
    """Build an entry with its stop rule: the shared one, its own, or both."""
    shares_stop = entry.stop == "STOP" or entry.stop.startswith("STOP; ")
    own = entry.stop.removeprefix("STOP").removeprefix("; ") if shares_stop else entry.stop
    fields = msgspec.structs.asdict(entry)
    fields["stop"] = f"{shared_stop} {own}".strip() if shares_stop else own
    return Routine(**fields, stop_own=own, shares_stop=shares_stop)


def _red_flags(urgency: str, entry: FlagsEntry) -> tuple[RedFlag, ...]:
    return tuple(RedFlag(flag.id, urgency, flag.question, entry.routine) for flag in entry.flag)


def _bundles(
    entries: CareEntries, routines: Mapping[str, Routine]
) -> dict[tuple[str, Level, bool], tuple[str, ...]]:
    """Expand bundles to levels and directions; every kind with evidence must be covered."""
    bundles: dict[tuple[str, Level, bool], tuple[str, ...]] = {}
    for bundle in entries.bundles:
        where = f"bundles.toml: {bundle.kind}"
        if bundle.kind not in entries.evidence:
            raise CareError(f"{where}: evidence.toml has no such kind; add it there or mend the name")
        for name in bundle.routines:
            _check_known(name, routines, where)
        for word, is_rise in product(bundle.levels, DIRECTIONS[bundle.direction]):
            key = (bundle.kind, Level[word.upper()], is_rise)
            if key in bundles:
                raise CareError(f"{where}: {word} has two bundles; keep one")
            bundles[key] = bundle.routines
    alarming = [kind for kind, entry in entries.evidence.items() if entry.alarms]
    for kind, level, is_rise in product(alarming, Level, (True, False)):
        if (kind, level, is_rise) not in bundles:
            side = "rise" if is_rise else "drop"
            raise CareError(f"bundles.toml: {kind} has no bundle for {level.word}, {side}; add one")
    return bundles


def _check_parts(routine: Routine, routines: Mapping[str, Routine], file: str) -> None:
    for name in routine.parts:
        _check_known(name, routines, f"{file}: {routine.id}: parts")
    if routine.parts and len(routine.parts) != len(routine.steps):
        raise CareError(f"{file}: {routine.id}: name one part for each of its steps, or none at all")


def _check_known(name: str, routines: Mapping[str, Routine], where: str) -> None:
    if name not in routines:
        raise CareError(f"{where}: routines.toml has no {name}; add it there or mend the name")
