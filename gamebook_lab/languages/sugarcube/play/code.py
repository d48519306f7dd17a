"""Compiles SugarCube's code: expressions and statements with their effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.arrays import ARRAY_METHODS
from gamebook_lab.languages.javascript.evaluate import compile_expression, compile_test
from gamebook_lab.languages.javascript.lexemes import Dialect
from gamebook_lab.languages.javascript.library import GLOBALS
from gamebook_lab.languages.javascript.purity import PURE_METHODS
from gamebook_lab.languages.javascript.statements import compile_program, statement_nodes
from gamebook_lab.languages.javascript.texts import STRING_METHODS
from gamebook_lab.languages.javascript.uses import find_uses
from gamebook_lab.languages.sugarcube.expressions import resolve
from gamebook_lab.languages.sugarcube.play.effects import ALL_PASSAGES, ALL_VISITS, THESE_VISITS, Effect
from gamebook_lab.languages.sugarcube.play.natives import FUNCTIONS, HARMLESS, MODELLED_CALLS
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.languages.sugarcube.play.elements import AFTERWARDS, ROOTS, STYLING, WALKING, WRITING
from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of

_WORDS: Final = frozenset({"innerHTML", "textContent", "innerText", "outerHTML"})
"""Members of elements that hold what is shown."""
_VISITS: Final = frozenset({"visited", "hasVisited", "State.hasPlayed"})
_WAYS: Final = frozenset({"lastVisited"})
_METHODS: Final = PURE_METHODS | ARRAY_METHODS.keys() | STRING_METHODS.keys()
WAYS: Final = {
    **dict.fromkeys(("Engine.restart", "UI.restart"), ChoiceKind.RESTART),
    **dict.fromkeys(("Engine.backward", "Engine.forward", "Engine.go", "State.backward"), ChoiceKind.UNDO),
    **dict.fromkeys(("UI.saves", "UI.loads", "Save.load", "Save.slots.load", "Save.autosave.load"), ChoiceKind.LOAD),
}
_MAGIC: Final = frozenset({"window", "document"})


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code that a run can execute; ``run`` is None where it is not understood."""

    run: Callable[[Run], Any] | None
    reads: frozenset[str] = frozenset()
    effect: Effect | None = None
    """What it writes, and whether it may do anything."""
    strange: tuple[str, ...] = ()
    """What in it is not modelled."""
    way: ChoiceKind | None = None
    """It restarts the story, takes a step back or loads a game, whatever happens."""


def expression(text: str, start: int, stop: int, *, is_test: bool = False) -> Snippet:
    """Compile one expression of SugarCube's dialect."""
    found = statement_nodes(text, start, stop, Dialect.SUGAR)
    if found is None or len(found) != 1:
        return Snippet(None, *_loose(text, start, stop))
    compiled = compile_test(found[0]) if is_test else compile_expression(found[0])
    reads, effect, strange = _facts(found)
    return Snippet(compiled, reads, effect, strange)


def code(text: str, start: int, stop: int, dialect: Dialect = Dialect.SUGAR) -> Snippet:
    """Compile statements."""
    found = statement_nodes(text, start, stop, dialect)
    if found is None:
        return Snippet(None, *_loose(text, start, stop))
    reads, effect, strange = _facts(found)
    return Snippet(compile_program(found), reads, effect, strange, _way(found))


def _loose(text: str, start: int, stop: int) -> tuple[frozenset[str], Effect, tuple[str, ...]]:
    effect = Effect(offers=True, wild=True)
    return frozenset(), effect, ("code",)


def _facts(trees: Iterable[nodes.Node]) -> tuple[frozenset[str], Effect, tuple[str, ...]]:
    found = find_uses(trees, resolve)
    reads = {use.name for use in found.uses if not use.is_write}
    writes = {use.name for use in found.uses if use.is_write}
    effect, strange = Effect(), []
    for call in found.calls:
        strange += _call(call, found.local_names, reads, writes, effect)
    for member in found.computed:
        store = nodes.path(member.object) if not isinstance(member.object, nodes.Call) else ""
        if store in {"State.variables", "State.temporary"} or (
            isinstance(member.object, nodes.Call) and nodes.path(member.object.callee) in {"variables", "temporary"}
        ):
            effect.wild = effect.offers = True
            strange.append("State.variables[]")
    strange += [
        f".{each.target.key}"
        for each in _all(trees)
        if isinstance(each, nodes.Assign) and isinstance(each.target, nodes.Member) and each.target.key in _WORDS
    ]
    if any(nodes.path(each).startswith(("State.turns", "State.size", "State.length")) for each in _all(trees) if isinstance(each, nodes.Member)):
        reads.add(TURNS)
    effect.writes |= writes
    effect.flows |= {(source, target) for source in reads for target in writes}
    if effect.offers:
        effect.decides |= reads
    return frozenset(reads), effect, tuple(strange)


