"""Every page there is, in a real browser: no page that is added can be forgotten here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app_fixtures import NOW
from browser_page import Scheme, complaints, grave_violations, serving, too_wide, weights
from config.output.data_export import InstallationSettings
from dashboard_client import SECRET, furnished, live_in
from keyboard import passed_over, walked
from web.app import create_app

pytestmark = pytest.mark.browser

BUDGET_BYTES = 100_000
BUDGET_REQUESTS = 10

PAGES = {
    "today.today": "/",
    "alerts.one": "{finding}",
    "alert_list.page": "/findings",
    "rules.page": "/rules",
    "rules.one": "/rules/single_run_spike?notice_ratio=1.25",
    "calendar.current": "/calendar",
    "calendar.month": "/calendar/2026-04",
    "training.page": "/training",
    "form.page": "/form",
    "runs.one": "/runs/1",
    "files.page": "/files",
    "files.progress": "/files/progress",
    "care.care": "/care",
    "care.seen_form": "/care/seen",
    "care.catalogue": "/care/routines",
    "care.routine": "/care/routines/TRK-SIDE",
    "pain.diary_page": "/pain",
    "plan.plan": "/plan",
    "shoes.shoes": "/shoes",
    "shoes.one": "/shoes/1",
    "physio.physio": "/physio",
    "settings.page": "/settings",
}
"""One address of every page, by its name in the application."""

NO_PAGES = frozenset(
    {
        "assets.asset",
        "health.healthz",
        "training.closer",
        "form.closer",
        "runs.closer",
        "physio.paper",
        "settings.export",
        "plan.feed",
    }
)
"""What is asked for by programs."""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, dict[str, str]]]:
    """A house in which somebody has run, hurt, planned and bought shoes, with the address of each page."""
    with ExitStack() as stack:
        services = stack.enter_context(furnished(tmp_path_factory.mktemp("house")))
        live_in(services)
        app = create_app(
            services.dashboard,
            clock=lambda: NOW,
            care_service=services.care_service,
            secret=SECRET,
            settings=InstallationSettings(services),
        )
        key = next(
            iter(
                services.runner_service.alert_store.since(
                    services.runner_service.runner.day_of(NOW).replace(day=1)
                )
            )
        ).key
        address = stack.enter_context(serving(app))
        yield app, {name: address + path.format(finding=f"/findings/{key}") for name, path in PAGES.items()}


def test_no_page_is_forgotten(lived_in: tuple[Flask, dict[str, str]]) -> None:
    app, addresses = lived_in
    read = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert read - NO_PAGES == addresses.keys()


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_every_window_and_keeps_to_the_policy(
    page: Page, lived_in: tuple[Flask, dict[str, str]], name: str
) -> None:
    seen = complaints(page)
    answer = page.goto(lived_in[1][name], wait_until="networkidle")

    assert answer is not None
    assert (answer.status, too_wide(page), seen) == (200, [], [])


@pytest.mark.parametrize("name", PAGES)
def test_it_is_light(page: Page, lived_in: tuple[Flask, dict[str, str]], name: str) -> None:
    sizes = weights(page, lived_in[1][name])

    assert len(sizes) <= BUDGET_REQUESTS
    assert sum(sizes) <= BUDGET_BYTES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_keeps_nobody_out(
    browser: Browser, lived_in: tuple[Flask, dict[str, str]], name: str, scheme: Scheme
) -> None:
    assert grave_violations(browser, lived_in[1][name], scheme) == []


@pytest.mark.parametrize("name", PAGES)
def test_the_tabulator_comes_by_everything_and_leads_out_again(
    phone: Page, lived_in: tuple[Flask, dict[str, str]], name: str
) -> None:
    phone.goto(lived_in[1][name])
    stops = walked(phone)

    assert passed_over(phone, stops) == []
    assert [stop.html for stop in stops if not stop.is_seen] == []
