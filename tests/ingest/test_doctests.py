"""The examples in the docstrings of the analysis modules are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from ingest import analysis

MODULES = [found.name for found in pkgutil.walk_packages(analysis.__path__, f"{analysis.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))

    assert results.failed == 0


def test_the_modules_with_formulas_have_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    formulas = ("trimp", "intensity", "cadence", "thresholds")
    examples = {
        name: sum(
            len(test.examples) for test in finder.find(importlib.import_module(f"ingest.analysis.{name}"))
        )
        for name in formulas
    }

    assert all(examples.values()), examples
