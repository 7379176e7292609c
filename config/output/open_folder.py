"""Opens the data folder for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from config.composition.services import Services, open_services
from config.output.console import now
from config.settings.data_folder import DataFolder
from config.settings.load import load_settings


@contextmanager
def open_data_folder() -> Iterator[Services]:
    """Open the data folder that the environment names."""
    home = DataFolder.from_environment()
    home.create()
    with open_services(home, load_settings(home.settings), now=now()) as services:
        yield services
