"""Folds faces that one rule of paper covers: the same words and choices, whatever the number in the purse is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import starmap
from typing import TypeVar

from gamebook_lab.analysis.paper.book import is_number
from gamebook_lab.analysis.paper.faces import KEEP, Face, Forms, Going, Leaf, Node, Text, Tree, Way, key_of
from gamebook_lab.story.frozen import UNSET, Value

__all__ = ["common", "fold", "hoisted", "leaves", "merged_text"]

T = TypeVar("T")


def fold(tree: Tree) -> Tree:
    """Fold a tree as far as it goes. Each face that it had is still covered, exactly."""
    if isinstance(tree, Leaf):
        return tree
    return _grouped(tree.variable, [(values, fold(child)) for values, child in tree.children])


def leaves(tree: Tree) -> list[Leaf]:
    """All leaves, from left to right."""
    if isinstance(tree, Leaf):
        return [tree]
    return [leaf for _, child in tree.children for leaf in leaves(child)]


def _grouped(variable: str, children: Sequence[tuple[tuple[Value, ...], Tree]]) -> Tree:
    """Put values that lead to the same into groups; those of a counter are ranges. Where one is left, nothing is asked."""
    is_counted = all(value is UNSET or is_number(value) for values, _ in children for value in values)
    if is_counted:
        children = sorted(children, key=lambda child: _rank(child[0][0]))
    groups: list[tuple[tuple[Value, ...], Tree]] = []
    for values, child in children:
        candidates = range(len(groups) - 1, max(-1, len(groups) - 2), -1) if is_counted else range(len(groups))
        for at in candidates:
            merged = _merged(groups[at][1], child)
            if merged is not None:
                groups[at] = (groups[at][0] + values, merged)
                break
        else:
            groups.append((values, child))
    return groups[0][1] if len(groups) == 1 else Node(variable, tuple(groups))


def _rank(value: Value) -> float:
    return float("-inf") if value is UNSET else float(value)  # type: ignore[arg-type]


def _merged(one: Tree, other: Tree) -> Tree | None:
    """One tree that says what both say; None if there is none.

    A leaf and a node only become a leaf: where nobody asked for the variable, it may not be known.
    """
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return _merged_leaf(one, other)
    if isinstance(one, Node) and isinstance(other, Node):
        return _merged_node(one, other) if one.variable == other.variable else None
    together: Leaf | None = one if isinstance(one, Leaf) else other if isinstance(other, Leaf) else None
    for leaf in leaves(other if isinstance(one, Leaf) else one):
        together = None if together is None else _merged_leaf(together, leaf)
    return together


def _merged_node(one: Node, other: Node) -> Tree | None:
    by_key: dict[object, tuple[Value, Tree]] = {}
    for values, child in (*one.children, *other.children):
        for value in values:
            before = by_key.get(key_of(value))
            merged = child if before is None else _merged(before[1], child)
            if merged is None:
                return None
            by_key[key_of(value)] = (value, merged)
    return _grouped(one.variable, [((value,), child) for value, child in by_key.values()])


def _merged_leaf(one: Leaf, other: Leaf) -> Leaf | None:
    faces = _each(_merged_face, one.faces, other.faces)
    return None if faces is None else Leaf(faces)


def _merged_face(one: Face, other: Face) -> Face | None:
    if one.weight != other.weight:
        return None
    text = merged_text(one.text, other.text)
    reveals = _each(merged_text, one.reveals, other.reveals)
    ways = _each(_merged_way, one.ways, other.ways)
    if text is None or reveals is None or ways is None:
        return None
    face = Face(text, reveals, ways, one.weight)
    return face if hoisted(face) is not None else None


def _merged_way(one: Way, other: Way) -> Way | None:
    label = merged_text(one.label, other.label)
    goings = _each(_merged_going, one.goings, other.goings)
    if label is None or goings is None or one.is_silent != other.is_silent:
        return None
    return Way(label, one.is_silent, goings)


def _merged_going(one: Going, other: Going) -> Going | None:
    if one.to != other.to or one.weight != other.weight:
        return None
    writes = {}
    for name in one.writes.keys() | other.writes.keys():
        forms = one.writes.get(name, KEEP) & other.writes.get(name, KEEP)
        if not forms:
            return None
        writes[name] = forms
    return Going(one.to, one.is_missing, writes, one.weight)


def merged_text(one: Text, other: Text) -> Text | None:
    """One text that says what both say; None if there is none."""
    if len(one) != len(other):
        return None
    pieces = []
    for left, right in zip(one, other, strict=True):
        if isinstance(left, str) or isinstance(right, str):
            if left != right:
                return None
            pieces.append(left)
        else:
            both = left & right
            if not both:
                return None
            pieces.append(both)
    return tuple(pieces)


def _each(merge: Callable[[T, T], T | None], one: Sequence[T], other: Sequence[T]) -> tuple[T, ...] | None:
    if len(one) != len(other):
        return None
    merged = tuple(starmap(merge, zip(one, other, strict=True)))
    return None if any(each is None for each in merged) else merged  # type: ignore[return-value]


def common(all_forms: Iterable[Forms]) -> Forms:
    """What can be said of all of them."""
    return reduce(frozenset.intersection, all_forms)


def hoisted(face: Face) -> dict[str, Forms] | None:
    """Find what is written down on arriving, whatever is chosen then: to stand above the text.

    A variable whose old value the text shows is not among them. None: the text shows both its old and its new value.
    """
    goings = [going for way in face.ways for going in way.goings if going.to is not None and not going.is_missing]
    names = {name for going in goings for name in going.writes}
    found = {}
    for name in sorted(names):
        forms = common(going.writes.get(name, KEEP) for going in goings) - KEEP
        if forms and all(name in going.writes for going in goings):
            found[name] = forms
    tokens = [
        piece
        for text in (face.text, *face.reveals, *(way.label for way in face.ways))
        for piece in text
        if not isinstance(piece, str)
    ]
    for _ in range(len(found) + 1):
        wrong = [piece for piece in tokens if not any(_is_so(each.kind, each.what, found) for each in piece)]
        late = {each.what for piece in wrong for each in piece if each.kind == "before" and each.what in found}
        if not late:
            return None if wrong else found
        for name in late:
            del found[name]
    return None


def _is_so(kind: str, what: str, written: dict[str, Forms]) -> bool:
    """Tell whether a candidate for a number holds, if these variables are written down above the text."""
    return kind == "word" or (kind == "after") == (what in written)
