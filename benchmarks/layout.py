"""Modules in each folder of the product, and folders that import one another in a circle.

``python benchmarks/layout.py [--depth N]`` prints both; ``tests/test_layout.py`` holds them to bounds.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("ingest", "alerts", "web", "config")


def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def modules_per_folder() -> Counter[str]:
    """How many modules each folder holds, ``__init__`` left out."""
    return Counter(
        str(path.parent.relative_to(ROOT)) for path in modules().values() if path.name != "__init__.py"
    )


def folder_imports(depth: int) -> Mapping[str, set[str]]:
    """Which folders, cut to ``depth`` names, each of them imports from."""
    known = modules()
    graph: dict[str, set[str]] = {}
    for name, path in known.items():
        folder = _cut(name, depth)
        for target in _imports(path, known):
            if _cut(target, depth) != folder:
                graph.setdefault(folder, set()).add(_cut(target, depth))
    return graph


def _cut(name: str, depth: int) -> str:
    return ".".join(name.split(".")[:depth])


def _imports(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Groups of folders each of which is reached from all others of its group."""
    reached = {start: _reached_from(start, graph) for start in graph}
    groups: list[set[str]] = []
    for one in graph:
        group = {other for other in reached[one] if one in reached.get(other, set())}
        if len(group) > 1 and group not in groups:
            groups.append(group)
    return groups


def _reached_from(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in graph.get(waiting.pop(), set()) - seen:
            seen.add(target)
            waiting.append(target)
    return seen


def owners() -> Mapping[str, list[str]]:
    """The modules that define each public class of the product."""
    found: dict[str, list[str]] = {}
    for name, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(name)
    return found


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depth", type=int, default=2, help="names of a folder that count (2)")
    depth = parser.parse_args().depth
    for folder, count in sorted(modules_per_folder().items()):
        print(f"{count:4}  {folder}")
    found = circles(folder_imports(depth))
    print(f"folder circles at depth {depth}: {len(found)}")
    for group in found:
        print("  ", ", ".join(sorted(group)))
    print(
        "classes with two owners:", {name: many for name, many in owners().items() if len(many) > 1} or "none"
    )


if __name__ == "__main__":
    main()
