"""What ``keys()``, ``values()`` and ``entries()`` of an array give: no array, but what can be gone through once."""

# ruff: noqa: ARG002 - members of every kind of object have one signature

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.languages.javascript.host import Host, Native
from gamebook_lab.languages.javascript.values import ThrownError
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

__all__ = ["Iterated"]

_HOW: Final[dict[str, Callable[[list[Any]], list[Any]]]] = {
    "keys": lambda items: list(range(len(items))),
    "values": list,
    "entries": lambda items: [[place, each] for place, each in enumerate(items)],
}
_NEWER: Final = frozenset(
    {"map", "filter", "flatMap", "some", "every", "find", "reduce", "forEach", "take", "drop", "toArray"}
)
"""Methods that such objects have in newer browsers only; in others, to call one is an error."""


class Iterated(Native):
    """An array iterator."""

    name = "Array Iterator"

    def __init__(self, items: list[Any], how: str) -> None:
        self.items: list[Any] | None = items
        self.how = how

    def taken(self) -> list[Any]:
        """All that is left: all of it the first time, then nothing."""
        items, self.items = self.items, None
        return [] if items is None else _HOW[self.how](items)

    def get(self, host: Host, key: str, span: Span) -> Any:
        """It has neither a length nor places."""
        return UNSET if key == "length" or key.isdigit() else UNKNOWN

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        """Call a method: most of an array's it does not have."""
        from gamebook_lab.languages.javascript.arrays import ARRAY_METHODS
        from gamebook_lab.languages.javascript.functions import call_method

        if key == "toString":
            return "[object Array Iterator]"
        if key not in ARRAY_METHODS and key not in _NEWER:
            return super().call(host, key, arguments, span)
        if key not in _NEWER or host.either(2, f"{key}()", span) == 0:
            raise ThrownError(f"{key} is no function")
        return call_method(host, UNKNOWN, key, arguments, span)
