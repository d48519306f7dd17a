"""What the state graph says of each place, as trees: which values are asked for, and what the reader is then faced with.

Everything that could be said of a face in more than one way is kept as a set of candidates. A number in the text may be
just that number, or what the sheet says of a variable; a value that is written may be *set to 5* or *add 2*. Folding
(``folding``) intersects these sets: what is left at the end is true of all that was folded together.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from gamebook_lab.analysis.paper.book import is_number
from gamebook_lab.engine.situations import Branch, Click, Leading, Location, Outcome
from gamebook_lab.engine.space import Space
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value, exact
from gamebook_lab.story.play import Page

__all__ = [
    "KEEP", "Domains", "Face", "Form", "Forms", "Going", "Leaf", "Node", "Text", "Token", "Tree", "Way", "key_of", "labels_of", "prose", "read_trees",
]  # fmt: skip

_NUMBERS: Final = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)")


class Token(NamedTuple):
    """One thing that a number in a text may be."""

    kind: Literal["word", "before", "after"]
    """Itself; or a variable's value before, or after, what is written down in the section."""
    what: str


Text: TypeAlias = "tuple[str | frozenset[Token], ...]"


class Form(NamedTuple):
    """One way to say what happens to a variable. ``key`` stands for the value exactly, so that forms can be compared."""

    kind: Literal["keep", "set", "add", "copy"]
    key: Hashable = None
    value: Value = None


Forms: TypeAlias = "frozenset[Form]"
KEEP: Final[Forms] = frozenset([Form("keep")])


class Going(NamedTuple):
    """One outcome of a choice."""

    to: Location
    is_missing: bool
    writes: Mapping[str, Forms]
    """Of variables that live on there; others keep their value, or don't matter any more."""
    weight: Fraction


class Way(NamedTuple):
    """One choice; without a label the story moves on by itself."""

    label: Text
    is_silent: bool
    goings: tuple[Going, ...]


class Face(NamedTuple):
    """What one way of arriving shows."""

    text: Text
    reveals: tuple[Text, ...]
    ways: tuple[Way, ...]
    weight: Fraction


class Leaf(NamedTuple):
    """Everything that may be faced, by chance; mostly one."""

    faces: tuple[Face, ...]


class Node(NamedTuple):
    """A variable is asked for."""

    variable: str
    children: tuple[tuple[tuple[Value, ...], Tree], ...]


Tree: TypeAlias = "Leaf | Node"


def key_of(value: Value) -> Hashable:
    """Make a key for a value; numbers are told apart by what they count, not by their type."""
    if is_number(value):
        assert isinstance(value, (int, float))
        return ("number", float(value))
    return exact(value)


class Domains:
    """The values that each variable has in some state, blanks and ``false`` taken for one where nothing tells them apart."""

    def __init__(self, space: Space) -> None:
        self.values: dict[str, tuple[Value, ...]] = {}
        for name, known in space.values_by_field.items():
            numbers = np.unique(space.numbers(name))
            self.values[name] = tuple(known[number] for number in numbers.tolist() if number)

    def is_counter(self, variable: str) -> bool:
        """Tell whether it is counted on the sheet: more than two values, all of them numbers (or blank)."""
        values = self.values.get(variable, ())
        return len(values) > 2 and all(value is UNSET or is_number(value) for value in values)


def labels_of(ways: tuple[Leading, ...]) -> list[str]:
    """What can be clicked, as shown."""
    return [way.clicks[-1].offer.label for way in ways if way.clicks]


def prose(text: str, ways: tuple[Leading, ...], others: tuple[Click, ...]) -> str:
    """Leave out the lines that only repeat what is listed as choices below."""
    left = [label.strip() for label in labels_of(ways)] + [click.offer.label.strip() for click in others]
    left += [click.offer.label.strip() for way in ways for click in way.clicks[:-1]]
    lines = []
    for line in text.split("\n"):
        if line.strip() and line.strip() in left:
            left.remove(line.strip())
        else:
            lines.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def read_trees(space: Space, domains: Domains) -> dict[Location, Tree]:
    """Make the tree of every place that a reader comes to, in the order in which they are first reached."""
    table, fields = space.explorer.table, space.explorer.fields
    met = set(np.unique(space.situation).tolist())
    live = table.live()
    number = {place: at for at, place in enumerate(table.locations)}
    reading = _Reading(space, domains, live, number)

    def walk(entry: int, asked: dict[str, Value]) -> Tree | None:
        if entry < 0:
            situation = -1 - entry
            return reading.leaf(situation, asked) if situation in met else None
        variable = fields.names[table.node_field[entry] - 1]
        known = fields.interned[table.node_field[entry]].known
        first, size = table.node_child[entry], table.node_size[entry]
        children = []
        for value in range(min(size, len(known))):
            below = table.child[first + value]
            tree = walk(below, {**asked, variable: known[value]}) if below else None
            if tree is not None:
                children.append(((known[value],), tree))
        return Node(variable, tuple(children)) if children else None

    trees: dict[Location, Tree] = {}
    for at in dict.fromkeys(space.location.tolist()):
        tree = walk(table.root[at], {})
        if tree is not None:
            trees[table.locations[at]] = tree
    return trees


