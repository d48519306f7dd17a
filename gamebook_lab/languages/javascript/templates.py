"""Templates: JavaScript with pieces of text between its statements, as far as its flow of control is plain.

A template's pieces of text stand among the lexemes as lexemes of the kind ``piece``. Functions with bodies are kept as
:class:`Odd`. Anything else (``switch``, ``try``, ``return`` ...) is not read: :func:`read_statements` then gives None, and
the whole is opaque.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.grammar import STATEMENT_WORDS
from gamebook_lab.languages.javascript.lexemes import Lexeme
from gamebook_lab.languages.javascript.parser import parse_code
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.story.program import Span

__all__ = ["Do", "ForOf", "If", "Loop", "NotPlainError", "Odd", "Piece", "Statement", "expressions", "read_statements"]

MAX_DEPTH: Final = 40
_OPEN: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSE: Final = frozenset(_OPEN.values())


class NotPlainError(Exception):
    """There is something whose flow of control is not read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Where a statement stands."""

    span: Span


@dataclass(frozen=True, slots=True)
class Do(Statement):
    """An expression for its effects; ``declares`` are the names that it makes."""

    node: js.Node
    declares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Odd(Statement):
    """An expression or function that is not read: what stands in its span may do anything."""


@dataclass(frozen=True, slots=True)
class Piece(Statement):
    """A piece of a template's text, by its number."""

    index: int


@dataclass(frozen=True, slots=True)
class If(Statement):
    """``if (test) yes else no``; ``asked`` is all between the brackets."""

    test: js.Node
    asked: Span
    yes: tuple[Statement, ...]
    no: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop(Statement):
    """``while``, or ``for`` with its three parts; no test: for ever. ``asked`` is all between the brackets of ``while``."""

    first: tuple[Statement, ...]
    test: js.Node | None
    after: tuple[Statement, ...]
    body: tuple[Statement, ...]
    asked: Span | None = None


@dataclass(frozen=True, slots=True)
class ForOf(Statement):
    """``for (name of items)``, or of the keys with ``in``."""

    name: str
    items: js.Node
    of_keys: bool
    body: tuple[Statement, ...]


def read_statements(text: str, lexemes: Sequence[Lexeme]) -> tuple[Statement, ...] | None:
    """Read statements; None if there is one that is not plain."""
    reader = _Reader(text, [each for each in lexemes if each.kind != "comment"])
    try:
        return reader.row(is_block=False)
    except NotPlainError:
        return None


def expressions(row: Sequence[Statement]) -> Iterator[js.Node]:
    """Every expression of these statements and of those in them."""
    for each in row:
        match each:
            case Do():
                yield each.node
            case If():
                yield each.test
                yield from expressions((*each.yes, *each.no))
            case Loop():
                yield from () if each.test is None else (each.test,)
                yield from expressions((*each.first, *each.after, *each.body))
            case ForOf():
                yield each.items
                yield from expressions(each.body)


