"""What the three report formats have in common: a story, its problems, its summary, how much of it is modelled, and where its files are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from gamebook_lab.analysis.modelled import Modelled, NotModelled
from gamebook_lab.cli.summary import Summary
from gamebook_lab.story.story import Story

__all__ = ["Explored", "Report", "file_in"]


def file_in(path: Path, file: str | None) -> Path:
    """Find a file of the story at a path."""
    if file is None:
        return path
    return (path if path.is_dir() else path.parent) / file


class Explored(NamedTuple):
    """How far a story was explored for its problems."""

    n_states: int
    is_complete: bool
    """If not, nothing is said of what conditions keep readers from."""
    is_exact: bool
    limit: str | None
    """That was reached before all was looked through."""
    left_open: tuple[NotModelled, ...] = ()
    """What exploring could not follow, beside what the text says is not modelled."""


@dataclass(frozen=True, eq=False)
class Report:
    """Everything to write down about a checked story."""

    path: Path
    """As the user gave it."""
    story: Story
    problems: pd.DataFrame
    summary: Summary
    modelled: Modelled
    explored: Explored | None = None
    """How far the story was explored, if it was."""

    def rows(self) -> list[dict[str, Any]]:
        """List the problems as plain Python values, None where a value is missing."""
        table = self.problems.astype(object)
        return [dict(zip(table.columns, row, strict=True)) for row in table.where(table.notna(), None).to_numpy()]

    def file_of(self, file: str | None) -> Path:
        """Find a file of the story from where the user stands."""
        return file_in(self.path, file)

    def relative(self, file: str | None) -> Path:
        """Find a file of the story from the current folder, or from the story's folder where it lies outside."""
        found = Path(os.path.abspath(self.file_of(file)))  # noqa: PTH100  # resolve() would follow links out of the folder
        here = Path.cwd()
        if found.is_relative_to(here):
            return found.relative_to(here)
        base = Path(os.path.abspath(self.path if self.path.is_dir() else self.path.parent))  # noqa: PTH100  # as above
        return found.relative_to(base) if found.is_relative_to(base) else Path(found.name)
