"""The wheel holds everything that the packages hold, marked as typed, and its catalogues compiled."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from gettext import GNUTranslations
from pathlib import Path

import pytest

from alerts.text.i18n import load_catalogue

ROOT = Path(__file__).parents[1]
PACKAGES = ("ingest", "alerts", "config", "web")
CATALOGUES = "alerts/text/catalogues"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel of this checkout, built without any download."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("hipwatch-*.whl")
    return zipfile.Path(path)


def files_of(wheel: zipfile.Path) -> set[str]:
    return {name for name in wheel.root.namelist() if ".dist-info/" not in name and not name.endswith("/")}


def test_the_wheel_holds_every_file_of_the_packages_and_what_is_compiled(wheel: zipfile.Path) -> None:
    ours = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.endswith(".local.toml")
    }
    compiled = {name.removesuffix(".po") + ".mo" for name in ours if name.endswith(".po")}

    assert files_of(wheel) == ours | compiled


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_marked_as_typed(wheel: zipfile.Path, package: str) -> None:
    assert f"{package}/py.typed" in files_of(wheel)


def test_a_compiled_catalogue_needs_no_babel_and_says_what_the_source_says(
    wheel: zipfile.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_source = load_catalogue("de", ROOT / CATALOGUES)
    monkeypatch.setitem(sys.modules, "babel.messages.pofile", None)  # importing it fails
    compiled = load_catalogue("de", wheel / CATALOGUES)

    assert messages(compiled) == messages(from_source)
    assert len(messages(compiled)) > 500


def test_the_checkout_holds_no_compiled_catalogue() -> None:
    assert [path for package in PACKAGES for path in (ROOT / package).rglob("*.mo")] == []


def messages(catalogue: GNUTranslations) -> dict[object, str]:
    """Every message but the heading, which names the tool that wrote it."""
    texts: dict[object, str] = vars(catalogue)["_catalog"]
    return {key: text for key, text in texts.items() if key}
