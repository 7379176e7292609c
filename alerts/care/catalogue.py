"""The care catalogue: routines and evidence as data, validated when they are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Routine:
    """One thing to do: a routine, a load step or a professional."""

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known for and against one rule."""

    kind: str
    claim: str
    study: str
    design: str
    n: int
    effect: str
    against: str
    grade: str
    not_shown: str
    source: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about one finding: at most three entries, the first is the act."""

    routines: tuple[Routine, ...]
    evidence: Evidence

    @property
    def ids(self) -> tuple[str, ...]:
        """Routine ids in their order."""
        return tuple(routine.id for routine in self.routines)
