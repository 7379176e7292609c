"""Central filter for running advice: while a red flag is open no distance or exercise is shown anywhere.

Code that gives running advice passes it to ``unless_red_flag`` as a function, with a replacement. While a
red flag is open, the function is not called. ``AdviceGate`` holds the state at one moment, and the
replacements that several pages share.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from alerts.alert.alert import Alert
from alerts.care.catalogue.catalogue import Advice, CareCatalogue
from alerts.care.pain.pain_scale import Reason, Verdict
from alerts.care.pain.pain_state import NO_PAIN, PainState
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.evaluation.training_status import TrainingStatus
from alerts.explanation.alert_text import AlertText
from alerts.journal.body_sites import BodySite
from alerts.text.i18n import gettext, gettext_noop

Said = TypeVar("Said")

NO_DISTANCES = gettext_noop("No distances are shown until you’ve been examined.")
NO_DISTANCES_IN_PAIN = gettext_noop("No distances are shown until the pain is calm.")


def unless_red_flag(
    red_flag_lock: RedFlagLock | None, speech: Callable[[], Said], *, instead: Callable[[RedFlagLock], Said]
) -> Said:
    """Return the running advice, or ``instead`` while a red flag is open."""
    return speech() if red_flag_lock is None else instead(red_flag_lock)


@dataclass(frozen=True, slots=True)
class ReturnAdvice:
    """The current step of a return to running, with the next one."""

    sentence: str
    act: str


@dataclass(frozen=True, slots=True)
class AdviceGate:
    """What advice is allowed at one moment, and what replaces the rest.

    ``places`` are those that hurt; exercises that they forbid are not named. ``back`` is the next step of the
    way back where the runner is on one: it stands in for every distance.
    """

    red_flag_lock: RedFlagLock | None = None
    pain: PainState = NO_PAIN
    places: frozenset[BodySite] = frozenset()
    back: ReturnAdvice | None = None

    def __post_init__(self) -> None:
        pain = unless_red_flag(self.red_flag_lock, lambda: self.pain, instead=_pain_in_silence)
        object.__setattr__(self, "pain", pain)
        if not self.may_run:
            object.__setattr__(self, "back", None)

    @property
    def may_run(self) -> bool:
        """Whether distances, plans and exercises may be shown."""
        return self.pain.verdict is not Verdict.STOP

    def alert(self, alert: Alert) -> Alert:
        """The alert without the distance that would have been allowed, if that must not be shown."""
        if self.may_run:
            return alert
        kept = {name: value for name, value in alert.numbers.items() if "ceiling" not in name}
        return dataclasses.replace(alert, numbers=MappingProxyType(kept))

    def alert_text(self, alert_text: AlertText) -> AlertText:
        """The alert's text; advice is replaced where it is not allowed."""
        return unless_red_flag(
            self.red_flag_lock,
            lambda: self._eased(alert_text) if self.may_run else _story_in_pain(alert_text, self.pain),
            instead=lambda red_flag_lock: dataclasses.replace(
                alert_text, act=red_flag_lock.act, quiet=gettext(NO_DISTANCES)
            ),
        )

    def _eased(self, alert_text: AlertText) -> AlertText:
        """During a return to running, its next step replaces the alert's advice."""
        return alert_text if self.back is None else dataclasses.replace(alert_text, act=self.back.act)

    def advice(self, advice: Advice, care: CareCatalogue) -> Advice:
        """The advice without what pain forbids."""
        return unless_red_flag(
            self.red_flag_lock,
            lambda: self._fitting(advice, care),
            instead=lambda red_flag_lock: dataclasses.replace(
                advice, routines=(red_flag_lock.professional,), stop=""
            ),
        )

    def _fitting(self, advice: Advice, care: CareCatalogue) -> Advice:
        fitting = tuple(
            routine for routine in advice.routines if self.may_run and not self.places & set(routine.avoid)
        )
        if fitting:
            return dataclasses.replace(advice, routines=fitting)
        names = ("PRO-SOON", "PAIN-MON") if self.pain.asks_professional else ("PAIN-MON",)
        return dataclasses.replace(advice, routines=tuple(care.routines[name] for name in names), stop="")

    def training_status(self, training_status: TrainingStatus | None) -> TrainingStatus | None:
        """The training status without distances to run, where they are not allowed."""
        if training_status is None or (self.may_run and self.back is None):
            return training_status
        return dataclasses.replace(
            training_status,
            ceiling_m=None,
            returning=False,
            return_ceiling_m=None,
            weeks=tuple(dataclasses.replace(week, ceiling_m=None) for week in training_status.weeks),
        )


def _pain_in_silence(red_flag_lock: RedFlagLock) -> PainState:
    return PainState(
        Verdict.STOP,
        Reason.RED_FLAG,
        red_flag_lock.sentence,
        red_flag_lock.act,
        entry=None,
        asks_professional=True,
    )


def _story_in_pain(alert_text: AlertText, pain: PainState) -> AlertText:
    return dataclasses.replace(alert_text, act=pain.act, quiet=gettext(NO_DISTANCES_IN_PAIN))
