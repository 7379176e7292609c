"""GPX decoder: tracks of timed positions, with the extensions that watches add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from ingest.formats.recording import Device, Flag, Recording, Samples, Session
from ingest.formats.xml.assemble import build_recording
from ingest.formats.xml.points import TrackPoints, parse_number, parse_time, utc_seconds
from ingest.formats.xml.sports import fit_sport

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "ele": "altitude_m",
        "speed": "speed_mps",
        "hr": "heart_rate_bpm",
        "heartrate": "heart_rate_bpm",
        "cad": "cadence_rpm",
        "cadence": "cadence_rpm",
        "atemp": "temperature_c",
        "power": "power_w",
        "watts": "power_w",
        "PowerInWatts": "power_w",
    }
)


@dataclass(slots=True)
class GpxHandler:
    """Collects the timed points of every track; a track without times is a planned route."""

    points: TrackPoints = field(default_factory=TrackPoints)
    sessions: list[Session] = field(default_factory=list)
    creator: str = ""
    sport: str = ""
    first: int = 0
    values: dict[str, float] = field(default_factory=dict)
    time: datetime | None = None
    utc_offset_s: int | None = None

    def start(self, path: list[str], attributes: Mapping[str, str]) -> None:
        """Begin a track, a segment or a point."""
        match path[-1]:
            case "gpx":
                self.creator = attributes.get("creator", "")
            case "trk":
                self.first, self.sport = len(self.points), ""
            case "trkseg":
                self.points.interrupt()
            case "trkpt":
                self.time = None
                self.values = {
                    "latitude_deg": parse_number(attributes.get("lat")),
                    "longitude_deg": parse_number(attributes.get("lon")),
                }

    def end(self, path: list[str], text: str) -> None:
        """End a value, a point or a track."""
        name = path[-1]
        if name == "trkpt":
            self._add_point()
        elif "trkpt" in path:
            if name == "time":
                self.time = parse_time(text)
            elif name in _COLUMNS:
                self.values[_COLUMNS[name]] = parse_number(text)
        elif name == "type" and path[-2:-1] == ["trk"]:
            self.sport = text
        elif name == "trk":
            self._end_track()

    def finish(self, flags: tuple[Flag, ...]) -> Recording:
        """Return the recording; a truncated track ends with the file."""
        self._end_track()
        if not self.sessions:
            return Recording(Samples.of(0), file_type="course", device=Device(product=self.creator))
        return build_recording(
            self.points,
            self.sessions,
            device=Device(product=self.creator),
            utc_offset_s=self.utc_offset_s,
            flags=flags,
        )

    def _add_point(self) -> None:
        if self.time is None:
            return
        if not len(self.points) and (offset := self.time.utcoffset()):
            self.utc_offset_s = int(offset.total_seconds())
        self.points.add(self.values | {"timestamp_s": utc_seconds(self.time)})

    def _end_track(self) -> None:
        if len(self.points) > self.first:
            sport, sub_sport = fit_sport(self.sport)
            self.sessions.append(Session(sport, sub_sport, first=self.first, stop=len(self.points)))
        self.first = len(self.points)
