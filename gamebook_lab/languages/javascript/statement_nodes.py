"""The syntax tree of JavaScript statements."""

from __future__ import annotations

from dataclasses import dataclass

from gamebook_lab.languages.javascript.nodes import Node


@dataclass(frozen=True, slots=True)
class Block(Node):
    """``{ ... }``, or the body of a function."""

    statements: tuple[Node, ...]

    def _pieces(self) -> tuple[Node, ...]:
        return self.statements


@dataclass(frozen=True, slots=True)
class Declare(Node):
    """``let a = 1``: one name, or a pattern; ``value`` is None where nothing is given."""

    target: Node
    value: Node | None

    def _pieces(self) -> tuple[Node, ...]:
        return (self.target,) if self.value is None else (self.target, self.value)


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if (test) yes else no``."""

    test: Node
    yes: Node
    no: Node | None

    def _pieces(self) -> tuple[Node, ...]:
        return (self.test, self.yes) if self.no is None else (self.test, self.yes, self.no)


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """``for (first; test; step) body``, and ``while``."""

    first: Node | None
    test: Node | None
    step: Node | None
    body: Node
    is_tested_first: bool = True

    def _pieces(self) -> tuple[Node, ...]:
        return tuple(each for each in (self.first, self.test, self.step, self.body) if each is not None)


@dataclass(frozen=True, slots=True)
class Each(Node):
    """``for (let x of items) body``; ``in`` gives keys."""

    target: Node
    source: Node
    body: Node
    is_keys: bool

    def _pieces(self) -> tuple[Node, ...]:
        return (self.target, self.source, self.body)


@dataclass(frozen=True, slots=True)
class Leave(Node):
    """``return value``, ``break`` or ``continue``."""

    how: str
    value: Node | None

    def _pieces(self) -> tuple[Node, ...]:
        return () if self.value is None else (self.value,)


@dataclass(frozen=True, slots=True)
class Define(Node):
    """``function name() { ... }``."""

    name: str
    function: Node

    def _pieces(self) -> tuple[Node, ...]:
        return (self.function,)
