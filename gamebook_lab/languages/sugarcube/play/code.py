"""Compiles SugarCube's code: expressions and statements with their effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.arrays import ARRAY_METHODS
from gamebook_lab.languages.javascript.counting import may_go_on
from gamebook_lab.languages.javascript.cutting import takes_apart
from gamebook_lab.languages.javascript.evaluate import compile_expression, compile_test, is_shallow
from gamebook_lab.languages.javascript.lexemes import Dialect
from gamebook_lab.languages.javascript.library import GLOBALS
from gamebook_lab.languages.javascript.purity import PURE_METHODS, cannot_throw
from gamebook_lab.languages.javascript.statements import compile_program, expression_node, statement_nodes
from gamebook_lab.languages.javascript.telling import Context
from gamebook_lab.languages.javascript.texts import STRING_METHODS
from gamebook_lab.languages.javascript.uses import find_uses
from gamebook_lab.languages.shared.kept import Kept
from gamebook_lab.languages.shared.marks import ELSEWHERE
from gamebook_lab.languages.sugarcube.expressions import resolve
from gamebook_lab.languages.sugarcube.play.effects import ALL_PASSAGES, ALL_VISITS, THESE_VISITS, Effect
from gamebook_lab.languages.sugarcube.play.elements import AFTERWARDS, ROOTS, STYLING, WALKING, WRITING
from gamebook_lab.languages.sugarcube.play.habits import habits_of
from gamebook_lab.languages.sugarcube.play.markings import pieces_of
from gamebook_lab.languages.sugarcube.play.natives import FUNCTIONS, HARMLESS, MODELLED_CALLS
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from gamebook_lab.story.program import ChoiceKind, Span

_WORDS: Final = frozenset({"innerHTML", "textContent", "innerText", "outerHTML"})
"""Members of elements that hold what is shown."""
_VISITS: Final = frozenset({"visited", "hasVisited", "State.hasPlayed"})
_COUNTS: Final = ("State.turns", "State.size", "State.length")
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
    made_of: frozenset[str] = frozenset()
    """What it reads, and kinds of literals: its value may be markup that is put together of these."""
    way: ChoiceKind | None = None
    """It restarts the story, takes a step back or loads a game, whatever happens."""


def expression(text: str, start: int, stop: int, *, is_test: bool = False) -> Snippet:
    """Compile one expression of SugarCube's dialect."""
    found = expression_node(text, start, stop, Dialect.SUGAR)
    if found is None:
        return _STRANGE
    compiled = compile_test(found) if is_test else compile_expression(found)
    context: Context = "truth" if is_test else "value"
    known = text[start:stop], Dialect.SUGAR, context
    reads, effect, strange, made_of = _FACTS.get(known, lambda: _facts([found], [found], context, compiled))
    return Snippet(compiled, reads, effect, strange, made_of)


def code(text: str, start: int, stop: int, dialect: Dialect = Dialect.SUGAR) -> Snippet:
    """Compile statements."""
    found = statement_nodes(text, start, stop, dialect)
    if found is None:
        return _STRANGE
    compiled = compile_program(found)
    known = text[start:stop], dialect, "nothing"
    staying = [each for each in found if _called(each) not in WAYS]
    reads, effect, strange, made_of = _FACTS.get(known, lambda: _facts(staying, found, "nothing", compiled))
    return Snippet(compiled, reads, effect, strange, made_of, _way(found))


_Facts: TypeAlias = tuple[frozenset[str], Effect, tuple[str, ...], frozenset[str]]
_FACTS: Final = Kept[_Facts](16_384)
"""What is known of a piece of code, wherever it stands: authors repeat themselves."""
_STRANGE: Final = Snippet(None, frozenset(), Effect(offers=True, wild=True), ("code",))


