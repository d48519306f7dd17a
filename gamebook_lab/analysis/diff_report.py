"""A diff as a pull request shows it: what got worse first, long lists folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pandas as pd

from gamebook_lab.analysis.diff import Diff
from gamebook_lab.analysis.large_numbers import percent, rounded
from gamebook_lab.analysis.suite_plan import plain
from gamebook_lab.engine.playthrough import Playthrough

__all__ = ["headline", "number", "to_markdown", "way"]

_MOST_LISTED: Final = 20


def to_markdown(diff: Diff) -> str:
    """Write a diff as Markdown."""
    lines = [f"### {plain(diff.new.story.metadata.title or 'Untitled story')}: what changes for readers", ""]
    lines += [f"**{headline(diff)}**", ""]
    if not diff.is_exact:
        lines += [
            "Not all of the story could be modelled or explored: reachable may be too much, and lost playthroughs too few.",
            "",
        ]
    for part in (_passages, _choices, _endings, _playthroughs):
        lines += part(diff)
    return "\n".join(lines).rstrip() + "\n"


def headline(diff: Diff) -> str:
    """Say in a sentence what changed."""
    if diff.is_same:
        return "Nothing changes for readers but words."
    said = []
    for table, what in ((diff.passages, "passage"), (diff.choices, "choice")):
        for change in ("became unreachable", "turned fake", "became reachable", "added", "removed"):
            n = sum(change in changes for changes in table["changes"])
            if n:
                said.append(f"{n:,} {what}{'' if n == 1 else 's'} {change}")
    if len(diff.endings):
        said.append(f"{len(diff.endings):,} ending{'' if len(diff.endings) == 1 else 's'} likelier, rarer, new or gone")
    kept = diff.playthroughs
    if kept.n_lost is not None and (kept.n_lost or kept.n_gained):
        upto = f" of up to {kept.up_to} steps" if kept.up_to is not None else ""
        said.append(f"{number(kept.n_lost)} playthroughs{upto} lost, {number(kept.n_gained)} gained")
    return "; ".join(said) + "." if said else "Some choices changed, and no way through the story."


def number(n: int | None) -> str:
    """Write a number of playthroughs, if there is one."""
    return "unknown" if n is None else rounded(n)


def way(playthrough: Playthrough, escape: Any = plain) -> str:
    """Write a playthrough on one line."""
    return (
        " → ".join(escape(label or "(a link without words)") for label in playthrough.labels) or "(nothing is chosen)"
    )


def _section(title: str, rows: list[str], head: tuple[str, ...]) -> list[str]:
    if not rows:
        return []
    table = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *rows]
    if len(rows) <= _MOST_LISTED:
        return [f"#### {title} ({len(rows):,})", "", *table, ""]
    return [f"<details><summary>{title} ({len(rows):,})</summary>", "", *table, "", "</details>", ""]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _said(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""


def _renamed(before: Any, after: Any) -> str:
    if not isinstance(before, str) or not isinstance(after, str) or before == after:
        return _said(after if isinstance(after, str) else before)
    return f"{plain(before)} → {plain(after)}"


def _passages(diff: Diff) -> list[str]:
    rows = [
        _row((_renamed(row["passage_before"], row["passage_after"]), ", ".join(row["changes"])))
        for row in diff.passages.to_dict("records")
        if set(row["changes"]) != {"rewritten"}
    ]
    return _section("Passages", rows, ("passage", "what"))


def _choices(diff: Diff) -> list[str]:
    rows = [
        _row(
            (
                _said(row["passage_id"]),
                _renamed(row["label_before"], row["label_after"]),
                _renamed(row["target_before"], row["target_after"]),
                ", ".join(row["changes"]),
            )
        )
        for row in diff.choices.to_dict("records")
    ]
    return _section("Choices", rows, ("in", "choice", "leads to", "what"))


def _endings(diff: Diff) -> list[str]:
    rows = []
    for row in diff.endings.to_dict("records"):
        name = _said(row["passage_id"]) or "round in circles, for ever"
        stop = "" if row["stop"] == "ending" else f" ({row['stop']})"
        counts = [
            number(None if pd.isna(row[each]) else int(row[each]))
            for each in ("n_playthroughs_before", "n_playthroughs_after")
        ]
        chances = [_chance(row[each]) for each in ("probability_before", "probability_after")]
        rows.append(_row((f"{name}{stop}", " → ".join(chances), " → ".join(counts), ", ".join(row["changes"]))))
    return _section("Endings", rows, ("ending", "probability", "playthroughs", "what"))


def _chance(value: float) -> str:
    return "unknown" if pd.isna(value) else percent(value)


def _playthroughs(diff: Diff) -> list[str]:
    kept = diff.playthroughs
    if kept.n_kept is None:
        return ["#### Playthroughs", "", f"They could not be counted: {kept.why_not}.", ""]
    upto = f" of up to {kept.up_to} steps (play can go round in circles)" if kept.up_to is not None else ""
    counts = (
        f"{number(kept.n_before)} before, {number(kept.n_after)} after{upto}: "
        f"{number(kept.n_kept)} kept, {number(kept.n_lost)} lost, {number(kept.n_gained)} gained."
    )
    return ["#### Playthroughs", "", counts, "", *_examples("Lost", kept.lost), *_examples("Gained", kept.gained)]


def _examples(name: str, ways: tuple[Playthrough, ...]) -> Iterator[str]:
    if ways:
        yield f"{name}, for example:"
        yield ""
        yield from (f"- {way(each)}" for each in ways)
        yield ""
