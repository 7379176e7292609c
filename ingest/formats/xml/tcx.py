"""TCX decoder: activities of laps of track points, as in Garmin's Training Center."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from ingest.formats.recording import Device, Flag, Recording, Samples, Session
from ingest.formats.xml.assemble import build_recording
from ingest.formats.xml.points import BOUNDS, TrackPoints, parse_number, parse_time, utc_seconds
from ingest.formats.xml.sports import fit_sport

LONGEST_TIMER_S = 4_294_967.0
"""Maximum duration in a FIT file. [s]"""

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "LatitudeDegrees": "latitude_deg",
        "LongitudeDegrees": "longitude_deg",
        "AltitudeMeters": "altitude_m",
        "DistanceMeters": "distance_m",
        "Cadence": "cadence_rpm",
        "RunCadence": "cadence_rpm",
        "Speed": "speed_mps",
        "Watts": "power_w",
    }
)
_PLANS: Mapping[str, str] = MappingProxyType({"Course": "course", "Workout": "workout"})


@dataclass(slots=True)
class _Activity:
    sport: str
    first: int
    started_at: datetime | None = None
    timer_s: float = 0.0
    distance_m: float = 0.0
    heartbeats: float = 0.0
    beating_s: float = 0.0
    max_heart_rate_bpm: float | None = None

    def add_lap(self, lap: Mapping[str, float]) -> None:
        """Add a lap's totals; missing or impossible values add nothing."""
        timer_s = _at_most(lap.get("TotalTimeSeconds"), LONGEST_TIMER_S)
        self.timer_s = min(self.timer_s + timer_s, LONGEST_TIMER_S)
        longest_m = BOUNDS["distance_m"][1]
        self.distance_m = min(self.distance_m + _at_most(lap.get("DistanceMeters"), longest_m), longest_m)
        fastest_bpm = BOUNDS["heart_rate_bpm"][1]
        if average := _at_most(lap.get("AverageHeartRateBpm"), fastest_bpm):
            self.heartbeats += average * timer_s
            self.beating_s += timer_s
        if highest := _at_most(lap.get("MaximumHeartRateBpm"), fastest_bpm):
            self.max_heart_rate_bpm = max(highest, self.max_heart_rate_bpm or 0.0)

    def session(self, stop: int) -> Session:
        """Sum the laps into a session."""
        sport, sub_sport = fit_sport(self.sport)
        return Session(
            sport,
            sub_sport,
            started_at=self.started_at,
            timer_s=self.timer_s or None,
            distance_m=self.distance_m or None,
            avg_heart_rate_bpm=self.heartbeats / self.beating_s if self.beating_s else None,
            max_heart_rate_bpm=self.max_heart_rate_bpm,
            first=self.first,
            stop=stop,
        )


@dataclass(slots=True)
class TcxHandler:
    """Collects activities, including the parts of a multisport session."""

    points: TrackPoints = field(default_factory=TrackPoints)
    sessions: list[Session] = field(default_factory=list)
    activity: _Activity | None = None
    lap: dict[str, float] | None = None
    tracks_of_lap: int = 0
    values: dict[str, float] | None = None
    time: datetime | None = None
    device: Device = field(default_factory=Device)
    utc_offset_s: int | None = None
    plan: str = ""

    def start(self, path: list[str], attributes: Mapping[str, str]) -> None:
        """Begin an activity, a lap or a point."""
        match path[-1]:
            case "Activity":
                self.activity = _Activity(attributes.get("Sport", ""), len(self.points))
            case "Lap" if self.activity is not None:
                self.lap, self.tracks_of_lap = {}, 0
                self.activity.started_at = self.activity.started_at or parse_time(attributes.get("StartTime"))
            case "Track" if self.lap is not None:
                # A lap's first track continues the previous lap; further tracks follow a pause.
                if self.tracks_of_lap or not self.points:
                    self.points.interrupt()
                self.tracks_of_lap += 1
            case "Trackpoint" if self.activity is not None:
                self.values, self.time = {}, None
            case "Course" | "Workout":
                self.plan = _PLANS[path[-1]]

    def end(self, path: list[str], text: str) -> None:
        """End a value, a point, a lap or an activity."""
        name = path[-1]
        parent = path[-2] if len(path) > 1 else ""
        if self.values is not None:
            self._end_in_point(name, parent, text)
        elif self.lap is not None:
            self._end_in_lap(name, parent, text)
        elif self.activity is not None:
            self._end_in_activity(name, parent, text)

    def finish(self, flags: tuple[Flag, ...]) -> Recording:
        """Return the recording; a truncated activity ends with the file."""
        if self.lap is not None and self.activity is not None:
            self.activity.add_lap(self.lap)
        self._end_activity()
        if not self.sessions:
            return Recording(Samples.of(0), file_type=self.plan or "activity", device=self.device)
        return build_recording(
            self.points, self.sessions, device=self.device, utc_offset_s=self.utc_offset_s, flags=flags
        )

    def _end_in_point(self, name: str, parent: str, text: str) -> None:
        values = self.values if self.values is not None else {}
        if name == "Trackpoint":
            self._add_point(values)
        elif name == "Time":
            self.time = parse_time(text)
        elif name == "Value" and parent == "HeartRateBpm":
            values["heart_rate_bpm"] = parse_number(text)
        elif name in _COLUMNS:
            values[_COLUMNS[name]] = parse_number(text)

    def _end_in_lap(self, name: str, parent: str, text: str) -> None:
        lap = self.lap if self.lap is not None else {}
        if name == "Lap" and self.activity is not None:
            self.activity.add_lap(lap)
            self.lap = None
        elif parent == "Lap":
            lap.setdefault(name, parse_number(text))
        elif name == "Value":
            lap[parent] = parse_number(text)

    def _end_in_activity(self, name: str, parent: str, text: str) -> None:
        if name == "Activity":
            self._end_activity()
        elif name == "Id" and parent == "Activity" and self.activity is not None:
            self.activity.started_at = parse_time(text)
        elif parent == "Creator" and name == "Name":
            self.device = Device(product=text, serial_number=self.device.serial_number)
        elif parent == "Creator" and name == "UnitId" and text.isdecimal():
            self.device = Device(product=self.device.product, serial_number=int(text[:20]))

    def _add_point(self, values: Mapping[str, float]) -> None:
        self.values = None
        if self.time is None:
            return
        if not len(self.points) and (offset := self.time.utcoffset()):
            self.utc_offset_s = int(offset.total_seconds())
        self.points.add({**values, "timestamp_s": utc_seconds(self.time)})

    def _end_activity(self) -> None:
        if self.activity is not None:
            self.sessions.append(self.activity.session(len(self.points)))
        self.activity = self.lap = self.values = None


def _at_most(value: float | None, limit: float) -> float:
    return value if value is not None and 0 < value <= limit else 0.0
