"""A runner's own routines: one file adds and replaces, and a mistake in it names entry and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.loading import load_care
from alerts.care.plan.routine_plan import RoutineCircumstances, plan_routines
from alerts.errors import CareError
from alerts.journal.body_sites import BodySite
from app_fixtures import open_house
from pain_diaries import SPEAKING, TODAY

ENTRY = """
[[routine]]
id = "KNEE-SQUEEZE"
title = "Towel under the knee"
area = "front of the thigh"
purpose = "A first load for a sore knee."
steps = ["Press the knee into a rolled towel.", "Hold, then let go."]
dose = "5 × 10 seconds, daily"
progress = "Longer holds."
stop = "STOP"
strength = "D"
evidence = "Expert practice; not tested."
source = "Your physiotherapist"
minutes = 3
weekly = 7
places = ["knee"]
pain_up_to = 4
"""


def with_own(folder: Path, text: str) -> CareCatalogue:
    own = folder / "routines.toml"
    own.write_text(text, encoding="utf-8")
    return load_care(own=own)


def test_without_the_file_the_catalogue_is_as_it_comes(tmp_path: Path) -> None:
    assert load_care(own=tmp_path / "routines.toml") == load_care()


def test_an_entry_is_added_with_the_shared_stop_rule(tmp_path: Path) -> None:
    care = with_own(tmp_path, ENTRY)
    own = care.routines["KNEE-SQUEEZE"]

    assert len(care.routines) == 45
    assert (own.stop, own.is_own, own.places) == (care.stop, True, (BodySite.KNEE,))


def test_an_entry_of_a_known_id_replaces_it_in_its_place(tmp_path: Path) -> None:
    care = with_own(tmp_path, ENTRY.replace("KNEE-SQUEEZE", "GLU-ABD"))

    assert list(care.routines) == list(load_care().routines)
    assert care.routines["GLU-ABD"].title == "Towel under the knee"


def test_the_plan_chooses_it_by_its_place(tmp_path: Path) -> None:
    care = with_own(tmp_path, ENTRY.replace("KNEE-SQUEEZE", "GLU-ABD"))
    plan = plan_routines(care, RoutineCircumstances(TODAY, places={BodySite.KNEE: 3}), SPEAKING)

    assert plan.ids[0] == "GLU-ABD"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY + 'colour = "red"\n', r"entry 1 \(KNEE-SQUEEZE\) at line 18: colour is no key"),
        (ENTRY.replace('source = "Your physiotherapist"\n', ""), r"entry 1 .* at line 2: source is missing"),
        (ENTRY.replace('stop = "STOP"\n', ""), r"entry 1 .* at line 2: stop is missing"),
        (ENTRY.replace('stop = "STOP"', 'stop = " "'), r"entry 1 .* at line 10: stop is empty"),
        (ENTRY + ENTRY.replace('"knee"', '"elbow"'), r"entry 2 .* at line 33: .*elbow"),
        (ENTRY.replace("pain_up_to = 4", "pain_up_to = 11"), r"entry 1 .*pain_up_to"),
        (ENTRY.replace("KNEE-SQUEEZE", "knee squeeze"), r"entry 1 .* at line 3: id may hold"),
        (ENTRY + 'parts = ["NONE"]\n', r"KNEE-SQUEEZE: parts: .* no NONE"),
        (ENTRY + 'parts = ["ICE", "SHOE", "ICE", "ICE", "ICE"]\n', "one part for each of its steps"),
        (ENTRY + ENTRY, "KNEE-SQUEEZE is there twice"),
        (ENTRY.replace("KNEE-SQUEEZE", "PRO-SOON"), "PRO-SOON cannot be replaced"),
        ('stop = "Never."\n' + ENTRY, "remove stop"),
        ("", "add routine"),
        ("[[routine]", "cannot be read.*line 1"),
    ],
)
def test_a_mistake_names_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CareError, match=f"(?s){said}"):
        with_own(tmp_path, text)


def test_the_data_folder_is_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "routines.toml").write_text(ENTRY, encoding="utf-8")

    with open_house(tmp_path) as services:
        assert services.runner_service.care.routines["KNEE-SQUEEZE"].is_own
