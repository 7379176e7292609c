"""The one gate through which every word about running passes, to a page, a letter, a calendar or a script.

Whoever has something to say about running or an exercise hands it to ``speak`` as a function, with what is
said instead. While a red flag is open, the function is not even called. ``Voice`` holds what the gate needs
to know of one moment, and the substitutes for what several places say.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from alerts.care.catalogue import Advice
from alerts.pain import FREE, PainState
from alerts.pain_scale import Verdict
from alerts.redflags import Silence
from alerts.standing import Standing
from alerts.wording import Story

Said = TypeVar("Said")

NO_DISTANCES = "No distances are named until somebody has examined you."
NO_DISTANCES_IN_PAIN = "No distances are named until the pain is calm."


def speak(silence: Silence | None, say: Callable[[], Said], *, instead: Callable[[Silence], Said]) -> Said:
    """Say something about running, or what alone may be said while a red flag is open."""
    return say() if silence is None else instead(silence)


@dataclass(frozen=True, slots=True)
class Voice:
    """What may be said at one moment; ``pain`` weighs where no red flag is open."""

    silence: Silence | None = None
    pain: PainState = FREE

    @property
    def may_run(self) -> bool:
        """Whether distances, ladders and exercises may be named."""
        return self.silence is None and self.pain.verdict is not Verdict.STOP

    def story(self, story: Story) -> Story:
        """A finding's words: what was run stays, what to do gives way."""
        return speak(
            self.silence,
            lambda: story if self.may_run else _story_in_pain(story, self.pain),
            instead=lambda silence: dataclasses.replace(story, act=silence.act, quiet=NO_DISTANCES),
        )

    def advice(self, advice: Advice, *, in_pain: Advice) -> Advice:
        """What to do about a finding; ``in_pain`` is said instead where pain stops running."""
        return speak(
            self.silence,
            lambda: advice if self.may_run else in_pain,
            instead=lambda silence: dataclasses.replace(advice, routines=(silence.professional,), stop=""),
        )

    def standing(self, standing: Standing | None) -> Standing | None:
        """Where the runner stands: what was run stays, how far to run goes."""
        if standing is None or self.may_run:
            return standing
        return dataclasses.replace(
            standing,
            ceiling_m=None,
            returning=False,
            return_ceiling_m=None,
            weeks=tuple(dataclasses.replace(week, ceiling_m=None) for week in standing.weeks),
        )


def _story_in_pain(story: Story, pain: PainState) -> Story:
    return dataclasses.replace(story, act=pain.act, quiet=NO_DISTANCES_IN_PAIN)


SPEAKING = Voice()
"""Nothing is the matter."""
