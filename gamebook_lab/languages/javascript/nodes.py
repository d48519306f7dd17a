"""The syntax tree of JavaScript expressions: small frozen records with spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MAX_PATH: Final = 8
"""Longest chain of members that is told as a path; every link of a long chain is asked for its own."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where a piece of an expression stands in the passage's text."""

    start: int
    stop: int

    @property
    def children(self) -> tuple[Node, ...]:
        """The pieces that it is made of, in no order that matters."""
        return self._pieces()

    def _pieces(self) -> tuple[Node, ...]:
        return ()


def every(trees: Iterable[Node]) -> Iterator[Node]:
    """All nodes of some trees, in no order that matters, however deep they are."""
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A plain identifier, or a keyword that stands for a value such as ``this``."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A story variable by its sigil (``$gold``, ``_i``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A string; the span includes its quotes."""

    value: str
    quoting: str
    """``double``, ``single`` or ``backquote``."""


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as written."""

    source: str


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """``true``, ``false``, ``null``, ``undefined``, ``NaN`` or ``Infinity``."""

    name: str


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """A regular expression literal, unread."""


@dataclass(frozen=True, slots=True)
class Template(Node):
    """A template string: ``parts`` alternate with ``strings``, which is one longer."""

    strings: tuple[str, ...]
    parts: tuple[Node, ...]

    def _pieces(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class Array(Node):
    """``[a, b]``; a hole is left out."""

    items: tuple[Node, ...]

    def _pieces(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class Property(Node):
    """``key: value`` of an object; ``key`` is a node where it is computed."""

    key: str | Node
    value: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.value,) if isinstance(self.key, str) else (self.key, self.value)


@dataclass(frozen=True, slots=True)
class Object(Node):
    """``{a: 1, ...b}``; items are properties and spreads."""

    items: tuple[Node, ...]

    def _pieces(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class Spread(Node):
    """``...x``."""

    operand: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """A prefix operator, such as ``!`` or ``typeof``, or SugarCube's ``def``."""

    operator: str
    operand: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Update(Node):
    """``x++`` and its kin."""

    operator: str
    operand: Node
    is_prefix: bool

    def _pieces(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and an operator, logical ones and the comma included."""

    operator: str
    left: Node
    right: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """``test ? yes : no``."""

    test: Node
    yes: Node
    no: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.test, self.yes, self.no)


@dataclass(frozen=True, slots=True)
class Assign(Node):
    """``target = value`` and the compound kinds."""

    operator: str
    target: Node
    value: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.target, self.value)


@dataclass(frozen=True, slots=True)
class Member(Node):
    """``object.name`` (``key`` is the name) or ``object[expression]`` (``key`` is a node)."""

    object: Node
    key: str | Node
    key_start: int
    """Where the name begins, so that it can be coloured or renamed."""
    is_optional: bool = False
    """``?.``: undefined where there is no object."""

    def _pieces(self) -> tuple[Node, ...]:
        return (self.object,) if isinstance(self.key, str) else (self.object, self.key)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call, or ``new``, or a tagged template."""

    callee: Node
    arguments: tuple[Node, ...]
    is_new: bool = False

    def _pieces(self) -> tuple[Node, ...]:
        return (self.callee, *self.arguments)


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A function or arrow function: what its body's statements hold, read loosely."""

    parameters: tuple[str, ...]
    body: tuple[Node, ...]
    inputs: tuple[Node, ...] = ()
    """The parameters in order, as patterns."""
    is_value: bool = False
    """An arrow function whose body is one expression."""

    def _pieces(self) -> tuple[Node, ...]:
        return self.body


def path(node: Node) -> str:
    """Dotted name of a chain of plain members (``Engine.play``), without ``window.`` and ``SugarCube.``; else empty."""
    names: list[str] = []
    while isinstance(node, Member) and isinstance(node.key, str) and len(names) < MAX_PATH:
        names.append(node.key)
        node = node.object
    if not isinstance(node, Name):
        return ""
    names.append(node.name)
    names.reverse()
    while len(names) > 1 and names[0] in {"window", "SugarCube", "globalThis"}:
        del names[0]
    return ".".join(names)
