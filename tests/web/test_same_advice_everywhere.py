"""One story, told everywhere alike: Today, plan page, calendar feed, command line and the Sunday email."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from alerts.care.plan.running_advice import AllowedRunning
from alerts.journal.calendar_urls import CalendarShows
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from dashboard_client import dashboard

SUNDAY_EMAIL = {"sunday_letter": True, "ask_after_silence": False}
MARATHON = ordinary_run(days_before(1), distance_m=42_195.0, duration_s=14_200)
OVER_LONG = ordinary_run(days_before(1), distance_m=14_200.0, duration_s=4_800)


@contextmanager
def house(
    folder: Path, files: Sequence[bytes], *, mailer: RecordingMailer | None = None
) -> Iterator[Services]:
    with open_house(folder, mailer=mailer or RecordingMailer(), mail=SUNDAY_EMAIL) as services:
        lay_into(services.home.inbox, [*files])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        yield services


def plain(text: str) -> str:
    return " ".join(unescape(text).replace("\N{NO-BREAK SPACE}", " ").split())


def everywhere(services: Services, days_later: int = 0) -> tuple[AllowedRunning, AllowedRunning]:
    """What is allowed on a later day, and its plan; both stand on every page of that day."""
    now = NOW + timedelta(days=days_later)
    advice = services.runner_service.running_advice.advice(now)
    allowed, plan = advice.today, advice.plan
    assert allowed is not None
    client = dashboard(services, clock=lambda: now).test_client()
    assert plain(allowed.headline) in plain(client.get("/").text)
    page = plain(client.get("/plan").text)
    token = services.care_service.journal.calendar.issue(CalendarShows(distances=True), now=now)
    feed = plain((services.care_service.calendar(token, now) or "").replace("\r\n ", "").replace("\\", ""))
    for one in plan.days:
        assert plain(one.sentence) in page
        if one.kind in {"easy", "long"}:
            assert plain(one.sentence) in feed
    first = plan.days[0] if plan.days else allowed
    assert (first.rest, first.easy_up_to_m, first.long_up_to_m, first.reason) == (
        allowed.rest,
        allowed.easy_up_to_m,
        allowed.long_up_to_m,
        allowed.reason,
    )
    return allowed, first


@pytest.mark.slow
def test_after_a_marathon_every_page_follows_the_same_way_back(tmp_path: Path) -> None:
    with house(tmp_path, [*steady_weeks(last_days_ago=3), MARATHON]) as services:
        told = {later: everywhere(services, later)[0] for later in (0, 1, 2)}

    assert [told[later].rest for later in (0, 1, 2)] == [True, True, True]
    assert {one.reason for one in told.values()} == {"race_recovery"}
    assert all(one.long_up_to_m is None for one in told.values())


@pytest.mark.slow
def test_weeks_after_a_marathon_long_runs_come_back_by_their_share(tmp_path: Path) -> None:
    way_back = [
        ordinary_run(NOW.replace(hour=7) + timedelta(days=ahead), distance_m=5_000.0)
        for ahead in (3, 5, 7, 9, 11, 13, 16, 18, 20, 23, 25)
    ]
    with house(tmp_path, [*steady_weeks(last_days_ago=3), MARATHON]) as services:
        lay_into(services.home.inbox, way_back, prefix="back")
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW + timedelta(days=26))
        fifth, later = everywhere(services, 4)[0], everywhere(services, 26)[0]

    assert (fifth.easy_up_to_min, fifth.long_up_to_m) in {(30, None), (None, None)}
    assert (later.long_up_to_m or 0.0) <= 0.7 * 10_100.0


@pytest.mark.slow
def test_a_comeback_after_26_days_says_the_same_everywhere(tmp_path: Path) -> None:
    with house(tmp_path, steady_weeks(last_days_ago=26)) as services:
        allowed, _ = everywhere(services)

    assert (allowed.reason, allowed.level) == ("break", "coming_back")
    assert allowed.long_up_to_m == pytest.approx(5_000.0, rel=0.01)


@pytest.mark.slow
def test_muting_changes_nothing_that_is_said_of_running(tmp_path: Path) -> None:
    with house(tmp_path, [*steady_weeks(last_days_ago=3), OVER_LONG]) as services:
        before = everywhere(services)
        kinds = [
            alert.kind for alert in services.runner_service.alert_store.since(NOW.date() - timedelta(30))
        ]
        services.answers.snooze(kinds, until=NOW + timedelta(days=30), now=NOW)
        services.answers.stop("all", now=NOW)
        after = everywhere(services)

    assert "single_run_spike" in kinds
    assert after == before


@pytest.mark.slow
def test_the_sunday_email_says_what_today_says(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with house(tmp_path, [*steady_weeks(last_days_ago=3), OVER_LONG], mailer=mailer) as services:
        mailer.emails.clear()
        sunday = NOW + timedelta(days=5)
        for hour in range(48):
            now = sunday.replace(hour=0) + timedelta(hours=hour)
            services.runner_service.deliver(now)
            if mailer.emails:
                break
        allowed = services.runner_service.running_advice.advice(now).today

    assert allowed is not None
    body = mailer.emails[0].get_body(("plain",))
    assert body is not None
    assert plain(allowed.headline) in plain(str(body.get_content()))
