"""German as it is listened to: what is never said, what sends somebody out to run, English left behind."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from alerts.care.catalogue.loading import load_care
from alerts.text.units import NBSP
from red_flag_words import said_of

GERMAN = load_care(language="de")

FORBIDDEN = (
    r"\bdu wirst\b",
    r"\bwahrscheinlich",
    r"\bRisik",
    r"\bGefahr",
    r"\bgefährlich",
    r"\bDiagnos",
    r"\bvorher(?:sag|zusag)",
    r"\bPrognos",
    r"\bgarantier",
    r"\bheil(?:t|en)\b",
    r"\bverhinder",
    r"\bvorbeug(?:end|ung)|\bvorzubeugen",
    r"\bverursach",
    r"\bverletzt (?:du )?dich\b|\bdu verletzt\b",
    r"\bWarnung",
    r"\bübertrieben\b",
    r"\bzu viel\b",
    r"\bSyndrom",
    r"\bTendinopath",
    r"\bBursitis\b|\bSchleimbeutel",
    r"\bEntzündung",
    r"%\W{0,3}(?:\w+ )?(?:Verletzung|Schaden)",
)

RUN_ON = re.compile(
    r"in deinem Bereich|\blocker\w* (?:Lauf|Läufe|Laufen|Tag|Radfahren|Schwimmen)\b|"
    r"\bbis (?:zu )?\d[\d.,]* (?:km|mi)\b|"
    r"\blauf höchstens|\bwie geplant\b|\bBleib bei deinen nächsten|\bspazieren|\bso viel du magst|"
    r"\bals Nächstes kommt|\bObergrenze|\bjedem zweiten Tag|\bKürz |\bverschieb ihn|\bnähere dich|"
    r"\bwie du es gewohnt|\bFang mit einem|\bMach den nächsten Lauf|\bErsetz deine nächste|"
    r"\bvergleich deine nächsten|\bin den nächsten sieben Tagen|\bhöchstens \d[\d.,]* (?:km|mi)|"
    r"\bLang, (?:noch einmal )?bis|\bGehen und Laufen\b|SUMMARY:(?:Lang|Locker)|\bHüftübungen\b|"
    r"\bLauf deine nächsten|\bGeh \d+ Minuten|\bLauf \d+ Minuten?, geh|\bLocker, bis|\bbleib bei höchstens|"
    r"\bHalt vorerst",
    re.IGNORECASE,
)
"""What sends somebody out to run, in the German words that Hipwatch has for it."""

EXERCISES = re.compile(
    r"(?<!\w)("
    + "|".join(
        re.escape(part.replace(NBSP, " "))
        for routine in GERMAN.routines.values()
        if not routine.id.startswith("PRO-")
        for part in said_of(routine)
    )
    + r")"
)

ENGLISH = re.compile(
    r"\b(?:the|your|you|yours|and|with|from|for|not|this|that|these|those|is|are|was|were|has|have|of|to|"
    r"by|at|on|it|its|no|none|run|runs|day|days|week|weeks|all|before|after|above|below|within|how|what|"
    r"which|who|when|than|more|less|hard|easy|first|last|next|one|two|back|front|start|end|keep|add|show)\b",
    re.IGNORECASE,
)
BOTH = frozenset({"was", "all", "at", "on", "has", "am", "one"})
"""Words of both languages: "was" asks in German."""

CITED = re.compile(r"\bet al\.|\bdoi:|\bJ(?:ournal)?\b|\bSports?\b|\.fit\b|hipwatch |\[\w+\]")
"""Names of studies and journals, of files, commands and settings stay as they are."""


def forbidden_in_german(text: str) -> list[str]:
    """The forbidden phrases that occur in a German text."""
    plain = text.replace(NBSP, " ")
    return [pattern for pattern in FORBIDDEN if re.search(pattern, plain, re.IGNORECASE)]


def slips_in_german(text: str) -> list[str]:
    """What of a text should not have passed the gate."""
    plain = text.replace(NBSP, " ")
    return RUN_ON.findall(plain) + EXERCISES.findall(plain)


def is_english(text: str) -> bool:
    """Whether a text reads as English: two of its small words, or one where there are hardly more."""
    words = [word for word in ENGLISH.findall(text) if word.lower() not in BOTH]
    return not CITED.search(text) and len(words) >= (1 if len(text.split()) <= 4 else 2)


class ReadAloud(HTMLParser):
    """Collects what of a page is read or read aloud, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "code")
        self.pieces += [value for name, value in attrs if value and name in ("aria-label", "alt", "title")]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.pieces.append(" ".join(data.split()))


def pieces_of(page: str) -> list[str]:
    """What is read of a page."""
    reader = ReadAloud()
    reader.feed(page)
    return reader.pieces
