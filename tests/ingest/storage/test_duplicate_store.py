"""The ways in which other programs lost or doubled runs, each from the file to what counts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from app_fixtures import NOW, lay_into, open_house
from config.composition.services import Services
from exports import gpx_run, tcx_run
from ingest.files.sources import collect
from ingest.formats.fit.encode import encode_fit
from ingest.formats.recording import Device
from support import START, fit_run, recording_of_run

DAY = timedelta(days=1)


def bring(services: Services, *files: bytes) -> None:
    """Import files one after the other, each as the only one of its folder and all by the same name."""
    for number, data in enumerate(files):
        folder = services.home.folder.parent / f"import-{number}-{len(data)}"
        lay_into(folder, [data])
        services.runner_service.take_in(list(collect([folder])), now=NOW, on_result=lambda *_: None)


def counted_m(services: Services) -> list[int]:
    """Distances of what counts, in order of its start. [m]"""
    return [
        round(activity.summary.distance_m or 0) for activity in services.runner_service.store.activities()
    ]


def test_files_of_the_same_name_are_runs_of_their_own(tmp_path: Path) -> None:
    runs = [fit_run(START + number * DAY, duration_s=600, distance_m=1_800.0) for number in range(3)]
    with open_house(tmp_path / "home") as services:
        bring(services, *runs)

        assert counted_m(services) == [1_800, 1_800, 1_800]


def test_a_spoilt_import_does_not_keep_the_mended_one_out(tmp_path: Path) -> None:
    spoilt = fit_run(duration_s=1_200, distance_m=80_000.0)
    with open_house(tmp_path / "home") as services:
        bring(services, spoilt, fit_run(duration_s=1_200, distance_m=3_600.0))

        assert counted_m(services) == [3_600]


def test_a_file_that_was_cut_off_before_it_said_its_sport_is_a_copy_of_the_whole(tmp_path: Path) -> None:
    whole = fit_run(distance_m=10_000.0)
    with open_house(tmp_path / "home") as services:
        bring(services, whole[: len(whole) * 4 // 5], whole)
        cut_off, counts = sorted(services.runner_service.store.recordings(), key=lambda one: one.activity.id)

        assert counted_m(services) == [10_000]
        assert (cut_off.same_as, cut_off.activity.summary.sport) == (counts.activity.id, "unknown")


def test_a_run_that_goes_round_through_services_counts_once(tmp_path: Path) -> None:
    """From the watch to one service, from there to the next, and each hands it out in its own format."""
    runner_service = fit_run(distance_m=1_800.0, duration_s=600)
    with open_house(tmp_path / "home") as services:
        bring(
            services,
            runner_service,
            gpx_run().encode(),
            tcx_run().encode(),
            gpx_run(creator="StravaGPX").encode(),
        )

        assert counted_m(services) == [1_800]
        assert len(services.runner_service.store.recordings()) == 4


def test_years_that_come_again_in_another_format_stay_as_long_as_they_were(tmp_path: Path) -> None:
    starts = [START + number * DAY for number in range(8)]
    runs = [fit_run(start, distance_m=1_800.0, duration_s=600) for start in starts]
    again = [gpx_run(start).encode() for start in starts]
    with open_house(tmp_path / "home") as services:
        bring(services, *runs, *again)

        assert counted_m(services) == [1_800] * 8


def test_two_watches_of_one_make_on_one_runner_count_once(tmp_path: Path) -> None:
    """The second was started two minutes late and stopped a minute early."""
    first, second = (
        encode_fit(
            recording_of_run(
                START + after, distance_m=far_m, duration_s=long_s, device=Device("garmin", "fr965", unit)
            )
        )
        for unit, after, long_s, far_m in (
            (7, timedelta(0), 3_600, 10_000.0),
            (8, timedelta(minutes=2), 3_420, 9_500.0),
        )
    )
    with open_house(tmp_path / "home") as services:
        bring(services, first, second)

        assert counted_m(services) == [10_000]


def test_one_watch_that_was_started_anew_counts_both_runs(tmp_path: Path) -> None:
    """Its clock was set back in between, so that they seem to overlap: it is the number that tells."""
    runs = [
        encode_fit(
            recording_of_run(
                START + timedelta(minutes=start),
                distance_m=10_000.0,
                duration_s=3_600,
                device=Device("garmin", "fr965", 7),
                heart_rate_bpm=np.full(3_601, 140.0 + start),
            )
        )
        for start in (0, 5)
    ]
    with open_house(tmp_path / "home") as services:
        bring(services, *runs)

        assert counted_m(services) == [10_000, 10_000]


def test_the_way_to_work_and_back_are_two_runs_though_equal_and_whole_hours_apart(tmp_path: Path) -> None:
    phone = gpx_run(START + timedelta(hours=9)).encode()
    with open_house(tmp_path / "home") as services:
        bring(services, fit_run(distance_m=1_800.0, duration_s=600), phone)

        assert counted_m(services) == [1_800, 1_800]