def _facts(
    staying: Sequence[nodes.Node], trees: Sequence[nodes.Node], context: Context, compiled: Callable[[Run], Any] | None
) -> _Facts:
    """Find what code reads, what it may do, what in it is not modelled, and what it is made of.

    ``staying`` are trees that do not leave the story.
    """
    found = find_uses(staying, resolve)
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
    for each in nodes.every(staying):
        if isinstance(each, nodes.Assign) and isinstance(each.target, nodes.Member) and each.target.key in _WORDS:
            strange.append(f".{each.target.key}")
        elif isinstance(each, nodes.Member) and nodes.path(each).startswith(_COUNTS):
            reads.add(TURNS)
    effect.writes |= writes
    effect.flows |= {(source, target) for source in reads for target in writes}
    effect.offers = effect.offers or may_go_on(trees, resolve)
    if effect.offers:
        effect.decides |= reads
    effect.habits |= habits_of(trees, context)
    effect.throws = compiled is None or not all(cannot_throw(tree, _is_calm) for tree in trees)
    made_of = frozenset(reads) | pieces_of(trees)
    effect.holds |= {(source, target) for source in made_of - reads for target in writes}
    if ELSEWHERE in made_of:
        effect.holds |= {(source, ELSEWHERE) for source in made_of}
    if takes_apart(trees):
        effect.cuts |= {made_of}
    if compiled is None:
        effect.wild = effect.offers = True
        strange.append("code")
    return frozenset(reads), effect, tuple(strange), made_of


_CALM_CALLS: Final = frozenset(
    {
        "visited", "hasVisited", "lastVisited", "visitedTags", "turns", "passage", "previous", "tags", "time", "either",
        "parseInt", "parseFloat", "isNaN", "isFinite", "Number", "String", "Boolean", "State.hasPlayed", "randomFloat",
    }
)  # fmt: skip
_THERE: Final = frozenset({"setup", "settings", "State", "Math", "Config", "Engine"})
"""Objects that are always there: to ask for a member of theirs is no error."""


def _is_calm(node: nodes.Node) -> bool:
    """Tell whether a part of code, with all that stands in it, gives a value whatever happens."""
    match node:
        case nodes.Assign(target=nodes.Variable()):
            return cannot_throw(node.value, _is_calm)
        case nodes.Update(operand=nodes.Variable()):
            return True
        case nodes.Member(key=str()):
            owner = node.object
            return nodes.path(owner) == "State.variables" or (
                (isinstance(owner, nodes.Name) and owner.name in _THERE)
                or (isinstance(owner, nodes.Variable) and owner.name in {"_args", "$args"})
            )
        case nodes.Member(object=nodes.Variable(name="_args" | "$args"), key=nodes.Node() as key):
            return cannot_throw(key, _is_calm)
        case nodes.Call():
            name = nodes.path(node.callee)
            is_known = name in _CALM_CALLS or name.startswith("Math.") or (name == "random" and node.arguments)
            return bool(is_known) and all(cannot_throw(each, _is_calm) for each in node.arguments)
    return False


def _way(trees: Iterable[nodes.Node]) -> ChoiceKind | None:
    """The first of the statements that leaves the story as it stands."""
    return next((WAYS[name] for name in map(_called, trees) if name in WAYS), None)


def _called(tree: nodes.Node) -> str:
    """Name of the function that a statement calls."""
    return nodes.path(tree.callee) if isinstance(tree, nodes.Call) else ""


def killed(text: str, span: Span) -> frozenset[str]:
    """Story variables that a ``<<set>>`` gives a value, whatever happens and whatever they were."""
    found = expression_node(text, *span, Dialect.SUGAR)
    reads, writes = set[str](), set[str]()
    waiting = [] if found is None else [found]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Binary) and node.operator == ",":
            waiting += [node.left, node.right]
            continue
        if not isinstance(node, nodes.Assign) or node.operator != "=" or not isinstance(node.target, nodes.Variable):
            return frozenset()
        if not cannot_throw(node.value) or not is_shallow(node.value):
            return frozenset()
        writes.add(node.target.name)
        reads.update(each.name for each in nodes.every([node.value]) if isinstance(each, nodes.Variable))
    return frozenset(name for name in writes - reads if name[0] == "$")


def _root(node: nodes.Node) -> str:
    """The name at the foot of a chain of calls and members."""
    while isinstance(node, nodes.Member | nodes.Call):
        node = node.object if isinstance(node, nodes.Member) else node.callee
    return node.name if isinstance(node, nodes.Name) else ""