class _Reader:
    def __init__(self, text: str, found: list[Lexeme]) -> None:
        self.text, self.found = text, found
        self.place = 0
        self.depth = 0
        self.declared: set[str] = set()

    def peek(self) -> Lexeme | None:
        return self.found[self.place] if self.place < len(self.found) else None

    def is_at(self, *marks: str) -> bool:
        here = self.peek()
        return here is not None and here.kind in {"operator", "name"} and here.text in marks

    def expect(self, mark: str) -> Lexeme:
        here = self.peek()
        if here is None or here.kind == "piece" or here.text != mark:
            raise NotPlainError
        self.place += 1
        return here

    def row(self, *, is_block: bool) -> tuple[Statement, ...]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotPlainError
        made: list[Statement] = []
        while self.peek() is not None and not (is_block and self.is_at("}")):
            made += self.statement()
        self.depth -= 1
        return tuple(made)

    def body(self) -> tuple[Statement, ...]:
        """A block, or one statement."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotPlainError
        is_block = self.is_at("{")
        made = self.statement()
        if len(made) > 1 and not is_block:
            raise NotPlainError  # lines without semicolons: only the first is the body
        self.depth -= 1
        return made

    def statement(self) -> tuple[Statement, ...]:
        here = self.peek()
        if here is None or (here.kind == "operator" and here.text == "}"):
            raise NotPlainError
        span = Span(here.start, here.stop)
        if here.kind == "piece":
            self.place += 1
            return (Piece(span, int(here.text)),)
        if self.is_at(";"):
            self.place += 1
            return ()
        if self.is_at("{"):
            self.place += 1
            made = self.row(is_block=True)
            self.expect("}")
            return made
        if here.kind == "name" and here.text in _KEYWORDS:
            self.place += 1
            return _KEYWORDS[here.text](self, span)
        if here.kind == "name" and here.text in STATEMENT_WORDS:
            raise NotPlainError
        return self.plain(declares=False)

    def tested(self) -> tuple[js.Node, Span]:
        """``(expression)``, and where it stands between the brackets."""
        start = self.expect("(").stop
        self.place = self.closing(")")
        inside = Span(start, self.found[self.place].start)
        node = self.one(inside)
        self.place += 1
        return node, trim(self.text, inside)

    def closing(self, mark: str) -> int:
        """Where the bracket closes that was opened just before here."""
        waiting = [mark]
        for place in range(self.place, len(self.found)):
            each = self.found[place]
            if each.kind == "piece":
                raise NotPlainError
            if each.kind == "operator" and each.text in _OPEN:
                waiting.append(_OPEN[each.text])
            elif each.kind == "operator" and each.text in _CLOSE:
                if waiting.pop() != each.text:
                    raise NotPlainError
                if not waiting:
                    return place
        raise NotPlainError

    def one(self, span: Span) -> js.Node:
        found = self.several(span)
        if len(found) != 1:
            raise NotPlainError
        return found[0]

    def several(self, span: Span) -> tuple[js.Node, ...]:
        parsed = parse_code(self.text, *span)
        if parsed.problem is not None or any(map(_has_body, parsed.nodes)):
            raise NotPlainError
        return parsed.nodes

    def if_(self, span: Span) -> tuple[Statement, ...]:
        (test, asked), yes = self.tested(), self.body()
        no: tuple[Statement, ...] = ()
        if self.is_at("else"):
            self.place += 1
            no = self.body()
        return (If(span, test, asked, yes, no),)

    def while_(self, span: Span) -> tuple[Statement, ...]:
        test, asked = self.tested()
        return (Loop(span, (), test, (), self.body(), asked),)

    def for_(self, span: Span) -> tuple[Statement, ...]:
        start = self.expect("(").stop
        begun = self.place
        self.place = self.closing(")")
        inside, stop = self.found[begun : self.place], self.found[self.place].start
        self.place += 1
        cuts = [each for each in inside if each.kind == "operator" and each.text == ";"]
        if len(cuts) == 2:
            first = read_statements(self.text, inside[: inside.index(cuts[0])])
            test = self.several(Span(cuts[0].stop, cuts[1].start))
            after = tuple(Do(Span(node.start, node.stop), node) for node in self.several(Span(cuts[1].stop, stop)))
            if first is None or len(test) > 1:
                raise NotPlainError
            return (Loop(span, first, test[0] if test else None, after, self.body()),)
        words = [each for each in inside if each.text not in {"var", "let", "const"}]
        if len(words) < 3 or words[0].kind != "name" or words[1].text not in {"of", "in"}:
            raise NotPlainError
        items = self.one(Span(words[2].start, stop))
        return (ForOf(Span(start, stop), words[0].text, items, words[1].text == "in", self.body()),)

    def declaration(self, span: Span) -> tuple[Statement, ...]:  # noqa: ARG002 - all keywords are read alike
        return self.plain(declares=True)

    def plain(self, *, declares: bool) -> tuple[Statement, ...]:
        """Expressions up to the next semicolon, piece, brace or statement."""
        begun = self.place
        is_function = self.is_at("function")
        while (here := self.peek()) is not None and here.kind != "piece":
            if here.kind == "operator" and here.text in _OPEN:
                self.place += 1
                self.place = self.closing(_OPEN[here.text]) + 1
                if is_function and here.text == "{":
                    break
                continue
            if (here.kind == "operator" and here.text in {";", "}"}) or (
                here.kind == "name" and here.text in STATEMENT_WORDS and not self.is_member()
            ):
                break
            self.place += 1
        if self.place == begun:
            raise NotPlainError
        span = Span(self.found[begun].start, self.found[self.place - 1].stop)
        if self.is_at(";"):
            self.place += 1
        try:
            found = self.several(span)
            names = [_declared(node) for node in found] if declares else []
        except NotPlainError:
            return (Odd(span),)
        return tuple(
            Do(Span(node.start, node.stop), node, names[index] if index == 0 and names else ())
            for index, node in enumerate(found)
        )

    def is_member(self) -> bool:
        """The word stands after a dot or before a colon: it names a member."""
        after = self.found[self.place + 1].text if self.place + 1 < len(self.found) else ""
        return after == ":" or (self.place > 0 and self.found[self.place - 1].text in {".", "?."})


def _declared(node: js.Node) -> tuple[str, ...]:
    """Names in ``a = 1, b``."""
    if isinstance(node, js.Binary) and node.operator == ",":
        return (*_declared(node.left), *_declared(node.right))
    target = node.target if isinstance(node, js.Assign) else node
    if not isinstance(target, js.Name):
        raise NotPlainError
    return (target.name,)


def _has_body(node: js.Node) -> bool:
    """Tell whether there is a function in it whose body is statements."""
    return any(isinstance(each, js.Function) and not each.is_value for each in js.every([node]))


_KEYWORDS: Final = {
    "if": _Reader.if_, "while": _Reader.while_, "for": _Reader.for_, "var": _Reader.declaration,
    "let": _Reader.declaration, "const": _Reader.declaration,
}  # fmt: skip
