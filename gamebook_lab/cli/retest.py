"""``gamebook test``: play a saved suite again after an edit, and say what changed at which step."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from gamebook_lab import formats
from gamebook_lab.analysis.regression import replay_suite
from gamebook_lab.analysis.suite_files import read_suite
from gamebook_lab.analysis.suite_plan import plain
from gamebook_lab.cli.json_report import to_json
from gamebook_lab.cli.terminal import counted, is_colored, painted, printable, say

__all__ = ["run"]


def run(path: Path, saved: Path, *, report_format: Literal["text", "markdown", "json"], title: str | None) -> int:
    """Play it; gives the exit status: 0, or 1 if something changed."""
    suite = read_suite(saved)
    story = formats.read_story(path, title=title)
    rows: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()} for row in replay_suite(story, suite).to_dict("records")
    ]
    n_changed = sum(row["status"] == "changed" for row in rows)
    if report_format == "json":
        sys.stdout.write(to_json(_document(rows)))
    else:
        write = _markdown if report_format == "markdown" else _text
        for line in write(rows, n_changed):
            say(line)
    return 1 if n_changed else 0


def _text(rows: list[dict[str, Any]], n_changed: int) -> Iterator[str]:
    is_on = is_colored(sys.stdout)
    for row in rows:
        name = f"Playthrough {row['playthrough']}"
        if row["status"] == "changed":
            yield painted(f"{name}: changed at step {row['step']} of {row['n_steps']}", "error", is_on=is_on)
            yield f"  In {printable(row['passage_id'])}: {printable(row['message'])}"
        elif row["status"] == "noted":
            yield painted(f"{name}: as before, but", "warning", is_on=is_on)
        for note in row["notes"]:
            yield f"  {printable(note)}"
    yield _summary(rows, n_changed)


def _markdown(rows: list[dict[str, Any]], n_changed: int) -> Iterator[str]:
    yield f"**{_summary(rows, n_changed)}**"
    told = [row for row in rows if row["status"] != "as before"]
    if told:
        yield from ("", "| playthrough | step | passage | what |", "| ---: | ---: | --- | --- |")
    for row in told:
        step = f"{row['step']} of {row['n_steps']}" if row["status"] == "changed" else ""
        said = "<br>".join(plain(each) for each in (row["message"], *row["notes"]) if each)
        yield f"| {row['playthrough']} | {step} | {plain(row['passage_id'])} | {said} |"


def _summary(rows: list[dict[str, Any]], n_changed: int) -> str:
    if not n_changed:
        return f"{counted(len(rows), 'playthrough')}: all as before."
    return f"{counted(len(rows), 'playthrough')}: {n_changed:,} changed."


def _document(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "summary": {name: sum(row["status"] == name for row in rows) for name in ("as before", "noted", "changed")},
        "playthroughs": [
            {
                **row,
                "step": None if row["step"] != row["step"] or row["step"] is None else int(row["step"]),
                "notes": list(row["notes"]),
            }
            for row in rows
        ],
    }
