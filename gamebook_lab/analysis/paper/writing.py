"""Writes folded faces down as sections. Sections are counted from 0 in the order in which they are reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import starmap
from math import lcm
from typing import Final

from gamebook_lab.analysis.paper.book import Effect, Exit, Piece, Section, Slot
from gamebook_lab.analysis.paper.faces import Domains, Face, Form, Forms, Going, Leaf, Node, Text, Tree, Way, key_of
from gamebook_lab.analysis.paper.folding import hoisted, leaves, merged_text
from gamebook_lab.analysis.paper.guarding import Choice, Path, guarded, test_of
from gamebook_lab.engine.situations import Location
from gamebook_lab.story.play import Page

__all__ = ["MOST_VARIANTS", "Writing"]

MOST_VARIANTS: Final = 64
"""Faces that one passage may have on paper after folding."""
_FLAT: Final = 6
_PREFERENCE: Final = ("keep", "set", "add", "copy")


@dataclass(slots=True)
class Writing:
    """Collects sections; :meth:`entry` is asked for a place's section and has it written when it is first met."""

    trees: Mapping[Location, Tree]
    domains: Domains
    sections: list[Section] = field(default_factory=list)
    entries: dict[Location, int] = field(default_factory=dict)
    too_many: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Passages that have more variants than paper holds, with the variables that they ask for."""
    _waiting: list[Location] = field(default_factory=list)
    _same: dict[Section, int] = field(default_factory=dict)

    def write(self, start: Location) -> list[Section]:
        """Write all that can be reached from a place; its section is the first."""
        self.entry(start)
        while self._waiting:
            place = self._waiting.pop(0)
            self._place(place, self.trees[place])
        return self.sections

    def begin(self, ways: Sequence[tuple[Location, tuple[Effect, ...], Fraction]]) -> list[Section]:
        """Write a story whose very beginning is drawn: the first section is the draw."""
        number = self._reserve()
        exits = [
            Exit(self.entry(place), effects=effects, share=share)
            for (place, effects, _), share in zip(ways, _shares([way[2] for way in ways]), strict=True)
        ]
        self.sections[number] = Section(number, "draw", "", exits=tuple(exits))
        while self._waiting:
            place = self._waiting.pop(0)
            self._place(place, self.trees[place])
        return self.sections

    def entry(self, place: Location) -> int:
        """Section where a place begins."""
        if place not in self.entries:
            self.entries[place] = self._reserve()
            self._waiting.append(place)
        return self.entries[place]

    def _reserve(self) -> int:
        self.sections.append(Section(len(self.sections), "read", ""))
        return len(self.sections) - 1

    # ---- one place

    def _place(self, place: Location, tree: Tree) -> None:
        passage = place.passage if isinstance(place, Page) else str(place)
        if len(leaves(tree)) > MOST_VARIANTS:
            self.too_many[passage] = tuple(dict.fromkeys(_asked(tree)))
            return
        self._tree(self.entries[place], passage, tree)

    def _tree(self, number: int, passage: str, tree: Tree) -> None:
        if isinstance(tree, Leaf):
            self._leaf(passage, tree, number)
            return
        paths = list(_paths(tree))
        if (section := self._together(number, passage, paths)) is not None:
            self.sections[number] = section
        elif len(paths) <= _FLAT:
            exits = []
            for at, (tests, leaf) in enumerate(paths):
                last = at == len(paths) - 1
                to = self._leaf(passage, leaf)
                exits.append(Exit(to, tests=() if last else tuple(test_of(*each, self.domains) for each in tests)))
            self.sections[number] = Section(number, "route", passage, exits=tuple(exits))
        else:
            exits = []
            for at, (values, child) in enumerate(tree.children):
                last = at == len(tree.children) - 1
                others = tuple(value for other, _ in tree.children for value in other if other is not values)
                to = self._leaf(passage, child) if isinstance(child, Leaf) else self._reserve()
                exits.append(Exit(to, tests=() if last else (test_of(tree.variable, values, others, self.domains),)))
                if not isinstance(child, Leaf):
                    self._tree(to, passage, child)
            self.sections[number] = Section(number, "route", passage, exits=tuple(exits))

    def _leaf(self, passage: str, leaf: Leaf, number: int | None = None) -> int:
        """Write a leaf into a section; without a number, into a new one, or into the one that says just the same."""
        if len(leaf.faces) == 1:
            section = self._face(passage, leaf.faces[0])
        else:
            tos = [self._leaf(passage, Leaf((face,))) for face in leaf.faces]
            shares = _shares([face.weight for face in leaf.faces])
            section = Section(0, "draw", passage, exits=tuple(starmap(_drawn, zip(tos, shares, strict=True))))
        if number is None:
            number = self._same.get(section)
            if number is None:
                number = self._same[section] = self._reserve()
        self.sections[number] = replace(section, number=number)
        return number

    def _face(self, passage: str, face: Face) -> Section:
        written = hoisted(face)
        assert written is not None, "a face that cannot be written was folded"
        exits = tuple(self._exit(way, written, passage) for way in face.ways)
        return Section(
            0, "read", passage, _pieces(face.text, written), tuple(_pieces(each, written) for each in face.reveals),
            tuple(_effect(name, forms) for name, forms in written.items()), exits,
        )  # fmt: skip

    def _exit(self, way: Way, written: Mapping[str, Forms], passage: str) -> Exit:
        label = () if way.is_silent else _pieces(way.label, written)
        if len(way.goings) == 1:
            return replace(self._going(way.goings[0], written), label=label)
        shares = _shares([going.weight for going in way.goings])
        exits = tuple(
            replace(self._going(going, written), share=share) for going, share in zip(way.goings, shares, strict=True)
        )
        section = Section(0, "draw", passage, exits=exits)
        number = self._same.get(section)
        if number is None:
            number = self._same[section] = self._reserve()
            self.sections[number] = replace(section, number=number)
        return Exit(number, label)

    def _going(self, going: Going, written: Mapping[str, Forms]) -> Exit:
        if going.is_missing or going.to is None:
            return Exit(None, missing=str(going.to))
        own = {name: forms for name, forms in going.writes.items() if name not in written}
        effects = tuple(_effect(name, forms) for name, forms in sorted(own.items()) if not _keeps(forms))
        return Exit(self.entry(going.to), effects=effects)

    # ---- several faces in one section

    def _together(self, number: int, passage: str, paths: Sequence[tuple[Path, Leaf]]) -> Section | None:
        """One section with conditional choices, where the words are the same and each choice hangs on few tests."""
        faces = [leaf.faces[0] for _, leaf in paths]
        if any(len(leaf.faces) > 1 for _, leaf in paths) or any(
            len(way.goings) > 1 or way.is_silent for face in faces for way in face.ways
        ):
            return None
        text: Text | None = faces[0].text
        for face in faces[1:]:
            text = None if text is None else merged_text(text, face.text)
        if text is None:
            return None
        faces = [face._replace(text=text) for face in faces]
        found_effects = [hoisted(face) for face in faces]
        if None in found_effects:
            return None
        written = [each or {} for each in found_effects]
        shown = [
            (
                _pieces(face.text, each),
                tuple(_pieces(r, each) for r in face.reveals),
                tuple(_effect(*item) for item in each.items()),
            )
            for face, each in zip(faces, written, strict=True)
        ]
        asked = {name for path, _ in paths for name, _, _ in path}
        if any(each != shown[0] for each in shown) or asked & written[0].keys():
            return None
        lists = [[_choice(way, each) for way in face.ways] for face, each in zip(faces, written, strict=True)]
        found = guarded([path for path, _ in paths], lists, self.domains)
        if found is None:
            return None
        exits = []
        for choice, tests in found:
            way, each = choice.way
            exits.append(replace(self._exit(way, each, passage), tests=tests))
        return Section(number, "read", passage, *shown[0], exits=tuple(exits))


def _choice(way: Way, written: Mapping[str, Forms]) -> Choice:
    going = way.goings[0]
    own = sorted((name, forms) for name, forms in going.writes.items() if name not in written)
    effects = tuple(_effect(name, forms) for name, forms in own if not _keeps(forms))
    identity = (
        _pieces(way.label, written),
        going.to,
        tuple((each.variable, each.kind, key_of(each.value)) for each in effects),
    )
    return Choice(identity, (way, written))


def _asked(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Node):
        yield tree.variable
        for _, child in tree.children:
            yield from _asked(child)


def _paths(tree: Tree) -> Iterator[tuple[Path, Leaf]]:
    """Every leaf with what was asked on the way: variable, its values here, and those of the later groups beside it."""
    if isinstance(tree, Leaf):
        yield (), tree
        return
    for values, child in tree.children:
        others = tuple(value for other, _ in tree.children for value in other if other is not values)
        for path, leaf in _paths(child):
            yield ((tree.variable, values, others), *path), leaf


def _pieces(text: Text, written: Mapping[str, Forms]) -> tuple[Piece, ...]:
    """Take for each number itself if it is always the same, else what the sheet says."""
    pieces: list[Piece] = []
    for piece in text:
        if isinstance(piece, str):
            said: Piece = piece
        else:
            words = [token.what for token in piece if token.kind == "word"]
            slots = sorted(
                token.what
                for token in piece
                if token.kind != "word" and (token.kind == "after") == (token.what in written)
            )
            said = words[0] if words else Slot(slots[0])
        if isinstance(said, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += said
        elif said != "":
            pieces.append(said)
    return tuple(pieces)


def _keeps(forms: Forms) -> bool:
    return any(form.kind == "keep" for form in forms)


def _effect(name: str, forms: Forms) -> Effect:
    """Choose how to say it: an addition where there is something to add to, else the new value."""
    by_kind: dict[str, Form] = {form.kind: form for form in sorted(forms, key=lambda form: (form.kind, str(form.key)))}
    added = by_kind.get("add")
    if added is not None and added.value and len(by_kind) > 1 and not _is_nothing(by_kind.get("set")):
        return Effect(name, "add", added.value)
    kind = next(kind for kind in _PREFERENCE if kind in by_kind)
    assert kind != "keep"
    return Effect(name, kind, by_kind[kind].value)


def _is_nothing(form: Form | None) -> bool:
    return form is not None and key_of(form.value) == key_of(0)


def _drawn(to: int, share: int) -> Exit:
    return Exit(to, share=share)


def _shares(weights: Sequence[Fraction]) -> list[int]:
    """Weights as whole numbers, as small as they get."""
    total = sum(weights, Fraction(0))
    exact = [weight / total for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return [int(weight * scale) for weight in exact]
