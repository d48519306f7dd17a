"""The house keeps its shape: who may import whom, and what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gamebook_lab"
FLOORS = (
    {"errors"},
    {"story", "kernels", "telemetry"},
    {"languages"},
    {"formats", "parallel"},
    {"engine", "store"},
    {"analysis"},
    {"charts"},
    {"widgets"},
    {"lab"},
    {"cli"},
)
"""From the ground up: a room imports from floors below its own, and not from its neighbours."""
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


MODULES = [
    path for path in sorted(PACKAGE.rglob("*.py")) if "node_modules" not in path.parts and room_of(path) in FLOOR
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_rooms__import_only_from_below(path: Path) -> None:
    own = room_of(path)
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "gamebook_lab" and len(parts) > 1 and parts[1] != own:
            assert FLOOR[parts[1]] < FLOOR[own], f"{own} imports {module}, which is not below it"


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines()]


def test_files__no_registry_host_and_no_path_of_a_machine() -> None:
    # spelt in pieces, so that this file does not hold what it looks for
    forbidden = re.compile(
        "|".join(["pypi" + r"\.org", "npmjs" + r"\.(org|com)", "pythonhosted" + r"\.org", "/work" + "/", "/root" + "/"])
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if path.is_file() and (match := forbidden.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert not found


def test_patterns__repeat_no_group_possessively() -> None:
    # Python 3.11.0 to 3.11.4 match (?:a|b)*+ wrongly; [ab]*+ is right in all versions
    wrong = re.compile(r"\)[*+?]" + r"\+")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wrong.search(line)
    ]
    assert not found
