"""The care desk: what was told meets what was run, and all of it passes the gate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import alerts
from alert_factory import alert
from alerts.alert.alert import Level
from alerts.errors import JournalError
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.calendar_urls import CalendarShows
from alerts.journal.entries import PainReport, RunKind, SeenTo, Shoe
from alerts.journal.entries import PlannedRun as Plan
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from pain_diaries import NOES
from support import fit_run

TODAY = NOW.date()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Ten steady weeks, the last run two days ago."""
    with open_house(tmp_path, mailer=RecordingMailer()) as opened:
        lay_into(opened.home.inbox, steady_weeks())
        opened.runner_service.inbox.scan()
        opened.runner_service.tick(NOW)
        yield opened


def report(day_ago: int = 0, **scores: int) -> PainReport:
    return PainReport(
        TODAY - timedelta(days=day_ago), BodySite.KNEE, Side.LEFT, answers=NOES, **(scores or {"during": 3})
    )


def test_a_report_is_linked_to_the_run_before_it(services: Services) -> None:
    last = services.runner_service.store.latest(1)[0]

    entries = [services.care_service.report_pain(report(ago), NOW) for ago in (2, 1, 0)]

    assert [entry.activity_id for entry in entries] == [last.id, last.id, None]


@pytest.mark.parametrize(
    ("days_off", "comes_back", "walks"), [(13, False, False), (22, True, False), (60, True, True)]
)
def test_after_a_mere_break_the_plan_says_what_the_first_page_says(
    tmp_path: Path, days_off: int, *, comes_back: bool, walks: bool
) -> None:
    """A run every other day before either break, and one yesterday."""
    off = [ordinary_run(days_before(days)) for days in (1, *range(days_off, days_off + 60, 2))]
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        lay_into(services.home.inbox, off)
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        page, overview = services.care_service.page(NOW), services.dashboard.overview(NOW)

    assert overview.training_status is not None
    assert overview.allowed is not None
    assert (page.back is not None, overview.training_status.ceiling_m is None) == (walks, comes_back)
    assert {day.long_up_to_m for day in page.ladder.days[:1]} <= {overview.allowed.long_up_to_m}


def test_pain_that_is_still_to_come_is_not_taken_in(services: Services) -> None:
    with pytest.raises(JournalError, match="2026-05-13 is still to come"):
        services.care_service.report_pain(report(-1), NOW)


@pytest.mark.parametrize(("distance_m", "rests", "easy_min"), [(14_000.0, False, 30), (22_000.0, True, None)])
def test_the_plan_spares_the_days_after_an_over_long_run(
    services: Services, distance_m: float, easy_min: int | None, *, rests: bool
) -> None:
    day = NOW - timedelta(days=1)
    lay_into(services.home.inbox, [ordinary_run(day, distance_m=distance_m, duration_s=7_000)])
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)
    plan_days = services.care_service.page(NOW).ladder.days

    spared = [one for one in plan_days if one.day <= day.date() + timedelta(days=2)]
    assert [(one.rest, one.easy_up_to_min, one.long_up_to_m) for one in spared] == 2 * [
        (rests, easy_min, None)
    ]


def test_who_was_seen_long_ago_is_not_given_what_follows_an_examination(services: Services) -> None:
    log = services.care_service.journal.seen_to
    groin = PainReport(TODAY, BodySite.GROIN, Side.LEFT, during=1, answers=NOES)
    services.care_service.report_pain(groin, NOW)
    log.add(SeenTo(TODAY - timedelta(days=200), "a physician"), now=NOW - timedelta(days=200))
    long_ago = services.care_service.routine_plan(NOW).ids
    log.add(SeenTo(TODAY, "a physician"), now=NOW)

    assert ("ADD-SQUEEZE" in long_ago, "ADD-SQUEEZE" in services.care_service.routine_plan(NOW).ids) == (
        False,
        True,
    )


def test_the_page_holds_all_that_care_has_to_say(services: Services) -> None:
    services.care_service.journal.planned.add(
        Plan(TODAY + timedelta(days=6), 21_100.0, RunKind.RACE), now=NOW
    )
    page = services.care_service.page(NOW)

    assert page.red_flag_lock is None
    assert (len(page.ladder.days), page.back, len(page.checks)) == (14, None, 1)
    assert page.cross_training is not None
    assert page.cross_training.cycle_min == 60
    assert page.checks[0].level is Level.HIGH


def test_yesterday_s_report_asks_for_its_morning(services: Services) -> None:
    asked = services.care_service.report_pain(report(1), NOW)
    services.care_service.report_pain(report(1, during=1, next_morning=0), NOW)

    assert [entry.id for entry in services.care_service.page(NOW).mornings] == [asked.id]


def test_a_break_turns_the_page_to_the_way_back(tmp_path: Path) -> None:
    with open_house(tmp_path) as opened:
        lay_into(opened.home.inbox, steady_weeks(last_days_ago=60))
        opened.runner_service.inbox.scan()
        opened.runner_service.tick(NOW)
        back = opened.care_service.page(NOW).back

    assert back is not None
    assert (back.reason, back.at, back.first_long_m) == ("break", 0, 5_000.0)


def test_shoes_are_worn_by_every_run(services: Services) -> None:
    services.care_service.journal.shoes.add(Shoe("Blue", TODAY - timedelta(days=400)), now=NOW)
    runs = len(services.runner_service.store.activities())

    assert [(one.runs, round(one.distance_m)) for one in services.care_service.shoes()] == [
        (runs, 10_000 * runs)
    ]


def test_a_ride_is_worn_in_no_shoes_and_counts_for_the_heart(services: Services) -> None:
    ride = fit_run(days_before(1), distance_m=30_000.0, duration_s=3_600, sport="cycling", cadence_spm=None)
    shod = services.runner_service.history.shod_runs()
    lay_into(services.home.inbox, [ride], prefix="ride")
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)

    assert services.runner_service.history.shod_runs() == shod
    assert services.care_service.physio(NOW).weeks[-1].cross_min == 60.0


def test_a_change_of_pair_stands_beside_a_shift_of_cadence(services: Services) -> None:
    rack = services.care_service.journal.shoes
    rack.add(Shoe("Red", TODAY - timedelta(days=400)), now=NOW)
    blue = rack.add(Shoe("Blue", TODAY - timedelta(days=9)), now=NOW)
    rack.choose(services.runner_service.store.latest(1)[0].id, blue.id, now=NOW)
    shift, spike = (
        services.runner_service.explain(alert(kind, day=TODAY), TODAY).alert_text.sentence
        for kind in ("cadence_shift", "single_run_spike")
    )

    assert "you have run in “Blue”, before that in “Red”" in shift
    assert "Blue" not in spike


def test_the_calendar_opens_with_its_secret_alone(services: Services) -> None:
    token = services.care_service.journal.calendar.issue(CalendarShows(), now=NOW)

    assert (services.care_service.calendar(token, NOW) or "").startswith("BEGIN:VCALENDAR")
    assert services.care_service.calendar(f"{token}x", NOW) is None


@pytest.mark.parametrize("call", [r"\.advise\(", r"(?<!def )\bdescribe\("])
def test_findings_are_put_into_words_behind_the_gate_alone(call: str) -> None:
    """Whoever tells a finding by itself tells it past the gate."""
    folder = Path(alerts.__path__[0])
    packages = [path for name in ("alerts", "web", "config") for path in (folder.parent / name).rglob("*.py")]
    telling = {path.name for path in packages if re.search(call, path.read_text(encoding="utf-8"))}

    assert telling == {"runner_service.py"}
