"""Real stories for benchmarks, where the corpora are: `shared/corpora` beside the project, or GAMEBOOK_CORPORA."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from generated import generated_twee

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("GAMEBOOK_CORPORA", ROOT.parent / "shared" / "corpora"))
MAGIUM = CORPORA / "twine" / "magium-books-1-2-as-twee" / "magium_b12.twee"
"""A long one, in SugarCube."""
AS_LONG = 1_400
"""Passages of what stands in for it."""
LARGE = 10_000


def each_story(what: str, measure: Callable[[Path, int], None], repeats: int) -> None:
    """Measure the stories that the command line names; without any, Magium or one as long, and a large one."""
    given = argparse.ArgumentParser(description=what)
    given.add_argument("stories", nargs="*", type=Path)
    given.add_argument("--repeats", type=int, default=repeats)
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for story in options.stories or usual(Path(folder)):
            measure(story, options.repeats)


def usual(folder: Path) -> list[Path]:
    """Magium, or one as long, and a large one; those that are generated are put into the folder."""
    found = [MAGIUM] if MAGIUM.is_file() else []
    for n_passages in (LARGE,) if found else (AS_LONG, LARGE):
        found.append(folder / f"generated-{n_passages}.twee")
        found[-1].write_text(generated_twee(n_passages), encoding="utf-8")
    return found
