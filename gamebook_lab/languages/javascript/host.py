"""What code asks of the one who runs it: names, chance, doubt, and how far it may go.

A story format makes a :class:`Host` of its own for every run: it looks names up (story variables by the name that the
tree has: ``$gold``, ``gold``; functions and objects of its own too), keeps what is written, and hears of everything
that nobody knows. It never has to touch the evaluator.
"""

# ruff: noqa: ARG002 - members of every kind of object have one signature

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Final

from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

MISSING: Final = object()
"""What :meth:`Host.lookup` gives for a name that it does not know."""
MAX_CALLS: Final = 200
"""Functions that call each other so deep; deeper is given up."""
MAX_WEIGHT: Final = 1_000
"""The same of the expressions in each other that these functions consist of: each takes several calls of Python's, so that 200
functions of long expressions would meet its limit."""


class Host(ABC):
    """One run: subclass it."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        """Names that functions and blocks have of their own."""
        self.spoiled: dict[int, Any] = {}
        """Arrays and objects of which nobody knows any more what is in them, by ``id``."""
        self.calls = 0
        """Functions of the story's that are being called inside each other."""
        self.weight = 0
        """How deeply what is written in these nests, all told."""

    @abstractmethod
    def lookup(self, name: str) -> Any:
        """Value of a variable, function or object; :data:`MISSING` if there is none (so its value is unknown)."""

    @abstractmethod
    def store(self, name: str, value: Any) -> None:
        """Give a variable a value; it may be changed in place later."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Forget a variable."""

    @abstractmethod
    def tick(self) -> None:
        """Count a step of work."""

    @abstractmethod
    def either(self, n: int, what: str, span: Span) -> int:
        """Take one of the ways that a decision nobody knows may go."""

    @abstractmethod
    def chance(self, weights: Sequence[int]) -> int:
        """Draw."""

    @abstractmethod
    def stray(self, what: str, span: Span) -> Any:
        """Hear that something was called that nobody knows: it may do anything. Gives what it came to."""

    def give_up(self, what: str, span: Span) -> Any:
        """Hear that something goes too far to be followed: it may do anything. Gives what it came to."""
        return self.stray(what, span)

    def spoil(self, value: Any) -> None:
        """Note that an array or object, and all in it, may hold anything now."""
        waiting = [value]
        while waiting:
            each = waiting.pop()
            if isinstance(each, (list, dict)) and id(each) not in self.spoiled:
                self.spoiled[id(each)] = each
                waiting.extend(each if isinstance(each, list) else each.values())

    def decide(self, value: Any, what: str, span: Span) -> bool:
        """Tell whether a condition's value is true; nobody knows: either way."""
        if value is UNKNOWN:
            return self.either(2, what, span) == 0
        return bool(value)

    def condition(self, value: Any, what: str, span: Span, asked: Span | None = None) -> bool:
        """Decide a condition that the story's text has, and note how it came out; ``asked`` is all of it, if not ``span``."""
        holds = self.decide(value, what, span)
        self.decided(span if asked is None else asked, holds=holds)
        return holds

    def decided(self, span: Span, *, holds: bool) -> None:  # noqa: B027 - most hosts have nobody to tell
        """Hear how a condition came out."""


class Frame:
    """Names of one function or block, inside others."""

    __slots__ = ("names", "outer")

    def __init__(self, outer: Frame | None) -> None:
        self.names: dict[str, Any] = {}
        self.outer = outer

    def find(self, name: str) -> dict[str, Any] | None:
        """The names among which this one is, from the inside out."""
        here: Frame | None = self
        while here is not None:
            if name in here.names:
                return here.names
            here = here.outer
        return None


class Native:
    """An object of the host's own, such as ``Math`` or ``State``: whatever it is not known to do is strange."""

    name = ""

    def get(self, host: Host, key: str, span: Span) -> Any:
        """A member's value."""
        return UNKNOWN

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        """Write a member."""
        host.stray(f"{self.name}.{key}", span)

    def delete(self, host: Host, key: str, span: Span) -> None:
        """Remove a member."""
        host.stray(f"{self.name}.{key}", span)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        """Call a member."""
        return host.stray(f"{self.name}.{key}()", span)


class Builtin:
    """A function that we wrote."""

    __slots__ = ("name", "run")

    def __init__(self, name: str, run: Callable[[Host, list[Any], Span], Any]) -> None:
        self.name, self.run = name, run

    def __call__(self, host: Host, arguments: list[Any], span: Span) -> Any:
        """Run it."""
        return self.run(host, arguments, span)


class Library(Native):
    """A fixed table of functions and constants."""

    def __init__(self, name: str, functions: dict[str, Callable[..., Any]], constants: dict[str, Any]) -> None:
        self.name, self.functions, self.constants = name, functions, constants

    def get(self, host: Host, key: str, span: Span) -> Any:
        """A constant or function; unknown if there is none of that name."""
        if key in self.constants:
            return self.constants[key]
        found = self.functions.get(key)
        return UNKNOWN if found is None else Builtin(key, found)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        """Call a function of the table."""
        found = self.functions.get(key)
        return host.stray(f"{self.name}.{key}()", span) if found is None else found(host, arguments, span)


def argument(arguments: list[Any], index: int) -> Any:
    """An argument; undefined where it was left out."""
    return arguments[index] if index < len(arguments) else UNSET