class _Reading:
    """Turns situations into leaves."""

    def __init__(self, space: Space, domains: Domains, live: np.ndarray, number: Mapping[str | Page, int]) -> None:
        self.space, self.domains, self.live, self.number = space, domains, live, number
        self.names = space.explorer.plan.names
        self.field = space.explorer.fields.numbers

    def leaf(self, situation: int, asked: Mapping[str, Value]) -> Leaf:
        branches = self.space.explorer.table.situations[situation].branches
        return Leaf(tuple(self._face(branch, asked) for branch in branches))

    def _face(self, branch: Branch, asked: Mapping[str, Value]) -> Face:
        outcomes = [outcome for way in branch.ways for outcome in way.outcomes]
        later = dict(asked)
        for name in {name for outcome in outcomes for name, _ in outcome.writes}:
            values = [dict(outcome.writes).get(name, asked.get(name, UNKNOWN)) for outcome in outcomes]
            if len({key_of(value) for value in values}) == 1:
                later[name] = values[0]
        said = branch.texts[0] if branch.texts else ""
        reveals = _revealed(branch)
        return Face(
            self._text(prose(said, branch.ways, branch.others), asked, later),
            tuple(self._text(each, asked, later) for each in reveals),
            tuple(self._way(way, asked, later) for way in branch.ways),
            branch.weight,
        )

    def _way(self, way: Leading, asked: Mapping[str, Value], later: Mapping[str, Value]) -> Way:
        label = way.clicks[-1].offer.label if way.clicks else ""
        goings = tuple(self._going(outcome, asked) for outcome in way.outcomes)
        return Way(self._text(label, asked, later), not way.clicks, goings)

    def _going(self, outcome: Outcome, asked: Mapping[str, Value]) -> Going:
        to = outcome.to
        is_missing = isinstance(to, str) and to not in self.names
        writes: dict[str, Forms] = {}
        if to is not None and not is_missing:
            at = self.number[to]
            for name, value in outcome.writes:
                if self.live[at, self.field[name]]:
                    writes[name] = self._forms(name, value, asked)
        return Going(to, is_missing, writes, outcome.weight)

    def _forms(self, name: str, value: Value, asked: Mapping[str, Value]) -> Forms:
        forms = {Form("set", key_of(value), value)}
        old = asked.get(name, UNKNOWN)
        if key_of(old) == key_of(value):
            forms.add(Form("keep"))
        if self.domains.is_counter(name) and is_number(value):
            assert isinstance(value, (int, float))
            if old is UNSET or is_number(old):
                added = value - (0 if old is UNSET else old)  # type: ignore[operator]
                forms.add(Form("add", float(added), added))
            for other, there in asked.items():
                if other != name and self.domains.is_counter(other) and key_of(there) == key_of(value):
                    forms.add(Form("copy", other, other))
        return frozenset(forms)

    def _text(self, text: str, asked: Mapping[str, Value], later: Mapping[str, Value]) -> Text:
        pieces: list[str | frozenset[Token]] = []
        for at, piece in enumerate(_NUMBERS.split(text)):
            if at % 2 == 0:
                pieces.append(piece)
                continue
            tokens = {Token("word", piece)}
            kinds: tuple[tuple[Literal["before", "after"], Mapping[str, Value]], ...] = (
                ("before", asked),
                ("after", later),
            )
            for kind, values in kinds:
                for name, value in values.items():
                    if self.domains.is_counter(name) and is_number(value) and str(value) == piece:
                        tokens.add(Token(kind, name))
            pieces.append(frozenset(tokens))
        return tuple(pieces)


def _revealed(branch: Branch) -> list[str]:
    """Lines that only appear when something is clicked, each click's together."""
    seen = set(branch.texts[0].split("\n")) if branch.texts else set()
    found = []
    for text in branch.texts[1:]:
        new = [line for line in text.split("\n") if line not in seen]
        seen.update(new)
        if said := prose("\n".join(new), branch.ways, branch.others):
            found.append(said)
    return found
