"""Compiles SugarCube's code: expressions and statements with their effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from gamebook_lab.languages.sugarcube.play.effects import ALL_VISITS, Effect
from gamebook_lab.languages.sugarcube.play.natives import FUNCTIONS, HARMLESS, MODELLED_CALLS
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of

_VISITS: Final = frozenset({"visited", "hasVisited", "State.hasPlayed"})
_WAYS: Final = frozenset({"lastVisited"})
_METHODS: Final = PURE_METHODS | ARRAY_METHODS.keys() | STRING_METHODS.keys()
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
    return Snippet(compile_program(found), reads, effect, strange)


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
    if any(nodes.path(each).startswith(("State.turns", "State.size", "State.length")) for each in _members(trees)):
        reads.add(TURNS)
    effect.writes = writes
    effect.flows = {(source, target) for source in reads for target in writes}
    if effect.offers:
        effect.decides |= reads
    return frozenset(reads), effect, tuple(strange)


def _members(trees: Iterable[nodes.Node]) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Member):
            found.append(node)
        waiting.extend(node.children)
    return found


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
        reads.update(map(visits_of, names) if is_listed else (ALL_VISITS,))
        return []
    machinery = {"turns": TURNS, "previous": PREVIOUS, "lastVisited": HISTORY}.get(name)
    if machinery is not None:
        reads.add(machinery)
        return []
    if name in {"State.getVar", "State.setVar"} and isinstance(first, nodes.Text):
        (reads if name == "State.getVar" else writes).add(first.value)
        return []
    if name in {"Engine.play", "Engine.goto", "Engine.goTo"}:
        effect.offers = True
        return []
    if name in GLOBALS or name in FUNCTIONS or name in MODELLED_CALLS:
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
