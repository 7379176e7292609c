"""What every test in a real browser begins with: Chromium once a file, and windows that are closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browser_page import PHONE, OpenPage, find_chromium, looking


@pytest.fixture(scope="module")
def browser(require: Callable[[str | None, str], str]) -> Iterator[Browser]:
    """Start the system's Chromium once for all tests of a file.

    Not once for all files: Playwright keeps a loop of events running as long as it is open, and a test of
    another file that wants one of its own would find it.
    """
    with looking(require(find_chromium(), "Chromium is not installed")) as started:
        yield started


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open windows that share nothing, each as ``Browser.new_context`` is told; all are closed in the end."""
    with ExitStack() as opened:

        def window(**context: Any) -> Page:  # noqa: ANN401 - Playwright's own options
            return opened.enter_context(browser.new_context(**context)).new_page()

        yield window


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Open a window of its own."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """Open a phone's window of its own."""
    return open_page(viewport=PHONE)
