"""What rests on a doubtful run is no finding and no letter, and the runner hears of it all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alert.alert import Alert
from alerts.detectors.registry import detect
from alerts.views.suppressed_alerts import find_suppressed
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, steady_weeks
from config.cli.main import main
from config.composition.services import Services
from config.output.listings import alert_lines, list_alerts
from ingest.formats.fit.encode import encode_fit
from ingest.formats.recording import Recording
from ingest.training_days.build import counting_all_runs
from ingest.training_days.table import TrainingDays
from odd_runs import told, with_samples
from support import recording_of_run
from training_days_builder import Outing, every, history, on, rules
from web.app import create_app

GOOD = recording_of_run(days_before(1), distance_m=10_600.0, duration_s=3_600, heart_rate_bpm=135.0)
"""Yesterday, as the watch measured it: a little more than usual."""


def doubled(run: Recording) -> Recording:
    """The same run from an exporter that counts its distance twice."""
    distance_m = 2 * run.samples.distance_m
    return told(with_samples(run, distance_m=distance_m), distance_m=float(distance_m[-1]))


def kinds(days: TrainingDays) -> list[tuple[str, object]]:
    found = detect(days, rules())
    return [(one.alert.kind, one.alert.day) for one in find_suppressed(days, rules(), found)]


def tick(services: Services, *files: bytes, prefix: str = "run") -> None:
    lay_into(services.home.inbox, list(files), prefix=prefix)
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)


def found_by(services: Services) -> list[Alert]:
    return services.runner_service.alert_store.since(days_before(400).date())


def test_where_every_run_counts_nothing_is_held_back() -> None:
    assert kinds(history([*every(2, 100), Outing(100, 40_000.0)])) == []


def test_a_doubtful_long_run_is_held_back() -> None:
    days = history([*every(2, 100), Outing(100, 10_000.0, counts=False)])

    assert kinds(days) == [("single_run_spike", on(100))]


def test_a_doubtful_run_within_the_usual_holds_nothing_back() -> None:
    assert kinds(history([*every(2, 100), Outing(100, counts=False)])) == []


def test_what_the_rules_say_anyway_is_not_held_back() -> None:
    days = history([*every(2, 100), Outing(100, 12_000.0), Outing(100, 9_900.0, counts=False)])

    assert [f.kind for f in detect(days, rules())] == ["single_run_spike"]
    assert kinds(days) == []


def test_an_ordinary_run_is_not_held_back_for_the_doubts_about_others() -> None:
    """Without the doubtful runs there is too little history, with them enough."""
    doubtful = [Outing(day, counts=False) for day in range(0, 26, 2)]

    assert kinds(history([*doubtful, Outing(30, 12_000.0)])) == []


def test_a_fortnight_with_a_doubtful_run_in_it_is_held_back() -> None:
    days = history([*every(2, 100), Outing(101, 60_000.0, hard_min=0.0, counts=False)], today=105)

    assert ("two_week_ramp", on(101)) in kinds(days)


def test_a_hard_run_with_a_doubtful_heart_rate_is_held_back() -> None:
    days = history([*every(2, 100), Outing(100, hard_min=60.0, counts=False)])

    assert kinds(days) == [("hard_minutes_spike", on(100))]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(
            Outing,
            day=st.integers(0, 120),
            distance_m=st.sampled_from([5_000.0, 8_000.0, 12_000.0, 30_000.0]),
            hard_min=st.sampled_from([0.0, 10.0, 60.0]),
            counts=st.sampled_from([True, True, False]),
        ),
        max_size=60,
    )
)
def test_nothing_is_both_said_and_held_back(outings: list[Outing]) -> None:
    days = history(outings)
    said = {alert.key for alert in detect(days, rules())}
    withheld = find_suppressed(days, rules(), detect(days, rules()))

    assert not said & {one.alert.key for one in withheld}
    assert all(not days.runs.counts_distance[one.row] for one in withheld)


def test_a_doubled_run_is_no_finding_and_no_letter_and_is_told(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), encode_fit(doubled(GOOD)))
        overview = services.dashboard.overview(NOW)
        found = found_by(services)

    assert (found, mailer.emails, overview.open_alerts) == ([], [], ())
    assert [one.sentence.replace("\N{NO-BREAK SPACE}", " ") for one in overview.suppressed_alerts] == [
        f"{what}; no alert was made because its distance is counted twice (21200 m along 10600 m of "
        "positions)."
        for what in (
            "Monday’s 21.2 km would have been a sudden long run",
            "The 81.2 km in the two weeks to Monday would have been a sudden rise",
        )
    ]
    assert [remark.word for remark in overview.suppressed_alerts[0].reasons] == ["doubled_distance"]


def test_a_good_copy_takes_the_place_of_the_doubled_one(tmp_path: Path) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        tick(services, *steady_weeks(), encode_fit(doubled(GOOD)))
        tick(services, encode_fit(GOOD), prefix="good")
        overview = services.dashboard.overview(NOW)
        found = found_by(services)

    assert (found, overview.suppressed_alerts) == ([], ())
    assert overview.training_status is not None
    assert overview.training_status.longest_m == pytest.approx(10_600.0, abs=0.01)


def test_a_good_copy_that_is_too_long_all_the_same_is_found_and_told(tmp_path: Path) -> None:
    long = recording_of_run(days_before(1), distance_m=14_000.0, duration_s=4_500, heart_rate_bpm=135.0)
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), encode_fit(doubled(long)))
        before = len(mailer.emails)
        tick(services, encode_fit(long), prefix="good")
        overview = services.dashboard.overview(NOW)
        found = found_by(services)

    assert (before, [f.kind for f in found], len(mailer.emails)) == (0, ["single_run_spike"], 1)
    assert overview.suppressed_alerts == ()


def test_the_list_of_all_alerts_says_why_there_is_none(tmp_path: Path) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        tick(services, *steady_weeks(), encode_fit(doubled(GOOD)))
        every_one = list_alerts(services.runner_service, NOW, everything=True)
        opened = list_alerts(services.runner_service, NOW, everything=False)

    assert opened == []
    assert [(row["kind"], "counted twice" in row["held_back"]) for row in every_one] == [
        ("single_run_spike", True),
        ("two_week_ramp", True),
    ]
    assert json.dumps(every_one)
    assert "held" in alert_lines(every_one)


def test_a_finding_that_is_made_is_not_held_back(tmp_path: Path) -> None:
    long = recording_of_run(days_before(1), distance_m=14_000.0, duration_s=4_500, heart_rate_bpm=135.0)
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        tick(services, *steady_weeks(), encode_fit(long))
        listed = list_alerts(services.runner_service, NOW, everything=True)

    assert [row["held_back"] for row in listed] == [None]


def test_decode_prints_the_words_of_the_gate(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path, [encode_fit(doubled(GOOD))])
    printed = json.loads(CliRunner().invoke(main, ["decode", str(path)]).stdout)

    assert printed["quality"] == ["doubled_distance"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=25))
def test_supposing_that_all_count_is_what_all_counting_would_be(runs: list[tuple[int, bool]]) -> None:
    def table(*, trusting: bool) -> TrainingDays:
        return history([Outing(day, counts=counts or trusting) for day, counts in runs])

    supposed, trusted = counting_all_runs(table(trusting=False)), table(trusting=True)

    assert supposed.run_m.tolist() == trusted.run_m.tolist()
    assert supposed.run_count.tolist() == trusted.run_count.tolist()
    assert supposed.hard_min.tolist() == trusted.hard_min.tolist()


def test_decode_sees_a_start_that_is_still_to_come(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path, [encode_fit(recording_of_run(NOW.replace(year=2099)))])
    printed = json.loads(CliRunner().invoke(main, ["decode", str(path)]).stdout)

    assert printed["quality"] == ["future"]


def test_the_first_page_says_what_is_held_back(tmp_path: Path) -> None:
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        tick(services, *steady_weeks(), encode_fit(doubled(GOOD)))
        page = create_app(services.dashboard, clock=lambda: NOW).test_client().get("/").get_data(as_text=True)

    assert "Alerts not made" in page
    assert "its distance is counted twice" in page
