"""Whether it has been quiet for longer than this runner's habit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notifications.policy.sync_gap import GIVEN_UP_DAYS, LEAST_QUIET_DAYS, SyncGap, find_sync_gap

LAST = date(2026, 5, 10)


def every(days: int, count: int = 20) -> list[date]:
    """Activities so many days apart, the last on ``LAST``."""
    return [LAST - timedelta(days=days * back) for back in reversed(range(count))]


@pytest.mark.parametrize(
    ("apart", "quiet_days", "is_silent"),
    [
        (1, 12, False),
        (1, 13, True),
        (7, 12, False),
        (7, 13, True),
        (10, 13, False),
        (11, 14, False),
        (11, 15, True),
    ],
)
def test_a_pause_is_a_lull_when_it_is_longer_than_twelve_days_and_a_quarter_longer_than_ever(
    apart: int, quiet_days: int, *, is_silent: bool
) -> None:
    found = find_sync_gap(every(apart), LAST + timedelta(days=quiet_days))

    assert (found == SyncGap(LAST, quiet_days, apart)) is is_silent


@pytest.mark.parametrize("days", [[], every(2, count=7)])
def test_without_a_habit_nothing_is_missing(days: list[date]) -> None:
    assert find_sync_gap(days, LAST + timedelta(days=20)) is None


def test_after_six_weeks_nobody_is_asked_any_more() -> None:
    assert find_sync_gap(every(2), LAST + timedelta(days=GIVEN_UP_DAYS + 1)) is None


@given(gaps=st.lists(st.integers(0, 9), min_size=8, max_size=60), quiet_days=st.integers(-5, 80))
def test_no_pause_that_is_usual_is_ever_a_lull(gaps: list[int], quiet_days: int) -> None:
    days = [LAST]
    for gap in gaps:
        days.insert(0, days[0] - timedelta(days=gap))

    found = find_sync_gap(days, LAST + timedelta(days=quiet_days))

    assert found is None or found.quiet_days > max(LEAST_QUIET_DAYS, found.usual_days)
