"""Harlowe's values: which type each is, how it is written out, and what kept of one must be canonical.

Numbers are ``int`` where whole and ``float`` otherwise, strings ``str``, booleans ``bool``, arrays tuples, datamaps
:class:`~gamebook_lab.story.frozen.Map` with sorted names, datasets ``frozenset``. The rest are the dataclasses below:
code in them is kept as source text, so that equal code is an equal value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from gamebook_lab.story.frozen import UNKNOWN, Map, Unknown, Value

LONGEST: Final = 10_000
"""Characters of a string, items of an array; what grows longer is unknown."""
_DEEPEST: Final = 30
_WHOLE: Final = 2**53
_RANKS: Final = {bool: 0, int: 1, float: 1, str: 2}

Temporaries: TypeAlias = tuple[tuple[str, Value], ...]


class StoryError(Exception):
    """What Harlowe shows in red instead of a value; the passage goes on after it."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour, as written."""

    value: str


@dataclass(frozen=True, slots=True)
class Datatype:
    """The name of a data type, or ``...`` and it."""

    name: str
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class HookNamed:
    """``?name``, or with a plus between names ``?one + ?other``."""

    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """One changer of a sum of them."""

    name: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Changer:
    """Changers, in the order in which they were added."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Markup to be run where it is shown: a code hook, or a command with what it needs."""

    source: str
    temporaries: Temporaries = ()
    is_command: bool = False


@dataclass(frozen=True, slots=True)
class LambdaOf:
    """A lambda: its source, and the temporary variables that it reads."""

    source: str
    temporaries: Temporaries = ()


@dataclass(frozen=True, slots=True)
class Custom:
    """What ``(macro:)`` makes: parameters with their types, and the code hook."""

    parameters: tuple[tuple[str, Value], ...]
    body: str


@dataclass(frozen=True, slots=True)
class Spreading:
    """A value before which ``...`` stands, among a macro's values."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of a kind that is not modelled, told apart by how it was made only: it is equal to nothing."""

    what: str


def number(value: float) -> Value:
    """Make a number canonical; what is none, or infinite, is unknown."""
    if isinstance(value, int):
        return value if abs(value) <= _WHOLE else number(float(value))
    if not math.isfinite(value):
        return UNKNOWN
    return int(value) if value.is_integer() and abs(value) <= _WHOLE else value


def datamap(pairs: Iterable[tuple[Value, Value]]) -> Value:
    """Make a datamap; of pairs with the same name the last counts."""
    found = {(type(name) is str, name): value for name, value in pairs}
    if len(found) > LONGEST:
        return UNKNOWN
    return Map(tuple((name, found[is_text, name]) for is_text, name in sorted(found, key=_order)))


def _order(key: tuple[bool, Any]) -> tuple[bool, str]:
    return key[0], str(key[1])


def dataset(items: Iterable[Value]) -> Value:
    """Make a dataset; unknown where Python would take ``1`` and ``true`` for one."""
    found = tuple(items)
    made = frozenset(found)
    if len(made) > LONGEST or (
        any(isinstance(item, bool) for item in made)
        and any(item in (0, 1) and not isinstance(item, bool) for item in found)
    ):
        return UNKNOWN
    return made


def array(items: Iterable[Value]) -> Value:
    """Make an array, unless it is too long."""
    found = tuple(items)
    return found if len(found) <= LONGEST else UNKNOWN


def text(value: str) -> Value:
    """Make a string, unless it is too long."""
    return value if len(value) <= LONGEST else UNKNOWN


def has_unknown(value: Value) -> bool:
    """Whether something in it is not known."""
    if isinstance(value, (str, int, float)):
        return False
    if isinstance(value, (Unknown, Opaque)):
        return True
    if isinstance(value, Spreading):
        return any(map(has_unknown, value.items))
    if isinstance(value, (tuple, frozenset)):
        return any(map(has_unknown, value))
    if isinstance(value, Map):
        return any(has_unknown(each) for _, each in value.pairs)
    if isinstance(value, Changer):
        return any(has_unknown(part.values) for part in value.parts)
    return False


def bounded(value: Value) -> Value:
    """Give the value, or unknown where it holds more than a story could want."""
    return value if _weight(value, 0) <= LONGEST else UNKNOWN


def _weight(value: Value, depth: int) -> int:
    """Values in a value; more than too many where they are nested too deeply."""
    if isinstance(value, (tuple, frozenset)):
        inside: Iterable[Value] = value
    elif isinstance(value, Map):
        inside = (each for _, each in value.pairs)
    elif isinstance(value, Changer):
        inside = (each for part in value.parts for each in part.values)
    elif isinstance(value, (Code, LambdaOf)):
        inside = (each for _, each in value.temporaries)
    else:
        return 1
    if depth > _DEEPEST:
        return LONGEST + 1
    total = 1
    for each in inside:
        total += _weight(each, depth + 1)
        if total > LONGEST:
            break
    return total


def is_number(value: Value) -> bool:
    """Whether it is a number (and no boolean, which Python takes for one)."""
    return type(value) in (int, float)


def kind(value: Value) -> str:
    """Name of its type, as Harlowe's manual has it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, tuple):
        return "array"
    if isinstance(value, Map):
        return "datamap"
    if isinstance(value, frozenset):
        return "dataset"
    if isinstance(value, Code):
        return "command" if value.is_command else "codehook"
    return {Colour: "colour", Changer: "changer", HookNamed: "hookname", LambdaOf: "lambda", Custom: "macro",
            Datatype: "datatype"}.get(type(value), "unknown")  # fmt: skip


def written(value: Value) -> str:
    """Write a value as ``(print:)`` shows it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, tuple):
        return ",".join(map(written, value))
    if isinstance(value, frozenset):
        return ",".join(written(each) for each in sorted_items(value))
    return f"[a {kind(value)}]"


def _float(value: float) -> str:
    """Write it as JavaScript does, but for the exponent's range."""
    shown = repr(value)
    return shown.replace("e-0", "e-") if "e" in shown else shown


def sorted_items(items: Iterable[Any]) -> list[Any]:
    """Put numbers before strings, each in order; Harlowe's order of a dataset."""
    return sorted(items, key=lambda item: (_RANKS.get(type(item), 3), item if is_number(item) else 0, str(item)))
