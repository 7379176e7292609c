"""What may be said on a day, heard from the journal: red flags, the diary, and where the way back stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from alerts.care.catalogue.catalogue import Care
from alerts.care.pain.advice_gate import Voice, Way
from alerts.care.pain.pain_state import HISTORY_DAYS, judge, painful_places
from alerts.care.pain.red_flag_lock import Silence, silence
from alerts.care.plan.return_to_run import Outings, ReturnLadder, come_back
from alerts.journal.entries import PainEntry
from alerts.journal.journal import Journal
from ingest.storage.stored_activity import StoredActivity

Dated = Callable[[], Iterable[tuple[date, StoredActivity]]]
"""Every activity with its local day; only called where the diary holds something."""


def hear(journal: Journal, care: Care, dated: Dated, today: date) -> Voice:
    """Tell what may be said on that day; an open red flag silences whatever the day."""
    entries, seen = _told(journal, today), journal.seen_to.all()
    voice = Voice(
        silence(journal.pain.flagged(), seen, care),
        judge(entries, today, seen=seen),
        frozenset(painful_places(entries, today)),
    )
    if not entries or not voice.may_run:
        return voice
    back = _way_back(journal, entries, dated, today, voice)
    # after a mere break the distances of the single-run rule are told as well
    if back is None or back.reason != "pain":
        return voice
    return dataclasses.replace(voice, back=Way(back.sentence, back.act))


def open_flag(journal: Journal, care: Care) -> Silence | None:
    """What is said instead of anything about running while a red flag is open; asks for nothing more."""
    return silence(journal.pain.flagged(), journal.seen_to.all(), care)


def way_back(journal: Journal, dated: Dated, today: date, voice: Voice) -> ReturnLadder | None:
    """Where the runner stands on the way back after a break or after pain."""
    return _way_back(journal, _told(journal, today), dated, today, voice)


def _way_back(
    journal: Journal, entries: Sequence[PainEntry], dated: Dated, today: date, voice: Voice
) -> ReturnLadder | None:
    done = journal.routines.since(today - timedelta(days=HISTORY_DAYS))
    return come_back(Outings.among(dated(), done), entries, today=today, voice=voice)


def _told(journal: Journal, today: date) -> list[PainEntry]:
    return journal.pain.since(today - timedelta(days=HISTORY_DAYS))
