"""GPX and TCX: the same columns as from FIT, and nothing that text can do to its reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import gpx_run, tcx_run
from ingest.analysis.summary import summarise
from ingest.errors import DecodeError, IngestError, TrackDecodeError
from ingest.formats.read_file import read_recording
from ingest.formats.recording import Recording
from ingest.formats.xml import points
from ingest.formats.xml import safe_parser as xml
from ingest.formats.xml.sports import fit_sport
from support import START, fit_run

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><gpx><trk><type>&c;</type></trk></gpx>'
)
FETCHING = (
    '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    "<gpx><trk><type>&f;</type></trk></gpx>"
)
REMOTE_RULES = '<!DOCTYPE gpx SYSTEM "http://192.0.2.1/gpx.dtd"><gpx/>'
PARAMETERS = '<!DOCTYPE gpx [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><gpx/>'

both = pytest.mark.parametrize("run", [gpx_run, tcx_run])


def read(text: str) -> Recording:
    return read_recording(text.encode())


@both
def test_a_track_has_the_figures_of_its_run(run: Callable[..., str]) -> None:
    (session,) = read(run()).sessions

    assert (session.sport, session.started_at, session.timer_s) == ("running", START, 600.0)
    assert session.distance_m == pytest.approx(1_800.0, rel=1e-3)


@both
def test_a_track_has_the_columns_of_its_run(run: Callable[..., str]) -> None:
    samples = read(run()).samples

    for name, value in {
        "heart_rate_bpm": 150,
        "cadence_rpm": 85,
        "altitude_m": 12.5,
        "longitude_deg": 5,
    }.items():
        assert set(getattr(samples, name)) == {value}, name
    assert np.nanmax(samples.distance_m) == pytest.approx(1_800.0, rel=1e-3)


@both
def test_a_track_sums_up_like_the_same_run_in_fit(run: Callable[..., str]) -> None:
    track = summarise(read(run()).parts()[0])
    fit = summarise(read_recording(fit_run(distance_m=1_800.0, duration_s=600, altitude_m=12.5)))

    assert track.distance_m == pytest.approx(fit.distance_m, rel=1e-3)
    assert track.avg_cadence_spm == fit.avg_cadence_spm
    assert (track.timer_s, track.avg_heart_rate_bpm) == (fit.timer_s, fit.avg_heart_rate_bpm)
    assert track.counts_distance
    assert track.counts_cadence


def test_tcx_gives_speed_power_and_the_laps_highest_heart_rate() -> None:
    recording = read(tcx_run())

    assert set(recording.samples.speed_mps) == {3.0}
    assert set(recording.samples.power_w) == {240.0}
    assert recording.sessions[0].max_heart_rate_bpm == 171


def test_the_device_is_the_creator() -> None:
    assert read(gpx_run(creator="StravaGPX")).device.product == "StravaGPX"
    device = read(tcx_run()).device
    assert (device.product, device.serial_number) == ("Forerunner 965", 4_203_117)


def test_tcx_without_distances_has_them_from_places() -> None:
    (session,) = read(tcx_run(with_distance=False)).sessions

    assert session.distance_m == pytest.approx(1_800.0, rel=1e-3)


def test_time_between_segments_is_a_pause() -> None:
    (session,) = read(gpx_run(pause_s=900)).sessions

    assert (session.timer_s, session.elapsed_s) == (599.0, 1_500.0)


def test_a_way_between_segments_is_not_run() -> None:
    """Who pauses the watch on the train gets no kilometres for it."""
    point = '<trkpt lat="{lat}" lon="5"><time>2026-03-02T06:{minute}:00Z</time></trkpt>'
    before = point.format(lat=52.0, minute=30) + point.format(lat=52.001, minute=31)
    behind = point.format(lat=53.0, minute=50) + point.format(lat=53.001, minute=51)
    segments = f"<trkseg>{before}</trkseg><trkseg>{behind}</trkseg>"
    (session,) = read(f"<gpx><trk><type>run</type>{segments}</trk></gpx>").sessions

    assert session.distance_m == pytest.approx(222.4, abs=0.1)


def test_cadence_in_steps_is_put_right_and_said() -> None:
    recording = read(gpx_run(cadence=170.0))

    assert set(recording.samples.cadence_rpm) == {85.0}
    assert [flag.code for flag in recording.flags] == ["cadence_in_steps"]


def test_each_track_and_each_activity_is_a_session() -> None:
    one, other = gpx_run(), gpx_run(START + timedelta(days=1), prologue="")
    track = other[other.index("<trk>") : other.index("</gpx>")]
    recording = read(one.replace("</gpx>", f"{track}</gpx>"))

    assert [part.sessions[0].started_at for part in recording.parts()] == [START, START + timedelta(days=1)]
    assert [len(part.samples) for part in recording.parts()] == [601, 601]


def test_a_multisport_tcx_keeps_its_parts() -> None:
    def activity(text: str) -> str:
        return text[text.index("<Activity ") : text.index("</Activities>")]

    first, then = activity(tcx_run(sport="Running")), activity(tcx_run(sport="Biking"))
    sessions = f"<FirstSport>{first}</FirstSport><NextSport>{then}</NextSport>"
    recording = read(
        f"<TrainingCenterDatabase><Activities><MultiSportSession>{sessions}</MultiSportSession></Activities>"
        "</TrainingCenterDatabase>"
    )

    assert [session.sport for session in recording.sessions] == ["running", "cycling"]


@pytest.mark.parametrize(
    ("named", "sport"),
    [
        ("Running", ("running", None)),
        ("9", ("running", None)),
        ("trail_running", ("running", "trail")),
        ("Trail Run", ("running", "trail")),
        ("treadmill_running", ("running", "treadmill")),
        ("Biking", ("cycling", None)),
        ("Hiking", ("hiking", None)),
        ("cross country skiing", ("cross_country_skiing", None)),
        ("Other", ("generic", None)),
        ("", ("generic", None)),
    ],
)
def test_sports_carry_the_names_of_fit(named: str, sport: tuple[str, str | None]) -> None:
    assert fit_sport(named) == sport


def test_a_track_that_names_no_sport_says_so_and_is_no_run() -> None:
    recording = read(gpx_run(sport=None))

    assert [flag.code for flag in recording.flags] == ["no_sport"]
    assert not summarise(recording.parts()[0]).is_run


@pytest.mark.parametrize(
    ("text", "file_type"),
    [
        ('<gpx><trk><trkseg><trkpt lat="52" lon="5"/></trkseg></trk></gpx>', "course"),
        ("<TrainingCenterDatabase><Courses><Course/></Courses></TrainingCenterDatabase>", "course"),
        ("<TrainingCenterDatabase><Workouts><Workout/></Workouts></TrainingCenterDatabase>", "workout"),
    ],
)
def test_a_plan_is_no_activity(text: str, file_type: str) -> None:
    recording = read(text)

    assert (recording.file_type, recording.sessions) == (file_type, ())


def test_tcx_laps_without_points_still_count() -> None:
    lap = (
        '<Lap StartTime="2026-03-02T06:30:00Z"><TotalTimeSeconds>1800</TotalTimeSeconds>'
        "<DistanceMeters>5000</DistanceMeters><AverageHeartRateBpm><Value>140</Value></AverageHeartRateBpm></Lap>"
    )
    activity = f'<Activity Sport="Running"><Id>2026-03-02T06:30:00Z</Id>{lap}{lap}</Activity>'
    recording = read(f"<TrainingCenterDatabase><Activities>{activity}</Activities></TrainingCenterDatabase>")
    summary = summarise(recording)

    assert (summary.distance_m, summary.timer_s, summary.avg_heart_rate_bpm) == (10_000, 3_600, 140)
    assert summary.started_at == START


@both
def test_local_time_with_its_offset_is_understood(run: Callable[..., str]) -> None:
    local = run().replace("Z</", "+02:00</").replace('Z"', '+02:00"')
    recording = read(local)

    assert recording.utc_offset_s == 7_200
    assert recording.sessions[0].started_at == START - timedelta(hours=2)


@both
def test_white_space_before_the_declaration_is_forgiven(run: Callable[..., str]) -> None:
    assert read("   \n" + run()).sessions[0].sport == "running"


@both
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read(run: Callable[..., str], encoding: str) -> None:
    assert read_recording(run(prologue="").encode(encoding)).sessions[0].sport == "running"


@both
def test_what_is_whole_before_the_cut_is_kept_and_said(run: Callable[..., str]) -> None:
    text = run()
    recording = read(text[: len(text) // 2])

    assert 250 < len(recording.samples) < 350
    assert [flag.code for flag in recording.flags] == ["truncated"]
    assert len(recording.sessions) == 1


def test_a_gpx_that_was_cut_off_lasts_as_long_as_its_points() -> None:
    text = gpx_run()
    recording = read(text[: len(text) // 2])

    assert recording.sessions[0].timer_s == len(recording.samples) - 1


@both
@given(data=st.data())
def test_damage_is_an_error_of_ours_or_a_recording(run: Callable[..., str], data: st.DataObject) -> None:
    whole = bytearray(run(prologue="").encode()[:6_000])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        recording = read_recording(bytes(whole))
        for part in recording.parts():
            summarise(part)
    except IngestError:
        pass


@pytest.mark.parametrize("attack", [BILLION_LAUGHS, FETCHING, REMOTE_RULES, PARAMETERS])
def test_a_document_type_is_refused_before_an_entity_is_looked_at(attack: str) -> None:
    with pytest.raises(TrackDecodeError, match=r"document type declaration.* at byte \d+ in line 1"):
        read(attack)


def test_an_entity_that_nobody_declared_stays_unknown() -> None:
    recording = read(gpx_run().replace("</trk>", "<desc>&xxe;</desc></trk>"))

    assert [flag.code for flag in recording.flags] == ["truncated"]


def test_depth_is_bounded() -> None:
    with pytest.raises(TrackDecodeError, match="more than 32 deep"):
        read("<gpx>" + "<a>" * 1_000_000)


def test_a_tag_without_end_is_bounded() -> None:
    with pytest.raises(TrackDecodeError, match="single tag larger than one megabyte"):
        read("<gpx " + " ".join(f'a{number}="x"' for number in range(300_000)) + "/>")


def test_points_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "MOST_POINTS", 100)

    with pytest.raises(TrackDecodeError, match="more than 100 points"):
        read(gpx_run())


def test_a_text_without_end_is_not_kept() -> None:
    class EmailAlert:
        def start(self, path: list[str], attributes: object) -> None:
            pass

        def end(self, path: list[str], text: str) -> None:  # noqa: ARG002 - a handler's signature
            self.text = text

    told = EmailAlert()
    xml.read_xml(b"<a>" + b"x" * 5_000_000 + b"</a>", told)

    assert len(told.text) == xml.LONGEST_TEXT


@pytest.mark.parametrize("impossible", ["1e308", "-5", "nan", "inf", "٣", "twelve", ""])
def test_impossible_values_are_unknown(impossible: str) -> None:
    text = gpx_run().replace("<gpxtpx:hr>150<", f"<gpxtpx:hr>{impossible}<")
    recording = read(text)

    known = recording.samples.heart_rate_bpm[np.isfinite(recording.samples.heart_rate_bpm)]
    assert set(known) <= {3.0}
    summarise(recording)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<html><body>Log in</body></html>", "neither GPX nor TCX: its root is 'html'"),
        (b"<gpx><trk>", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><gpx/>', "encoding"),
        (b"not anything", "no FIT header"),
    ],
)
def test_what_is_no_recording_is_told_with_its_place(data: bytes, what: str) -> None:
    with pytest.raises(DecodeError, match=what):
        read_recording(data)


def test_content_decides_and_not_a_name() -> None:
    assert read_recording(fit_run()).device.manufacturer == "garmin"
    assert read(tcx_run()).device.product == "Forerunner 965"
