"""Rules with overridden parameters, given by the names that people use."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from alerts.alert.alert import Detector
from alerts.detectors.registry import make_rule
from alerts.errors import ReplayError

RATIO_LIMIT = "ratio_limit"
RATIO_LIMITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "single_run_spike": ("notice_ratio",),
        "two_week_ramp": ("notice_ratio",),
        "hard_minutes_spike": ("span_ratio", "session_ratio"),
        "descent_spike": ("ratio",),
    }
)
"""By one name the ratio to one's own past from which a rule speaks, whatever the rule calls it."""


def parameters(rule: Detector) -> dict[str, float]:
    """A rule's parameters by their names."""
    return dataclasses.asdict(cast("Any", rule))


def adjusted(
    detectors: Sequence[Detector], changes: Mapping[str, str], *, kind: str | None = None
) -> tuple[Detector, ...]:
    """The rules with some parameters changed, only the rule ``kind`` where it is named.

    A change is called "cool_down_days" or "two_week_ramp.cool_down_days"; a plain name changes every rule
    that has it. "ratio_limit" is the ratio from which a rule speaks.

    Raises
    ------
    ReplayError
        If no such rule or parameter is there (the nearest is named), or the value cannot be.
    """
    kinds = [rule.kind for rule in detectors]
    if kind is not None and kind not in kinds:
        raise ReplayError(f"there is no rule {kind!r}; the nearest is {_nearest(kind, kinds)!r}")
    chosen = [rule for rule in detectors if kind in (None, rule.kind)]
    names = {called for rule in chosen for name in parameters(rule) for called in _called(rule.kind, name)}
    for name in changes:
        if name not in names:
            near = _nearest(name, sorted(names))
            raise ReplayError(f"no rule has a parameter {name!r}; the nearest is {near!r}")
    return tuple(_changed(rule, changes) for rule in chosen)


def _changed(rule: Detector, changes: Mapping[str, str]) -> Detector:
    own = parameters(rule)
    new = {
        name: text for name in own for called, text in changes.items() if called in _called(rule.kind, name)
    }
    try:
        return make_rule(type(rule), {**own, **new})
    except ValueError as error:
        raise ReplayError(f"{rule.kind}: {error}") from error


def _called(kind: str, name: str) -> tuple[str, ...]:
    """What a parameter may be called, by itself and with its rule."""
    own = (name, RATIO_LIMIT) if name in RATIO_LIMITS.get(kind, ()) else (name,)
    return (*own, *(f"{kind}.{one}" for one in own))


def _nearest(name: str, known: Sequence[str]) -> str:
    return difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
