"""``gamebook diff``: two versions of a story, and what differs for readers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from gamebook_lab import formats
from gamebook_lab.analysis.compare import compare
from gamebook_lab.analysis.diff import Diff
from gamebook_lab.analysis.diff_report import headline, number, way
from gamebook_lab.analysis.explored import explore
from gamebook_lab.cli.json_report import to_json
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.terminal import is_colored, painted, printable, say

__all__ = ["run"]

_MOST_LISTED = 12


def run(
    old: Path,
    new: Path,
    *,
    report_format: Literal["text", "markdown", "json"],
    memory: str,
    seconds: float | None,
    title: str | None,
) -> int:
    """Compare; gives the exit status: 0 if nothing changes for readers but words, else 1."""
    stories = [formats.read_story(path, title=title) for path in (old, new)]
    with progress_line() as show:
        before, after = (explore(story, memory=memory, seconds=seconds, progress=show) for story in stories)
    diff: Diff = compare(before, after)
    if report_format == "json":
        sys.stdout.write(to_json(_document(diff)))
    elif report_format == "markdown":
        say(diff.to_markdown().rstrip())
    else:
        for line in _text(diff):
            say(line)
    return 0 if diff.is_same else 1


def _text(diff: Diff) -> Iterator[str]:
    def bold(text: str) -> str:
        return painted(text, "bold", is_on=is_colored(sys.stdout))

    yield bold(headline(diff))
    if not diff.is_exact:
        yield "Not all could be modelled or explored: reachable may be too much, and lost playthroughs too few."
    yield from _listed(
        bold("Passages"),
        [_passage(row) for row in diff.passages.to_dict("records") if set(row["changes"]) != {"rewritten"}],
    )
    yield from _listed(bold("Choices"), [_choice(row) for row in diff.choices.to_dict("records")])
    yield from _listed(bold("Endings"), [_ending(row) for row in diff.endings.to_dict("records")])
    kept = diff.playthroughs
    if kept.n_kept is None:
        yield f"Playthroughs were not counted: {kept.why_not}"
        return
    upto = f" of up to {kept.up_to} steps" if kept.up_to is not None else ""
    yield (
        f"{bold('Playthroughs')}{upto}: {number(kept.n_before)} before, {number(kept.n_after)} after; "
        f"{number(kept.n_kept)} kept, {number(kept.n_lost)} lost, {number(kept.n_gained)} gained"
    )
    yield from (f"  lost:   {way(each, printable)}" for each in kept.lost)
    yield from (f"  gained: {way(each, printable)}" for each in kept.gained)


def _listed(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"{title} ({len(rows):,})"
    yield from (f"  {row}" for row in rows[:_MOST_LISTED])
    if len(rows) > _MOST_LISTED:
        yield f"  and {len(rows) - _MOST_LISTED:,} more (--format markdown or json has all)"


def _was(before: Any, after: Any) -> str:
    known = [printable(each) for each in (before, after) if isinstance(each, str)]
    return " -> ".join(dict.fromkeys(known))


def _passage(row: dict[Any, Any]) -> str:
    return f"{_was(row['passage_before'], row['passage_after'])}: {', '.join(row['changes'])}"


def _choice(row: dict[Any, Any]) -> str:
    label = _was(row["label_before"], row["label_after"]) or "(a link without words)"
    target = _was(row["target_before"], row["target_after"])
    return f"In {printable(row['passage_id'])}: {label}{f' [{target}]' if target else ''}: {', '.join(row['changes'])}"


def _ending(row: dict[Any, Any]) -> str:
    name = printable(row["passage_id"]) or "round in circles, for ever"
    chances = [
        "unknown" if pd.isna(row[each]) else f"{row[each]:.4%}" for each in ("probability_before", "probability_after")
    ]
    return f"{name} ({row['stop']}): {' -> '.join(chances)}"


def _document(diff: Diff) -> dict[str, Any]:
    kept = diff.playthroughs
    return {
        "schema_version": 1,
        "is_same": diff.is_same,
        "is_exact": diff.is_exact,
        "renamed": diff.pairing.renamed,
        **{name: [_plain(row) for row in getattr(diff, name).to_dict("records")] for name in ("passages", "choices", "endings")},
        "playthroughs": {
            # as text: no bound on their size
            **{name: None if (n := getattr(kept, name)) is None else str(n) for name in ("n_before", "n_after", "n_kept", "n_lost", "n_gained")},
            "up_to": kept.up_to,
            "lost": [each.labels for each in kept.lost],
            "gained": [each.labels for each in kept.gained],
        },
    }  # fmt: skip


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        is_count = str(name).startswith("n_playthroughs")
        found[str(name)] = (
            list(value) if isinstance(value, tuple) else None if pd.isna(value) else str(value) if is_count else value
        )
    return found
