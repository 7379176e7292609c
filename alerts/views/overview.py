"""The first page of one runner at one moment, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from alerts.alert.alert import Alert
from alerts.care.explained_alert import ExplainedAlert
from alerts.care.pain.advice_gate import ReturnAdvice
from alerts.care.pain.pain_state import NO_PAIN, PainState
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.care.plan.running_advice import AllowedRunning
from alerts.evaluation.training_status import TrainingStatus
from alerts.text.units import METRIC, Units


@dataclass(frozen=True, slots=True)
class Remark:
    """One quality flag of a run: a stable code and a sentence."""

    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SuppressedAlert:
    """An alert that is not made because it rests on a run with quality flags.

    ``sentence`` says what it would have been and why it is none, ``act`` what the runner can do about it,
    ``reasons`` are the remarks of the gate on that run.
    """

    alert: Alert
    sentence: str
    act: str
    reasons: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class RecentRun:
    """One activity as a row of the first page; ``started_at`` is local time."""

    activity_id: int
    sport: str
    started_at: datetime
    distance_m: float | None
    timer_s: float
    avg_heart_rate_bpm: float | None = None
    avg_cadence_spm: float | None = None
    flags: tuple[Remark, ...] = ()
    alerts: tuple[ExplainedAlert, ...] = ()

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise ValueError("a run starts at an aware time")


@dataclass(frozen=True, slots=True)
class HistoryExtent:
    """How much history there is, and how much the single-run rule needs.

    ``runs`` counts the runs of the last ``window_days``; ``first_run_day`` is the first run of all.
    """

    runs: int = 0
    first_run_day: date | None = None
    window_days: int = 30
    needed_runs: int = 4
    needed_days: int = 14


@dataclass(frozen=True, slots=True)
class FilesHealth:
    """Imported, waiting and quarantined files; ``inbox`` is the watched folder.

    ``trouble`` says why none can be imported, where that goes on.
    """

    last_taken_at: datetime | None = None
    taken_today: int = 0
    waiting: int = 0
    set_aside: int = 0
    inbox: str | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Queue health of one channel other than email."""

    name: str
    queued: int = 0
    dead: int = 0
    stuck: int = 0
    last_sent_at: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class MailStatus:
    """Whether emails are sent; ``dead`` emails were given up after their last try.

    ``stuck`` of the queued ones have waited for hours. ``quiet`` are the rules that the runner wants to hear
    nothing of for a while, each with the last day of it; ``stopped`` the sorts of emails not wanted;
    ``others`` the ways besides emails.
    """

    mode: Literal["smtp", "folder", "off"] = "off"
    queued: int = 0
    dead: int = 0
    last_sent_at: datetime | None = None
    last_error: str | None = None
    stuck: int = 0
    quiet: tuple[tuple[str, date], ...] = ()
    stopped: tuple[str, ...] = ()
    others: tuple[OtherWay, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """All data of the first page of one runner at ``now``.

    ``training_status`` is None before the first import. ``open_alerts`` are sorted by severity, then latest
    first. ``season`` holds every alert of the last twelve weeks, open or not, by day.
    ``recent_runs`` come latest first. ``suppressed_alerts`` are alerts of the open days that are not made.
    While ``red_flag_lock`` is set or ``pain`` stops running, the status contains no distance to run, and
    their advice is shown instead. ``back`` is the next step of the return after pain.
    """

    runner_name: str
    time_zone: str
    now: datetime
    training_status: TrainingStatus | None = None
    history: HistoryExtent = HistoryExtent()
    allowed: AllowedRunning | None = None
    open_alerts: tuple[ExplainedAlert, ...] = ()
    season: tuple[ExplainedAlert, ...] = ()
    recent_runs: tuple[RecentRun, ...] = ()
    suppressed_alerts: tuple[SuppressedAlert, ...] = ()
    files: FilesHealth = FilesHealth()
    mail: MailStatus = MailStatus()
    units: Units = METRIC
    red_flag_lock: RedFlagLock | None = None
    pain: PainState = NO_PAIN
    back: ReturnAdvice | None = None
    uptime_ping_failing_since: datetime | None = None

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("an overview is made at an aware time")

    @property
    def today(self) -> date:
        """The runner's calendar day."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the service works.

    ``is_late`` is True where ticks are scheduled and the last successful one is older than it may be.
    """

    is_late: bool
    last_tick_at: datetime | None = None
    mail_queued: int = 0
    mail_dead: int = 0
    mail_stuck: int = 0
