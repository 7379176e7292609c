"""One file's facts as JSON: what `hipwatch decode` prints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ingest.analysis.summary import UnusableActivityError, summarise
from ingest.formats.recording import Recording, Session


def facts_of(recording: Recording, *, now: datetime | None = None) -> dict[str, Any]:
    """Facts of a recording; those of its first session also stand at the top.

    Times are UTC in ISO form, quantities carry their unit in their name, what the file does not say is null.
    ``quality`` holds the words of everything odd, ``quality_details`` what was seen; ``now`` lets it
    see a start that is still to come.
    """
    facts: dict[str, Any] = {"file_type": recording.file_type}
    if recording.file_type == "activity" or recording.sessions:
        first = recording.sessions[0] if recording.sessions else None
        facts |= _of_session(first)
        facts["sessions"] = [_of_session(session) for session in recording.sessions]
    facts["records"] = len(recording.samples)
    facts["device"] = str(recording.device)
    flags = _flags(recording, now)
    facts["quality"] = list(flags)
    facts["quality_details"] = flags
    return facts


def _of_session(session: Session | None) -> dict[str, Any]:
    return {
        "sport": session and session.sport,
        "sub_sport": session and session.sub_sport,
        "started_at": _utc(session.started_at) if session else None,
        "distance_m": session and session.distance_m,
        "timer_s": session and session.timer_s,
        "elapsed_s": session and session.elapsed_s,
        "avg_heart_rate_bpm": session and session.avg_heart_rate_bpm,
        "avg_cadence_spm": session and session.avg_cadence_spm,
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _flags(recording: Recording, now: datetime | None) -> dict[str, str]:
    flags = {flag.code: flag.detail for flag in recording.flags}
    for part in recording.parts():
        try:
            summary = summarise(part, now=now)
        except UnusableActivityError:
            continue
        flags |= {flag.code: flag.detail for flag in summary.flags}
    return flags
