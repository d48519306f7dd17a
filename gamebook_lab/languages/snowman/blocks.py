"""Which conditions enclose which place, where ``<% if (x) { %>`` and ``<% } %>`` stand in different snippets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gamebook_lab.languages.javascript.lexemes import Lexeme
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.story.program import Condition, Span

MAX_DEPTH: Final = 64
"""Blocks inside each other whose conditions are told apart."""


@dataclass(slots=True)
class _Block:
    conditions: tuple[Condition, ...]
    chain: tuple[Condition, ...] = ()
    """Conditions of this ``if`` and of those before it, for the ``else`` that may follow."""


@dataclass(slots=True)
class Blocks:
    """The braces that are open, followed over all snippets of a passage."""

    text: str
    is_too_deep: bool = False
    stray: list[Span] = field(default_factory=list)
    """Closing braces that close nothing."""
    asked: list[Condition] = field(default_factory=list)
    """Every condition."""
    _open: list[_Block] = field(default_factory=list)
    _closed: tuple[Condition, ...] = ()
    _starts: list[int] = field(default_factory=lambda: [0])
    _conditions: list[tuple[Condition, ...]] = field(default_factory=lambda: [()])

    def at(self, place: int) -> tuple[Condition, ...]:
        """The conditions that enclose a place of the text that was read."""
        return self._conditions[bisect_right(self._starts, place) - 1]

    @property
    def depth(self) -> int:
        """How many braces are open."""
        return len(self._open)

    def read(self, found: Sequence[Lexeme]) -> list[Span]:
        """Follow one snippet; return the spans of its conditions."""
        found = [lexeme for lexeme in found if lexeme.kind != "comment"]
        closers = _matching(found)
        spans: list[Span] = []
        chain: tuple[Condition, ...] = ()
        own: Condition | None = None
        index = 0
        while index < len(found):
            lexeme = found[index]
            if lexeme.kind == "name" and lexeme.text == "else":
                chain = self._closed
            elif lexeme.kind == "name" and lexeme.text in {"if", "while"} and index + 1 in closers:
                close = closers[index + 1]
                own = self._condition(found[index + 1].stop, found[close].start)
                spans.append(own.span)
                index = close
            elif lexeme.kind == "operator" and lexeme.text == "{":
                self._push(lexeme.stop, chain, own)
                chain, own = (), None
            elif lexeme.kind == "operator" and lexeme.text == "}":
                self._pop(lexeme)
            elif lexeme.text == ";":
                chain, own = (), None
            index += 1
        return spans

    def _condition(self, start: int, stop: int) -> Condition:
        span = trim(self.text, Span(start, stop))
        self.asked.append(Condition(self.text[span.start : span.stop], is_negated=False, span=span))
        return self.asked[-1]

    def _push(self, place: int, chain: tuple[Condition, ...], own: Condition | None) -> None:
        self._closed = ()
        here = tuple(each._replace(is_negated=True) for each in chain) + (() if own is None else (own,))
        outer = self._open[-1].conditions if self._open else ()
        if len(outer) + len(here) > MAX_DEPTH:
            self.is_too_deep = True
            here = ()
        follows = chain if own is None or len(chain) >= MAX_DEPTH else (*chain, own)
        self._open.append(_Block(outer + here, follows))
        self._mark(place)

    def _pop(self, lexeme: Lexeme) -> None:
        if not self._open:
            self.stray.append(Span(lexeme.start, lexeme.stop))
            return
        self._closed = self._open.pop().chain
        self._mark(lexeme.stop)

    def _mark(self, place: int) -> None:
        self._starts.append(place)
        self._conditions.append(self._open[-1].conditions if self._open else ())


def _matching(found: Sequence[Lexeme]) -> dict[int, int]:
    """For each opening round bracket, the index of the one that closes it."""
    closers: dict[int, int] = {}
    waiting: list[int] = []
    for index, lexeme in enumerate(found):
        if lexeme.kind == "operator" and lexeme.text == "(":
            waiting.append(index)
        elif lexeme.kind == "operator" and lexeme.text == ")" and waiting:
            closers[waiting.pop()] = index
    return closers
