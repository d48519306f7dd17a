"""Values of expressions, by the kind of node. What is not modelled is unknown; what Harlowe refuses is a StoryError."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import elision, functions, operators, past, properties, specials
from gamebook_lab.languages.harlowe.play.values import (
    Changer,
    Code,
    Colour,
    Custom,
    Datatype,
    HookNamed,
    LambdaOf,
    Part,
    Spreading,
    StoryError,
    kind,
    number,
    sorted_items,
)  # fmt: skip
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, Value
from gamebook_lab.story.play import PREVIOUS, TURNS, visits_of

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run


_CONTAINS: Final = frozenset(["contains", "does not contain", "is in", "is not in"])


def evaluate(run: Run, node: tree.Expression) -> Value:
    """Compute an expression."""
    run.turn.tick()
    return _BY_KIND.get(type(node), _not_modelled)(run, node)


def arguments(run: Run, nodes: tuple[tree.Expression, ...]) -> list[Any]:
    """Compute a macro's values, spread ones spread."""
    found: list[Any] = []
    for node in nodes:
        value = evaluate(run, node)
        if isinstance(value, Spreading):
            found += value.items
        else:
            found.append(value)
    return found


def _not_modelled(run: Run, node: Any) -> Value:
    del run, node
    return UNKNOWN


def _unread(run: Run, node: tree.Unread) -> Value:
    run.turn.give_up("deeply nested code", run.place(node))
    return UNKNOWN


def _broken(run: Run, node: tree.Broken) -> Value:
    del run, node
    msg = "this is no expression"
    raise StoryError(msg)


def _variable(run: Run, node: tree.Variable) -> Value:
    value = run.get(node.name)
    if value is not UNSET:
        return value
    if node.is_temporary and run.version >= 2:
        msg = f"there is no {node.name} here"
        raise StoryError(msg)
    return 0


def _identifier(run: Run, node: tree.Identifier) -> Value:
    name = node.name
    if name == "it":
        return run.it
    if name in {"visit", "visits"}:
        return specials.counted(run, visits_of(run.passage))
    if name in {"turn", "turns"}:
        return specials.counted(run, TURNS)
    if name == past.LENGTH:
        turns = specials.counted(run, TURNS)
        return max(turns - 1, 0) if isinstance(turns, int) else UNKNOWN  # Startup passages run before the first.
    if name == PREVIOUS:
        before = run.turn.read(PREVIOUS)
        if before is UNSET:
            msg = "there is no passage before"
            raise StoryError(msg)
        return before
    if name == "pos" and run.positions:
        return run.positions[-1]
    return UNKNOWN


def _property(run: Run, node: tree.Property) -> Value:
    owner = run.it if node.owner is None else evaluate(run, node.owner)
    key = node.key if isinstance(node.key, str) else evaluate(run, node.key)
    if key == "random" and isinstance(owner, (str, tuple)) and owner and isinstance(node.key, str):
        at = specials.drawn(run, len(owner))
        return UNKNOWN if at is None else owner[at]
    if isinstance(node.key, str) and key in properties.WORDS and not isinstance(owner, Map):
        return UNKNOWN  # Only a comparison knows what to do with ``any`` and ``all``; see ``_each_of``.
    if run.version == 1 and isinstance(key, int) and not isinstance(key, bool) and key <= 0:
        key -= 1  # There 0 is the last item, -1 the one before it.
    return properties.get(owner, key)


def _unary(run: Run, node: tree.Unary) -> Value:
    value = evaluate(run, node.operand)
    if node.operator == "not":
        return operators.negated(value)
    return operators.apply("+" if node.operator == "+" else "-", 0, value)


def _binary(run: Run, node: tree.Binary) -> Value:
    operator = node.operator
    if operator in {"and", "or"}:
        return _logic(run, node)
    some = _each_of(run, node)
    if some is not None:
        return some
    left = evaluate(run, node.left)
    if operator in operators.COMPARISONS:
        run.it = left
    right = evaluate(run, node.right)
    if run.version == 1 and operator in _CONTAINS:
        return _contains_in_first(operator, left, right)
    return operators.apply(operator, left, right)


def _contains_in_first(operator: str, left: Value, right: Value) -> Value:
    """In Harlowe 1 a number or boolean contains just itself."""
    whole = left if "contain" in operator else right
    if isinstance(whole, (int, float)):
        operator = "is not" if "not" in operator else "is"
    return operators.apply(operator, left, right)


