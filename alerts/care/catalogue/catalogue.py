"""The care catalogue: routines, evidence and red flags, and the advice for an alert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.alert.alert import Alert, Level
from alerts.alert.evidence import Evidence
from alerts.errors import CareError
from alerts.journal.body_sites import BodySite
from alerts.journal.red_flag import RedFlag
from alerts.text.i18n import gettext, gettext_noop

STRENGTH_WORDS: Mapping[str, str] = {
    "A": gettext_noop("randomised trials in runners"),
    "B": gettext_noop("randomised trials in other athletes or in patients"),
    "C": gettext_noop("observation or mechanics, no trial"),
    "D": gettext_noop("expert practice, not tested"),
}

PROFESSIONALS: Mapping[str, str] = {"PRO-URGENT": "urgent", "PRO-SOON": "soon"}
"""The two entries that red flags and the pain rule lead to."""


@dataclass(frozen=True, slots=True)
class Routine:
    """One entry: a routine, a load change or a professional.

    ``stop`` is the whole stop rule. Where it rests on the rule that all entries share, ``shares_stop`` is
    True and ``stop_own`` holds only what this entry adds; so a page with several entries can say the shared
    rule once. ``strength`` is an email of `STRENGTH_WORDS`. ``minutes`` is 0 where a duration has no meaning.
    ``weekly`` to ``baseline`` say when the routine plan chooses it (see routines.toml); ``parts`` are the
    entries that a programme is made of, one for each of its steps; ``is_own`` marks what
    the runner's own file added or replaced.
    """

    id: str
    title: str
    area: str
    purpose: str
    steps: tuple[str, ...]
    dose: str
    progress: str
    stop: str
    strength: str
    evidence: str
    source: str
    minutes: int
    weekly: int = 0
    places: tuple[BodySite, ...] = ()
    pain_up_to: int = 2
    after_seen: bool = False
    while_stopped: bool = False
    avoid: tuple[BodySite, ...] = ()
    baseline: bool = False
    parts: tuple[str, ...] = ()
    stop_own: str = ""
    shares_stop: bool = False
    is_own: bool = False

    @property
    def strength_words(self) -> str:
        """The meaning of the evidence grade."""
        return gettext(STRENGTH_WORDS[self.strength])


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice for one alert: at most three routines, the first is what to do.

    ``stop`` is the stop rule that entries share.
    """

    routines: tuple[Routine, ...]
    evidence: Evidence
    stop: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Routine ids in their order."""
        return tuple(routine.id for routine in self.routines)


@dataclass(frozen=True, slots=True)
class CareCatalogue:
    """The whole catalogue, and how advice is chosen from it.

    ``bundles`` maps kind, level and whether more was seen than expected to routine ids, for every kind that
    has evidence and alarms.
    """

    stop: str
    routines: Mapping[str, Routine]
    evidence: Mapping[str, Evidence]
    red_flags: tuple[RedFlag, ...]
    bundles: Mapping[tuple[str, Level, bool], tuple[str, ...]]

    def advise(self, alert: Alert) -> Advice:
        """Choose the advice for an alert.

        Raises
        ------
        CareError
            If the catalogue knows nothing of the alert's kind.
        """
        if alert.kind not in self.evidence or not self.evidence[alert.kind].alarms:
            raise CareError(f"evidence.toml: no entry for {alert.kind!r}; add one, and its bundles")
        ids = self.bundles[alert.kind, alert.level, alert.is_rise]
        return Advice(
            routines=tuple(self.routines[name] for name in ids),
            evidence=self.evidence[alert.kind],
            stop=self.stop,
        )
