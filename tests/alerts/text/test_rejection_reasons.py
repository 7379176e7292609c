"""Sentences that were kept in English are said again in German, whatever ingest may have written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from alerts.text.i18n import use_language
from alerts.text.rejection_reasons import translate_reason

INGEST = Path(__file__).parents[3] / "ingest"

WRITERS = frozenset(
    {
        "FitDecodeError",
        "TrackDecodeError",
        "UnreadableSourceError",
        "UnusableActivityError",
        "Refused",
        "refuse",
    }
)
"""Whose words a runner may read on the page of files."""


def sentences() -> dict[str, str]:
    """What ingest may write down about a file, with a 7 in place of every value."""
    found = {}
    for path in sorted(INGEST.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in WRITERS:
                for told in node.args:
                    if isinstance(told, (ast.Constant, ast.JoinedStr)) and " " in (said := filled(told)):
                        found[said] = f"{path.name}:{node.lineno}"
    return found


def name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def filled(text: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in text.values)


def test_every_reason_to_set_a_file_aside_is_said_in_german() -> None:
    with use_language("de"):
        kept = {said: place for said, place in sentences().items() if translate_reason(said) == said}

    assert {said: place for said, place in kept.items() if "original" not in said} == {}


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("no FIT header, at byte 0", "kein FIT-Kopf, bei Byte 0"),
        (
            "elements nested more than 64 deep, at byte 12 in line 3",
            "mehr als 64 Ebenen tief verschachtelt, bei Byte 12 in Zeile 3",
        ),
        (
            "is encrypted; unpack it yourself and import the folder",
            "ist verschlüsselt; entpack es selbst und lies den Ordner ein",
        ),
        (
            "heart rate is the cadence for 40% of the time",
            "Puls gleich Schrittfrequenz in 40\N{NO-BREAK SPACE}% der Zeit",
        ),
        ("average 7.3 m/s over 9000 m", "im Schnitt 7,3 m/s über 9000 m"),
        ("something that nobody here ever wrote", "something that nobody here ever wrote"),
        ("", ""),
    ],
)
def test_a_kept_sentence_is_said_again_with_its_values(kept: str, said: str) -> None:
    with use_language("de"):
        assert translate_reason(kept) == said


def test_in_english_it_stays_as_it_was_kept() -> None:
    assert translate_reason("no FIT header, at byte 0") == "no FIT header, at byte 0"


def test_what_a_file_is_called_is_never_taken_for_a_message() -> None:
    with use_language("de"):
        assert translate_reason("{what}.exe is larger than 32 MiB") == "{what}.exe ist größer als 32 MiB"
