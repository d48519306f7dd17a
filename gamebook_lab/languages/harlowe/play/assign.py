"""Writes variables: ``$x to 1``, ``$a's 1st to 2``, ``(a: $x, $y) to ...``, ``num-type $x to 3``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import datatypes, operators, properties
from gamebook_lab.languages.harlowe.play.values import Datatype, StoryError, kind
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, Value

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run


def assign(run: Run, node: tree.Expression, *, is_move: bool = False) -> None:
    """Carry out one assignment."""
    if not isinstance(node, tree.Assignment):
        msg = "this is no assignment"
        raise StoryError(msg)
    is_changed = node.operator not in {"to", "into"}
    run.it = current(run, node.target) if is_changed or run.asks_it(node.value) else 0
    value = run.evaluate(node.value)
    if is_changed:
        value = operators.apply(node.operator[0], run.it, value)
    write(run, node.target, value)
    if is_move:
        _remove(run, node.value)


def _plain(node: tree.Expression) -> tree.Expression:
    while isinstance(node, tree.Group):
        node = node.inner
    return node


def current(run: Run, target: tree.Expression) -> Value:
    """Value that ``it`` has in an assignment; 0 where the target has none."""
    target = _plain(target)
    if isinstance(target, tree.Typed):
        target = _plain(target.variable)
    try:
        if isinstance(target, tree.Variable):
            value = run.get(target.name)
            return 0 if value is UNSET else value
        if isinstance(target, tree.Property):
            found: Value = run.evaluate(target)
            return found
    except StoryError:
        pass
    return 0


def write(run: Run, target: tree.Expression, value: Value) -> None:
    """Write a value to a variable, to a property of one, or to all variables of a pattern."""
    target = _plain(target)
    if isinstance(target, tree.Variable):
        run.put(target.name, value)
    elif isinstance(target, tree.Typed):
        wanted = run.evaluate(target.datatype)
        if value is not UNKNOWN and isinstance(wanted, Datatype) and not datatypes.is_of(value, wanted):
            msg = f"a {kind(value)} is no {wanted.name}"
            raise StoryError(msg)
        write(run, target.variable, value)
    elif isinstance(target, tree.Property):
        _write_property(run, target, value)
    elif isinstance(target, tree.Macro):
        _unpack(run, target, value)


def _write_property(run: Run, target: tree.Property, value: Value) -> None:
    if target.owner is None:
        msg = "'its' cannot be written"
        raise StoryError(msg)
    key = target.key if isinstance(target.key, str) else run.evaluate(target.key)
    owner = current(run, target.owner)
    write(run, target.owner, properties.put(owner, key, value))


def _unpack(run: Run, pattern: tree.Macro, value: Any) -> None:
    """Write the variables of ``(a: $x, $y)`` or ``(dm: "name", $x)``."""
    if value is UNKNOWN:
        for each in pattern.arguments:
            write_unknown(run, each)
    elif pattern.name in {"a", "array"} and isinstance(value, tuple):
        _unpack_array(run, pattern, value)
    elif pattern.name in {"dm", "datamap"} and isinstance(value, Map):
        for name, each in zip(pattern.arguments[::2], pattern.arguments[1::2], strict=False):
            write_part(run, each, properties.get(value, run.evaluate(name)))
    elif pattern.name in {"a", "array", "dm", "datamap"}:
        msg = f"a {kind(value)} does not fit the pattern"
        raise StoryError(msg)
    else:
        for each in pattern.arguments:
            write_unknown(run, each)


def _unpack_array(run: Run, pattern: tree.Macro, value: tuple[Any, ...]) -> None:
    if any(isinstance(each, tree.Spread) for each in pattern.arguments):
        for each in pattern.arguments:
            write_unknown(run, each)
        return
    if len(value) < len(pattern.arguments):
        msg = "the array has fewer items than the pattern"
        raise StoryError(msg)
    for each, item in zip(pattern.arguments, value, strict=False):
        write_part(run, each, item)


def write_part(run: Run, target: tree.Expression, value: Value) -> None:
    """Write a part of a pattern; what is no variable must match."""
    if isinstance(_plain(target), tree.Variable | tree.Typed | tree.Property | tree.Macro):
        if isinstance(target, tree.Macro) and target.name not in {"a", "array", "dm", "datamap"}:
            write_unknown(run, target)
        else:
            write(run, target, value)
    elif datatypes.matches(value, run.evaluate(target)) is False:
        msg = "the value does not fit the pattern"
        raise StoryError(msg)


def write_unknown(run: Run, target: tree.Expression) -> None:
    """Make unknown whatever a target may write."""
    target = _plain(target)
    if isinstance(target, tree.Variable):
        run.put(target.name, UNKNOWN)
    elif isinstance(target, tree.Typed):
        write_unknown(run, target.variable)
    elif isinstance(target, tree.Property) and target.owner is not None:
        write_unknown(run, target.owner)
    elif isinstance(target, tree.Spread):
        write_unknown(run, target.operand)
    elif isinstance(target, tree.Macro):
        for each in target.arguments:
            write_unknown(run, each)


def _remove(run: Run, source: tree.Expression) -> None:
    """Take away what ``(move:)`` moved: a property of a variable, or a whole one, which is then 0."""
    source = _plain(source)
    if isinstance(source, tree.Variable):
        run.put(source.name, 0)
    elif isinstance(source, tree.Property) and source.owner is not None:
        key = source.key if isinstance(source.key, str) else run.evaluate(source.key)
        write(run, source.owner, properties.without(current(run, source.owner), key))
