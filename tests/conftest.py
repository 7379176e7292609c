"""What all tests share: how they behave where a machine lacks what they need."""

from __future__ import annotations

import os
from typing import Protocol, TypeVar

import pytest

T = TypeVar("T")


class Require(Protocol):
    """Hands back what a test needs, or ends the test."""

    def __call__(self, thing: T | None, reason: str) -> T:
        """Return ``thing``; without it skip with the reason, or fail with it in continuous integration."""
        ...


def demand(thing: T | None, reason: str) -> T:
    """Return what a test needs; a machine may lack it, continuous integration may not."""
    if thing:
        return thing
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; in continuous integration it must be there")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def require() -> Require:
    """Demand a browser, a database or a mail server: ``require(shutil.which("x"), "x is not installed")``."""
    return demand
