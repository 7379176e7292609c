"""The gate: while a red flag is open, no word about running and no exercise leaves the house, by any door."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest

from alert_factory import KINDS, SUNDAY, alert
from alerts.alert.alert import Level
from alerts.care.pain.advice_gate import AdviceGate
from alerts.evaluation.training_status import compute_training_status
from alerts.explanation.alert_text import describe
from alerts.journal.body_sites import BodySite, Side
from alerts.journal.calendar_urls import CalendarShows
from alerts.journal.entries import PainReport, PlannedRun, SeenTo
from alerts.notifications.compose.week_chart_png import draw_week_chart
from alerts.notifications.delivery.channels import as_notification
from alerts.notifications.delivery.mailer import MailError
from alerts.notifications.delivery.webhook import as_event
from alerts.text.units import METRIC, NBSP
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from config.output.care_listings import list_pain, list_routines, pain_lines, routine_lines
from config.output.listings import alert_lines, list_alerts
from forbidden_words import forbidden_in
from pain_diaries import CARE, NOES, SILENT, SPEAKING, red_flag_lock
from red_flag_words import RUN_ON, email_about, slips, texts
from web.app import create_app

TODAY = NOW.date()
LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)


class RefusingMailer:
    """Takes no letter, now or ever."""

    def __init__(self) -> None:
        self.refused = 0

    def send(self, message: EmailMessage) -> None:
        self.refused += 1
        raise MailError(f"no such mailbox as that of {message['Subject']}", permanent=True)


def everything(services: Services) -> dict[str, str]:
    """What every door of the house says, by the door's name."""
    runner_service, care_service, dashboard = (
        services.runner_service,
        services.care_service,
        services.dashboard,
    )
    said: dict[str, object] = {
        "overview": dashboard.overview(NOW),
        "care page": care_service.page(NOW),
        "plan": care_service.routine_plan(NOW),
        "catalogue": list_routines(care_service.routines(), care_service.routine_plan(NOW).ids),
        "catalogue, for people": routine_lines(
            list_routines(care_service.routines(), care_service.routine_plan(NOW).ids)
        ),
        "pain": list_pain(care_service.page(NOW)),
        "pain, for people": pain_lines(care_service.page(NOW)),
        "alerts --json": json.dumps(list_alerts(runner_service, NOW, everything=True), ensure_ascii=False),
        "alerts": alert_lines(list_alerts(runner_service, NOW, everything=True)),
        "check of a race": care_service.check(PlannedRun(TODAY + timedelta(days=9), 21_000.0), NOW),
        "physio": care_service.physio(NOW),
    }
    for number, shown in enumerate(product((True, False), repeat=3)):
        token = care_service.journal.calendar.issue(CalendarShows(*shown), now=NOW)
        said[f"calendar {number}"] = (care_service.calendar(token, NOW) or "").replace("\r\n ", "")
    token = services.feed_service.addresses.issue(Level.INFO, now=NOW)
    said["feed"] = services.feed_service.read(token, NOW)
    weeks = runner_service.gate(TODAY).training_status(
        compute_training_status(runner_service.history.days(NOW), runner_service.detectors)
    )
    assert weeks is not None
    picture = draw_week_chart(weeks.weeks, marked=SUNDAY, units=METRIC, today=TODAY)
    assert picture is not None
    said["picture"] = (picture.alternative, picture.caption)
    app = create_app(dashboard, clock=lambda: NOW)
    rules = app.url_map.iter_rules()
    pages = [rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]
    for page in (*pages, *(f"/findings/{one.key}" for one in runner_service.alert_store.since(SUNDAY))):
        shown = app.test_client().get(page).text
        said[f"page {page}"] = re.sub(r"<(style|script)\b.*?</\1>", "", shown, flags=re.DOTALL)
    for kind, level, is_rise in product(KINDS, Level, (True, False)):
        found = alert(kind, level, day=TODAY, observed=1e5 if is_rise else 1.0)
        explained = runner_service.explain(found, TODAY)
        said[f"letter {kind} {level.word} {is_rise}"] = email_about(explained, TODAY)
        event = as_event(explained, runner_id=1, dashboard_url="http://localhost")
        note = as_notification([explained], form="all", dashboard_url="http://localhost")
        said[f"webhook {kind} {level.word} {is_rise}"] = json.loads(event.text)
        said[f"notification {kind} {level.word} {is_rise}"] = f"{note.subject} {note.text}"
    return {door: "\n".join(texts(value)) for door, value in said.items()}


def furnish(services: Services) -> None:
    """Give every door something to say: findings, a planned race, a diary, routines done."""
    lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)
    journal = services.care_service.journal
    journal.planned.add(PlannedRun(TODAY + timedelta(days=5), 16_000.0), now=NOW)


def report(services: Services, *yes: str, place: BodySite = BodySite.KNEE, worst: int = 1) -> None:
    answers = NOES | dict.fromkeys(yes, True)
    services.care_service.report_pain(
        PainReport(TODAY, place, Side.LEFT, during=worst, answers=answers), NOW - timedelta(minutes=5)
    )


@pytest.mark.parametrize(("yes", "professional"), [("groin-night", "PRO-SOON"), ("fever", "PRO-URGENT")])
def test_nothing_slips_through_while_a_red_flag_is_open(tmp_path: Path, yes: str, professional: str) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        furnish(services)
        report(services, yes)
        said = everything(services)
        advised = services.care_service.routine_plan(NOW).ids

    assert {door: found for door, text in said.items() if (found := slips(text))} == {}
    assert advised == (professional,)


