"""Whatever comes in whatever order: each caution is heard of in time, and what is sent is what is counted."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

# last, for there are scripts in it that bear the names of packages
sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))

from methods import mail_policy
from scoring import emails

from alert_factory import KINDS
from alerts.alert.alert import Alert, Level
from app_fixtures import NOW, RecordingMailer, open_house
from config.composition.services import Services

FIRST = NOW.date()
POLICY = mail_policy()


def found(kind: str, day: int, level: Level, activity_id: int | None) -> Alert:
    return Alert(kind, FIRST + timedelta(days=day), level, 2.0, 1.0, "m", activity_id=activity_id)


some = st.builds(
    found, st.sampled_from(KINDS), st.integers(0, 60), st.sampled_from(Level), st.none() | st.integers(1, 3)
)


@given(st.lists(some, unique_by=lambda f: f.key, max_size=25))
def test_every_caution_is_told_on_its_day_unless_one_as_grave_was_in_the_week_before(
    alerts: list[Alert],
) -> None:
    written = emails(alerts, [], POLICY)
    told_on = {alert.key: on for on, tells in written for alert in tells}
    grave = [(on, max(alert.level for alert in tells)) for on, tells in written]

    for alert in (one for one in alerts if one.level >= Level.CAUTION):
        lately = [level for on, level in grave if on <= alert.day < on + timedelta(days=POLICY.pause_days)]
        assert told_on[alert.key] == alert.day or alert.level <= max(lately, default=Level.INFO)


@given(st.lists(some, unique_by=lambda f: f.key, max_size=25))
def test_every_caution_is_told_within_a_fortnight_and_what_is_high_on_its_day(
    alerts: list[Alert],
) -> None:
    told_on = {alert.key: on for on, tells in emails(alerts, [], POLICY) for alert in tells}
    waited = {f.key: (told_on[f.key] - f.day).days for f in alerts if f.level >= Level.CAUTION}

    assert all(days < 14 for days in waited.values())
    assert all(waited[f.key] == 0 for f in alerts if f.level is Level.HIGH)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), NOW.tzinfo)


def sent(services: Services, alerts: list[Alert]) -> list[tuple[date, set[str]]]:
    """Find each on its day and let the evening come; the letters by day, with the keys of what they tell."""
    runner_service, mailed = services.runner_service, list[tuple[date, set[str]]]()
    for day in (FIRST + timedelta(days=n) for n in range(75)):
        with services.database.writing() as connection:
            entered = [alert for alert in alerts if alert.day <= day]
            fresh = runner_service.alert_store.insert(connection, entered, now=at(day, 12))
            runner_service.notifications.queue(connection, fresh, at(day, 12))
        runner_service.deliver(at(day, 18))
        with services.database.reading() as connection:
            left = {f.key for f in runner_service.outbox.not_yet_sent(connection, entered)}
        told = {f.key for f in entered} - left - set().union(*(keys for _, keys in mailed))
        if told:
            mailed.append((day, told))
    return mailed


@pytest.mark.parametrize("seed", range(3))
def test_the_benchmark_counts_the_letters_that_the_product_sends(tmp_path: Path, seed: int) -> None:
    chance = np.random.default_rng(seed)
    drawn = [
        found(str(chance.choice(KINDS)), int(chance.integers(60)), Level(int(chance.integers(4))), None)
        for _ in range(25)
    ]
    alerts = list({alert.key: alert for alert in drawn}.values())
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"ask_after_silence": False}) as services:
        mailed = sent(services, alerts)

    counted = emails(alerts, [], POLICY)
    assert mailed == [(on, {alert.key for alert in tells}) for on, tells in counted]
    assert len(mailer.emails) == len(counted)
