"""What all tests share: how they behave where a machine lacks what they need."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")

# no test is timed: a busy machine is slow, not wrong
settings.register_profile("hipwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hipwatch")


def demand(thing: T | None, reason: str) -> T:
    """Return what a test needs; a machine may lack it, continuous integration may not."""
    if thing:
        return thing
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; in continuous integration it must be there")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def require() -> Callable[[T | None, str], T]:
    """Demand a browser, a database or a mail server: ``require(shutil.which("x"), "x is not installed")``."""
    return demand
