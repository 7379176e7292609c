"""Loads the state of the advice gate from the journal: red flags, pain, return to running."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.pain.advice_gate import AdviceGate, ReturnAdvice
from alerts.care.pain.pain_state import HISTORY_DAYS, assess_diary, painful_places
from alerts.care.pain.red_flag_lock import RedFlagLock, find_red_flag_lock
from alerts.care.plan.return_to_run import Outings, ReturnPlan, build_return_plan
from alerts.journal.entries import PainEntry
from alerts.journal.journal import Journal
from ingest.storage.stored_activity import StoredActivity

Dated = Callable[[], Iterable[tuple[date, StoredActivity]]]
"""Every activity with its local day; only called where the diary holds something."""


def load_gate_state(journal: Journal, care: CareCatalogue, dated: Dated, today: date) -> AdviceGate:
    """The advice gate for that day; an open red flag locks advice on every day."""
    entries, seen = _told(journal, today), journal.seen_to.all()
    gate = AdviceGate(
        find_red_flag_lock(journal.pain.flagged(), seen, care),
        assess_diary(entries, today, seen=seen),
        frozenset(painful_places(entries, today)),
    )
    if not entries or not gate.may_run:
        return gate
    back = _way_back(journal, entries, dated, today, gate)
    # after a mere break the distances of the single-run rule are told as well
    if back is None or back.reason != "pain":
        return gate
    return dataclasses.replace(gate, back=ReturnAdvice(back.sentence, back.act))


def current_red_flag_lock(journal: Journal, care: CareCatalogue) -> RedFlagLock | None:
    """The red-flag lock, or None; loads nothing else."""
    return find_red_flag_lock(journal.pain.flagged(), journal.seen_to.all(), care)


def current_return_plan(journal: Journal, dated: Dated, today: date, gate: AdviceGate) -> ReturnPlan | None:
    """The plan for returning after a break or pain; None if there is none."""
    return _way_back(journal, _told(journal, today), dated, today, gate)


def _way_back(
    journal: Journal, entries: Sequence[PainEntry], dated: Dated, today: date, gate: AdviceGate
) -> ReturnPlan | None:
    done = journal.routines.since(today - timedelta(days=HISTORY_DAYS))
    return build_return_plan(Outings.among(dated(), done), entries, today=today, gate=gate)


def _told(journal: Journal, today: date) -> list[PainEntry]:
    return journal.pain.since(today - timedelta(days=HISTORY_DAYS))
