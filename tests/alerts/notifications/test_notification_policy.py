"""Who is told what and when: at once, gathered, before a week of running, after silence."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerts.alert.alert import Alert, Level
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from support import fit_run

LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
LONGER_RUN = ordinary_run(days_before(1), distance_m=11_500.0, duration_s=2_700)
"""Yesterday, 15 % beyond every run before it: a notice."""

SUNDAY = datetime(2026, 5, 17, 18, 0, tzinfo=NOW.tzinfo)
ASKED = {"sunday_letter": True, "ask_after_silence": False}
URL = {"url": "https://run.example.org"}


def take_in(services: Services, *files: bytes, now: datetime = NOW, prefix: str = "run") -> None:
    lay_into(services.home.inbox, list(files), prefix=prefix)
    services.runner_service.inbox.scan()
    services.runner_service.tick(now)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).replace("\N{NO-BREAK SPACE}", " ").split())


def ticks_between(services: Services, first: datetime, last: datetime, *, step_min: int = 90) -> None:
    """Let ticks fall from one moment to another."""
    now = first
    while now <= last:
        services.runner_service.deliver(now)
        now += timedelta(minutes=step_min)


def test_a_notice_waits_for_the_gathered_letter_and_comes_with_it_once(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"ask_after_silence": False}) as services:
        take_in(services, *steady_weeks(), LONGER_RUN)
        ticks_between(services, NOW, SUNDAY - timedelta(minutes=1))
        before = len(mailer.emails)
        ticks_between(services, SUNDAY, SUNDAY + timedelta(days=13), step_min=360)

    assert (before, [email["Subject"] for email in mailer.emails]) == (
        0,
        ["Hipwatch: notes on your recent running"],
    )
    assert "11.5 km" in text_of(mailer.emails[0])


def test_a_caution_is_told_at_once(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        take_in(services, *steady_weeks(), LONG_RUN)

    assert len(mailer.emails) == 1


def test_nothing_waits_where_nothing_is_gathered(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"digest": "off"}) as services:
        take_in(services, *steady_weeks(), LONGER_RUN)

    assert len(mailer.emails) == 1


def test_a_daily_letter_comes_at_its_hour(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"digest": "daily", "digest_at": "20:00"}) as services:
        take_in(services, *steady_weeks(), LONGER_RUN)
        ticks_between(services, NOW, NOW + timedelta(minutes=119), step_min=7)
        before = len(mailer.emails)
        services.runner_service.deliver(NOW + timedelta(hours=2))

    assert (before, len(mailer.emails)) == (0, 1)


def test_without_anything_that_waited_there_is_no_gathered_letter(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"ask_after_silence": False}) as services:
        take_in(services, *steady_weeks())
        ticks_between(services, NOW, SUNDAY + timedelta(days=1), step_min=120)

    assert mailer.emails == []


def test_what_comes_up_after_the_appointment_waits_for_the_next(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"digest": "daily", "digest_at": "17:00"}) as services:
        services.runner_service.tick(NOW)
        take_in(services, *steady_weeks(), LONGER_RUN, now=NOW + timedelta(minutes=1))

    assert mailer.emails == []


def test_the_letter_before_a_week_says_ceiling_range_and_last_week(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail=ASKED | {"sunday_at": "08:00"}) as services:
        take_in(services, *steady_weeks())
        ticks_between(services, SUNDAY.replace(hour=7), SUNDAY + timedelta(days=6), step_min=60)

    [email] = mailer.emails
    text = text_of(email)
    assert email["Subject"] == "Hipwatch: before you run this week"
    assert all(part in text for part in ("Up to 11.0 km", "Your typical week: 30 km", "Last week: "))


def test_what_waited_comes_with_the_letter_before_a_week(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail=ASKED) as services:
        take_in(services, *steady_weeks(), LONGER_RUN)
        ticks_between(services, SUNDAY.replace(hour=7), SUNDAY + timedelta(days=6), step_min=60)

    [email] = mailer.emails
    assert "Before you run this week" in text_of(email)
    assert "Up to 10.0 km is within your range" in text_of(email)
    assert "11.5 km" in text_of(email)


@pytest.mark.parametrize("hour", [21, 23, 2, 6])
def test_no_letter_arrives_in_the_night_and_the_finding_is_made_in_it(tmp_path: Path, hour: int) -> None:
    mailer = RecordingMailer()
    night = (NOW + timedelta(days=hour < 12)).replace(hour=hour)
    with open_house(tmp_path, mailer=mailer, mail={"host": "mail.example.org"}) as services:
        take_in(services, *steady_weeks(), LONG_RUN, now=night)
        found = services.runner_service.alert_store.since(date(2026, 5, 1))
        in_the_night = len(mailer.emails)
        services.runner_service.deliver((night + timedelta(days=hour > 12)).replace(hour=7))

    assert (len(found), in_the_night, len(mailer.emails)) == (1, 0, 1)


def test_a_rule_kept_quiet_writes_no_letter_and_others_do(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        services.answers.snooze(["single_run_spike"], until=NOW + timedelta(days=7), now=NOW)
        take_in(services, *steady_weeks(), LONG_RUN)
        quiet = services.runner_service.alert_store.since(date(2026, 5, 1))

    assert ([f.kind for f in quiet], mailer.emails) == (["single_run_spike"], [])


@pytest.mark.parametrize("sort", ["finding", "all"])
def test_letters_that_were_stopped_are_not_written(tmp_path: Path, sort: str) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        services.answers.stop(sort, now=NOW)
        take_in(services, *steady_weeks(), LONG_RUN)

    assert mailer.emails == []


def test_letters_that_were_resumed_are_written(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        services.answers.stop("all", now=NOW)
        services.answers.resume("all")
        take_in(services, *steady_weeks(), LONG_RUN)

    assert len(mailer.emails) == 1


def test_a_letter_can_be_answered_where_the_reader_can_reach_us_and_only_there(tmp_path: Path) -> None:
    told = []
    for name, tables in (("reachable", {"web": URL}), ("not", {})):
        mailer = RecordingMailer()
        with open_house(tmp_path / name, mailer=mailer, **tables) as services:
            take_in(services, *steady_weeks(), LONG_RUN)
        told.append(("/answer/" in text_of(mailer.emails[0]), mailer.emails[0]["List-Unsubscribe"] is None))

    assert told == [(True, False), (False, True)]


def test_a_letter_shows_twelve_weeks_below_a_hundred_kilobytes(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, web=URL) as services:
        take_in(services, *steady_weeks(), LONG_RUN)

    [email] = mailer.emails
    [picture] = [part for part in email.walk() if part.get_content_type() == "image/png"]
    html = email.get_body(("html",))
    assert html is not None
    assert picture["Content-ID"].strip("<>") in html.get_content()
    assert len(email.as_bytes()) < 100_000


def test_after_silence_there_is_one_question_and_no_second(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        take_in(services, *steady_weeks())
        ticks_between(services, NOW, NOW + timedelta(days=60), step_min=240)

    assert [email["Subject"] for email in mailer.emails] == ["Hipwatch: resting, or has the sync stopped?"]


def test_nobody_is_asked_who_does_not_want_to_be(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"ask_after_silence": False}) as services:
        take_in(services, *steady_weeks())
        ticks_between(services, NOW, NOW + timedelta(days=20), step_min=240)

    assert mailer.emails == []


def test_a_rule_that_speaks_of_several_days_is_one_thing_to_read(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    days = [NOW.date() - timedelta(days=n) for n in (1, 2, 3)]
    flapping = [Alert("single_run_spike", day, Level.CAUTION, 14_000.0, 10_000.0, "m") for day in days]
    with open_house(tmp_path, mailer=mailer) as services:
        runner_service = services.runner_service
        assert runner_service.route is not None
        with services.database.writing() as connection:
            runner_service.alert_store.insert(connection, flapping, now=NOW)
            runner_service.notifications.queue(connection, flapping, NOW)
        runner_service.deliver(NOW)
        with services.database.reading() as connection:
            left = runner_service.outbox.not_yet_sent(connection, flapping)

    [email] = mailer.emails
    text = text_of(email)
    assert text.count("One run much longer") == 1
    assert "fired on these days: Sat 9 May, Sun 10 May." in text.replace("\xa0", " ")
    assert left == []


def told_on(services: Services, alert: Alert, found: list[Alert], now: datetime) -> None:
    """Enter one finding more than those before, tell of it and let the letter go."""
    runner_service = services.runner_service
    found.append(alert)
    with services.database.writing() as connection:
        fresh = runner_service.alert_store.insert(connection, found, now=now)
        runner_service.notifications.queue(connection, fresh, now)
    runner_service.deliver(now)


RAMP = Alert("two_week_ramp", NOW.date(), Level.CAUTION, 80_000.0, 50_000.0, "m")
"""A caution about no run of its own."""


def on(days: int, alert: Alert) -> Alert:
    """The same so many days later."""
    return dataclasses.replace(alert, day=alert.day + timedelta(days=days))


@pytest.mark.parametrize(("days", "count"), [(6, 1), (7, 2)])
def test_a_story_that_was_told_is_told_again_as_gravely_after_the_pause(
    tmp_path: Path, days: int, count: int
) -> None:
    mailer, found = RecordingMailer(), list[Alert]()
    with open_house(tmp_path, mailer=mailer, mail={"ask_after_silence": False}) as services:
        told_on(services, RAMP, found, NOW)
        told_on(services, on(days, RAMP), found, NOW + timedelta(days=days))

    assert len(mailer.emails) == count
    assert all("The same rule also fired on these days: Tue 12 May." in text_of(m) for m in mailer.emails[1:])


def test_a_caution_that_came_within_a_pause_goes_along_with_the_next_letter(tmp_path: Path) -> None:
    """On the next Sunday it is too soon for a letter, and on the one after that again."""
    mailer, found = RecordingMailer(), list[Alert]()
    steps = on(1, Alert("cadence_shift", NOW.date(), Level.CAUTION, 160.0, 172.0, "1/min"))
    with open_house(tmp_path, mailer=mailer, mail={"ask_after_silence": False}) as services:
        told_on(services, RAMP, found, NOW)
        told_on(services, steps, found, NOW + timedelta(days=1))
        ticks_between(services, NOW + timedelta(days=2), NOW + timedelta(days=8), step_min=360)
        told_on(services, on(8, RAMP), found, NOW + timedelta(days=8))

    assert [len(mailer.emails), "160" in text_of(mailer.emails[-1])] == [2, True]


def ten_years(*, last_days_ago: int) -> list[bytes]:
    """In the spring of each year six weeks of three short runs and one that is more than twice as long."""
    runs = []
    for year in range(10):
        first = last_days_ago + 365 * year
        easy = [first + 2 + 7 * week + day for week in range(6) for day in (0, 2, 4)]
        runs += [fit_run(days_before(ago), distance_m=5_000.0, duration_s=900) for ago in easy]
        runs.append(fit_run(days_before(first), distance_m=14_000.0, duration_s=2_500))
    return runs


def test_ten_years_of_files_that_come_with_one_import_tell_nothing(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail={"digest": "daily"}) as services:
        take_in(services, *ten_years(last_days_ago=20))
        ticks_between(services, NOW, NOW + timedelta(days=20), step_min=360)
        found = [f for f in services.runner_service.alert_store.since(date.min) if f.level is Level.HIGH]

    assert [alert.kind for alert in found] == ["single_run_spike"] * 10
    assert mailer.emails == []


def test_the_last_week_of_ten_years_of_files_is_told_in_one_letter(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        take_in(services, *ten_years(last_days_ago=2))
        services.runner_service.tick(NOW)

    [email] = mailer.emails
    assert text_of(email).count("High caution") == 1


def test_while_a_red_flag_is_open_nothing_is_gathered_and_no_week_is_laid_out(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer, mail=ASKED) as services:
        take_in(services, *steady_weeks(), LONGER_RUN)
        flags = services.runner_service.care.red_flags
        answers = {flag.id: flag is flags[0] for flag in flags}
        report = PainReport(NOW.date(), BodySite.GROIN, Side.LEFT, during=3, answers=answers)
        services.care_service.report_pain(report, NOW)
        ticks_between(services, SUNDAY.replace(hour=6), SUNDAY + timedelta(hours=3), step_min=60)

    assert mailer.emails == []


def test_a_stopped_letter_before_a_run_does_not_bring_the_notes_early(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    asked = {"sunday_letter": True, "sunday_at": "08:00", "ask_after_silence": False, "digest_at": "18:00"}
    with open_house(tmp_path, mailer=mailer, mail=asked) as services:
        runner_service = services.runner_service
        waiting = Alert("single_run_spike", NOW.date(), Level.NOTICE, 14_000.0, 10_000.0, "m")
        services.answers.stop("sunday", now=NOW)
        with services.database.writing() as connection:
            runner_service.alert_store.insert(connection, [waiting], now=NOW)
        runner_service.deliver(SUNDAY.replace(hour=9))
        before = len(mailer.emails)
        runner_service.deliver(SUNDAY.replace(hour=19))

    assert (before, len(mailer.emails)) == (0, 1)
