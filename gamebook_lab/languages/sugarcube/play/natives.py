"""SugarCube's own functions and objects, as code calls them."""

# ruff: noqa: ARG001, ARG002, ARG005 - functions and members of one table have one signature

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.javascript.arrays import draw
from gamebook_lab.languages.javascript.host import MISSING, Builtin, Host, Native, argument
from gamebook_lab.languages.javascript.library import GLOBALS
from gamebook_lab.languages.javascript.values import ThrownError, to_number, to_text
from gamebook_lab.languages.sugarcube.play.elements import ELEMENTS, Dialog, Query, Story, Window
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.sugarcube.play.run import Run

MAX_OUTCOMES: Final = 1_000


def counted(run: Run, name: str) -> Any:
    """A count of the machinery."""
    found = run.turn.read(name)
    return 0 if found is UNSET else found


def _names(run: Run, given: list[Any]) -> list[Any]:
    names = [item for each in given for item in (each if isinstance(each, list) else [each])]
    return [to_text(each) for each in names] if names else [run.passage]


def _visited(run: Any, given: list[Any], span: Span) -> Any:
    counts = [UNKNOWN if name is UNKNOWN else counted(run, visits_of(name)) for name in _names(run, given)]
    return UNKNOWN if UNKNOWN in counts else min(counts)


def _has_visited(run: Any, given: list[Any], span: Span) -> Any:
    found = _visited(run, given, span)
    return UNKNOWN if found is UNKNOWN else found > 0


def _visited_tags(run: Any, given: list[Any], span: Span) -> Any:
    tags = [to_text(each) for each in given]
    if UNKNOWN in tags:
        return UNKNOWN
    total = 0
    for name in run.player.tagged(frozenset(tags)):
        count = counted(run, visits_of(name))
        if not isinstance(count, int):
            return UNKNOWN
        total += count
    return total


def _last_visited(run: Any, given: list[Any], span: Span) -> Any:
    history = run.turn.read(HISTORY)
    names = _names(run, given)
    if not isinstance(history, tuple) or UNKNOWN in names or UNKNOWN in history:
        return UNKNOWN
    back = list(reversed(history))
    ages = [back.index(name) if name in back else -1 for name in names]
    return -1 if -1 in ages else max(ages)


def _turns(run: Any, given: list[Any], span: Span) -> Any:
    return counted(run, TURNS)


def _previous(run: Any, given: list[Any], span: Span) -> Any:
    found = run.turn.read(PREVIOUS)
    return "" if found is UNSET else found


def _tags(run: Any, given: list[Any], span: Span) -> Any:
    names = _names(run, given)
    return UNKNOWN if UNKNOWN in names else [tag for name in names for tag in run.player.tags_of(name)]


def _either(run: Host, given: list[Any], span: Span) -> Any:
    if any(each is UNKNOWN for each in given):
        return UNKNOWN
    return draw(run, [item for each in given for item in (each if isinstance(each, list) else [each])])


def _random(run: Host, given: list[Any], span: Span) -> Any:
    if not given:
        raise ThrownError("random called with no arguments")
    bounds = [to_number(each) for each in given[:2]]
    low, high = (0, bounds[0]) if len(bounds) == 1 else bounds
    if type(low) is not int or type(high) is not int:
        return UNKNOWN
    low, high = min(low, high), max(low, high)
    if high - low >= MAX_OUTCOMES:
        return UNKNOWN
    return low + (run.chance((1,) * (high - low + 1)) if high > low else 0)


def _unknown(run: Any, given: list[Any], span: Span) -> Any:
    return UNKNOWN


def _nothing(run: Any, given: list[Any], span: Span) -> Any:
    return UNSET


FUNCTIONS: Final[dict[str, Callable[[Any, list[Any], Span], Any]]] = {
    "visited": _visited, "hasVisited": _has_visited, "visitedTags": _visited_tags, "lastVisited": _last_visited,
    "turns": _turns, "previous": _previous, "tags": _tags, "either": _either, "random": _random,
    "passage": lambda run, given, span: run.passage, "randomFloat": _unknown, "time": _unknown, "recall": _unknown,
    "memorize": _nothing, "forget": _nothing, "triggerEvent": _nothing, "alert": _nothing,
    "importScripts": _unknown, "importStyles": _unknown, "clearTimeout": _nothing, "clearInterval": _nothing,
}  # fmt: skip
"""Functions that code calls by their plain name."""
HARMLESS: Final = frozenset(
    {
        "Config", "Fullscreen", "LoadScreen", "SimpleAudio", "UIBar", "console", "Setting", "L10n", "settings",
        "localStorage", "sessionStorage", "navigator", "Template", "JSON", "Date", "Symbol", "Reflect", "l10nStrings",
        "Passage", "UI", "predisplay", "prerender", "postrender", "postdisplay",
    }
)  # fmt: skip
"""Objects whose members neither move the reader nor write a story variable; what they hold is unknown."""
MODELLED_CALLS: Final = frozenset(
    {
        "variables",
        "temporary",
        "State.random",
        "Macro.add",
        "State.initPRNG",
        "State.hasPlayed",
        "Story.has",
        "Dialog.setup",
        "Dialog.open",
        "Dialog.close",
        "Dialog.isOpen",
        "Dialog.append",
    }
)


