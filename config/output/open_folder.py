"""The way into the data folder that every command takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from config.composition.services import Services, open_services
from config.output.console import now
from config.settings.data_folder import Home
from config.settings.load import load_settings


@contextmanager
def at_home() -> Iterator[Services]:
    """Open the data folder that the environment names."""
    home = Home.from_environment()
    home.create()
    with open_services(home, load_settings(home.settings), now=now()) as services:
        yield services
