"""Which pair a run was run in, how far each pair went, and when a pair was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.journal.entries import GROUNDS, Shoe
from alerts.text.i18n import gettext
from alerts.text.units import METRIC, Units, distance, short_date
from ingest.analysis.summary import ActivitySummary

CHANGE_DAYS = 28
"""A change of pair so long before a shift of cadence is still worth a look; the rule's own memory. [days]"""


@dataclass(frozen=True, slots=True)
class ShodRun:
    """A run as the shoe rack sees it; ``ground`` is "trail", "treadmill", "track" or "running"."""

    activity_id: int
    day: date
    distance_m: float
    ground: str = "running"


@dataclass(frozen=True, slots=True)
class ShoeMileage:
    """A pair and how far it went; ``note`` is empty until the distance that the runner chose."""

    shoe: Shoe
    distance_m: float
    runs: int
    last_day: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShoeChange:
    """The first run in a pair after another one."""

    day: date
    before: Shoe
    after: Shoe

    @property
    def sentence(self) -> str:
        """The change as something to look at, without a claim."""
        return gettext(
            "Since {day} you have run in “{name}”, before that in “{before}”; a change of shoes shifts "
            "cadence too.",
            day=short_date(self.day),
            name=self.after.name,
            before=self.before.name,
        )


def ground_of(summary: ActivitySummary) -> str:
    """What a run was run on, as far as a pair can be the default for it."""
    return summary.sub_sport if summary.sub_sport in GROUNDS else "running"


def assign(runs: Sequence[ShodRun], shoes: Sequence[Shoe], chosen: Mapping[int, int]) -> dict[int, Shoe]:
    """Give each run its pair.

    What the runner chose stands. Else the pair that is the default for the run's ground, then for running at
    large, then the pair of the run before; each only while it is in use. The first run takes the pair that
    began last. A run without any pair in use has none.

    Parameters
    ----------
    runs : sequence of ShodRun
        Runs in order of their start.
    shoes : sequence of Shoe
        Every pair, retired ones too.
    chosen : mapping of int to int
        Number of the pair by number of the activity.
    """
    by_id = {shoe.id: shoe for shoe in shoes}
    assigned: dict[int, Shoe] = {}
    last: Shoe | None = None
    for run in runs:
        pair = by_id.get(chosen.get(run.activity_id, 0)) or _by_rule(run, shoes, last)
        if pair is not None:
            assigned[run.activity_id] = last = pair
    return assigned


def _by_rule(run: ShodRun, shoes: Sequence[Shoe], last: Shoe | None) -> Shoe | None:
    in_use = [shoe for shoe in shoes if shoe.fits(run.day)]
    newest = sorted(in_use, key=lambda shoe: (shoe.first_day, shoe.id), reverse=True)
    for ground in (run.ground, "running"):
        for shoe in newest:
            if shoe.default_for == ground:
                return shoe
    if last is not None and last in in_use:
        return last
    return newest[0] if newest else None


def shoe_mileages(
    runs: Sequence[ShodRun], shoes: Sequence[Shoe], assigned: Mapping[int, Shoe], *, units: Units = METRIC
) -> tuple[ShoeMileage, ...]:
    """How far every pair went, those in use first, each group by its last run."""
    mileages = [_standing(shoe, _runs_in(shoe, runs, assigned), units) for shoe in shoes]
    return tuple(
        sorted(
            mileages,
            key=lambda one: (one.shoe.retired_on is None, one.last_day or date.min, one.shoe.id),
            reverse=True,
        )
    )


def change_before(
    day: date, runs: Sequence[ShodRun], assigned: Mapping[int, Shoe], *, days: int = CHANGE_DAYS
) -> ShoeChange | None:
    """The last change of pair in the days up to one, if the pair before was not used again since."""
    worn = [(run.day, assigned[run.activity_id]) for run in runs if run.activity_id in assigned]
    worn = [(on, shoe) for on, shoe in worn if on <= day]
    since = day - timedelta(days=days)
    for at in range(len(worn) - 1, 0, -1):
        (_, before), (on, after) = worn[at - 1], worn[at]
        if on < since:
            return None
        if before.id != after.id:
            used_before = any(shoe.id == after.id for _, shoe in worn[:at])
            return None if used_before else ShoeChange(on, before, after)
    return None


def _runs_in(shoe: Shoe, runs: Iterable[ShodRun], assigned: Mapping[int, Shoe]) -> list[ShodRun]:
    return [r for r in runs if r.activity_id in assigned and assigned[r.activity_id].id == shoe.id]


def _standing(shoe: Shoe, runs: Sequence[ShodRun], units: Units) -> ShoeMileage:
    distance_m = shoe.before_m + sum(run.distance_m for run in runs)
    note = ""
    if shoe.note_at_m is not None and distance_m >= shoe.note_at_m:
        covered = distance(distance_m, units, digits=0)
        chosen = distance(shoe.note_at_m, units, digits=0)
        note = gettext(
            "{covered} in “{name}”; you asked for a reminder at {chosen}.",
            covered=covered,
            name=shoe.name,
            chosen=chosen,
        )
    return ShoeMileage(shoe, distance_m, len(runs), runs[-1].day if runs else None, note)
