"""Two versions of a story: not which lines differ, but what differs for a reader.

What can be reached now and could not before, choices that lost their meaning, how likely each ending was and is, and how
many playthroughs were lost and gained. Names and labels may have changed: see ``renames``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gamebook_lab.analysis.kept_ways import Kept, kept_ways
from gamebook_lab.analysis.renames import Pairing, Spot, pair_up
from gamebook_lab.story import schema

if TYPE_CHECKING:
    from gamebook_lab.analysis.explored import Explored

__all__ = ["CHOICE_CHANGES", "ENDING_CHANGES", "PASSAGE_CHANGES", "Diff", "diff"]

PASSAGE_CHANGES: Final = (
    schema.Column("passage_before", "object", "its name before; missing: it was not there"),
    schema.Column("passage_after", "object", "its name now; missing: it is gone"),
    schema.Column("verdict_before", "object", "reachable, unreachable or unknown; missing: it was not there"),
    schema.Column("verdict_after", "object", "the same now"),
    schema.Column(
        "changes", "object", "tuple of what changed: added, removed, renamed, rewritten, became reachable ..."
    ),
)
"""Columns of :attr:`Diff.passages`."""
CHOICE_CHANGES: Final = (
    schema.Column("passage_id", "str", "passage that has it, by its name now (before, if the choice is gone)"),
    schema.Column("label_before", "object", "its label, or where it leads; missing: it was not there"),
    schema.Column("label_after", "object", "the same now; missing: it is gone"),
    schema.Column("target_before", "object", "passage that it led to; missing: computed, or not there"),
    schema.Column("target_after", "object", "the same now"),
    schema.Column("verdict_before", "object", "reachable, unreachable or unknown; missing: it was not there"),
    schema.Column("verdict_after", "object", "the same now"),
    schema.Column("class_before", "object", "what difference it made (see the table of choices)"),
    schema.Column("class_after", "object", "the same now"),
    schema.Column(
        "changes", "object", "tuple of what changed: added, removed, relabelled, retargeted, turned fake ..."
    ),
)
"""Columns of :attr:`Diff.choices`."""
ENDING_CHANGES: Final = (
    schema.Column("passage_id", "str", "passage where play stops, by its name now (before, if it is gone)"),
    schema.Column("stop", "str", "how, as in the table of endings"),
    schema.Column("probability_before", "float64", "missing: unknown; 0: play did not stop there"),
    schema.Column("probability_after", "float64", "the same now"),
    schema.Column("difference", "float64", "how much likelier it is now; missing: unknown"),
    schema.Column("n_playthroughs_before", "object", "exact number of ways there; missing: unknown, or without end"),
    schema.Column("n_playthroughs_after", "object", "the same now"),
    schema.Column("changes", "object", "tuple of what changed: added, removed, likelier, rarer"),
)
"""Columns of :attr:`Diff.endings`."""
_RANK: Final = {
    name: at
    for at, name in enumerate(
        ("never available", "unknown", "reveals", "only", "fake", "flavour", "delayed", "divergent")
    )
}
_CLOSE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Diff:
    """What differs for a reader. Tables have a row for each thing that differs, and are empty where nothing does."""

    old: Explored = field(repr=False)
    new: Explored = field(repr=False)
    pairing: Pairing = field(repr=False)

    def __repr__(self) -> str:
        numbers = ", ".join(
            f"{len(table):,} {name}{'' if len(table) == 1 else 's'}"
            for name, table in (("passage", self.passages), ("choice", self.choices), ("ending", self.endings))
        )
        return f"<Diff of {self.old.story.metadata.title or 'untitled'!r}: {numbers} differ>"

    @property
    def is_exact(self) -> bool:
        """Whether both versions are known exactly."""
        return self.old.is_exact and self.new.is_exact

    @property
    def is_same(self) -> bool:
        """Whether readers can notice nothing but words: same choices, same ways, same endings, as likely as before."""
        is_play = any(set(changes) - {"rewritten", "renamed"} for changes in self.passages["changes"])
        is_choice = any(set(changes) - {"relabelled"} for changes in self.choices["changes"])
        return not (is_play or is_choice or len(self.endings) or self.playthroughs.n_lost or self.playthroughs.n_gained)

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Passages that differ, in the new story's order, those that are gone last. Columns in :data:`PASSAGE_CHANGES`."""
        before, after = (_by(space.passages(), "passage_id") for space in (self.old, self.new))
        texts = [
            dict(zip(each["passage_id"], each["text"], strict=True))
            for each in (self.old.story.table, self.new.story.table)
        ]
        names = self.pairing.passages
        origin = {name: other for other, name in names.items()}
        rows = [_passage(origin.get(name), name, before, after, texts) for name in after]
        rows += [_passage(name, None, before, after, texts) for name in before if name not in names]
        return _table(PASSAGE_CHANGES, [row for row in rows if row[-1]])

    @cached_property
    def choices(self) -> pd.DataFrame:
        """Choices that differ, in the same order. Columns in :data:`CHOICE_CHANGES`."""
        before, after = _choices(self.old), _choices(self.new)
        origin = {spot: other for other, spot in self.pairing.choices.items()}
        rows = [_choice(before.get(origin.get(spot, ("", 0, 0))), row, self.pairing) for spot, row in after.items()]
        rows += [
            _choice(row, None, self.pairing)
            for spot, row in before.items()
            if self.pairing.choices.get(spot) not in after
        ]
        return _table(CHOICE_CHANGES, [row for row in rows if row[-1]])

    @cached_property
    def endings(self) -> pd.DataFrame:
        """Where play stops and did not, or is likelier to, greatest differences first. Columns in :data:`ENDING_CHANGES`."""
        before = _by(self.old.endings(), "passage_id", "stop")
        before = {(self.pairing.passages.get(name, name), stop): row for (name, stop), row in before.items()}
        after = _by(self.new.endings(), "passage_id", "stop")
        rows = [_ending(key, before.get(key), after.get(key)) for key in {**after, **before}]
        table = _table(ENDING_CHANGES, [row for row in rows if row[-1]])
        return table.sort_values("difference", key=abs, ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def playthroughs(self) -> Kept:
        """How many playthroughs were kept, lost and gained, exactly, with examples."""
        return kept_ways(self.old, self.new, self.pairing)

    def to_markdown(self) -> str:
        """Write it down for a pull request; the story's own words are escaped."""
        from gamebook_lab.analysis.diff_report import to_markdown

        return to_markdown(self)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def diff(old: Explored, new: Explored) -> Diff:
    """Compare two versions of a story.

    Parameters
    ----------
    old, new
        What can be reached in each.

    Returns
    -------
    Diff
        Tables of what differs, each worked out when it is first asked for.
    """
    return Diff(old, new, pair_up(old.story, new.story))


def _by(table: pd.DataFrame, *columns: str) -> dict[Any, dict[Hashable, Any]]:
    rows = table.to_dict("records")
    return {row[columns[0]] if len(columns) == 1 else tuple(row[name] for name in columns): row for row in rows}


def _table(columns: tuple[schema.Column, ...], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return schema.build(columns, {column.name: [row[at] for row in rows] for at, column in enumerate(columns)})


def _passage(
    before: str | None, after: str | None, old: Mapping[str, Any], new: Mapping[str, Any], texts: list[dict[str, str]]
) -> tuple[Any, ...]:
    was = old[before]["verdict"] if before is not None and before in old else None
    now = new[after]["verdict"] if after is not None and after in new else None
    changes = []
    if before is None or after is None:
        changes.append("added" if before is None else "removed")
    else:
        changes += ["renamed"] * (before != after) + ["rewritten"] * (texts[0].get(before) != texts[1].get(after))
        changes += [f"became {now}"] * (was != now and now is not None)
    return before, after, was, now, tuple(changes)


def _choices(space: Explored) -> dict[Spot, dict[Hashable, Any]]:
    """What is known of each choice by where it stands; of several offers at one place, the most that it does."""
    found: dict[Spot, dict[Hashable, Any]] = {}
    targets = space.story.choices["target"].tolist()
    for row in space.choices().to_dict("records"):
        spot = (row["passage_id"], row["start"], row["stop"])
        row["target"] = None if pd.isna(row["choice"]) else targets[int(row["choice"])]
        known = found.get(spot)
        if known is None or _RANK[row["class_"]] > _RANK[known["class_"]]:
            found[spot] = row
    return found


def _choice(
    before: Mapping[Hashable, Any] | None, after: Mapping[Hashable, Any] | None, pairing: Pairing
) -> tuple[Any, ...]:
    def of(row: Mapping[Hashable, Any] | None, name: str) -> Any:
        value = None if row is None else row[name]
        return None if not isinstance(value, str) or not value else value

    changes = []
    if before is None or after is None:
        changes.append("added" if before is None else "removed")
        if after is not None and after["class_"] in {"fake", "never available"}:
            changes.append(f"is {after['class_']}")
    else:
        target = pairing.passages.get(before["target"], before["target"])
        changes += ["relabelled"] * (of(before, "label") != of(after, "label"))
        changes += ["retargeted"] * (isinstance(target, str) and target != after["target"])
        if before["verdict"] != after["verdict"]:
            changes.append(f"became {after['verdict']}")
        elif before["class_"] != after["class_"]:
            changes.append(f"turned {after['class_']}")
    known = after if after is not None else before
    assert known is not None
    pairs = [(of(before, name), of(after, name)) for name in ("label", "target", "verdict", "class_")]
    return known["passage_id"], *(value for pair in pairs for value in pair), tuple(changes)


def _ending(
    key: tuple[str, str], before: Mapping[Hashable, Any] | None, after: Mapping[Hashable, Any] | None
) -> tuple[Any, ...]:
    was = 0.0 if before is None else before["probability"]
    now = 0.0 if after is None else after["probability"]
    changes = ["added"] if before is None else ["removed"] if after is None else []
    if not changes and abs(now - was) > _CLOSE:
        changes = ["likelier" if now > was else "rarer"]
    counts = (0 if row is None else row["n_playthroughs"] for row in (before, after))
    return *key, was, now, now - was, *counts, tuple(changes)
