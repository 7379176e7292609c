"""requirements/dev.txt: everything that CI installs, pinned and hashed, from nowhere in particular."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements" / "dev.txt").read_text("utf-8")


def entries() -> list[str]:
    """One entry for each package: its pin, its marker, its hashes."""
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]
    return re.split(r"(?<!\\)\n", "\n".join(lines).strip())


def pins() -> dict[str, set[str]]:
    """Versions of each package; several where they depend on the Python."""
    found: dict[str, set[str]] = {}
    for entry in entries():
        requirement = Requirement(entry.split("\\\n")[0])
        version = str(requirement.specifier).removeprefix("==")
        found.setdefault(canonicalize_name(requirement.name), set()).add(version)
    return found


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lists = chain(
        [project["build-system"]["requires"], project["project"]["dependencies"]],
        extras,
        [project["dependency-groups"]["dev"]],
    )
    return [Requirement(text) for text in chain.from_iterable(lists)]


def test_every_package_that_is_asked_for_is_pinned_to_what_is_allowed() -> None:
    known = pins()

    assert [
        str(one)
        for one in wanted()
        if not known.get(canonicalize_name(one.name))
        or not all(one.specifier.contains(version) for version in known[canonicalize_name(one.name)])
    ] == []


def test_every_package_is_pinned_and_hashed() -> None:
    assert [entry for entry in entries() if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_no_host_and_no_place_on_a_machine_is_named() -> None:
    assert re.findall(r"://|^-|\.whl|^[./]|@", LOCK, flags=re.MULTILINE) == []
