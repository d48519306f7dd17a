"""Which passage and which choice of one version of a story is which of another, names changed or not.

Passages: by name; what is left by equal text, then by text that is mostly the same. Choices, within passages that
belong together: by label and target, then by label, then by target; of several alike, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, TypeAlias, TypeVar

from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.story import Story

__all__ = ["Pairing", "Spot", "pair_up"]

Spot: TypeAlias = tuple[str, int, int]
"""Where a choice stands: passage, and span in its text."""
T = TypeVar("T")
_ALIKE: Final = 0.6
"""Share of the characters from which on two texts are taken for versions of one."""
_MOST_COMPARED: Final = 20_000
"""Pairs of texts that are compared character by character."""
_MOST_CHARACTERS: Final = 4_000
_SHORT: Final = 12
"""Texts of fewer characters say too little to be told by."""
_NOT_TAKEN: Final = frozenset({ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL})


@dataclass(frozen=True, slots=True)
class Pairing:
    """What belongs together."""

    passages: Mapping[str, str]
    """Name before to name after, of those that are in both."""
    choices: Mapping[Spot, Spot]

    @property
    def renamed(self) -> dict[str, str]:
        """Passages that have another name now."""
        return {before: after for before, after in self.passages.items() if before != after}


def pair_up(old: Story, new: Story) -> Pairing:
    """Find what belongs together in two versions of a story.

    Notes
    -----
    Only passages whose names are gone are compared by their text, at most some ten thousand pairs.
    """
    passages = _passages(old, new)
    before, after = _by_passage(old), _by_passage(new)
    choices: dict[Spot, Spot] = {}
    for name, other in passages.items():
        choices.update(_choices(before.get(name, []), after.get(other, []), passages))
    return Pairing(passages, choices)


def _texts(story: Story) -> dict[str, str]:
    table = story.table.drop_duplicates("passage_id")
    return dict(zip(table["passage_id"].tolist(), table["text"].tolist(), strict=True))


def _passages(old: Story, new: Story) -> dict[str, str]:
    before, after = _texts(old), _texts(new)
    found = {name: name for name in before if name in after}
    gone = {name: text for name, text in before.items() if name not in after}
    come = {name: text for name, text in after.items() if name not in before}
    for same in (_equal(gone, come), None):
        pairs = _alike(gone, come) if same is None else same
        for name, other in pairs:
            found[name] = other
            del gone[name], come[other]
    if old.start_key is not None and new.start_key is not None:  # both begin the story: one and the same
        name, other = old.name(old.start_key), new.name(new.start_key)
        if name in gone and other in come:
            found[name] = other
    return {name: found[name] for name in before if name in found}


def _equal(gone: Mapping[str, str], come: Mapping[str, str]) -> list[tuple[str, str]]:
    by_text: dict[str, list[str]] = {}
    for name, text in come.items():
        by_text.setdefault(text, []).append(name)
    found = []
    for name, text in gone.items():
        if len(text) >= _SHORT and by_text.get(text):
            found.append((name, by_text[text].pop(0)))
    return found


def _alike(gone: Mapping[str, str], come: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of texts that are mostly the same, the most alike first."""
    scores: list[tuple[float, int, int, str, str]] = []
    if len(gone) * len(come) <= _MOST_COMPARED:
        for at, (name, text) in enumerate(gone.items()):
            matcher = SequenceMatcher(None, autojunk=False)
            matcher.set_seq2(text[:_MOST_CHARACTERS])
            for nth, (other, other_text) in enumerate(come.items()):
                matcher.set_seq1(other_text[:_MOST_CHARACTERS])
                if min(len(text), len(other_text)) < _SHORT or matcher.real_quick_ratio() < _ALIKE:
                    continue
                if matcher.quick_ratio() >= _ALIKE and (score := matcher.ratio()) >= _ALIKE:
                    scores.append((-score, at, nth, name, other))
    found: dict[str, str] = {}
    for *_, name, other in sorted(scores):
        if name not in found and other not in found.values():
            found[name] = other
    return list(found.items())


def _by_passage(story: Story) -> dict[str, list[dict[Hashable, Any]]]:
    found: dict[str, list[dict[Hashable, Any]]] = {}
    for row in story.choices.to_dict("records"):
        if row["kind"] not in _NOT_TAKEN:
            found.setdefault(row["passage_id"], []).append(row)
    return found


def _spot(row: Mapping[Hashable, Any]) -> Spot:
    return row["passage_id"], row["start"], row["stop"]


def _choices(
    before: Sequence[dict[Hashable, Any]], after: Sequence[dict[Hashable, Any]], passages: Mapping[str, str]
) -> dict[Spot, Spot]:
    def label(row: Mapping[Hashable, Any]) -> object:
        return row["label"] if isinstance(row["label"], str) and row["label"] else None

    def target(row: Mapping[Hashable, Any]) -> object:
        return row["target"] if isinstance(row["target"], str) else None

    def target_after(row: Mapping[Hashable, Any]) -> object:
        return passages.get(row["target"], row["target"]) if isinstance(row["target"], str) else None

    left, right = list(before), list(after)
    found: dict[Spot, Spot] = {}
    keys: list[tuple[Callable[[Any], object], Callable[[Any], object]]] = [
        (lambda row: (row["kind"], label(row), target_after(row)), lambda row: (row["kind"], label(row), target(row))),
        (lambda row: label(row) and (row["kind"], label(row)), lambda row: label(row) and (row["kind"], label(row))),
        (lambda row: target_after(row) and (row["kind"], target_after(row)), lambda row: target(row) and (row["kind"], target(row))),
    ]  # fmt: skip
    for old_key, new_key in keys:
        pairs = _matched(left, right, old_key, new_key)
        found.update((_spot(one), _spot(other)) for one, other in pairs)
        left = [row for row in left if _spot(row) not in found]
        taken = set(found.values())
        right = [row for row in right if _spot(row) not in taken]
    return found


def _matched(
    left: Iterable[T], right: Iterable[T], old_key: Callable[[T], object], new_key: Callable[[T], object]
) -> list[tuple[T, T]]:
    waiting: dict[object, list[T]] = {}
    for row in right:
        if (key := new_key(row)) is not None:
            waiting.setdefault(key, []).append(row)
    return [(row, rows.pop(0)) for row in left if (rows := waiting.get(old_key(row), []))]
