"""`hipwatch export`: CSV and Parquet of runs, days and records; whole files or none."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from app_fixtures import lay_into
from config.cli.main import main
from config.output import dataframes
from config.output.dataframes import ExportError, ensure_parquet, to_csv, write_csv
from support import START, fit_run

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "dataframes.md"


def hipwatch(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two runs; the second is told without a heart rate. Exports only read it."""
    folder = tmp_path_factory.mktemp("export")
    runs = [
        fit_run(START, distance_m=10_000.0, duration_s=3_600),
        fit_run(START + timedelta(days=2), distance_m=6_000.0, duration_s=2_400, heart_rate_bpm=None),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIPWATCH_HOME", str(folder / "home"))
        for path in lay_into(folder / "watch", runs):
            assert hipwatch("import", path).exit_code == 0
    return folder / "home"


@pytest.fixture
def home(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIPWATCH_HOME", str(filled))
    return filled


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("home")
def test_runs_are_csv_on_standard_output() -> None:
    result = hipwatch("export", "runs")

    first, second = rows(result.stdout)
    assert (first["activity_id"], first["started_at"], first["day"]) == (
        "1",
        "2026-03-02T06:30:00Z",
        "2026-03-02",
    )
    assert (first["distance_m"], first["sport"], first["counts_distance"]) == ("10000.0", "running", "True")
    assert (float(first["avg_heart_rate_bpm"]), second["avg_heart_rate_bpm"]) == (150, "")


@pytest.mark.usefixtures("home")
def test_days_leave_no_day_out() -> None:
    table = rows(hipwatch("export", "days", "--csv").stdout)

    assert [row["run_m"] for row in table[:4]] == ["10000.0", "0.0", "6000.0", "0.0"]
    assert len(table) == (datetime.now(UTC).date() - START.date()).days + 1


@pytest.mark.usefixtures("home")
def test_records_are_the_samples_of_one_run(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    result = hipwatch("export", "records", "2", "--output", path)

    table = rows(path.read_text("utf-8"))
    assert (result.exit_code, result.stdout, len(table)) == (0, "", 2_401)
    assert (table[0]["timestamp"], table[0]["heart_rate_bpm"]) == ("2026-03-04T06:30:00Z", "")
    assert float(table[-1]["distance_m"]) == 6_000


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("run", ["3", "99999999999999999999"])
def test_a_run_that_is_not_there_is_named(run: str) -> None:
    result = hipwatch("export", "records", run)

    assert (result.exit_code, f"there is no run {run}" in result.stderr, result.stdout) == (2, True, "")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("what", "moment"), [(("runs",), "started_at"), (("days",), None), (("records", "1"), "timestamp")]
)
def test_parquet_keeps_the_types(tmp_path: Path, what: tuple[str, ...], moment: str | None) -> None:
    path = tmp_path / "export.parquet"
    assert hipwatch("export", *what, "--parquet", "--output", path).exit_code == 0

    frame = pd.read_parquet(path)
    assert len(frame) > 0
    assert moment is None or str(frame[moment].dt.tz) == "UTC"
    assert what[0] == "records" or (frame["day"].dt.tz, frame["day"].dt.hour.max()) == (None, 0)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arguments", [("--parquet",), ("--parquet", "--csv", "--output", "x.parquet")])
def test_parquet_needs_a_file_and_no_second_format(arguments: tuple[str, ...]) -> None:
    assert hipwatch("export", "runs", *arguments).exit_code == 2


@pytest.mark.usefixtures("home")
def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataframes, "ensure_parquet", lambda: ensure_parquet(lambda _name: None))
    result = hipwatch("export", "runs", "--parquet", "--output", tmp_path / "runs.parquet")

    assert (result.exit_code, "hipwatch[parquet]" in result.stderr) == (2, True)
    assert not (tmp_path / "runs.parquet").exists()


def test_an_installed_pyarrow_is_found() -> None:
    ensure_parquet(lambda name: name)

    with pytest.raises(ExportError, match="pyarrow"):
        ensure_parquet(lambda _name: None)


@pytest.mark.usefixtures("home")
def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out" / "runs.parquet"
    path.parent.mkdir()
    path.write_bytes(b"old")

    def full(_frame: pd.DataFrame, file: io.BufferedWriter, **_options: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    result = hipwatch("export", "runs", "--parquet", "--output", path)

    assert (result.exit_code, "the disk is full" in result.stderr) == (2, True)
    assert [(one.name, one.read_bytes()) for one in path.parent.iterdir()] == [("runs.parquet", b"old")]


def test_an_empty_data_folder_gives_headings_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIPWATCH_HOME", str(tmp_path / "home"))

    assert [len(rows(hipwatch("export", what).stdout)) for what in ("runs", "days")] == [0, 0]
    assert hipwatch("export", "runs").stdout.startswith("activity_id,started_at,day,")


def test_a_spreadsheet_runs_no_text_of_a_file_as_a_formula(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"device": pd.array(["=HYPERLINK(1)", "watch", None], dtype="string"), "n": [-1, 2, 3]}
    )
    write_csv(frame, tmp_path / "x.csv")

    assert (tmp_path / "x.csv").read_text("utf-8") == "device,n\n'=HYPERLINK(1),-1\nwatch,2\n,3\n"


def test_csv_has_fractions_of_seconds_only_where_there_are_any() -> None:
    moments = np.array([0, 1_500], dtype="datetime64[ms]")
    frame = pd.DataFrame({"timestamp": pd.DatetimeIndex(moments).tz_localize("UTC")})

    assert to_csv(frame) == "timestamp\n1970-01-01T00:00:00.000Z\n1970-01-01T00:00:01.500Z\n"
    assert to_csv(frame.iloc[:1]) == "timestamp\n1970-01-01T00:00:00Z\n"


def test_neither_the_command_line_nor_the_server_loads_pandas() -> None:
    loaded = "import sys, config.cli.main, config.server.serve, web.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert set(done.stdout.split()).isdisjoint({"pandas", "pyarrow", "ingest.dataframes"})


@pytest.mark.usefixtures("home")
def test_the_documented_example_runs() -> None:
    example = DOCUMENT.read_text("utf-8").split("```python\n")[1].split("```")[0]
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-03-08" in done.stdout


@pytest.mark.parametrize("what", ["runs", "days", "records 1"])
@pytest.mark.usefixtures("home")
def test_every_column_is_documented(what: str) -> None:
    header = hipwatch("export", *what.split()).stdout.splitlines()[0].split(",")
    document = DOCUMENT.read_text("utf-8")

    assert [name for name in header if f"`{name}`" not in document] == []
