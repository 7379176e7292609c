"""A test that lacks what it needs says so, and in continuous integration it does not pass for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slow_files import SLOW_FILES

Require = Callable[[str | None, str], str]


def test_what_is_there_is_handed_back(require: Require) -> None:
    assert require("/usr/bin/thing", "no thing") == "/usr/bin/thing"


def test_an_ordinary_machine_skips_with_the_reason(require: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="no thing"):
        require(None, "no thing")


def test_continuous_integration_fails_instead(require: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="no thing"):
        require(None, "no thing")


def test_every_file_that_is_called_slow_is_there() -> None:
    tests = Path(__file__).parent

    assert [name for name in sorted(SLOW_FILES) if not (tests / name).is_file()] == []
