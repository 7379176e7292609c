"""What Hipwatch never says: no prediction, no share of people harmed, no name of an illness."""

from __future__ import annotations

import re

FORBIDDEN = (
    r"\byou will\b",
    r"\byou'll\b",
    r"\blikely\b",
    r"\brisks?\b",
    r"\bat risk\b",
    r"\bdanger",
    r"\bdiagnos",
    r"\bpredict",
    r"\bguarantee",
    r"\bcures?\b",
    r"\bprevents?\b",
    r"\bprevention\b",
    r"\bprotects?\b",
    r"\bcauses? (an )?injur",
    r"\bget(ting)? injured\b",
    r"\bwarning\b",
    r"\boverdid\b",
    r"\btoo much\b",
    r"\bprobab",
    r"\bchance of\b",
    r"\bsyndrome\b",
    r"\btendinopath",
    r"\bbursitis\b",
    r"%.{0,20}\b(injury|harm)\b",
)


def forbidden_in(text: str) -> list[str]:
    """The forbidden phrases that occur in a text."""
    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    return [pattern for pattern in FORBIDDEN if re.search(pattern, plain, re.IGNORECASE)]
