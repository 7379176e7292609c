"""The catalogue in other languages: every text, held to the source, and a mistake names its place."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.library import load_library
from alerts.care.catalogue.loading import load_care
from alerts.errors import CareError
from alerts.text.i18n import LANGUAGES, SOURCE, use_language

TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})
TEXTS = ("title", "area", "purpose", "steps", "dose", "stop", "evidence")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue that can be broken."""
    for file in resources.files("alerts.care.catalogue").iterdir():
        if file.name.endswith(".toml"):
            shutil.copy(str(file), tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_a_routine_is_another_one(language: str) -> None:
    source, said = load_care().routines, load_care(language=language).routines
    same = [
        (name, text)
        for name, routine in said.items()
        for text in TEXTS
        if getattr(routine, text) == getattr(source[name], text)
    ]

    assert same == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_evidence_is_another_one(language: str) -> None:
    source, said = load_care().evidence, load_care(language=language).evidence
    same = [
        (kind, text)
        for kind, evidence in said.items()
        for text in ("claim", "design", "effect", "against", "not_shown")
        if getattr(evidence, text) == getattr(source[kind], text)
    ]

    assert same == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_question_is_asked_in_that_language(language: str) -> None:
    source, said = load_care().red_flags, load_care(language=language).red_flags

    assert [flag.id for flag in said] == [flag.id for flag in source]
    assert [ours for ours, theirs in zip(said, source, strict=True) if ours.question == theirs.question] == []


def reckoned_with(care: CareCatalogue) -> list[tuple[object, ...]]:
    return [
        (r.id, r.strength, r.minutes, r.weekly, r.places, r.pain_up_to, r.avoid, r.shares_stop)
        for r in care.routines.values()
    ]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_reckoned_with_is_the_same_in_every_language(language: str) -> None:
    source, said = load_care(), load_care(language=language)

    assert (reckoned_with(said), said.bundles) == (reckoned_with(source), source.bundles)


MENDED = 'title = "Ausgehen"'


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("routines", "[COOL-WALK]", "[COOL-WALKS]", r"routines.de.toml: COOL-WALKS at line \d+: .*no such"),
        ("routines", MENDED, "", r"routines.de.toml: COOL-WALK at line \d+: .*title"),
        ("routines", MENDED, 'title = " "', r"routines.de.toml: COOL-WALK at line \d+: .*title"),
        ("routines", MENDED, f'{MENDED}\ntitel = "x"', r"routines.de.toml: COOL-WALK at line \d+: .*titel"),
        (
            "routines",
            '"Drück ihn zusammen und halt die Spannung.",',
            "",
            r"ADD-SQUEEZE at line \d+: has 2 steps",
        ),
        ("routines", 'stop = "Neuer Schmerz', 'stop = "STOP; Neuer Schmerz', r"SHOE at line \d+: stop"),
        ("evidence", "[week_to_week]", "[week]", r"evidence.de.toml: week at line \d+"),
        ("evidence", "design = ", "plan = ", r"evidence.de.toml: single_run_spike at line \d+"),
        ("redflags", "fever = ", "feber = ", r"redflags.de.toml: feber at line \d+"),
        (
            "redflags",
            'locking = "Blockiert die Hüfte, hakt sie oder gibt sie nach?"',
            "",
            r"locking is missing",
        ),
    ],
)
def test_a_mistake_in_a_translation_names_its_place(
    folder: Path, file: str, old: str, new: str, complaint: str
) -> None:
    path = folder / f"{file}.de.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(CareError, match=complaint):
        load_care(folder, language="de")


OWN = """
[[routine]]
id = "OWN-1"
title = "Calf raises"
area = "calf"
purpose = "As agreed with my physiotherapist."
steps = ["Rise.", "Lower."]
dose = "3 × 12"
progress = "A weight."
stop = "STOP; Not in the morning."
strength = "D"
evidence = "Ours."
source = "My physiotherapist"
minutes = 5
"""


def test_a_runners_own_routine_stays_as_written_under_the_translated_stop_rule(tmp_path: Path) -> None:
    own = tmp_path / "routines.toml"
    own.write_text(OWN, "utf-8")
    library = load_library(own=own)
    with use_language("de"):
        care = library.current

    assert care.routines["OWN-1"].title == "Calf raises"
    assert care.routines["OWN-1"].stop == f"{care.stop} Not in the morning."


def test_english_is_the_source_itself() -> None:
    library = load_library()

    assert library.current is library.source
