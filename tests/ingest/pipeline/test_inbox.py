"""The inbox and the folders beside it: what waits is taken once, and a runner's own folder stays as it is."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app_fixtures import NOW, lay_into, open_house
from config.composition.services import Services
from config.settings.errors import SettingsError
from exports import gpx_run, zip_of
from ingest.files.archive import sha256_of
from ingest.files.atomic_write import is_readable, move_to_temporary_name
from ingest.pipeline import inbox as inbox_module
from ingest.pipeline.importer import ImportReport
from ingest.pipeline.reprocess import retry_quarantined
from ingest.pipeline.seen_files import FLUSH_EVERY, FileState, SeenFiles
from ingest.storage.schema import seen_file_table
from support import START, fit_run

RUN = fit_run(duration_s=60)
OTHER_RUN = fit_run(START + timedelta(days=1), duration_s=60)
MONITORING = fit_run(file_type="monitoring_b")


@contextmanager
def house(folder: Path, *watched: Path, clear_folders: bool = False) -> Iterator[Services]:
    inbox = {"folders": [str(path) for path in watched], "clear_folders": clear_folders}
    with open_house(folder / "home", inbox=inbox) as services:
        yield services


def look_and_take(services: Services, *, most: int | None = None) -> ImportReport:
    services.runner_service.inbox.scan()
    return services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW, most=most)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def archived(services: Services) -> int:
    return sum(1 for _ in services.home.archive.glob("??/*"))


def test_a_watched_folder_is_taken_in_and_left_alone(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched / "2026", [RUN, MONITORING, b"not FIT at all"])
    (watched / "export.zip").write_bytes(zip_of({"a.fit": OTHER_RUN, "b.fit": MONITORING}))
    before = contents(watched)
    with house(tmp_path, watched) as services:
        report = look_and_take(services)

    assert (report.added, report.ignored, len(report.rejected)) == (2, 2, 1)
    assert contents(watched) == before


def test_what_was_seen_is_not_read_again_even_after_a_restart(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [RUN, MONITORING, b"not FIT at all"])
    (watched / "export.zip").write_bytes(zip_of({"a.fit": OTHER_RUN}))
    (watched / "photos.zip").write_bytes(zip_of({"photo.jpg": b"not a run"}))
    with house(tmp_path, watched) as services:
        look_and_take(services)
        again = look_and_take(services)
    with house(tmp_path, watched) as services:
        after_restart = look_and_take(services)
        waiting = services.runner_service.inbox.count()

    assert (again.files, after_restart.files, waiting) == (0, 0, 0)


def test_what_another_process_has_dealt_with_waits_no_more(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [RUN, OTHER_RUN])
    with house(tmp_path, watched) as services, house(tmp_path, watched) as other:
        services.runner_service.inbox.scan()
        before = services.runner_service.inbox.count()
        other.runner_service.inbox.scan()
        other.runner_service.inbox.import_new(other.runner_service.intake, now=NOW, most=1)

        assert (before, services.runner_service.inbox.count()) == (2, 1)


def test_what_has_changed_is_read_again(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    (path,) = lay_into(watched, [RUN])
    with house(tmp_path, watched) as services:
        look_and_take(services)
        path.write_bytes(OTHER_RUN)
        os.utime(path, (1, 1))

        assert look_and_take(services).added == 1


def test_a_file_that_changes_between_two_looks_is_left_to_finish(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    (path,) = lay_into(watched, [RUN[:100]])
    with house(tmp_path, watched) as services:
        services.runner_service.inbox.scan()
        path.write_bytes(RUN)
        first = services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)
        second = services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)

    assert (first.files, second.added) == (0, 1)


def test_a_file_of_the_same_size_but_another_time_is_left_to_finish(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    (path,) = lay_into(watched, [RUN])
    with house(tmp_path, watched) as services:
        services.runner_service.inbox.scan()
        os.utime(path, (1, 1))

        assert services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW).files == 0


def test_a_file_that_is_replaced_while_it_is_taken_in_is_not_thrown_away(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        (path,) = lay_into(services.home.inbox, [RUN])
        services.runner_service.inbox.scan()
        paths = services.runner_service.inbox.scan()
        visit = inbox_module._ImportPass(
            services.runner_service.inbox,
            services.runner_service.inbox._last_scan or {},
            services.runner_service.intake.quarantine,
            inbox_module.Counter(paths),
            NOW,
        )
        path.write_bytes(OTHER_RUN)
        os.utime(path, (1, 1))
        visit.finish(path)

        assert path.read_bytes() == OTHER_RUN
        assert look_and_take(services).added == 1


def test_a_file_that_is_renamed_over_one_just_before_it_is_removed_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at = inbox_module._file_state
    newer = tmp_path / "newer.fit"
    newer.write_bytes(OTHER_RUN)

    def state(path: Path) -> FileState | None:
        found = look_at(path)
        if newer.exists():
            newer.rename(path)
        return found

    with house(tmp_path) as services:
        (path,) = lay_into(services.home.inbox, [RUN])
        with monkeypatch.context() as swapped:
            swapped.setattr(inbox_module, "_file_state", state)
            look_and_take(services)

        assert path.read_bytes() == OTHER_RUN
        assert look_and_take(services).added == 1
        assert list(services.home.inbox.iterdir()) == []


def test_what_was_moved_aside_when_a_process_died_comes_back(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        (path,) = lay_into(services.home.inbox, [RUN])
        move_to_temporary_name(path, services.home.inbox)
        was_waiting = services.runner_service.inbox.count()
        report = look_and_take(services)

        assert (was_waiting, report.added, list(services.home.inbox.iterdir())) == (0, 1, [])


def test_a_watched_folder_is_cleared_only_of_what_was_taken_in(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [RUN, MONITORING, b"not FIT at all"])
    package = zip_of({"a.fit": OTHER_RUN})
    (watched / "export.zip").write_bytes(package)
    with house(tmp_path, watched, clear_folders=True) as services:
        look_and_take(services)
        kept = [path.read_bytes() for path in (services.home.archive / "packages").iterdir()]

        assert contents(watched) == {"run-0002.fit": b"not FIT at all"}
        assert kept == [package]
        assert archived(services) == 3
        assert look_and_take(services).files == 0


def test_monitoring_files_from_the_inbox_are_kept(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        lay_into(services.home.inbox, [MONITORING])
        report = look_and_take(services)

        assert (report.ignored, archived(services), contents(services.home.inbox)) == (1, 1, {})


def test_monitoring_files_that_stay_somewhere_are_not_copied(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [MONITORING])
    with house(tmp_path, watched) as services:
        export = zip_of({"a.fit": fit_run(START + timedelta(days=3), file_type="monitoring_b"), "b.fit": RUN})
        (services.home.inbox / "export.zip").write_bytes(export)
        report = look_and_take(services)
        (package,) = (services.home.archive / "packages").iterdir()

        assert (report.ignored, report.added, archived(services)) == (2, 1, 1)
        assert package.read_bytes() == export


def test_a_rejected_file_in_gzip_lies_in_quarantine_once(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        services.home.inbox.joinpath("bad.fit.gz").write_bytes(gzip.compress(b"not FIT at all"))
        look_and_take(services)

        assert list(services.home.inbox.iterdir()) == []
        assert services.runner_service.intake.quarantine.count() == 1
        assert services.runner_service.intake.quarantine.contains(sha256_of(b"not FIT at all"))


def test_an_archive_with_a_member_that_cannot_be_unpacked_is_set_aside_whole_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = zip_of({"a.fit": RUN, "b.fit": OTHER_RUN})
    with house(tmp_path) as services:
        services.home.inbox.joinpath("export.zip").write_bytes(package)
        with monkeypatch.context() as stricter:
            stricter.setattr("ingest.files.limits.MEMBER_LIMIT_BYTES", len(RUN) // 2)
            first = look_and_take(services)
        quarantine = services.runner_service.intake.quarantine
        was_whole = (quarantine.count(), quarantine.contains(sha256_of(package)))
        again = retry_quarantined(services.runner_service.intake, now=NOW)

        assert (len(first.rejected), was_whole) == (2, (1, True))
        assert (again.added, quarantine.count()) == (2, 0)
        assert list(contents(services.home.archive / "packages").values()) == [package]


def test_an_archive_whose_rejected_members_are_set_aside_themselves_is_kept_with_the_archives(
    tmp_path: Path,
) -> None:
    with house(tmp_path) as services:
        package = zip_of({"a.fit": RUN, "b.fit": b"not FIT at all"})
        services.home.inbox.joinpath("export.zip").write_bytes(package)
        look_and_take(services)
        quarantine = services.runner_service.intake.quarantine

        assert (quarantine.count(), quarantine.contains(sha256_of(b"not FIT at all"))) == (1, True)
        assert list(contents(services.home.archive / "packages").values()) == [package]


def test_an_account_export_with_archives_within_goes_in(tmp_path: Path) -> None:
    part = zip_of({"me@example.org_1.fit": RUN, "me@example.org_2.fit": MONITORING})
    with house(tmp_path) as services:
        export = zip_of({"DI_CONNECT/Part1.zip": part, "customer.json": b"{}", "a.gpx": gpx_run().encode()})
        (services.home.inbox / "export.zip").write_bytes(export)
        report = look_and_take(services)

    assert (report.added + report.duplicates, report.ignored, report.rejected) == (2, 1, [])


def test_the_newest_come_first_and_the_others_with_the_next_call(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [fit_run(START + timedelta(days=day), duration_s=60) for day in (2, 9, 5, 7, 1)])
    with house(tmp_path, watched) as services:
        first = look_and_take(services, most=2)
        newest = {one.summary.started_at - START for one in services.runner_service.store.activities()}
        rest = services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)

    assert (first.added, newest) == (2, {timedelta(days=9), timedelta(days=7)})
    assert rest.added == 3


def test_an_archive_that_was_taken_in_half_stays_until_the_rest_is_in(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        path = services.home.inbox / "export.zip"
        path.write_bytes(zip_of({"a.fit": RUN, "b.fit": OTHER_RUN}))
        look_and_take(services, most=1)
        stays = path.exists()
        services.runner_service.inbox.import_new(services.runner_service.intake, now=NOW)

        assert (stays, path.exists(), len(services.runner_service.store.activities())) == (True, False, 2)


def test_a_folder_that_is_not_there_is_quiet_until_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched = tmp_path / "watch"
    with house(tmp_path, watched) as services:
        missing = look_and_take(services)
        unreadable = list(services.runner_service.inbox.unreadable())
        lay_into(watched, [RUN])
        plugged_in = look_and_take(services)
        now_unreadable = list(services.runner_service.inbox.unreadable())

    assert (missing.files, plugged_in.added) == (0, 1)
    assert (unreadable, now_unreadable) == ([(watched, "No such file or directory")], [])
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_our_own_data_below_a_watched_folder_is_left_alone(tmp_path: Path) -> None:
    lay_into(tmp_path / "runs", [RUN])
    with house(tmp_path, tmp_path) as services:
        first = look_and_take(services)
        lay_into(services.home.quarantine, [b"not FIT at all"])
        second = look_and_take(services)

    assert (first.added, second.files) == (1, 0)


@pytest.mark.parametrize("named", ["home/inbox", "home/archive", "home"])
def test_a_watched_folder_within_our_own_data_is_an_error(tmp_path: Path, named: str) -> None:
    with pytest.raises(SettingsError, match="own data folder"), house(tmp_path, tmp_path / named):
        pass


def test_a_watched_folder_must_be_a_full_path(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="full path"), house(tmp_path, Path("watch")):
        pass


def test_a_tilde_is_the_runners_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "ada"))
    lay_into(tmp_path / "ada" / "watch", [RUN])
    with house(tmp_path, Path("~/watch")) as services:
        assert look_and_take(services).added == 1


@pytest.mark.parametrize("name", [b"caf\xe9.fit", "Läufe\n.fit".encode(), "it's \u202e.fit".encode()])
def test_whatever_a_file_is_called_it_is_taken_once(tmp_path: Path, name: bytes) -> None:
    watched = tmp_path / "watch"
    watched.mkdir()
    Path(os.fsdecode(os.fsencode(watched) + b"/" + name)).write_bytes(RUN)
    with house(tmp_path, watched) as services:
        first = look_and_take(services)
    with house(tmp_path, watched) as services:
        second = look_and_take(services)

    assert (first.added, second.files) == (1, 0)


def test_a_file_far_down_is_known_again_by_a_key_that_an_index_can_hold(tmp_path: Path) -> None:
    path = "/".join(("", *("\udcff" * 250 for _ in range(15)), "run.fit"))
    with house(tmp_path) as services:
        seen = services.runner_service.inbox.seen
        seen.note(path, (1, 2), now=NOW)
        seen.flush(now=NOW)
        again = SeenFiles(services.database, seen.runner_id)
        with services.database.reading() as connection:
            (key,) = connection.execute(sa.select(seen_file_table.c.path)).scalars()

        assert (again.has(path, (1, 2)), again.has(f"{path}.gz", (1, 2)), len(key)) == (True, False, 71)


def test_a_file_with_a_long_name_can_be_kept_whole(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        (services.home.inbox / ("ä" * 120 + ".zip")).write_bytes(zip_of({"a.fit": RUN}))
        report = look_and_take(services)

        assert (report.added, contents(services.home.inbox)) == (1, {})


def test_more_files_than_are_noted_at_a_time_are_all_noted(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [b"not FIT %d" % number for number in range(FLUSH_EVERY + 10)])
    with house(tmp_path, watched) as services:
        look_and_take(services)
    with house(tmp_path, watched) as services:
        assert look_and_take(services).files == 0


def test_each_runner_has_seen_other_files(tmp_path: Path) -> None:
    with house(tmp_path) as services:
        seen = services.runner_service.inbox.seen
        seen.note("/watch/run.fit", (1, 2), now=NOW)
        seen.flush(now=NOW)
        others = type(seen)(services.database, 2)

        assert seen.has("/watch/run.fit", (1, 2))
        assert not others.has("/watch/run.fit", (1, 2))


def test_links_and_pipes_in_a_watched_folder_are_refused(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    watched.mkdir()
    (tmp_path / "secret.fit").write_bytes(RUN)
    (watched / "link.fit").symlink_to(tmp_path / "secret.fit")
    (watched / "loop").symlink_to(watched)
    os.mkfifo(watched / "pipe.fit")
    with house(tmp_path, watched) as services:
        assert look_and_take(services).files == 0


def test_a_pipe_that_took_the_place_of_a_rejected_file_holds_nobody_up(tmp_path: Path) -> None:
    """One of the same size and time, which is how a file is known again."""
    (path,) = lay_into(tmp_path / "watch", [b""])
    os.utime(path, ns=(1, 1))
    path.unlink()
    os.mkfifo(path)

    assert is_readable(path, tmp_path / "watch")


def test_a_watched_folder_that_is_a_link_within_another_is_taken_in(tmp_path: Path) -> None:
    watched = tmp_path / "watch"
    lay_into(tmp_path / "card", [RUN])
    watched.mkdir()
    (watched / "card").symlink_to(tmp_path / "card")
    with house(tmp_path, watched, watched / "card") as services:
        assert look_and_take(services).added == 1


def test_a_file_behind_a_link_that_took_a_folders_place_is_not_cleared_away(tmp_path: Path) -> None:
    """Not even one of the same name, size and time, which is how a file is known again."""
    watched = tmp_path / "watch"
    for folder in (watched / "2026", tmp_path / "mine"):
        folder.mkdir(parents=True)
        (folder / "run.fit").write_bytes(RUN)
        os.utime(folder / "run.fit", ns=(1, 1))
    with house(tmp_path, watched, clear_folders=True) as services:
        inbox = services.runner_service.inbox
        inbox.scan()
        (path,) = inbox.scan()
        (watched / "2026").rename(tmp_path / "away")
        (watched / "2026").symlink_to(tmp_path / "mine")

        with pytest.raises(OSError, match="2026"):
            inbox.clear(
                path, (len(RUN), 1), [], services.runner_service.intake.quarantine, is_quarantined=True
            )

    assert (tmp_path / "mine" / "run.fit").read_bytes() == RUN


def test_a_rejected_file_that_could_not_be_read_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = tmp_path / "watch"
    (path,) = lay_into(watched, [RUN])
    opened = os.open

    def broken(name: object, *arguments: int, **options: int) -> int:
        if name == path:
            raise OSError(5, "Input/output error", str(path))
        return opened(name, *arguments, **options)  # type: ignore[arg-type]

    with house(tmp_path, watched) as services:
        with monkeypatch.context() as failing:
            failing.setattr(os, "open", broken)
            failing.setattr(Path, "open", lambda *_arguments: broken(path))
            first = look_and_take(services)
        second = look_and_take(services)

    assert (len(first.rejected), second.added) == (1, 1)


def test_a_file_that_cannot_be_removed_now_is_cleared_away_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *, missing_ok: bool = False) -> None:  # noqa: ARG001 - the signature of unlink
        raise PermissionError(13, "Permission denied", str(path))

    with house(tmp_path) as services:
        lay_into(services.home.inbox, [RUN])
        with monkeypatch.context() as locked:
            locked.setattr(Path, "unlink", refuse)
            first = look_and_take(services)
        second = look_and_take(services)

        assert (first.added, second.duplicates, contents(services.home.inbox)) == (1, 1, {})


def test_a_watched_file_that_cannot_be_removed_is_taken_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = tmp_path / "watch"
    lay_into(watched, [RUN])

    def refuse(path: Path, *, missing_ok: bool = False) -> None:  # noqa: ARG001 - the signature of unlink
        raise PermissionError(13, "Permission denied", str(path))

    with house(tmp_path, watched, clear_folders=True) as services:
        monkeypatch.setattr(Path, "unlink", refuse)
        first = look_and_take(services)
        second = look_and_take(services)
        monkeypatch.undo()

    assert (first.added, second.files) == (1, 0)
