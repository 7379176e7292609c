"""The four plain package names belong to us alone, and everything that is shipped is found."""

from __future__ import annotations

import re
from importlib import resources
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "CHANGELOG.md", *sorted(f"docs/{path.name}" for path in ROOT.glob("docs/*.md"))]


@pytest.mark.parametrize("package", ["ingest", "alerts", "web", "config"])
def test_no_other_distribution_owns_our_name(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"hipwatch"}


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("config", "defaults.toml"),
        ("alerts.care.catalogue", "routines.toml"),
        ("alerts.care.catalogue", "evidence.toml"),
        ("alerts.care.catalogue", "redflags.toml"),
        ("alerts.care.catalogue", "routines.de.toml"),
        ("alerts.text", "catalogues/de.po"),
        ("alerts.notifications.compose", "templates/finding.html"),
        ("ingest.formats.fit", "profile_supplement.toml"),
        ("web", "templates/today.html"),
        ("web", "static/hipwatch.css"),
    ],
)
def test_data_lies_where_the_code_looks_for_it(package: str, name: str) -> None:
    assert resources.files(package).joinpath(name).is_file()


@pytest.mark.parametrize(
    "page", sorted(str(path.relative_to(ROOT)) for path in (ROOT / "README.md", *ROOT.glob("docs/*.md")))
)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []
