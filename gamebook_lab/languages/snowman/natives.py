"""Snowman's own names in code: ``s``, ``story``, ``History``, ``Utils``, ``_`` and the rest, of versions 1 and 2."""

# ruff: noqa: ARG001, ARG002 - all natives are called alike

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.javascript.host import Builtin, Host, Library, Native, argument
from gamebook_lab.languages.javascript.library import GLOBALS, MATH
from gamebook_lab.languages.javascript.values import to_number, to_text
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.play import TURNS, visits_of
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.snowman.run import Run

__all__ = ["NAMES"]

MAX_OUTCOMES: Final = 1_000


def _run(host: Host) -> Run:
    from gamebook_lab.languages.snowman.run import Run

    assert isinstance(host, Run)
    return host


class _Store(Native):
    """The story's state: its members are the variables."""

    name = "s"

    def get(self, host: Host, key: str, span: Span) -> Any:
        return _run(host).variable(key)

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        host.store(key, value)

    def delete(self, host: Host, key: str, span: Span) -> None:
        host.delete(key)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        if key == "hasOwnProperty":
            value = _run(host).variable(to_text(argument(arguments, 0)))
            return UNKNOWN if value is UNKNOWN else value is not UNSET
        return host.stray(f"s.{key}()", span)


class _Fixed(Native):
    """An object of which some members are known."""

    def __init__(self, name: str, **members: Any) -> None:
        self.name, self.members = name, members

    def get(self, host: Host, key: str, span: Span) -> Any:
        return self.members.get(key, UNKNOWN)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        found = self.members.get(key)
        if isinstance(found, Builtin):
            return found(host, arguments, span)
        return host.stray(f"{self.name}.{key}()", span)


class _Named(_Fixed):
    def get(self, host: Host, key: str, span: Span) -> Any:
        return _run(host).here if key == "name" else super().get(host, key, span)


class _Titled(_Fixed):
    def get(self, host: Host, key: str, span: Span) -> Any:
        return _run(host).player.title if key == "name" else super().get(host, key, span)


class _Way(_Fixed):
    def get(self, host: Host, key: str, span: Span) -> Any:
        return _run(host).turn.read(TURNS) if key == "length" else super().get(host, key, span)


class _Window(Native):
    name = "window"

    def get(self, host: Host, key: str, span: Span) -> Any:
        found = NAMES.get(key)
        return UNKNOWN if found is None else found

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        """What is kept outside of the state is not followed: it reads as unknown."""

    def delete(self, host: Host, key: str, span: Span) -> None:
        """As for writing."""

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        found = NAMES.get(key)
        return found(host, arguments, span) if isinstance(found, Builtin) else host.stray(f"{key}()", span)


def _visited(host: Host, arguments: list[Any], span: Span) -> Any:
    name = argument(arguments, 0)
    if not isinstance(name, str):
        return UNKNOWN
    count = _run(host).turn.read(visits_of(name))
    return 0 if count is UNSET else count


def _has_visited(host: Host, arguments: list[Any], span: Span) -> Any:
    name = argument(arguments, 0)
    found = [_visited(host, [each], span) for each in (name if isinstance(name, list) else [name])]
    if UNKNOWN in found:
        return UNKNOWN
    return all(isinstance(each, int) and each > 0 for each in found)


def _either(host: Host, arguments: list[Any], span: Span) -> Any:
    """Spreads arrays, as Snowman's does."""
    ways = [one for each in arguments for one in (each if isinstance(each, list) else [each])]
    if UNKNOWN in [each for each in arguments if each is UNKNOWN] or len(ways) > MAX_OUTCOMES:
        return UNKNOWN
    return ways[host.chance((1,) * len(ways))] if ways else None


def _uniform(low: Any, high: Any, host: Host) -> Any:
    if type(low) is not int or type(high) is not int or not 0 <= high - low < MAX_OUTCOMES:
        return UNKNOWN
    return low + (host.chance((1,) * (high - low + 1)) if high > low else 0)


def _between(host: Host, arguments: list[Any], span: Span) -> Any:
    """Underscore's ``random``: both ends count; with one number from zero."""
    numbers = [to_number(each) for each in arguments]
    if len(numbers) == 1:
        return _uniform(0, numbers[0], host)
    return _uniform(numbers[0], numbers[1], host) if len(numbers) == 2 else UNKNOWN


def _random_int(host: Host, arguments: list[Any], span: Span) -> Any:
    """Snowman's own: the upper end does not come up."""
    numbers = [to_number(each) for each in arguments]
    if len(numbers) != 2 or UNKNOWN in [each for each in numbers if each is UNKNOWN]:
        return UNKNOWN
    low, high = numbers
    low, high = (0, low) if low > high else (low, high)
    return low if high == low else _uniform(low, high - 1, host) if type(high) is int else UNKNOWN


def _sample(host: Host, arguments: list[Any], span: Span) -> Any:
    items = argument(arguments, 0)
    if not isinstance(items, list) or len(arguments) != 1 or len(items) > MAX_OUTCOMES:
        return UNKNOWN
    return items[host.chance((1,) * len(items))] if items else UNSET


def _print(host: Host, arguments: list[Any], span: Span) -> Any:
    _run(host).shown(argument(arguments, 0), span)
    return UNSET


def _nothing(host: Host, arguments: list[Any], span: Span) -> Any:
    return UNSET


_STORE: Final = _Store()
_VISITED, _HAS_VISITED = Builtin("visited", _visited), Builtin("hasVisited", _has_visited)
_EITHER, _RANDOM_INT = Builtin("either", _either), Builtin("randomInt", _random_int)
_HISTORY: Final = _Way("History", visited=_VISITED, hasVisited=_HAS_VISITED)
_STORY: Final = _Titled("story", state=_STORE, store=_STORE, history=_Way("history"))
NAMES: Final[dict[str, Any]] = {
    **{name: value for name, value in GLOBALS.items() if name != "clone"},
    "Math": Library("Math", {key: each for key, each in MATH.functions.items() if key != "clamp"}, MATH.constants),
    "s": _STORE, "story": _STORY, "Story": _STORY, "State": _Fixed("State", store=_STORE), "History": _HISTORY,
    "passage": _Named("passage"), "window": _Window(), "visited": _VISITED, "hasVisited": _HAS_VISITED, "either": _EITHER,
    "randomInt": _RANDOM_INT, "print": Builtin("print", _print),
    "Utils": _Fixed("Utils", either=_EITHER, randomInt=_RANDOM_INT),
    "_": _Fixed("_", random=Builtin("_.random", _between), sample=Builtin("_.sample", _sample)),
    "console": Library("console", dict.fromkeys(("log", "warn", "error", "info"), _nothing), {}),
    "alert": Builtin("alert", _nothing),
}  # fmt: skip
"""Everything that code can name besides its own; what is not here reads as unknown."""
