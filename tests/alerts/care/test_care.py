"""The care catalogue: what every finding brings, and how a mistake in the data is told."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

import alerts.care.catalogue
from alert_factory import KINDS, alert
from alerts.alert.alert import Level
from alerts.care.catalogue.catalogue import STRENGTH_WORDS, CareCatalogue
from alerts.care.catalogue.loading import load_care
from alerts.care.catalogue.toml_entries import ENTRIES_AT_MOST
from alerts.errors import CareError
from forbidden_words import forbidden_in

PACKAGED = Path(alerts.care.catalogue.__path__[0])
FILES = ("routines.toml", "evidence.toml", "redflags.toml", "bundles.toml")

ROUTINE = """
[[routine]]
id = "REST"
title = "Rest"
area = "all"
purpose = "Rest."
steps = ["Rest."]
dose = "Once"
progress = "None."
stop = "STOP"
strength = "D"
evidence = "Not tested."
source = "Expert practice"
minutes = 0
"""

GOOD = {
    "routines.toml": f'stop = "Stop if it hurts."\n{ROUTINE}',
    "evidence.toml": """
[spike]
claim = "one study"
study = "Somebody 2020"
design = "Cohort"
n = 10
effect = "More."
against = "One study."
grade = "weak"
not_shown = "Cause."
source = "doi:10.1/1"
""",
    "redflags.toml": """
[urgent]
routine = "REST"
flag = [{ id = "a", question = "Does it hurt?" }]
[soon]
routine = "REST"
flag = [{ id = "b", question = "Does it ache?" }]
""",
    "bundles.toml": """
