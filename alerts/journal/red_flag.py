"""A red flag: a sign that needs a professional before any training advice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A question about pain; a "yes" hides every exercise and leaves ``routine``, a professional.

    ``urgency`` is "urgent" (today) or "soon" (within days).
    """

    id: str
    urgency: str
    question: str
    routine: str