def _way(trees: Iterable[nodes.Node]) -> ChoiceKind | None:
    """The first of the statements that leaves the story as it stands."""
    names = (nodes.path(each.callee) for each in trees if isinstance(each, nodes.Call))
    return next((WAYS[name] for name in names if name in WAYS), None)


def _all(trees: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def _root(node: nodes.Node) -> str:
    """The name at the foot of a chain of calls and members."""
    while isinstance(node, nodes.Member | nodes.Call):
        node = node.object if isinstance(node, nodes.Member) else node.callee
    return node.name if isinstance(node, nodes.Name) else ""


def _call(
    call: nodes.Call, local_names: set[str], reads: set[str], writes: set[str], effect: Effect
) -> list[str]:
    """Note what a call may do; gives its name if it is not modelled."""
    name = nodes.path(call.callee)
    method = call.callee.key if isinstance(call.callee, nodes.Member) else ""
    first = call.arguments[0] if call.arguments else None
    if name in _VISITS or name == "visitedTags":
        names = [each.value for each in call.arguments if isinstance(each, nodes.Text)]
        is_listed = len(names) == len(call.arguments) and names and name != "visitedTags"
        is_here = not call.arguments and name != "visitedTags"
        reads.update(map(visits_of, names) if is_listed else (THESE_VISITS if is_here else ALL_VISITS,))
        return []
    machinery = {"turns": TURNS, "previous": PREVIOUS, "lastVisited": HISTORY}.get(name)
    if machinery is not None:
        reads.add(machinery)
        return []
    if name in {"State.getVar", "State.setVar"} and isinstance(first, nodes.Text):
        (reads if name == "State.getVar" else writes).add(first.value)
        return []
    root = _root(call)
    if name == "Story.get" or name.startswith("Dialog."):
        effect.offers = True
        if name == "Story.get":
            effect.uses[f"passage {first.value}" if isinstance(first, nodes.Text) else ALL_PASSAGES] = set()
        if name != "Dialog.wiki" or (isinstance(first, nodes.Call) and _root(first) == "Story"):
            return []
    if root == "Story" and method == "processText":
        return []
    if root in ROOTS and (name in ROOTS or method in STYLING | WALKING | WRITING or method in {"wiki", "one", "on"}):
        if method == "wiki" and isinstance(first, nodes.Text):
            from gamebook_lab.languages.sugarcube.play.unit import unit_of

            inner = unit_of(first.value)
            effect.merge(inner.effect)
            writes |= inner.effect.writes
            return [what for what, _ in inner.opaques]
        is_after = method in {"one", "on"} and isinstance(first, nodes.Text) and first.value in AFTERWARDS
        if is_after:
            effect.offers = True
        is_ready = name in ROOTS and isinstance(first, nodes.Function)
        if is_after or (method not in {"one", "on", "wiki"} and not is_ready):
            return [f"{method}()"] if method in WRITING else []
    if name in {"Engine.play", "Engine.goto", "Engine.goTo"}:
        effect.offers = True
        return []
    if name in GLOBALS or name in FUNCTIONS or name in MODELLED_CALLS or name in WAYS:
        return []
    owner = name.partition(".")[0]
    if name and owner in HARMLESS and owner != name:
        return []
    if owner in GLOBALS and owner != name and method in getattr(GLOBALS[owner], "functions", {}):
        return []
    if call.is_new and name in {"Date", "Map", "Set", "RegExp", "Error", "Array", "Object"}:
        return []
    is_known_method = isinstance(method, str) and method in _METHODS and owner not in {"setup", *_MAGIC}
    if (is_known_method and isinstance(call.callee, nodes.Member)) or (name in local_names):
        return []
    effect.wild = effect.offers = True
    return [f"{name or method or 'function'}()"]
