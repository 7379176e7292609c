"""CONTRIBUTING.md and SECURITY.md name only what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("CONTRIBUTING.md", "SECURITY.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text("utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_there(page: str) -> None:
    quoted = re.findall(r"`((?:\.ci|[a-z_]+)/[\w./*-]+)`", (ROOT / page).read_text("utf-8"))
    paths = [path for path in quoted if not path.startswith("findings/")]  # NAME.sh stands for any

    assert [path for path in paths if not any(ROOT.glob(path))] == []


def test_every_name_is_in_the_module_that_is_named_for_it() -> None:
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    named = re.findall(r"`(\w+)` in `([\w/]+\.py)`", text)

    assert len(named) > 5
    assert [(name, path) for name, path in named if name not in (ROOT / path).read_text("utf-8")] == []
