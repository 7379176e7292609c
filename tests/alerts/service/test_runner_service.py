"""The main job: from bytes in the inbox to one letter, the same for every caller."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.alert.alert import Alert, Level
from alerts.notifications.delivery.mailer import MailError
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from ingest.formats.recording import Device
from support import fit_run

LONG_RUN = ordinary_run(days_before(1), distance_m=14_000.0, duration_s=2_700)
"""Yesterday, 40 % beyond every run before it."""


def tick(services: Services, *files: bytes, prefix: str = "run") -> None:
    lay_into(services.home.inbox, list(files), prefix=prefix)
    services.runner_service.inbox.scan()
    services.runner_service.tick(NOW)


def test_a_spike_becomes_one_finding_and_one_letter(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), LONG_RUN)
        found = services.runner_service.alert_store.since(days_before(400).date())

    assert [(f.kind, f.level, round(f.ratio, 2)) for f in found] == [("single_run_spike", Level.CAUTION, 1.4)]
    assert len(mailer.emails) == 1


def test_the_letter_names_the_run_the_number_and_what_it_is_compared_with(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), LONG_RUN)

    body = mailer.emails[0].get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().replace("\N{NO-BREAK SPACE}", " ").split())
    assert all(part in text for part in ("14.0 km", "40 %", "10.0 km", "5,205 runners"))


def test_steady_training_sends_nothing(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks())

    assert mailer.emails == []


def test_years_of_history_with_spikes_in_it_send_nothing(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    spikes = [
        fit_run(days_before(ago, hour=17), distance_m=9_000.0 + 50 * ago, duration_s=3_600)
        for ago in range(90, 400, 31)
    ]
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(60), *spikes)
        found = services.runner_service.alert_store.since(days_before(500).date())

    assert (len(found) > 3, mailer.emails) == (True, [])


def test_the_same_files_again_change_nothing(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), LONG_RUN)
        tick(services, *steady_weeks(), LONG_RUN, prefix="copy")
        stored = services.runner_service.store.activities()

    assert (len(stored), len(mailer.emails)) == (len(steady_weeks()) + 1, 1)


def test_a_ride_is_kept_and_does_not_count_as_mileage(tmp_path: Path) -> None:
    ride = fit_run(days_before(1), distance_m=60_000.0, duration_s=7_200, sport="cycling", cadence_spm=None)
    with open_house(tmp_path, mailer=RecordingMailer()) as services:
        tick(services, *steady_weeks(), ride)
        found = services.runner_service.alert_store.since(days_before(400).date())
        sports = Counter(activity.summary.sport for activity in services.runner_service.store.activities())

    assert (found, sports["cycling"]) == ([], 1)


def test_a_letter_that_could_not_leave_leaves_later(tmp_path: Path) -> None:
    class Down(RecordingMailer):
        is_up = False

        def send(self, message: object) -> None:
            if not self.is_up:
                raise MailError("connection refused", permanent=False)
            super().send(message)  # type: ignore[arg-type]

    mailer = Down()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), LONG_RUN)
        mailer.is_up = True
        services.runner_service.tick(NOW + timedelta(minutes=2))

    assert len(mailer.emails) == 1


def test_a_failure_while_telling_leaves_no_finding_without_its_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
            broken.setattr("alerts.notifications.delivery.outbox.Outbox.enqueue", fail)
            tick(services, *steady_weeks(), LONG_RUN)
        services.runner_service.evaluate(NOW)
        services.runner_service.deliver(NOW)

    assert len(mailer.emails) == 1


def test_an_evaluation_that_failed_is_made_up_for_by_the_next_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[Alert]:
        raise MemoryError

    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        with monkeypatch.context() as broken, pytest.raises(MemoryError):
            broken.setattr("alerts.evaluation.criteria.look", fail)
            tick(services, *steady_weeks(), LONG_RUN)
        services.runner_service.tick(NOW)

    assert len(mailer.emails) == 1


def test_a_tick_without_anything_new_evaluates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated = []
    with open_house(tmp_path) as services:
        tick(services, *steady_weeks())
        monkeypatch.setattr("alerts.evaluation.criteria.look", lambda *_: evaluated.append(1) or [])
        services.runner_service.tick(NOW)

    assert evaluated == []


def test_a_spike_that_grew_is_told_again(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    second_half = ordinary_run(days_before(1, hour=8), distance_m=9_000.0)
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), LONG_RUN)
        tick(services, second_half, prefix="later")
        found = services.runner_service.alert_store.since(days_before(3).date())

    assert [alert.level for alert in found if alert.kind == "single_run_spike"] == [Level.HIGH]
    assert len(mailer.emails) == 2


def test_advice_is_on_the_page_while_an_import_is_under_way(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        lay_into(services.home.inbox, [*steady_weeks(), LONG_RUN])
        services.runner_service.inbox.scan()
        services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW, most=20)
        shown = services.dashboard.overview(NOW).open_alerts
        found = services.dashboard.find(shown[0].alert.key, NOW)

    assert [explained.alert.kind for explained in shown] == ["single_run_spike"]
    assert (found is not None, mailer.emails) == (True, [])


def test_a_finding_that_no_longer_holds_is_taken_out(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        tick(services, *steady_weeks(), LONG_RUN)
    with open_house(
        tmp_path, detectors={"single_run_spike": {"notice_ratio": 1.5, "caution_ratio": 1.6}}
    ) as services:
        services.runner_service.evaluate(NOW)
        found = services.runner_service.alert_store.since(days_before(400).date())

    assert found == []


def test_mail_switched_off_still_finds(tmp_path: Path) -> None:
    with open_house(tmp_path, mail={"enabled": False}) as services:
        tick(services, *steady_weeks(), LONG_RUN)
        found = services.runner_service.alert_store.since(days_before(400).date())

    assert (len(found), list(services.home.mail.iterdir())) == (1, [])


YESTERDAY = ordinary_run(days_before(1))
BY_PHONE = fit_run(
    days_before(1) + timedelta(seconds=40),
    distance_m=10_300.0,
    duration_s=1_770,
    device=Device("strava", "phone"),
    heart_rate_bpm=None,
)
"""Yesterday's ordinary run, as another device saw it."""


def found(services: Services) -> list[str]:
    return [alert.kind for alert in services.runner_service.alert_store.since(days_before(400).date())]


def test_one_run_of_two_devices_is_no_spike(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), YESTERDAY, BY_PHONE)

        assert (found(services), mailer.emails) == ([], [])


def test_two_runs_that_were_taken_for_one_are_a_spike_once_they_are_split(tmp_path: Path) -> None:
    mailer = RecordingMailer()
    with open_house(tmp_path, mailer=mailer) as services:
        tick(services, *steady_weeks(), YESTERDAY, BY_PHONE)
        services.runner_service.split(services.runner_service.store.latest(1)[0].id, NOW)

        assert "single_run_spike" in found(services)


def test_the_finding_of_a_run_that_turns_out_to_be_a_copy_is_taken_out(tmp_path: Path) -> None:
    with open_house(tmp_path) as services:
        tick(services, *steady_weeks(), YESTERDAY, BY_PHONE)
        with services.database.writing() as connection:  # as an earlier Hipwatch left it
            connection.exec_driver_sql("UPDATE activity SET same_as = NULL")
        services.runner_service.evaluate(NOW)
        before = found(services)
        with services.database.writing() as connection:
            connection.exec_driver_sql("UPDATE original SET examined_by = ''")
        services.runner_service.tick(NOW)

        assert ("single_run_spike" in before, found(services)) == (True, [])
