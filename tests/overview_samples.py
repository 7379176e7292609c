"""Overviews made by hand for the tests of the pages: one runner in every state that a page can be in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import IO
from zoneinfo import ZoneInfo

from alerts.alert.alert import Alert, Level
from alerts.care.catalogue.loading import load_care
from alerts.care.explained_alert import ExplainedAlert
from alerts.care.plan.running_advice import AllowedRunning
from alerts.evaluation.replay import ReplayTable, RuleReplay
from alerts.evaluation.training_status import CadenceBand, TrainingStatus, Week
from alerts.explanation.alert_text import describe
from alerts.explanation.grouping import AlertState
from alerts.views.alert_list import AlertList, ListedGroup
from alerts.views.files_view import FilesView
from alerts.views.form_view import Form
from alerts.views.month import Material, Month, build_month
from alerts.views.overview import FilesHealth, Health, HistoryExtent, MailStatus, Overview, RecentRun, Remark
from alerts.views.rule_view import Preview, Record, RuleList, RuleView
from alerts.views.run_view import RunView
from alerts.views.training import Training
from ingest.analysis.summary import summarise
from support import recording_of_run

ZONE = "Europe/Berlin"
TODAY = date(2024, 5, 12)
NOW = datetime(2024, 5, 12, 14, 20, tzinfo=UTC)
MONDAY = date(2024, 5, 6)
CARE = load_care()

WEEKLY_KM = (22.4, 24.1, 26.0, 27.3, 18.2, 26.8, 28.4, 29.9, 21.0, 28.7, 27.6, 33.4)
CEILING_KM = (9.6, 9.9, 10.4, 11.0, 11.0, 11.0, 11.2, 11.6, 11.6, 11.6, 11.7, 11.7)


def explained(alert: Alert, today: date = TODAY) -> ExplainedAlert:
    """Tell a finding with the real words and the real catalogue."""
    advice = CARE.advise(alert)
    return ExplainedAlert(alert, describe(alert, advice.evidence, today=today), advice)


def spike(day: date = TODAY, level: Level = Level.CAUTION, distance_m: float = 14_210.0) -> Alert:
    """One run much longer than those before it."""
    return Alert(
        kind="single_run_spike",
        day=day,
        level=level,
        observed=distance_m,
        expected=10_600.0,
        unit="m",
        compared_day=day - timedelta(days=9),
        activity_id=12,
        numbers=MappingProxyType({"excess_m": distance_m - 10_600.0, "ceiling_m": 11_660.0}),
    )


CADENCE = Alert(
    kind="cadence_shift",
    day=date(2024, 5, 4),
    level=Level.NOTICE,
    observed=168.2,
    expected=173.6,
    unit="1/min",
    compared_day=date(2024, 4, 27),
    numbers=MappingProxyType({"change_percent": -3.1, "speed_mps": 2.78, "baseline_runs": 17.0}),
)
RAMP = Alert(
    kind="two_week_ramp",
    day=date(2024, 4, 6),
    level=Level.NOTICE,
    observed=58_300.0,
    expected=44_000.0,
    unit="m",
    compared_day=date(2024, 3, 23),
    numbers=MappingProxyType({"excess_m": 14_300.0, "highest_m": 51_000.0, "ceiling_m": 57_200.0}),
)


def weeks(last_km: float = WEEKLY_KM[-1]) -> tuple[Week, ...]:
    """Twelve weeks; the first three are too early for a usual range."""
    distances = (*WEEKLY_KM[:-1], last_km)
    first = MONDAY - timedelta(weeks=len(distances) - 1)
    return tuple(
        Week(
            first_day=first + timedelta(weeks=i),
            run_m=1_000 * distance_km,
            usual_low_m=None if i < 3 else 21_500.0 + 220 * i,
            usual_high_m=None if i < 3 else 26_800.0 + 240 * i,
            ceiling_m=1_000 * CEILING_KM[i],
        )
        for i, distance_km in enumerate(distances)
    )


def after_a_break() -> tuple[Week, ...]:
    """Five weeks of running, six without, and one run this week."""
    return tuple(
        dataclasses.replace(
            week,
            run_m=week.run_m if i < 5 else 3_200.0 * (i == 11),
            usual_low_m=None if i > 8 else week.usual_low_m,
            usual_high_m=None if i > 8 else week.usual_high_m,
            ceiling_m=None if i > 8 else week.ceiling_m,
        )
        for i, week in enumerate(weeks())
    )


STEADY_STATUS = TrainingStatus(
    on=TODAY,
    ran_today_m=0.0,
    longest_m=10_600.0,
    longest_day=date(2024, 5, 3),
    ceiling_m=11_660.0,
    returning=False,
    return_ceiling_m=None,
    week_m=25_100.0,
    usual_low_m=24_000.0,
    usual_high_m=29_400.0,
    rest_days_7=2,
    rest_days_14=5,
    cadence=CadenceBand(speed_mps=2.78, cadence_spm=171.4, low_spm=168.0, high_spm=175.0, runs=3),
    last_run_day=date(2024, 5, 11),
    weeks=weeks(25.1),
)


def run(number: int, days_ago: int, distance_m: float | None, timer_s: float, **extra: object) -> RecentRun:
    """One stored activity, at 07:42 of its day."""
    day = TODAY - timedelta(days=days_ago)
    started_at = datetime(day.year, day.month, day.day, 7, 42, tzinfo=ZoneInfo(ZONE))
    row = RecentRun(number, "running", started_at, distance_m, timer_s, 148.0, 171.0)
    return dataclasses.replace(row, **extra)  # type: ignore[arg-type]


TREADMILL = Remark(
    "treadmill", "On a treadmill: distance counts, cadence is compared with treadmill runs only."
)
RUNS = (
    run(11, 1, 6_120.0, 2_214.0),
    run(10, 3, 8_480.0, 3_022.0, avg_heart_rate_bpm=154.0, avg_cadence_spm=172.0),
    run(9, 4, 4_390.0, 1_590.0, avg_heart_rate_bpm=None, flags=(TREADMILL,)),
    run(8, 6, 6_130.0, 2_205.0, avg_cadence_spm=170.0),
    run(7, 7, 21_400.0, 3_610.0, sport="cycling", avg_heart_rate_bpm=126.0, avg_cadence_spm=None),
    run(6, 9, 10_600.0, 3_720.0, avg_heart_rate_bpm=151.0),
)

ALLOWED = AllowedRunning(
    TODAY,
    "easy",
    rest=False,
    easy_up_to_m=8_000.0,
    long_up_to_m=11_660.0,
    reason="step",
    headline="Up to 11.6\N{NO-BREAK SPACE}km is within your range.",
    why="Your longest run of the 30 days before is 10.6\N{NO-BREAK SPACE}km, on Fri 3 May; the limit is "
    "10\N{NO-BREAK SPACE}% above it.",
    is_expert_opinion=False,
)
AFTER_SPIKE = dataclasses.replace(
    ALLOWED,
    easy_up_to_m=4_500.0,
    easy_up_to_min=30,
    long_up_to_m=None,
    reason="over_long",
    headline="Rest, or run at most 30\N{NO-BREAK SPACE}minutes very easily, until Wednesday.",
    why="Your 14.2 km on Sun 12 May were far beyond what you had run before (10.6 km).",
)
COMING_BACK = dataclasses.replace(
    ALLOWED,
    long_up_to_m=5_300.0,
    easy_up_to_m=5_300.0,
    reason="break",
    headline="Up to 5.3\N{NO-BREAK SPACE}km is within your range.",
    why="First runs after 40 days off; your longest run before was 10.6\N{NO-BREAK SPACE}km.",
)
NEW_RUNNER = dataclasses.replace(
    ALLOWED,
    easy_up_to_m=None,
    long_up_to_m=None,
    reason="too_little_history",
    headline="Run as you usually do; there isn’t enough yet to compare with.",
    why="Not enough runs in the last 30 days to name a limit; start short and see how it goes.",
)

STEADY = Overview(
    allowed=ALLOWED,
    runner_name="Ada",
    time_zone=ZONE,
    now=NOW,
    training_status=STEADY_STATUS,
    history=HistoryExtent(runs=17, first_run_day=date(2023, 8, 2)),
    season=(explained(RAMP),),
    recent_runs=RUNS,
    files=FilesHealth(last_taken_at=NOW - timedelta(hours=6), taken_today=2),
    mail=MailStatus("smtp", last_sent_at=NOW - timedelta(days=6, hours=8)),
)

LONG_RUN = run(12, 0, 14_210.0, 4_941.0, avg_heart_rate_bpm=156.0, alerts=(explained(spike()),))
SPIKE_TODAY = dataclasses.replace(
    STEADY,
    allowed=AFTER_SPIKE,
    training_status=dataclasses.replace(
        STEADY_STATUS, ran_today_m=14_210.0, week_m=33_400.0, rest_days_7=1, rest_days_14=3, weeks=weeks()
    ),
    open_alerts=(explained(spike()), explained(CADENCE)),
    season=(explained(RAMP), explained(CADENCE), explained(spike())),
    recent_runs=(LONG_RUN, *RUNS),
    mail=MailStatus("smtp", last_sent_at=NOW - timedelta(minutes=4)),
)

MAIL_DEAD = dataclasses.replace(
    STEADY,
    mail=MailStatus("smtp", queued=1, dead=3, last_error="535 5.7.8 authentication failed"),
)

RETURNING = dataclasses.replace(
    STEADY,
    allowed=COMING_BACK,
    training_status=dataclasses.replace(
        STEADY_STATUS,
        longest_m=3_200.0,
        longest_day=date(2024, 5, 9),
        ceiling_m=None,
        returning=True,
        return_ceiling_m=5_300.0,
        week_m=3_200.0,
        usual_low_m=None,
        usual_high_m=None,
        cadence=None,
        last_run_day=date(2024, 5, 9),
        weeks=after_a_break(),
    ),
    history=HistoryExtent(runs=1, first_run_day=date(2023, 8, 2)),
    season=(),
    recent_runs=(run(12, 3, 3_200.0, 1_300.0),),
)

TOO_LITTLE = dataclasses.replace(
    STEADY,
    allowed=NEW_RUNNER,
    training_status=dataclasses.replace(
        STEADY_STATUS,
        longest_m=6_100.0,
        longest_day=date(2024, 5, 9),
        ceiling_m=None,
        week_m=10_500.0,
        usual_low_m=None,
        usual_high_m=None,
        cadence=None,
        weeks=tuple(
            Week(MONDAY - timedelta(weeks=11 - i), 10_500.0 * (i == 11), None, None, None) for i in range(12)
        ),
    ),
    history=HistoryExtent(runs=2, first_run_day=date(2024, 5, 7)),
    season=(),
    recent_runs=RUNS[:2],
)

EMPTY = Overview(runner_name="Ada", time_zone=ZONE, now=NOW)

EVIL = '<script>alert("x")</script>'
HOSTILE = dataclasses.replace(
    SPIKE_TODAY,
    runner_name=EVIL,
    recent_runs=(run(13, 0, 5_000.0, 1_800.0, sport=EVIL, flags=(Remark(EVIL, EVIL),)),),
    files=FilesHealth(inbox=EVIL),
    mail=MailStatus("smtp", dead=1, last_error=EVIL),
)

STATES = MappingProxyType(
    {
        "steady": STEADY,
        "spike today": SPIKE_TODAY,
        "mail dead": MAIL_DEAD,
        "returning": RETURNING,
        "too little": TOO_LITTLE,
        "empty": EMPTY,
        "hostile": HOSTILE,
    }
)


NEVER_SPOKE = RuleReplay("single_run_spike")
"""A rule without a history."""


@dataclass
class FakeHistoryViews:
    """An almanac in which every number is the same run, of which nothing but its summary is left."""

    def run(self, activity_id: int, now: datetime) -> RunView | None:
        """Tell a run, whatever its number."""
        return RunView(activity_id, now, summarise(recording_of_run(NOW)))

    def month(self, first: date | None, now: datetime) -> Month:
        """Lay out an empty month."""
        return build_month(first or now.date().replace(day=1), Material(), today=now.date())

    def training(self, now: datetime, *, weeks: int = 26) -> Training | None:
        """Tell of nothing."""

    def form(self, now: datetime, *, weeks: int = 26) -> Form:  # noqa: ARG002 - a port's signature
        """Tell of nothing."""
        return Form(now.date(), now.date())

    def alerts(self, now: datetime) -> AlertList:
        """List a spike, open."""
        return AlertList(now.date(), (ListedGroup(explained(spike()), AlertState.OPEN),), {})

    def files(self, now: datetime, *, since: datetime | None = None) -> FilesView:  # noqa: ARG002 - a port's signature
        """Tell of an inbox in which nothing waits."""
        return FilesView(inbox="inbox", since=since)

    def save_uploads(self, files: Iterable[tuple[IO[bytes], str]]) -> tuple[int, list[str]]:
        """Take every file and keep none."""
        return len(list(files)), []

    def request_retry(self) -> None:
        """Try nothing."""

    def rules(self, now: datetime) -> RuleList:
        """Tell one rule, of which nothing is known."""
        table = ReplayTable(None, None, (), (), (NEVER_SPOKE,))
        return RuleList(table, table, {}, (), now.date())

    def rule(self, kind: str, now: datetime) -> RuleView | None:
        """Tell the one rule."""
        if kind != NEVER_SPOKE.kind:
            return None
        return RuleView(kind, None, (), Record((), NEVER_SPOKE), NEVER_SPOKE, now.date())

    def preview(self, kind: str, chosen: Mapping[str, float], now: datetime) -> Preview | None:
        """Say nothing with any numbers."""
        return None if self.rule(kind, now) is None else Preview(chosen, Record((), NEVER_SPOKE))


@dataclass
class FakeSource:
    """A source that answers with what it was given."""

    shown: Overview = SPIKE_TODAY
    history_views: FakeHistoryViews = field(default_factory=FakeHistoryViews)
    answer: Health = field(default_factory=lambda: Health(is_late=False, last_tick_at=NOW))

    def overview(self, now: datetime) -> Overview:
        """Show what was given, whatever the time."""
        return dataclasses.replace(self.shown, now=now)

    def state(self, now: datetime) -> object | None:  # noqa: ARG002 - a port's signature
        """Let nothing be kept: what is shown may be exchanged at any time."""
        return None

    def file_counts(self) -> tuple[int, int]:
        """Count what the overview counts."""
        return self.shown.files.waiting, self.shown.files.set_aside

    def find(self, key: str, now: datetime) -> ExplainedAlert | None:  # noqa: ARG002 - a port's signature
        """Find among the findings of the season."""
        return next((one for one in self.shown.season if one.alert.key == key), None)

    def health(self, now: datetime) -> Health:  # noqa: ARG002 -- the port's own name
        """Answer what was given, whatever the time."""
        return self.answer


def clock() -> datetime:
    """Tell the time of all these overviews."""
    return NOW


Clock = Callable[[], datetime]