[[bundle]]
kind = "spike"
levels = ["info", "notice", "caution", "high"]
routines = ["REST"]
""",
}


@pytest.fixture(scope="module")
def care() -> CareCatalogue:
    return load_care()


def written(folder: Path, **changed: str) -> Path:
    """A folder with a small sound catalogue, one or more of its files changed."""
    for name, text in GOOD.items():
        (folder / name).write_text(changed.get(name.removesuffix(".toml"), text), encoding="utf-8")
    return folder


def test_the_packaged_catalogue_holds_every_entry(care: CareCatalogue) -> None:
    assert len(care.routines) == 44


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("observed", [1.0, 1e6])
def test_every_finding_gets_one_to_three_entries(
    care: CareCatalogue, kind: str, level: Level, observed: float
) -> None:
    advice = care.advise(alert(kind, level, observed=observed))

    assert 1 <= len(advice.routines) <= ENTRIES_AT_MOST


def test_advice_carries_the_evidence_of_its_own_kind(care: CareCatalogue) -> None:
    kinds = [care.advise(alert(kind)).evidence.kind for kind in KINDS]

    assert kinds == list(KINDS)


@pytest.mark.parametrize(
    ("kind", "level", "ids"),
    [
        ("single_run_spike", Level.NOTICE, ("LOAD-HOLD",)),
        ("single_run_spike", Level.CAUTION, ("LOAD-48H", "LOAD-HOLD", "XT-SWIM")),
        ("single_run_spike", Level.HIGH, ("LOAD-48H", "LOAD-HOLD", "XT-SWIM")),
        ("two_week_ramp", Level.NOTICE, ("LOAD-DELOAD", "PROG-HIPCORE")),
        ("hard_minutes_spike", Level.NOTICE, ("LOAD-SWAP", "WARM-DYN")),
        ("cadence_shift", Level.NOTICE, ("CAD-CHECK",)),
        ("cadence_shift", Level.CAUTION, ("CAD-CHECK", "GLU-STEPDOWN")),
    ],
)
def test_a_finding_brings_its_bundle(
    care: CareCatalogue, kind: str, level: Level, ids: tuple[str, ...]
) -> None:
    assert care.advise(alert(kind, level)).ids == ids


def test_a_higher_cadence_brings_no_exercise(care: CareCatalogue) -> None:
    advice = care.advise(alert("cadence_shift", Level.CAUTION, observed=180.0))

    assert advice.ids == ("CAD-CHECK",)


def test_a_kind_without_evidence_is_refused_by_name(care: CareCatalogue) -> None:
    stranger = dataclasses.replace(alert("cadence_shift"), kind="moon_phase")

    with pytest.raises(CareError, match="moon_phase"):
        care.advise(stranger)


def test_every_routine_names_its_source_and_its_strength(care: CareCatalogue) -> None:
    assert all(r.source.strip() and r.strength in STRENGTH_WORDS for r in care.routines.values())


def test_routines_that_claim_trials_in_runners_name_the_trial(care: CareCatalogue) -> None:
    unnamed = [r.id for r in care.routines.values() if r.strength == "A" and "doi:10." not in r.source]

    assert unnamed == []


def test_the_shared_stop_rule_opens_every_stop_rule_that_rests_on_it(care: CareCatalogue) -> None:
    sharing = [routine for routine in care.routines.values() if routine.shares_stop]

    assert sharing
    assert all(routine.stop == f"{care.stop} {routine.stop_own}".strip() for routine in sharing)


def test_no_word_of_the_shorthand_reaches_a_reader(care: CareCatalogue) -> None:
    shorthand = re.compile(r"\bSTOP\b|\b[A-Z]{2,4}-[A-Z0-9]{2,}")
    routines = [dataclasses.replace(one, id="", parts=()) for one in care.routines.values()]
    texts = [str(value) for one in routines for value in dataclasses.astuple(one)]

    assert [text for text in texts if shorthand.search(text)] == []


def test_a_yes_to_any_red_flag_leads_to_a_professional(care: CareCatalogue) -> None:
    ways = {(flag.urgency, flag.routine) for flag in care.red_flags}

    assert ways == {("urgent", "PRO-URGENT"), ("soon", "PRO-SOON")}


def test_red_flags_are_questions_with_names_of_their_own(care: CareCatalogue) -> None:
    assert all(flag.question.endswith("?") for flag in care.red_flags)
    assert len({flag.id for flag in care.red_flags}) == len(care.red_flags)


def test_no_red_flag_asks_for_a_test(care: CareCatalogue) -> None:
    """The stress fracture that a hop test would find, a hop test can displace."""
    asking = [f.question for f in care.red_flags if re.search(r"\b(try|test)\b", f.question, re.IGNORECASE)]

    assert asking == []


@pytest.mark.parametrize("kind", KINDS)
def test_evidence_names_a_doi_or_its_pages_and_an_interval_or_a_count(care: CareCatalogue, kind: str) -> None:
    """Where the identifier could not be looked up, volume, issue and pages say where it stands."""
    evidence = care.evidence[kind]

    assert re.search(r"doi:10\.|\d+\(\d+\):\d+–\d+", evidence.source)
    assert re.search(r"\d", evidence.effect)


@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_says_how_many_runners_it_rests_on(care: CareCatalogue, kind: str) -> None:
    evidence = care.evidence[kind]

    assert f"{evidence.n:,} " in evidence.claim
    assert not evidence.claim.endswith(".")


@pytest.mark.parametrize("name", FILES)
def test_the_data_says_nothing_forbidden(name: str) -> None:
    assert forbidden_in((PACKAGED / name).read_text(encoding="utf-8")) == []


def test_no_line_ends_between_a_number_and_its_per_cent(care: CareCatalogue) -> None:
    texts = [str(dataclasses.astuple(one)) for one in (*care.routines.values(), *care.evidence.values())]

    assert [text for text in texts if re.search(r"\d %", text)] == []


def test_a_small_sound_catalogue_is_read(tmp_path: Path) -> None:
    care = load_care(written(tmp_path))

    assert care.routines["REST"].stop == "Stop if it hurts."


ROUTINES = GOOD["routines.toml"]
EVIDENCE = GOOD["evidence.toml"]
BUNDLES = GOOD["bundles.toml"]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("routines", ROUTINES + 'colour = "red"\n', r"routines.toml.*REST.*colour"),
        ("routines", ROUTINES.replace('source = "Expert practice"\n', ""), r"routines.toml.*REST.*source"),
        ("routines", ROUTINES.replace('"Expert practice"', '" "'), r"routines.toml.*REST.*source"),
        ("routines", ROUTINES.replace('stop = "STOP"\n', ""), r"routines.toml.*REST.*stop"),
        ("routines", ROUTINES.replace('stop = "STOP"', 'stop = ""'), r"routines.toml.*REST.*stop"),
        ("routines", ROUTINES.replace('strength = "D"', 'strength = "E"'), r"routines.toml.*REST.*strength"),
        ("routines", ROUTINES.replace('["Rest."]', "[]"), r"routines.toml.*REST.*steps"),
        ("routines", ROUTINES + ROUTINE, r"routines.toml.*REST.*twice"),
        ("routines", ROUTINE, r"routines.toml.*add stop"),
        ("routines", f'stop = " "\n{ROUTINE}', r"routines.toml.*stop is empty"),
        ("routines", "stop = ", r"routines.toml.*cannot be read"),
        ("routines", 'stop = "Stop."\nroutine = 1', r"routines.toml.*double brackets"),
        ("routines", 'stop = "Stop."\nroutine = [1]', r"routines.toml.*double brackets"),
        ("evidence", EVIDENCE.replace('grade = "weak"', 'grade = "huge"'), r"evidence.toml.*spike.*grade"),
        ("evidence", EVIDENCE.replace("n = 10", "n = 0"), r"evidence.toml.*spike.*\$\.n`"),
        ("evidence", EVIDENCE.replace('source = "doi:10.1/1"', ""), r"evidence.toml.*spike.*source"),
        ("evidence", EVIDENCE + EVIDENCE.replace("spike", "ramp"), r"bundles.toml.*ramp.*no bundle"),
        ("redflags", GOOD["redflags.toml"].replace("REST", "RUST"), r"redflags.toml.*RUST"),
        ("redflags", "", r"redflags.toml.*add soon, urgent"),
        ("bundles", BUNDLES.replace("REST", "RUST"), r"bundles.toml.*spike.*RUST"),
        ("bundles", BUNDLES.replace('"high"', '"huge"'), r"bundles.toml.*spike.*huge"),
        ("bundles", BUNDLES.replace(', "high"', ""), r"bundles.toml.*spike.*high"),
        ("bundles", BUNDLES.replace('"spike"', '"ramp"'), r"bundles.toml.*ramp.*evidence.toml"),
        ("bundles", BUNDLES + BUNDLES, r"bundles.toml.*spike.*two bundles"),
        ("bundles", BUNDLES + 'direction = "rise"\n', r"bundles.toml.*no bundle for info, drop"),
        ("bundles", BUNDLES.replace('["REST"]', '["REST", "REST", "REST", "REST"]'), r"bundles.toml.*spike"),
    ],
)
def test_a_mistake_in_the_data_names_its_place(tmp_path: Path, file: str, text: str, said: str) -> None:
    folder = written(tmp_path, **{file: text})

    with pytest.raises(CareError, match=f"(?s){said}"):
        load_care(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (written(tmp_path) / name).unlink()

    with pytest.raises(CareError, match=name):
        load_care(tmp_path)
