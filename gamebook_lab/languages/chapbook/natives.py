"""Chapbook's own names in expressions: ``passage``, ``trail``, ``random``, ``story``, ``engine``, ``config`` and the rest."""

# ruff: noqa: ARG001, ARG002 - all natives are called alike

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.chapbook.code import GLOBALS as GLOBALS_OF_PAGES
from gamebook_lab.languages.javascript.functions import call_method
from gamebook_lab.languages.javascript.host import Builtin, Host, Library, Native, argument
from gamebook_lab.languages.javascript.library import GLOBALS, MATH
from gamebook_lab.languages.javascript.members import get_member
from gamebook_lab.languages.javascript.values import join, thaw
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.chapbook.scope import Scope

__all__ = ["NAMES"]

_DICE: Final = {f"d{n}": n for n in (4, 5, 6, 8, 10, 12, 20, 25, 50, 100, 1000)}


def _run(host: Host) -> Scope:
    from gamebook_lab.languages.chapbook.scope import Scope

    assert isinstance(host, Scope)
    return host


class _Passage(Native):
    name = "passage"

    def get(self, host: Host, key: str, span: Span) -> Any:
        run = _run(host)
        if key == "name":
            return run.here
        if key == "visits":
            return run.turn.read(visits_of(run.here))
        return run.turn.read(PREVIOUS) if key == "from" else UNKNOWN


class _Random(Native):
    """Rounds to the nearest, so that the first and the last number come up half as often as the others."""

    name = "random"

    def get(self, host: Host, key: str, span: Span) -> Any:
        if key == "coinFlip":
            return host.chance((1, 1)) == 0
        sides = _DICE.get(key)
        if sides is None:
            return UNKNOWN if key == "fraction" else UNSET
        return 1 + host.chance((1, *(2,) * (sides - 2), 1))


class _Trail(Native):
    """Asks for as little of the way as will do."""

    name = "trail"

    def get(self, host: Host, key: str, span: Span) -> Any:
        if key == "length":
            return _run(host).turn.read(TURNS)
        return get_member(host, self._whole(host), key, span)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        first = argument(arguments, 0)
        if key == "includes" and isinstance(first, str):
            count = _run(host).turn.read(visits_of(first))
            return UNKNOWN if count is UNKNOWN else isinstance(count, int) and count > 0
        return call_method(host, self._whole(host), key, arguments, span)

    def _whole(self, host: Host) -> Any:
        return thaw(_run(host).turn.read(HISTORY))


class _Window(Native):
    """Its members are the variables, and whatever else has a plain name."""

    name = "window"

    def get(self, host: Host, key: str, span: Span) -> Any:
        if key in NAMES or key in GLOBALS_OF_PAGES:
            return NAMES.get(key, UNKNOWN)
        return _run(host).variable(key)

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        host.store(key, value)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        found = NAMES.get(key)
        return found(host, arguments, span) if isinstance(found, Builtin) else host.stray(f"{key}()", span)


class _Story(Native):
    name = "story"

    def get(self, host: Host, key: str, span: Span) -> Any:
        return _run(host).player.title if key == "name" else UNKNOWN


class _Settings(Native):
    """Read by Chapbook itself; nobody follows what is in it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        if key in {"header", "footer", "random"}:
            host.stray(f"{self.name}.{key}", span)


class _State(Native):
    name = "engine.state"

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        name = argument(arguments, 0)
        if not isinstance(name, str) or key not in {"get", "set", "setDefault"}:
            return host.stray(f"engine.state.{key}()", span)
        if key == "get":
            return _run(host).path(name)
        if key == "set" or _run(host).path(name) in (UNSET, None):
            _run(host).assign(name, argument(arguments, 1), span)
        return UNSET


class _Engine(Native):
    name = "engine"

    def get(self, host: Host, key: str, span: Span) -> Any:
        return {"state": _STATE, "go": _GO}.get(key, UNKNOWN)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        return _go(host, arguments, span) if key == "go" else host.stray(f"engine.{key}()", span)


def _go(host: Host, arguments: list[Any], span: Span) -> Any:
    _run(host).go(argument(arguments, 0), span)
    return UNSET


def _write(host: Host, arguments: list[Any], span: Span) -> Any:
    _run(host).written(join(arguments, ""), span)
    return UNSET


def _nothing(host: Host, arguments: list[Any], span: Span) -> Any:
    return UNSET


def _without(library: Library, *names: str) -> Library:
    kept: dict[str, Callable[..., Any]] = {key: each for key, each in library.functions.items() if key not in names}
    return Library(library.name, kept, library.constants)


_STATE: Final = _State()
_GO: Final = Builtin("go", _go)
NAMES: Final[dict[str, Any]] = {
    **{name: value for name, value in GLOBALS.items() if name != "clone"},
    "Math": _without(MATH, "clamp"),
    "passage": _Passage(), "random": _Random(), "trail": _Trail(), "story": _Story(), "engine": _Engine(), "go": _GO, "window": _Window(),
    "config": _Settings("config"), "sound": _Settings("sound"), "browser": _Settings("browser"), "now": _Settings("now"),
    "console": Library("console", dict.fromkeys(("log", "warn", "error", "info"), _nothing), {}),
    "write": Builtin("write", _write), "alert": Builtin("alert", _nothing),
}  # fmt: skip
"""Everything that is no variable of the story."""
