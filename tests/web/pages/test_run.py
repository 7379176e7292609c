"""The page of one activity, from a real file in a real archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from app_fixtures import NOW, days_before, lay_into, open_house, steady_weeks
from config.composition.services import Services
from html_outline import Outline
from ingest.files.sources import collect
from support import fit_run
from web.app import create_app

EVIL = "<script>alert(1)</script>.fit"


def clock() -> datetime:
    return NOW


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Ten steady weeks, then a run twice as long in a file with a hostile name, then a run indoors."""
    folder: Path = tmp_path_factory.mktemp("house")
    heart_rate_bpm = 140 + 20 * np.sin(np.arange(3_601) / 200)
    long_run = fit_run(days_before(1), distance_m=21_000.0, duration_s=3_600, heart_rate_bpm=heart_rate_bpm)
    indoors = fit_run(
        days_before(0), distance_m=5_000.0, duration_s=1_500, sub_sport="treadmill", start_position=None
    )
    with open_house(folder / "home") as services:
        paths = lay_into(folder / "files", [*steady_weeks(), indoors])
        evil = folder / "files" / EVIL.replace("/", "⁄")
        evil.write_bytes(long_run)
        services.runner_service.take_in(list(collect([*paths, evil])), now=NOW, on_result=lambda *_: None)
        services.runner_service.evaluate(NOW)
        yield services


@pytest.fixture(scope="module")
def client(house: Services) -> FlaskClient:
    return create_app(house.dashboard, clock=clock).test_client()


def number_of(house: Services, distance_m: float) -> int:
    return next(
        a.id
        for a in house.runner_service.store.activities()
        if abs((a.summary.distance_m or 0) - distance_m) < 1
    )


@pytest.fixture(scope="module")
def long_run(house: Services, client: FlaskClient) -> str:
    return client.get(f"/runs/{number_of(house, 21_000.0)}").get_data(as_text=True)


def test_a_run_says_how_far_and_how_long(long_run: str) -> None:
    assert "21.0 km in 1:00:00." in Outline(long_run).text


def test_a_run_says_what_it_triggered(long_run: str) -> None:
    assert f"/findings/single_run_spike/{days_before(1).date()}" in Outline(long_run).values("href")


def test_a_run_draws_what_was_recorded(long_run: str) -> None:
    names = [name for name in Outline(long_run).values("id") if name.endswith("-heading")]

    assert names == ["pace-heading", "heart-rate-heading", "cadence-heading", "altitude-heading"]


def test_every_kilometre_has_its_row(long_run: str) -> None:
    splits = long_run.partition('class="splits"')[2].partition("</table>")[0]

    assert splits.count('scope="row"') == 21


def test_the_name_of_a_file_is_hostile_text(long_run: str) -> None:
    assert "<script>" not in long_run
    assert "&lt;script&gt;alert(1)" in long_run


def test_the_page_of_a_run_is_light(long_run: str) -> None:
    assert len(long_run.encode()) < 100_000


def test_every_tag_of_the_page_is_closed_in_order(long_run: str) -> None:
    page = Outline(long_run)

    assert (page.misplaced, page.open) == ([], [])


def test_no_id_is_there_twice(long_run: str) -> None:
    ids = Outline(long_run).values("id")

    assert len(ids) == len(set(ids))


def test_a_run_indoors_draws_no_way(house: Services, client: FlaskClient) -> None:
    page = client.get(f"/runs/{number_of(house, 5_000.0)}").get_data(as_text=True)

    assert 'id="track-title"' not in page
    assert "treadmill" in page


@pytest.mark.parametrize("number", ["0", "999", "9223372036854775808", "-1", "x"])
def test_a_run_that_is_not_there_is_a_page_that_is_not_there(client: FlaskClient, number: str) -> None:
    assert client.get(f"/runs/{number}").status_code == 404


def test_a_run_whose_original_is_gone_is_still_told(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        paths = lay_into(tmp_path / "files", [fit_run(days_before(1))])
        services.runner_service.take_in(list(collect(paths)), now=NOW, on_result=lambda *_: None)
        for original in services.home.archive.rglob("*.fit"):
            original.unlink()
        page = create_app(services.dashboard, clock=clock).test_client().get("/runs/1").get_data(as_text=True)

    assert "10.0 km in 1:00:00." in Outline(page).text
    assert "couldn’t be read again" in page
