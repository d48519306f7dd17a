"""Values of story variables, as the engine holds them: immutable, hashable, and told apart exactly.

A language computes with what it likes while a passage runs; what it writes to a variable is frozen to these:
``None``, ``bool``, ``int``, ``float``, ``str``, tuples (arrays), :class:`Map`, ``frozenset`` (Harlowe's datasets),
and frozen dataclasses of the language's own (a colour, a changer, a custom macro).

Python takes ``1``, ``1.0`` and ``True`` for the same key; a story does not. :func:`exact` makes keys that differ.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

__all__ = ["UNKNOWN", "UNSET", "Map", "Unknown", "Unset", "Value", "exact", "shown"]

Value: TypeAlias = Hashable
"""Anything that the docstring above lists."""
_LONGEST_SHOWN: Final = 200
_DEEPEST_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that nobody knows: free input, or what a construct that is not modelled came to.

    Whatever is computed from it is unknown too, and a decision on it may go either way.
    """

    def __repr__(self) -> str:
        return "?"


@dataclass(frozen=True, slots=True)
class Unset:
    """A variable that was never written. What that means (0, undefined) is the language's business."""

    def __repr__(self) -> str:
        return "(unset)"


UNKNOWN: Final = Unknown()
UNSET: Final = Unset()


@dataclass(frozen=True, slots=True)
class Map(Mapping[Any, Any]):
    """A frozen map or object. Order counts: sort the items where the language has none.

    Lookups walk the items: a language copies it into a ``dict`` to compute with.
    """

    pairs: tuple[tuple[Value, Value], ...] = ()

    def __getitem__(self, key: Any) -> Any:
        for name, value in self.pairs:
            if type(name) is type(key) and name == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return (name for name, _ in self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)


def exact(value: Value) -> Hashable:
    """Make a key that is equal for the same value only: not for ``1`` and ``True``, nor for ``0.0`` and ``-0.0``.

    All not-a-numbers are one.
    """
    if isinstance(value, (str, int, type(None), Unknown, Unset)):
        return value if type(value) in (str, int) else (type(value), value)
    if isinstance(value, float):
        return (float, "nan") if math.isnan(value) else (float, value.hex())
    if isinstance(value, tuple):
        return (tuple, *map(exact, value))
    if isinstance(value, Map):
        return (Map, *((exact(name), exact(each)) for name, each in value.pairs))
    if isinstance(value, frozenset):
        return (frozenset, frozenset(map(exact, value)))
    names: Iterable[str] = getattr(value, "__dataclass_fields__", ())
    return (type(value), value, *(exact(getattr(value, name)) for name in names))


def shown(value: Value, *, _depth: int = 0) -> str:
    """Write a value for people, on one line and cut where it is very long. Not to be read back."""
    if isinstance(value, str):
        text = repr(value) if len(value) <= _LONGEST_SHOWN else repr(value[:_LONGEST_SHOWN]) + "…"
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, (tuple, frozenset, Map)) and _depth >= _DEEPEST_SHOWN:
        text = "…"
    elif isinstance(value, tuple):
        text = f"[{', '.join(shown(each, _depth=_depth + 1) for each in value)}]"
    elif isinstance(value, frozenset):
        text = f"{{{', '.join(sorted(shown(each, _depth=_depth + 1) for each in value))}}}"
    elif isinstance(value, Map):
        inside = (f"{shown(name, _depth=_depth + 1)}: {shown(each, _depth=_depth + 1)}" for name, each in value.pairs)
        text = f"{{{', '.join(inside)}}}"
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    else:
        text = str(value)
    return text if len(text) <= 2 * _LONGEST_SHOWN else text[: 2 * _LONGEST_SHOWN] + "…"
