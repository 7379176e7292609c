"""Red flags: one yes is enough, and only "seen to" ends the silence."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from alerts.care.pain.red_flag_lock import SLIP_WITHIN, find_red_flag_lock
from alerts.journal.entries import PainEntry, SeenTo
from alerts.journal.red_flag import RedFlag
from forbidden_words import forbidden_in
from pain_diaries import CARE, TODAY, told

YES = told(3, 4, yes=("groin-night",), urgency="soon")


def seen(after: timedelta, entry: PainEntry = YES) -> SeenTo:
    return SeenTo(TODAY, "a physiotherapist", recorded_at=entry.reported_at + after)


@pytest.mark.parametrize("flag", CARE.red_flags, ids=lambda flag: flag.id)
def test_any_yes_silences(flag: RedFlag) -> None:
    entry = told(1, 1, yes=(flag.id,), urgency=flag.urgency)  # type: ignore[arg-type]
    found = find_red_flag_lock([entry], [], CARE)

    assert found is not None
    assert (found.professional.id, found.flags) == (flag.routine, (flag,))


def test_without_a_yes_nothing_is_silenced() -> None:
    assert find_red_flag_lock([], [], CARE) is None


def test_the_graver_yes_decides() -> None:
    found = find_red_flag_lock([YES, told(1, 1, yes=("fever",), urgency="urgent")], [], CARE)

    assert found is not None
    assert found.professional.id == "PRO-URGENT"


def test_time_does_not_end_the_silence() -> None:
    assert find_red_flag_lock([told(4_000, 4, yes=("locking",), urgency="soon")], [], CARE) is not None


def test_seen_to_ends_it() -> None:
    assert find_red_flag_lock([YES], [seen(timedelta(days=1))], CARE) is None


def test_seen_to_before_the_report_ends_nothing() -> None:
    assert find_red_flag_lock([YES], [seen(-timedelta(days=1))], CARE) is not None


def test_a_new_yes_after_seen_to_silences_again() -> None:
    again = told(0, 1, yes=("locking",), urgency="soon")

    assert find_red_flag_lock([YES, again], [seen(timedelta(days=1))], CARE) is not None


@pytest.mark.parametrize(("waited", "lifted"), [(SLIP_WITHIN, True), (SLIP_WITHIN * 2, False)])
def test_only_a_slip_can_be_withdrawn(waited: timedelta, *, lifted: bool) -> None:
    withdrawn = dataclasses.replace(YES, withdrawn_at=YES.reported_at + waited)

    assert (find_red_flag_lock([withdrawn], [], CARE) is None) is lifted


def test_a_question_that_is_no_longer_asked_still_silences() -> None:
    old = told(1, 1, yes=("gone",), urgency="urgent")
    found = find_red_flag_lock([old], [], CARE)

    assert found is not None
    assert found.flags == ()


def test_what_is_said_instead_is_not_forbidden() -> None:
    for urgency in ("urgent", "soon"):
        found = find_red_flag_lock([told(1, 1, yes=("fever",), urgency=urgency)], [], CARE)  # type: ignore[arg-type]
        assert found is not None
        assert forbidden_in(f"{found.sentence} {found.act}") == []
