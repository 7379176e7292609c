"""The figures behind a chart: the same as in the picture, further back, unknown where they are unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from app_fixtures import NOW, days_before, lay_into, open_house, steady_weeks
from config.composition.services import Services
from ingest.files.sources import collect
from support import fit_run
from web.app import create_app

DAY_S = 86_400


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Forty weeks, and one run of which the pulse was lost for a while."""
    folder: Path = tmp_path_factory.mktemp("house")
    pulse = np.full(3_601, 140.0)
    pulse[1_000:2_000] = np.nan
    lost = fit_run(days_before(290), distance_m=10_000.0, duration_s=3_600, heart_rate_bpm=pulse)
    with open_house(folder / "home") as services:
        files = lay_into(folder / "files", [lost, *steady_weeks(40)])
        services.runner_service.take_in(list(collect(files)), now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
        yield services


@pytest.fixture
def client(house: Services) -> FlaskClient:
    """Open its dashboard."""
    return create_app(house.dashboard, clock=lambda: NOW).test_client()


def test_weeks_reach_back_to_the_first_run(client: FlaskClient) -> None:
    weeks = client.get("/training/closer").get_json()["weeks"]

    assert len(weeks["x"]) == 43
    assert {b - a for a, b in zip(weeks["x"], weeks["x"][1:], strict=False)} == {7 * DAY_S}
    assert weeks["begin"] == weeks["x"][-26]


def test_weeks_have_a_bar_a_band_and_a_ceiling(client: FlaskClient) -> None:
    weeks = client.get("/training/closer").get_json()["weeks"]

    assert [line["kind"] for line in weeks["lines"]] == ["bar", "low", "high", "step"]
    assert weeks["lines"][0]["values"][-2] == 30.0
    assert weeks["is_from_zero"]


def test_what_is_not_known_is_null(client: FlaskClient) -> None:
    charts = client.get("/runs/1/closer").get_json()
    pulse = charts["heart-rate"]["lines"][0]["values"]

    assert (pulse[500], pulse[1_500], pulse[2_500]) == (140.0, None, 140.0)


def test_a_run_is_told_second_by_second_and_its_pace_as_a_speed(client: FlaskClient) -> None:
    pace = client.get("/runs/1/closer").get_json()["pace"]

    assert len(pace["x"]) == len(pace["lines"][0]["values"]) == 3_601
    assert (pace["metres"], pace["x"][-1]) == (1_000.0, 10.0)
    assert pace["lines"][0]["values"][1_800] == pytest.approx(10_000 / 3_600, abs=0.01)


def test_the_charts_are_those_of_the_page(client: FlaskClient) -> None:
    for path in ("/training", "/form", "/runs/1"):
        page = client.get(path).text
        named = {piece.partition('"')[0] for piece in page.split('data-zoom="')[1:]}

        assert named
        assert named <= client.get(f"{path}/closer").get_json().keys()


def test_the_figures_are_packed_and_no_number_is_what_json_does_not_know(client: FlaskClient) -> None:
    packed = client.get("/runs/1/closer", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/runs/1/closer")
    json.loads(plain.text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))

    assert packed.content_encoding == "gzip"
    assert len(packed.data) < len(plain.data) / 3


def test_there_are_no_figures_of_a_run_that_is_not_there(client: FlaskClient) -> None:
    assert client.get("/runs/999/closer").status_code == 404
