"""Build hook: compiles the message catalogues into the wheel; in the source tree nothing is written."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "alerts/text/catalogues"


class CompileCatalogues(BuildHookInterface):
    """Adds a compiled ``.mo`` beside each ``.po`` of the wheel; an editable install reads the ``.po``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue in a temporary folder and tell the builder to include the result."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="hipwatch-catalogues-")
        for source in sorted(Path(self.root, CATALOGUES).glob("*.po")):
            compiled = Path(self._folder.name, f"{source.stem}.mo")
            with source.open(encoding="utf-8") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.stem))
            build_data["force_include"][str(compiled)] = f"{CATALOGUES}/{compiled.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the temporary folder."""
        if version != "editable":
            self._folder.cleanup()
