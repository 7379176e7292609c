"""The way into the data folder that every command takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from config.console import now
from config.home import Home
from config.services import Services, open_services
from config.settings import load_settings


@contextmanager
def at_home() -> Iterator[Services]:
    """Open the data folder that the environment names."""
    home = Home.from_environment()
    home.create()
    with open_services(home, load_settings(home.settings), now=now()) as services:
        yield services
