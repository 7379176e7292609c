"""Archives and tracks as services export them, made up for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta

from support import START

METRES_PER_DEGREE = 111_194.9


def zip_of(members: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """A zip archive with the given members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return written.getvalue()


def gpx_run(
    started_at: datetime = START,
    *,
    duration_s: int = 600,
    speed_mps: float = 3.0,
    cadence: float | None = 85.0,
    sport: str | None = "running",
    creator: str = "Garmin Connect",
    pause_s: int = 0,
    prologue: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
) -> str:
    """A run due north as GPX, a point a second, in two segments if there is a pause at half-time."""
    points = []
    for second in range(duration_s + 1):
        if pause_s and second == duration_s // 2:
            points.append("</trkseg><trkseg>")
        at = started_at + timedelta(seconds=second + (pause_s if second >= duration_s // 2 else 0))
        latitude = 52 + second * speed_mps / METRES_PER_DEGREE
        cad = "" if cadence is None else f"<gpxtpx:cad>{cadence:g}</gpxtpx:cad>"
        points.append(
            f'<trkpt lat="{latitude:.9f}" lon="5.0"><ele>12.5</ele><time>{at:%Y-%m-%dT%H:%M:%SZ}</time>'
            f"<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>150</gpxtpx:hr>{cad}"
            "</gpxtpx:TrackPointExtension></extensions></trkpt>"
        )
    named = "" if sport is None else f"<type>{sport}</type>"
    return (
        f'{prologue}<gpx creator="{creator}" xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<trk><name>Morning</name>{named}<trkseg>{''.join(points)}</trkseg></trk></gpx>"
    )


def tcx_run(
    started_at: datetime = START,
    *,
    laps: int = 2,
    lap_s: int = 300,
    speed_mps: float = 3.0,
    sport: str = "Running",
    with_distance: bool = True,
    prologue: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
) -> str:
    """A run due north as TCX, a point a second, in laps of equal length."""
    written = []
    for lap in range(laps):
        points = []
        for second in range(lap * lap_s, (lap + 1) * lap_s + 1):
            at = started_at + timedelta(seconds=second)
            distance = f"<DistanceMeters>{second * speed_mps}</DistanceMeters>" if with_distance else ""
            points.append(
                f"<Trackpoint><Time>{at:%Y-%m-%dT%H:%M:%S.000Z}</Time><Position>"
                f"<LatitudeDegrees>{52 + second * speed_mps / METRES_PER_DEGREE:.9f}</LatitudeDegrees>"
                "<LongitudeDegrees>5.0</LongitudeDegrees></Position><AltitudeMeters>12.5</AltitudeMeters>"
                f"{distance}<HeartRateBpm><Value>150</Value></HeartRateBpm><Extensions><ns3:TPX>"
                f"<ns3:Speed>{speed_mps}</ns3:Speed><ns3:RunCadence>85</ns3:RunCadence>"
                "<ns3:Watts>240</ns3:Watts></ns3:TPX></Extensions></Trackpoint>"
            )
        lap_at = started_at + timedelta(seconds=lap * lap_s)
        lap_m = f"<DistanceMeters>{lap_s * speed_mps}</DistanceMeters>" if with_distance else ""
        written.append(
            f'<Lap StartTime="{lap_at:%Y-%m-%dT%H:%M:%S.000Z}"><TotalTimeSeconds>{lap_s}.0</TotalTimeSeconds>'
            f"{lap_m}<AverageHeartRateBpm><Value>150</Value></AverageHeartRateBpm>"
            f"<MaximumHeartRateBpm><Value>171</Value></MaximumHeartRateBpm><Track>{''.join(points)}</Track></Lap>"
        )
    return (
        f"{prologue}<TrainingCenterDatabase><Activities>"
        f'<Activity Sport="{sport}"><Id>{started_at:%Y-%m-%dT%H:%M:%S.000Z}</Id>{"".join(written)}'
        "<Creator><Name>Forerunner 965</Name><UnitId>4203117</UnitId></Creator></Activity>"
        "</Activities></TrainingCenterDatabase>"
    )
