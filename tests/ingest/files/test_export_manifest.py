"""The list in an account export: read for what a file does not say, and for nothing else."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app_fixtures import NOW, open_house
from config.composition.services import Services
from exports import gpx_run, zip_of
from ingest.errors import TrackDecodeError
from ingest.files.export_manifest import MANIFEST_NAME, MOST_BYTES, manifests_in, read_manifest
from ingest.files.sources import collect
from ingest.files.zip_reader import zip_members
from ingest.formats.declared_sport import NO_METADATA, DeclaredMetadata
from ingest.pipeline.importer import ImportReport
from ingest.pipeline.reprocess import rebuild, retry_quarantined
from support import fit_run

ENGLISH = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Filename"
SILENT = gpx_run(sport=None).encode()


def table(*rows: str, heading: str = ENGLISH) -> bytes:
    return "\n".join((heading, *rows)).encode()


def row(file: str, *, title: str = "Morning Run", sport: str = "Run") -> str:
    return f'1,"Sep 12, 2018, 3:02:23 PM",{title},{sport},,{file}'


def export(folder: Path, listed: bytes, **files: bytes) -> Path:
    """An export with a file in it for each name."""
    path = folder / "export.zip"
    path.write_bytes(
        zip_of({f"activities/{name}.gpx": data for name, data in files.items()} | {MANIFEST_NAME: listed})
    )
    return path


def take_in(services: Services, *paths: Path) -> ImportReport:
    return services.runner_service.take_in(list(collect(paths)), now=NOW, on_result=lambda *_: None)


def sports(services: Services) -> list[str]:
    return [activity.summary.sport for activity in services.runner_service.store.activities()]


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        (ENGLISH, "1,today,Morning Run,Run,,activities/1.gpx"),
        ("id,date,name,type,description,filename", "1,today,Morning Run,Run,,activities/1.gpx"),
        ("Filename,Activity Type,Activity Name", "activities/1.gpx,Run,Morning Run"),
        (
            "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Dateiname",
            "1,heute,Morning Run,Run,activities/1.gpx",
        ),
        ("öö,ää,üü,åå,ññ,çç", "1,idag,Morning Run,Run,,activities/1.gpx"),
    ],
)
def test_columns_are_found_by_their_names_or_else_by_what_is_in_them(heading: str, line: str) -> None:
    assert read_manifest(table(line, heading=heading)) == {
        "activities/1.gpx": DeclaredMetadata("Morning Run", "Run")
    }


def test_a_column_that_is_missing_is_no_other() -> None:
    listed = table("1,Ride,Run,activities/1.gpx", heading="Activity ID,Activity Date,Commute,Filename")

    assert read_manifest(listed) == {"activities/1.gpx": NO_METADATA}


def test_a_file_that_stands_for_several_activities_is_told_nothing() -> None:
    listed = table(row("activities/1.fit"), row("activities/1.fit", sport="Swim"))

    assert read_manifest(listed) == {"activities/1.fit": NO_METADATA}


@given(st.binary(max_size=300) | st.text(max_size=300).map(table))
def test_whatever_a_table_holds_it_is_read_within_bounds(data: bytes) -> None:
    told = read_manifest(data)

    assert all(len(one.title) <= 80 and len(one.sport) <= 40 for one in told.values())


@given(st.text(max_size=60))
def test_what_a_table_says_can_be_stored_and_shown(said: str) -> None:
    told = read_manifest(table(row("activities/1.gpx", title=f'"{said}"', sport=f'"{said}"')))

    assert all((one.title + one.sport).isprintable() for one in told.values())


@pytest.mark.parametrize(
    "rest", [b"," * 60_000_000, ("\U0001f600" + "x" * 60_000_000).encode(), b'","\n' * 15_000_000]
)
def test_a_table_takes_little_memory_whatever_it_holds(rest: bytes) -> None:
    data = table(row("activities/1.gpx"), "") + rest
    tracemalloc.start()
    try:
        read_manifest(data)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak_bytes < 3 * MOST_BYTES


def test_of_an_archive_no_more_is_remembered_than_what_lies_in_it(tmp_path: Path) -> None:
    listed = table(row("activities/a.gpx"), *(row(f"activities/{number}.gpx") for number in range(100)))
    (source,) = collect([export(tmp_path, listed, a=SILENT)])
    assert source.zip_member is not None
    inside = list(zip_members(source.zip_member.reader, lambda _name: True))

    assert manifests_in(inside) == {"activities/a.gpx": DeclaredMetadata("Morning Run", "Run")}


def test_a_second_table_of_the_same_name_is_no_recording(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(MANIFEST_NAME, table())
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(MANIFEST_NAME, table())
    (tmp_path / "export.zip").write_bytes(packed.getvalue())

    assert list(collect([tmp_path / "export.zip"])) == []


def test_a_field_without_an_end_stops_the_table_and_not_the_import(tmp_path: Path) -> None:
    listed = table(row("activities/a.gpx"), '2,now,"' + "x" * 200_000)
    with open_house(tmp_path / "home") as services:
        report = take_in(services, export(tmp_path, listed, a=SILENT))

        assert (report.added, sports(services)) == (1, ["running"])


def test_a_track_without_a_sport_is_what_the_export_calls_it(tmp_path: Path) -> None:
    listed = table(row("activities/a.gpx"), row("activities/b.gpx", sport="Radfahrt"))
    later = gpx_run(NOW, sport=None).encode()
    with open_house(tmp_path / "home") as services:
        take_in(services, export(tmp_path, listed, a=SILENT, b=later))

        assert sports(services) == ["running", "cycling"]


def test_an_unpacked_export_is_read_alike(tmp_path: Path) -> None:
    (tmp_path / "export/activities").mkdir(parents=True)
    (tmp_path / "export/activities/a.gpx").write_bytes(SILENT)
    (tmp_path / "export" / MANIFEST_NAME).write_bytes(table(row("activities/a.gpx")))
    with open_house(tmp_path / "home") as services:
        take_in(services, tmp_path / "export")

        assert sports(services) == ["running"]


def test_what_a_file_says_itself_stands(tmp_path: Path) -> None:
    listed = table(row("activities/a.gpx", sport="Ride"), row("activities/b.gpx", sport="Swim"))
    with open_house(tmp_path / "home") as services:
        take_in(services, export(tmp_path, listed, a=gpx_run().encode(), b=fit_run(NOW, sport="hiking")))

        assert sports(services) == ["running", "hiking"]


def test_a_sport_that_nobody_knows_changes_nothing(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        take_in(services, export(tmp_path, table(row("activities/a.gpx", sport="Moonwalk")), a=SILENT))

        assert sports(services) == ["generic"]


def test_the_title_stands_beside_the_file_as_harmless_text(tmp_path: Path) -> None:
    listed = table(row("activities/a.gpx", title="<b>Lauf\x07</b>"))
    with open_house(tmp_path / "home") as services:
        take_in(services, export(tmp_path, listed, a=SILENT))
        (recording,) = services.runner_service.store.recordings()

        assert recording.name == f"“<b>Lauf\\x07</b>”: {tmp_path}/export.zip!activities/a.gpx"


def test_a_title_changes_nothing_of_what_a_rejected_file_is_called(tmp_path: Path) -> None:
    listed = table(row("activities/a.gpx", title="5/10 km.zip"))
    with open_house(tmp_path / "home") as services:
        take_in(services, export(tmp_path, listed, a=b"no track at all"))

        assert any(path.name.endswith("-a.gpx") for path in services.home.quarantine.iterdir())


def test_a_rebuild_remembers_what_was_told(tmp_path: Path) -> None:
    with open_house(tmp_path / "home") as services:
        take_in(services, export(tmp_path, table(row("activities/a.gpx")), a=SILENT))
        rebuild(services.runner_service.intake, services.runner_service.store.originals())

        assert sports(services) == ["running"]


def test_a_file_that_came_alone_learns_its_sport_from_the_export_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "alone.gpx").write_bytes(SILENT)
    with open_house(tmp_path / "home") as services:
        take_in(services, tmp_path / "alone.gpx")
        (alone,) = services.runner_service.store.activities()
        reports = [
            take_in(services, export(tmp_path, table(row("activities/a.gpx")), a=SILENT)) for _ in "ab"
        ]
        (told,) = services.runner_service.store.activities()

    assert (alone.id, alone.summary.sport) == (told.id, "generic")
    assert told.summary.sport == "running"
    assert [(report.added, report.duplicates) for report in reports] == [(0, 1), (0, 1)]


def test_what_a_table_told_of_a_file_that_was_set_aside_counts_once_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_yet(_data: bytes) -> object:
        raise TrackDecodeError("not understood yet", line=1, offset=0)

    with open_house(tmp_path / "home") as services:
        with monkeypatch.context() as older:
            older.setattr("ingest.formats.read_file.decode_track", not_yet)
            take_in(services, export(tmp_path, table(row("activities/a.gpx")), a=SILENT))
        retry_quarantined(services.runner_service.intake, now=NOW)

        assert sports(services) == ["running"]


def test_a_file_that_is_told_more_of_and_cannot_be_read_now_stays_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(_data: bytes) -> object:
        raise TrackDecodeError("not understood any more", line=1, offset=0)

    (tmp_path / "alone.gpx").write_bytes(SILENT)
    with open_house(tmp_path / "home") as services:
        take_in(services, tmp_path / "alone.gpx")
        with monkeypatch.context() as newer:
            newer.setattr("ingest.formats.read_file.decode_track", no_more)
            report = take_in(services, export(tmp_path, table(row("activities/a.gpx")), a=SILENT))

        assert (report.duplicates, sports(services)) == (1, ["generic"])
        assert services.runner_service.intake.quarantine.count() == 0


def test_of_copies_that_come_together_the_one_in_the_export_tells_the_sport(tmp_path: Path) -> None:
    (tmp_path / "alone.gpx").write_bytes(SILENT)
    with open_house(tmp_path / "home") as services:
        take_in(services, tmp_path / "alone.gpx", export(tmp_path, table(row("activities/a.gpx")), a=SILENT))

        assert sports(services) == ["running"]
