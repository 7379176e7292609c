"""Where one installation stores its data, its file-only settings, and the export of everything."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from alerts.notifications.answers import Answers
from alerts.runner.preferences import FileOnlySetting
from alerts.service.effective_settings import EffectiveSettings
from alerts.views.atom_feed import FeedAddresses
from config.composition.services import Services
from config.output.care_listings import list_shoes, of_entry
from config.output.listings import list_activities, list_alerts
from config.settings.runner_choices import RunnerChoices, fixed_settings
from ingest.analysis.thresholds import HEART_RATE_DAYS, latest_threshold_bpm
from web.pages.settings.ports import DataLocation, DataPart

EXPORTED_PARTS = ("archive", "inbox", "quarantine", "mail", "care")


@dataclass(frozen=True, slots=True)
class InstallationSettings:
    """The settings and stored data of one installation, for the settings page."""

    services: Services

    @property
    def chooser(self) -> RunnerChoices:
        """The settings that the runner may choose."""
        return self.services.choices

    @property
    def in_force(self) -> EffectiveSettings:
        """The runner, and how they are told, as of now."""
        return self.services.layers.in_force()

    @property
    def answers(self) -> Answers:
        """What the runner wants to hear nothing of."""
        return self.services.answers

    @property
    def feeds(self) -> FeedAddresses:
        """The addresses of the Atom feed."""
        return self.services.feed_service.addresses

    def place(self) -> DataLocation:
        """Tell where the data lies and how much it is."""
        home = self.services.home
        url = self.services.database.engine.url
        own = [part for part in home.folder.glob(f"{home.database.name}*") if part.is_file()]
        parts = (
            [DataPart(home.database.name, len(own), sum(part.stat().st_size for part in own))] if own else []
        )
        parts += [_measured(home.folder / name) for name in EXPORTED_PARTS if (home.folder / name).is_dir()]
        is_server = url.get_backend_name() != "sqlite"
        return DataLocation(
            str(home.folder),
            str(home.settings),
            str(home.mail),
            parts,
            url.render_as_string(hide_password=True) if is_server else "",
        )

    def fixed(self) -> Sequence[FileOnlySetting]:
        """Tell what only the settings file can change, without any secret."""
        return fixed_settings(self.services.layers)

    def usual_threshold_bpm(self, now: datetime) -> float | None:
        """The threshold that follows from the runner's own runs; None where there are too few of them."""
        since = self.in_force.runner.day_of(now) - timedelta(days=HEART_RATE_DAYS)
        lately = [(day, a.summary) for day, a in self.services.runner_service.history.dated() if day >= since]
        runs = [(day, summary) for day, summary in lately if summary.is_run]
        days = np.array([day for day, _ in runs], dtype="datetime64[D]")
        return latest_threshold_bpm([summary for _, summary in runs], days)

    def export(self, now: datetime) -> Mapping[str, Any]:
        """Everything that was stored of the runner or told by them, as plain data."""
        services = self.services
        runner_service, journal = services.runner_service, services.runner_service.journal
        return {
            "written_at": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "settings": {name: one.value for name, one in self.chooser.all().items()},
            "activities": list_activities(runner_service, everything=True),
            "findings": list_alerts(runner_service, now, everything=True),
            "pain": [of_entry(entry) for entry in journal.pain.since(date.min)],
            "routines_done": [asdict(one) for one in journal.routines.since(date.min)],
            "shoes": list_shoes(services.care_service.shoes()),
            "planned_runs": [asdict(one) for one in journal.planned.since(date.min)],
        }


def _measured(folder: Path) -> DataPart:
    sizes = list(_sizes(folder))
    return DataPart(folder.name, len(sizes), sum(sizes))


def _sizes(folder: Path) -> Iterator[int]:
    """Sizes of the files of a folder and of all below it; what goes away meanwhile is not counted."""
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                yield (Path(where) / name).stat().st_size
            except FileNotFoundError:
                continue