def test_the_same_house_without_a_red_flag_speaks_by_every_door(tmp_path: Path) -> None:
    """So that the scan above is not silent for want of ears."""
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        furnish(services)
        said = everything(services)

    mute = {door for door, text in said.items() if not slips(text)}
    assert mute & {"overview", "care page", "plan", "page /", "alerts --json", "alerts", "catalogue"} == set()
    assert [door for door in mute if door.startswith("letter")] == []
    short = {f"{door} single_run_spike caution True" for door in ("webhook", "notification")}
    assert mute & {"feed", *short} == set()


def test_the_house_speaks_again_once_it_was_seen_to(tmp_path: Path) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        furnish(services)
        before = services.care_service.page(NOW).ladder
        report(services, "groin-night")
        services.care_service.journal.seen_to.add(SeenTo(TODAY, "a physician"), now=NOW)
        after = services.care_service.page(NOW).ladder

    assert before.days
    assert [day.day for day in after.days] == [day.day for day in before.days]
    assert {(day.kind, day.up_to_m) for day in after.days} == {("walk-run", None)}


def test_after_a_red_flag_the_way_back_comes_before_any_distance(tmp_path: Path) -> None:
    """Also where the score alone would have stopped nothing."""
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        furnish(services)
        report(services, "fever")
        services.care_service.journal.seen_to.add(SeenTo(TODAY, "a physician"), now=NOW)
        overview, back = services.dashboard.overview(NOW), services.care_service.page(NOW).back

    assert overview.back is not None
    assert back is not None
    assert overview.back.act == back.act == f"Walk 30{NBSP}minutes."
    assert overview.training_status is not None
    assert overview.training_status.ceiling_m is None


def test_on_the_way_back_its_step_stands_in_for_what_a_finding_asks(tmp_path: Path) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        furnish(services)
        report(services, "fever")
        services.care_service.journal.seen_to.add(SeenTo(TODAY, "a physician"), now=NOW)
        [found] = services.dashboard.overview(NOW).open_alerts
        planned = services.care_service.routine_plan(NOW).ids

    assert found.alert_text.act == f"Walk 30{NBSP}minutes."
    assert "RTR-WALKRUN" in planned
    assert not {"LOAD-48H", "LOAD-HOLD"} & set(planned)


def test_pain_that_stops_running_names_no_distance_either(tmp_path: Path) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        furnish(services)
        report(services, worst=7)
        said = everything(services)

    shown = {door for door, text in said.items() if RUN_ON.search(text.replace(NBSP, " "))}
    assert shown - {"catalogue", "catalogue, for people"} == set()


def test_a_letter_written_before_the_red_flag_stays_here(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
        services.runner_service.inbox.scan()
        services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)
        services.runner_service.evaluate(NOW - timedelta(minutes=10))
        report(services, "groin-night")
        services.runner_service.deliver(NOW)
        services.care_service.journal.seen_to.add(SeenTo(TODAY, "a physician"), now=NOW)
        services.runner_service.deliver(NOW + timedelta(hours=1))

    assert mailer.emails == []


def test_a_letter_that_no_server_took_is_not_revived_after_the_red_flag(tmp_path: Path) -> None:
    refusing, taking = RefusingMailer(), RecordingMailer()
    with open_house(tmp_path, mailer=refusing) as services:
        lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW - timedelta(minutes=10))
        report(services, "groin-night")
        services.runner_service.deliver(NOW)
        services.care_service.journal.seen_to.add(SeenTo(TODAY, "a physician"), now=NOW)
        services.runner_service.outbox.requeue_dead(NOW)
        services.runner_service.outbox.deliver(taking, NOW + timedelta(hours=1))

    assert refusing.refused == 1
    assert taking.emails == []


def test_a_letter_written_in_silence_leads_to_a_professional(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        report(services, "fever")
        furnish(services)

    body = mailer.emails[0].get_body(("plain",))
    assert body is not None
    assert "Get care today" in body.get_content()
    assert slips(" ".join(body.get_content().split())) == []


def test_a_slip_of_the_finger_is_taken_back(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        report(services, "fever")
        entry = services.care_service.journal.pain.flagged()[0]
        services.care_service.journal.pain.withdraw(entry.id, now=NOW)

        assert services.runner_service.gate(TODAY) == SPEAKING


def test_what_is_said_of_pain_in_silence_is_the_professional(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        report(services, "fever")
        state = services.dashboard.overview(NOW).pain

    assert (state.act, state.asks_professional) == (red_flag_lock("urgent").act, True)


def test_an_exercise_that_the_place_forbids_is_not_advised() -> None:
    gate = AdviceGate(places=frozenset({BodySite.KNEE}))
    advice = gate.advice(CARE.advise(alert("cadence_shift", Level.CAUTION)), CARE)

    assert advice.ids == ("CAD-CHECK",)


@pytest.mark.parametrize("kind", KINDS)
def test_in_silence_no_number_of_a_finding_says_how_far_to_run(kind: str) -> None:
    assert [name for name in SILENT.alert(alert(kind)).numbers if "ceiling" in name] == []


def test_a_story_keeps_its_facts() -> None:
    advice = CARE.advise(alert("single_run_spike"))
    alert_text = describe(alert("single_run_spike"), advice.evidence)

    assert SILENT.alert_text(alert_text).sentence == alert_text.sentence


@pytest.mark.parametrize("urgency", ["urgent", "soon"])
def test_what_is_said_instead_is_not_forbidden(urgency: str) -> None:
    gate = AdviceGate(red_flag_lock(urgency))  # type: ignore[arg-type]

    assert forbidden_in("\n".join(texts(gate))) == []