def _logic(run: Run, node: tree.Binary) -> Value:
    """``and`` and ``or``; see ``elision`` for ``$a is 2 or 3``."""
    operator = node.operator
    before, after = elision.comparison(node.left, operator), elision.comparison(node.right, operator)
    if before is not None and after is None:
        elision.refuse(before, run.version)
        left = evaluate(run, node.left)
        return operators.apply(operator, left, _elided(run, (node.right,), operator, before.operator))
    if before is None and after is not None and after is node.right:
        elision.refuse(after, run.version)
        # Harlowe turns the comparison round, so that ``it`` is what stands on its right.
        reversed_ = elision.REVERSED[after.operator]
        if isinstance(after, past.Remembers):
            right = evaluate(run, after)
            run.it = evaluate(run, after.right)
        else:
            run.it = evaluate(run, after.right)
            right = operators.apply(reversed_, run.it, evaluate(run, after.left))
        operands = elision.operands(node.left, operator)
        return operators.apply(operator, _elided(run, operands, operator, reversed_), right)
    return operators.apply(operator, evaluate(run, node.left), evaluate(run, node.right))


def _elided(run: Run, nodes: tuple[tree.Expression, ...], operator: str, comparison: str) -> Value:
    """Compare ``it`` with each value; a boolean stands for itself."""
    found: Value = operator == "and"
    for node in nodes:
        value = evaluate(run, node)
        if isinstance(value, bool):
            found = operators.apply(operator, found, value)
        else:
            found = operators.apply(operator, found, operators.apply(comparison, run.it, value))
    return found


def _each_of(run: Run, node: tree.Binary) -> Value | None:
    """Compare ``any of`` or ``all of`` a value's items; None if this is no such comparison."""
    for given, other in ((node.left, node.right), (node.right, node.left)):
        side = given
        while isinstance(side, tree.Group):
            side = side.inner
        if not (isinstance(side, tree.Property) and isinstance(side.key, str) and side.key.lower() in {"any", "all"}):
            continue
        owner = run.it if side.owner is None else evaluate(run, side.owner)
        if isinstance(owner, Map):
            return None
        value = evaluate(run, other)
        if not isinstance(owner, (str, tuple, frozenset)):
            return UNKNOWN
        pairs = ((item, value) if given is node.left else (value, item) for item in owner)
        results = [operators.apply(node.operator, *pair) for pair in pairs]
        wanted = side.key.lower() == "any"
        if wanted in results:
            return wanted
        return UNKNOWN if UNKNOWN in results else not wanted
    return None


def _spread(run: Run, node: tree.Spread) -> Value:
    value = evaluate(run, node.operand)
    if isinstance(value, (str, tuple)):
        return Spreading(tuple(value))
    if isinstance(value, frozenset):
        return Spreading(tuple(sorted_items(value)))
    if isinstance(value, Datatype):
        return Datatype(value.name, is_spread=True)
    if value is UNKNOWN:
        return Spreading((UNKNOWN,))
    msg = f"a {kind(value)} cannot be spread"
    raise StoryError(msg)


def _lambda(run: Run, node: tree.Lambda) -> Value:
    return LambdaOf(run.unit.text[node.start : node.stop], run.captured(node))


def _hook(run: Run, node: tree.Hook) -> Value:
    return Code(run.unit.text[node.inner.start : node.inner.stop], run.captured(node))


def _macro(run: Run, node: tree.Macro) -> Value:
    name = node.name
    if node.is_custom:
        custom = run.get(name)
        if isinstance(custom, Custom):
            return specials.call_custom(run, custom, arguments(run, node.arguments), run.place(node))
        if custom is UNKNOWN:
            run.turn.opaque(f"({name}:)", run.place(node))
            return UNKNOWN
        msg = f"{name} holds no macro"
        raise StoryError(msg)
    if name in specials.TABLE:
        return specials.TABLE[name](run, node)
    if name in functions.TABLE:
        return functions.call(name, arguments(run, node.arguments))
    if name in names.CHANGERS:
        return changer(run, node)
    if name in specials.COMMANDS:
        return specials.stored_command(run, node)
    run.turn.opaque(f"({name}:)", run.place(node))
    return UNKNOWN


def changer(run: Run, node: tree.Macro) -> Changer:
    """Make a changer of a call."""
    if node.name in {"storylet", "exclusivity", "urgency", "metadata"}:
        return Changer(())
    return Changer((Part(node.name, tuple(arguments(run, node.arguments))),))


_BY_KIND: Final[dict[type, Callable[[Run, Any], Value]]] = {
    tree.Variable: _variable,
    tree.Macro: _macro,
    tree.Number: lambda _, node: number(node.value),
    tree.String: lambda _, node: node.value,
    tree.Boolean: lambda _, node: node.value,
    tree.Colour: lambda _, node: Colour(node.value),
    tree.Datatype: lambda _, node: Datatype(node.name),
    tree.HookName: lambda _, node: HookNamed(node.name),
    tree.Identifier: _identifier,
    tree.Group: lambda run, node: evaluate(run, node.inner),
    tree.Property: _property,
    tree.Unary: _unary,
    tree.Binary: _binary,
    past.Remembers: specials.remembers,
    tree.Spread: _spread,
    tree.Lambda: _lambda,
    tree.Hook: _hook,
    tree.Broken: _broken,
    tree.Unread: _unread,
}
