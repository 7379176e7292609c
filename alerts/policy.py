"""Which findings are worth a letter, and when one more would be noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """What the runner wants to be told by mail.

    Parameters
    ----------
    min_level : Level
        The lowest level that is worth a letter.
    max_age_days : int
        Findings about days longer ago are shown, never mailed: importing years of history sends nothing.
        [days]
    pause_days : int
        At most one letter in so many days, unless what comes is graver or high. [days]
    """

    min_level: Level
    max_age_days: int
    pause_days: int

    def choose(
        self, findings: Sequence[Finding], *, today: date, told: Sequence[tuple[date, Level]]
    ) -> list[Finding]:
        """Pick the findings for one letter now; ``told`` are the days and levels of letters before."""
        oldest = today - timedelta(days=self.max_age_days)
        worth = [f for f in findings if f.level >= self.min_level and oldest <= f.day <= today]
        if not worth:
            return []
        since = today - timedelta(days=self.pause_days)
        lately = [level for day, level in told if day > since]
        gravest = max(finding.level for finding in worth)
        if lately and gravest < Level.HIGH and gravest <= max(lately):
            return []
        return sorted(worth, key=lambda finding: (-finding.level, finding.day))
