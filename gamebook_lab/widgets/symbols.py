"""What stands at a place of a text: a passage, a variable, a macro; where it is defined, and where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal, NamedTuple

from gamebook_lab.story.program import Span
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.editor_messages import Use
from gamebook_lab.widgets.passage_facts import reference_at

__all__ = ["MOST_USES", "Symbol", "definition_of", "only_at", "places_of", "symbol_at", "uses_of"]

MOST_USES: Final = 300
"""Uses that are listed; how many there are is counted nevertheless."""
_AROUND: Final = 40
_MACRO: Final = re.compile(r"(?:<<\s{0,3}/?|\()(\$?[\w-]{1,80})(?=[\s>:]|$)")
_WINDOW: Final = 90


class Symbol(NamedTuple):
    """Something with a name."""

    kind: Literal["passage", "variable", "macro"]
    name: str


class Place(NamedTuple):
    """One use: ``how`` is ``named``, ``read``, ``set`` or ``called``."""

    key: int
    span: Span
    how: str


def symbol_at(story: Story, key: int, at: int) -> Symbol | None:
    """Tell what stands at (or just before) a place in a passage; None: nothing that has a name."""
    for access in story.program(key).accesses:
        if access.span.start <= at <= access.span.stop:
            return Symbol("variable", access.variable)
    text, first = story.text(key), max(0, at - _WINDOW)
    for found in _MACRO.finditer(text, first, min(len(text), at + _WINDOW)):
        if found.start(1) <= at <= found.end(1) and definition_of(story, Symbol("macro", found[1])) is not None:
            return Symbol("macro", found[1])
    name = reference_at(story, key, at)
    return None if name is None else Symbol("passage", name)


def definition_of(story: Story, symbol: Symbol) -> tuple[int, Span] | None:
    """Where it is: a passage itself; where a variable is first set, start-up code first; where a macro is made."""
    if symbol.kind == "passage":
        keys = story.keys_by_name.get(symbol.name)
        return (keys[0], Span(0, 0)) if keys else None
    if symbol.kind == "macro":
        for key, program in story.programs.items():
            if symbol.name in program.definitions:
                at = max(0, story.text(key).find(symbol.name))
                return key, Span(at, at + len(symbol.name))
        return None
    kinds = story.table["kind"]
    writes = [place for place in places_of(story, symbol) if place.how == "set"]
    first = min(writes, key=lambda place: kinds.at[place.key] == "story", default=None)
    return None if first is None else (first.key, first.span)


def places_of(story: Story, symbol: Symbol) -> Iterator[Place]:
    """Every place that uses it, in story order."""
    if symbol.kind == "variable":
        for key in story.uses.keys.get(symbol.name, ()):
            for access in story.program(key).accesses:
                if access.variable == symbol.name:
                    yield Place(key, access.span, "set" if access.kind == "write" else "read")
    elif symbol.kind == "passage":
        for key in story.mentions.keys.get(symbol.name, ()):
            for reference in story.program(key).references:
                if reference.name == symbol.name:
                    yield Place(key, reference.slot.span, "named")
    else:
        for key, text in zip(story.table.index.tolist(), story.table["text"].tolist(), strict=True):
            if symbol.name in text:
                for found in _MACRO.finditer(text):
                    if found[1] == symbol.name:
                        yield Place(key, Span(*found.span(1)), "called")


def only_at(story: Story, key: int, at: int) -> set[str]:
    """Variables that stand at a place of a passage and nowhere else: words that are only being typed."""
    here = {access.variable for access in story.program(key).accesses if access.span.start <= at <= access.span.stop}
    return {name for name in here if len(list(islice(places_of(story, Symbol("variable", name)), 2))) == 1}


def uses_of(story: Story, symbol: Symbol) -> tuple[list[Use], int]:
    """Rows to show, at most :data:`MOST_USES`, and how many uses there are."""
    rows, n = [], 0
    for key, (start, stop), how in places_of(story, symbol):
        n += 1
        if n <= MOST_USES:
            text = story.text(key)
            before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
            after = text[stop : stop + _AROUND].partition("\n")[0]
            rows.append(
                Use(
                    key=key, name=safe_text(story.name(key)), how=how, before=safe_text(before),
                    what=safe_text(text[start:stop]), after=safe_text(after), start=start, stop=stop,
                )
            )  # fmt: skip
    return rows, n
