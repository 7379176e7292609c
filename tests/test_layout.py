"""The floor plan: folders of readable size that import downwards, and one owner for each class name."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from layout import circles, folder_imports, modules_per_folder, owners

MODULES_AT_MOST = 16


def test_no_folders_import_one_another_in_a_circle() -> None:
    assert circles(folder_imports(2)) == []


def test_a_circle_is_seen() -> None:
    graph = {"a.x": {"a.y"}, "a.y": {"a.z"}, "a.z": {"a.x"}, "a.w": {"a.x"}}

    assert circles(graph) == [{"a.x", "a.y", "a.z"}]


def test_a_folder_holds_what_can_be_read_at_a_glance() -> None:
    sizes = modules_per_folder()
    sizes.pop("config/migrations/versions")  # one for each schema that landed

    assert {folder: count for folder, count in sizes.items() if count > MODULES_AT_MOST} == {}


def test_a_class_name_has_one_owner() -> None:
    assert {name: many for name, many in owners().items() if len(many) > 1} == {}
