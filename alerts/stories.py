"""One story for one cause: what several rules see in the same running is told once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from alerts.detectors.rest import NoRest
from alerts.findings import Finding
from alerts.pages.overview import Explained
from alerts.words.language import lowered, say
from alerts.words.wording import Story

ORDER: Mapping[str, int] = MappingProxyType(
    {
        kind: place
        for place, kind in enumerate(
            (
                "single_run_spike",
                "two_week_ramp",
                "hard_minutes_spike",
                "cadence_shift",
                "return_after_break",
                "no_rest",
                "hard_after_hard",
                "descent_spike",
            )
        )
    }
)
"""Who leads among equals: what has the better evidence, then what has more to do."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What was seen of one day's running: the gravest finding, and the others beside it."""

    lead: Finding
    also: tuple[Finding, ...] = ()


def tell_once(findings: Iterable[Finding]) -> list[Cause]:
    """Put findings together that the same running made, in order of their day.

    Rules speak on the day of the run that made them speak, so findings of one day are one story, unless they
    are about two runs of that day. A run too soon after one much too long belongs to the story of that one.
    """
    causes: list[list[Finding]] = []
    for finding in sorted(findings, key=lambda f: (f.day, *_rank(f))):
        same = next((cause for cause in causes if all(_is_one(finding, other) for other in cause)), None)
        if same is None:
            causes.append([finding])
        else:
            same.append(finding)
    return [Cause(first, tuple(rest)) for first, *rest in causes]


def leading(explained: Iterable[Explained]) -> list[Explained]:
    """Only the leading finding of each cause, whose words name the others; in the order they came in."""
    by_key = {one.finding.key: one for one in explained}
    causes = {cause.lead.key: cause.also for cause in tell_once(one.finding for one in by_key.values())}
    return [
        with_others(one, [by_key[other.key] for other in causes[key]])
        for key, one in by_key.items()
        if key in causes
    ]


def with_others(lead: Explained, others: Sequence[Explained]) -> Explained:
    """A finding whose words name those beside it."""
    if not others:
        return lead
    story = dataclasses.replace(lead.story, sentence=f"{lead.story.sentence} {_beside(others)}")
    return dataclasses.replace(lead, story=story, also=tuple(one.finding for one in others))


def _beside(others: Sequence[Explained]) -> str:
    return say(
        "The same running also shows: {others}.", others="; ".join(_title(one.story) for one in others)
    )


def _title(story: Story) -> str:
    return lowered(story.title)


def _is_too_soon(finding: Finding) -> bool:
    """Whether it is about the hours between two runs."""
    return finding.kind == NoRest.kind and finding.unit == "h"


def _rank(finding: Finding) -> tuple[int, int, str]:
    return -finding.level, ORDER.get(finding.kind, len(ORDER)), finding.kind


def _is_one(one: Finding, other: Finding) -> bool:
    """Whether the first is about the same running as the other, which was put in before it."""
    if _is_too_soon(one) and other.day < one.day:
        return other.day == one.compared_day
    about = {one.activity_id, other.activity_id} - {None}
    return one.day == other.day and len(about) <= 1
