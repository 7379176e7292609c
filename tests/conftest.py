"""What all tests share: how they behave where a machine lacks what they need."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import TypeVar

import pytest

if sys.dont_write_bytecode:
    # Compiling the application and its libraries takes longer than most tests, in each process anew. Where
    # none may be kept beside the sources, it is kept with what else pytest keeps, also for processes that
    # tests start.
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache

from slow_files import SLOW_FILES, SLOW_NEEDS

T = TypeVar("T")

# no test is timed: a busy machine is slow, not wrong
settings.register_profile("hipwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hipwatch")


class TemplateCodeCache(BytecodeCache):
    """Compiled templates of this process: hundreds of applications are made from the same files."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same source."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": TemplateCodeCache()}


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what the fast run leaves out."""
    slow = {Path(__file__).parent / name for name in SLOW_FILES}
    for item in items:
        if item.path in slow or any(item.get_closest_marker(need) for need in SLOW_NEEDS):
            item.add_marker(pytest.mark.slow)


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
