"""What is kept of a history holds exactly as long as the history does."""

from __future__ import annotations

from pathlib import Path

from alerts.evaluation.history_cache import Cache, Incremental
from app_fixtures import NOW, days_before, lay_into, open_house, ordinary_run
from ingest.files.sources import collect


def test_what_is_kept_is_made_once() -> None:
    made: list[int] = []
    memory: Cache[int] = Cache()
    answers = [memory.get_or_compute("key", lambda: made.append(1) or len(made)) for _ in range(3)]

    assert answers == [1, 1, 1]


def test_another_key_is_made_anew() -> None:
    memory: Cache[str] = Cache()

    assert [memory.get_or_compute(key, lambda key=key: key) for key in ("a", "b", "a")] == ["a", "b", "a"]


def test_what_another_process_takes_in_is_seen(tmp_path: Path) -> None:
    """Two openings of one folder stand for two processes: they share the database alone."""
    (path,) = lay_into(tmp_path / "files", [ordinary_run(days_before(1))])
    with open_house(tmp_path / "home") as one, open_house(tmp_path / "home") as other:
        before = len(one.runner_service.history.days(NOW).runs)
        other.runner_service.take_in(list(collect([path])), now=NOW, on_result=lambda *_: None)

        assert (before, len(one.runner_service.history.days(NOW).runs)) == (0, 1)


def test_the_same_history_on_another_day_is_another_table(tmp_path: Path) -> None:
    (path,) = lay_into(tmp_path / "files", [ordinary_run(days_before(3))])
    with open_house(tmp_path / "home") as house:
        house.runner_service.take_in(list(collect([path])), now=NOW, on_result=lambda *_: None)
        days = [house.runner_service.history.days(moment) for moment in (NOW, days_before(1), NOW)]

    assert [len(table) for table in days] == [4, 3, 4]


def test_each_thing_is_made_from_the_one_before_it() -> None:
    latest: Incremental[int] = Incremental()

    assert [latest.update(lambda last: (last or 0) + 1) for _ in range(3)] == [1, 2, 3]
