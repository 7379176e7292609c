"""What can become of a file; apart from the store, which processes that decode do not load."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["activity", "ignored", "rejected"]


def is_worse(after: Outcome, before: Outcome) -> bool:
    """Whether a file would be lost that was known: then what was known of it stays."""
    return before != "rejected" and (after == "rejected" or (before == "activity" and after == "ignored"))
