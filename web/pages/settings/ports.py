"""Ports of the settings page: the settings and where the data is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from alerts.notifications.answers import Answers
from alerts.runner.preferences import Chooser, FileOnlySetting
from alerts.service.effective_settings import EffectiveSettings
from alerts.views.atom_feed import FeedAddresses


@dataclass(frozen=True, slots=True)
class DataPart:
    """One part of the data folder with its size."""

    name: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DataLocation:
    """Where everything lies; ``database`` names a server where it is no file of the folder."""

    folder: str
    settings_file: str
    mail_folder: str
    parts: Sequence[DataPart]
    database: str = ""


class SettingsService(Protocol):
    """The settings of one runner, and what is known of where they live."""

    @property
    def chooser(self) -> Chooser:
        """The settings that the runner may choose."""
        ...

    @property
    def in_force(self) -> EffectiveSettings:
        """The runner, and how they are told, as of now."""
        ...

    @property
    def answers(self) -> Answers:
        """What the runner wants to hear nothing of."""
        ...

    @property
    def feeds(self) -> FeedAddresses:
        """The addresses of the Atom feed."""
        ...

    def place(self) -> DataLocation:
        """Tell where the data lies and how much it is."""
        ...

    def fixed(self) -> Sequence[FileOnlySetting]:
        """Tell what only the settings file can change, without any secret."""
        ...

    def usual_threshold_bpm(self, now: datetime) -> float | None:
        """The threshold that follows from the runner's own runs; None where there are too few of them."""
        ...

    def export(self, now: datetime) -> Mapping[str, Any]:
        """Everything that was stored of the runner or told by them, as plain data."""
        ...
