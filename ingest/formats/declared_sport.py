"""Metadata declared outside a file; the file itself always takes precedence."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from ingest.formats.recording import NO_SPORT, Flag, Recording
from ingest.formats.sport_names import UNKNOWN_SPORTS
from ingest.formats.xml.sports import UNKNOWN, fit_sport


@dataclass(frozen=True, slots=True)
class DeclaredMetadata:
    """Title and sport from an export manifest; empty where not given."""

    title: str = ""
    sport: str = ""


NO_METADATA = DeclaredMetadata()


def apply_declared_sport(recording: Recording, sport: str) -> Recording:
    """Set the sport of a recording whose file names none and has a single session."""
    named, sub_sport = fit_sport(sport)
    if named == UNKNOWN or len(recording.sessions) != 1:
        return recording
    (session,) = recording.sessions
    if session.sport not in UNKNOWN_SPORTS:
        return recording
    known = tuple(flag for flag in recording.flags if flag != NO_SPORT)
    flag = Flag(
        "told_sport", f"The file names no sport; the list in the export says {named.replace('_', ' ')}."
    )
    session = dataclasses.replace(session, sport=named, sub_sport=session.sub_sport or sub_sport)
    return dataclasses.replace(recording, sessions=(session,), flags=(*known, flag))