def _call(call: nodes.Call, local_names: set[str], reads: set[str], writes: set[str], effect: Effect) -> list[str]:
    """Note what a call may do; gives its name if it is not modelled."""
    name = nodes.path(call.callee)
    first = call.arguments[0] if call.arguments else None
    if _asks(call, name, reads):
        return []
    if name in {"State.getVar", "State.setVar"} and isinstance(first, nodes.Text):
        (reads if name == "State.getVar" else writes).add(first.value)
        return []
    if name in {"Engine.play", "Engine.goto", "Engine.goTo"}:
        effect.offers = True
        return []
    shown = _shows(call, name, first, writes, effect)
    if shown is not None:
        return shown
    if _is_known(call, name, local_names):
        return []
    method = call.callee.key if isinstance(call.callee, nodes.Member) else ""
    effect.wild = effect.offers = True
    return [f"{name or method or 'function'}()"]


def _asks(call: nodes.Call, name: str, reads: set[str]) -> bool:
    """Note what of the story's machinery a call asks for."""
    if name in _VISITS or name == "visitedTags":
        names = [each.value for each in call.arguments if isinstance(each, nodes.Text)]
        if name == "visitedTags" or len(names) < len(call.arguments):
            reads.add(ALL_VISITS)
        else:
            reads.update(map(visits_of, names) if names else (THESE_VISITS,))
        return True
    machinery = {"turns": TURNS, "previous": PREVIOUS, "lastVisited": HISTORY}.get(name)
    if machinery is not None:
        reads.add(machinery)
    return machinery is not None


def _shows(call: nodes.Call, name: str, first: nodes.Node | None, writes: set[str], effect: Effect) -> list[str] | None:
    """Calls that reach for the page; None for any other call, or one that may do anything."""
    root, method = _root(call), call.callee.key if isinstance(call.callee, nodes.Member) else ""
    if name == "Story.get" or name.startswith("Dialog."):
        effect.offers = True
        if name == "Story.get":
            effect.use(f"passage {first.value}" if isinstance(first, nodes.Text) else ALL_PASSAGES)
        is_passage = isinstance(first, nodes.Call) and _root(first) == "Story"
        return [] if name != "Dialog.wiki" or is_passage else None
    if root == "Story" and method == "processText":
        return []
    if root not in ROOTS:
        return None
    if method == "wiki":
        return _markup(first, writes, effect)
    if method in {"one", "on"}:
        is_after = isinstance(first, nodes.Text) and first.value in AFTERWARDS
        effect.offers = effect.offers or is_after
        effect.wild = effect.wild or is_after  # where the elements are not known, the handler may do anything
        return [] if is_after else None
    if name in ROOTS:
        return None if isinstance(first, nodes.Function) else []
    if method in WRITING:
        return [f"{method}()"]
    return [] if method in STYLING or method in WALKING else None


def _markup(first: nodes.Node | None, writes: set[str], effect: Effect) -> list[str] | None:
    """``$.wiki("markup")``."""
    from gamebook_lab.languages.sugarcube.play.unit import unit_of

    if not isinstance(first, nodes.Text):
        return None
    inner = unit_of(first.value)
    effect.merge(inner.effect)
    writes |= inner.effect.writes
    return [what for what, _ in inner.opaques] + [f"<<{what}>>" for what, _ in inner.calls]


def _is_known(call: nodes.Call, name: str, local_names: set[str]) -> bool:
    """Tell whether the evaluator knows what a call does."""
    if name in GLOBALS or name in FUNCTIONS or name in MODELLED_CALLS or name in local_names:
        return True
    owner, _, method = name.partition(".")
    if method and (owner in HARMLESS or method in getattr(GLOBALS.get(owner), "functions", {})):
        return True
    if call.is_new and name in {"Date", "Map", "Set", "RegExp", "Error", "Array", "Object"}:
        return True
    key = call.callee.key if isinstance(call.callee, nodes.Member) else ""
    return isinstance(key, str) and key in _METHODS and owner not in {"setup", *_MAGIC}