class _Harmless(Native):
    def __init__(self, name: str) -> None:
        self.name = name

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        pass

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        return UNKNOWN


class _Store(Native):
    """``State.variables`` or ``State.temporary``."""

    def __init__(self, name: str, sigil: str) -> None:
        self.name, self.sigil = name, sigil

    def get(self, host: Host, key: str, span: Span) -> Any:
        return host.lookup(self.sigil + key)

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        host.store(self.sigil + key, value)

    def delete(self, host: Host, key: str, span: Span) -> None:
        host.delete(self.sigil + key)

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        return UNKNOWN if key == "hasOwnProperty" else super().call(host, key, arguments, span)


VARIABLES: Final = _Store("State.variables", "$")
TEMPORARY: Final = _Store("State.temporary", "_")


class _Active(Native):
    name = "State.active"

    def get(self, host: Any, key: str, span: Span) -> Any:
        return {"title": host.passage, "variables": VARIABLES}.get(key, UNKNOWN)


class _State(Native):
    name = "State"

    def get(self, host: Any, key: str, span: Span) -> Any:
        if key in {"turns", "length", "size"}:
            return _turns(host, [], span)
        fixed = {"variables": VARIABLES, "temporary": TEMPORARY, "active": _ACTIVE, "passage": host.passage}
        return fixed.get(key, UNKNOWN)

    def call(self, host: Any, key: str, arguments: list[Any], span: Span) -> Any:
        name = argument(arguments, 0)
        if key == "random":
            return UNKNOWN
        if key == "hasPlayed":
            return _has_visited(host, arguments, span)
        if isinstance(name, str) and name[:1] in {"$", "_"} and name[1:].isidentifier():
            if key == "getVar":
                return host.lookup(name)
            if key == "setVar":
                host.store(name, argument(arguments, 1))
                return True
        return super().call(host, key, arguments, span)


_ACTIVE: Final = _Active()


class _Engine(Native):
    name = "Engine"

    def call(self, host: Any, key: str, arguments: list[Any], span: Span) -> Any:
        if key in {"play", "goto", "goTo"}:
            target = host.player.target(host, argument(arguments, 0), span)
            if target is not None:
                host.move(target, span)
            return UNKNOWN
        return super().call(host, key, arguments, span)


class _Setup(Native):
    """What scripts put into ``setup``; nobody knows what else is there."""

    name = "setup"

    def get(self, host: Any, key: str, span: Span) -> Any:
        return host.player.constant(key)

    def set(self, host: Host, key: str, value: Any, span: Span) -> None:
        pass  # read as unknown ever after: see the player's constants


class _Macro(Native):
    name = "Macro"

    def call(self, host: Host, key: str, arguments: list[Any], span: Span) -> Any:
        return UNSET if key in {"add", "has", "delete"} else super().call(host, key, arguments, span)


def _store_of(store: Native) -> Builtin:
    return Builtin(store.name, lambda host, given, span: store)


_NAMES: Final[dict[str, Any]] = {
    **GLOBALS,
    **{name: Builtin(name, run) for name, run in FUNCTIONS.items()},
    **{name: _Harmless(name) for name in HARMLESS},
    "State": _State(), "state": _State(), "Engine": _Engine(), "setup": _Setup(), "Macro": _Macro(),
    **dict.fromkeys(("$", "jQuery"), Query()), "document": ELEMENTS, "Dialog": Dialog(), "Story": Story(), "window": Window(),
    "variables": _store_of(VARIABLES), "temporary": _store_of(TEMPORARY), "V": MISSING,
}  # fmt: skip


def names_of(run: Run, name: str) -> Any:
    """What a plain name means."""
    return _NAMES.get(name, MISSING)
