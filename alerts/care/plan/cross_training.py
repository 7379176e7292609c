"""A run exchanged for swimming or cycling: so many minutes for the heart, none for the hips' impact.

Minutes are exchanged by energy: the Compendium of Physical Activities (Ainsworth et al. 2011, Med Sci Sports
Exerc 43:1575, doi:10.1249/MSS.0b013e31821ece12) puts easy running at 8 km/h at 8.3 times rest, easy cycling
at 16 to 19 km/h at 6.8, and easy crawl at 5.8. That is an average over people, not a measurement of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from alerts.care.pain.advice_gate import AdviceGate, unless_red_flag
from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.text.i18n import gettext
from alerts.text.units import minutes

RUN_MET, CYCLE_MET, SWIM_MET = 8.3, 6.8, 5.8
"""Energy per time over that at rest. [unitless]"""

CYCLE_AT_MOST_MIN, SWIM_AT_MOST_MIN = 60, 45
"""The longest doses of the catalogue's XT-BIKE and XT-SWIM. [min]"""

ROUND_MIN = 5


@dataclass(frozen=True, slots=True)
class CrossTraining:
    """What stands in for a run; both None while nothing may be said of exercise."""

    run_min: float
    cycle_min: int | None
    swim_min: int | None
    sentence: str


def exchange_run(run_min: float, gate: AdviceGate) -> CrossTraining:
    """Exchange a run for cycling or swimming of about the same energy.

    Parameters
    ----------
    run_min : float
        How long the run would take. [min]
    gate : AdviceGate
        What may be said. Where pain stops running, easy swimming or cycling is left to the routine plan,
        which knows the place.

    Returns
    -------
    Swap
        Minutes rounded to five, at most the longest dose of the catalogue. Evidence C to D: fitness is kept
        in small studies, injuries were not studied.
    """
    return unless_red_flag(
        gate.red_flag_lock,
        lambda: _swap(run_min) if gate.may_run else CrossTraining(run_min, None, None, gate.pain.act),
        instead=lambda red_flag_lock: _none(run_min, red_flag_lock),
    )


def _swap(run_min: float) -> CrossTraining:
    cycle_min = _rounded(run_min * RUN_MET / CYCLE_MET, CYCLE_AT_MOST_MIN)
    swim_min = _rounded(run_min * RUN_MET / SWIM_MET, SWIM_AT_MOST_MIN)
    is_whole = cycle_min < CYCLE_AT_MOST_MIN and swim_min < SWIM_AT_MOST_MIN
    than = (
        gettext("about the same work for the heart")
        if is_whole
        else gettext("less work for the heart than the run")
    )
    return CrossTraining(
        run_min,
        cycle_min,
        swim_min,
        gettext(
            "Instead of {running} of easy running: {cycling} of easy cycling or {swimming} of easy "
            "swimming. That is {than}; your hips are spared the impact and also get no practice at it.",
            running=minutes(run_min),
            cycling=minutes(cycle_min),
            swimming=minutes(swim_min),
            than=than,
        ),
    )


def _none(run_min: float, red_flag_lock: RedFlagLock) -> CrossTraining:
    return CrossTraining(run_min, None, None, red_flag_lock.act)


def _rounded(value_min: float, at_most_min: int) -> int:
    return max(ROUND_MIN, min(at_most_min, ROUND_MIN * round(value_min / ROUND_MIN)))
