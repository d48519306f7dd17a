"""Variables that expressions read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.context import Use, Where
from gamebook_lab.story.program import Access, AccessKind

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.facts import Reader

_MAX_FLOWS: Final = 8
"""Variables of one destructuring whose sources are told apart."""


def read(reader: Reader, variable: tree.Variable, use: Use) -> None:
    """Record that a variable is read."""
    for flows_to in use.flows_to or (None,):
        access = Access(
            variable.name, AccessKind.READ, variable.span, variable.is_temporary,
            is_condition=use.is_condition, flows_to=flows_to,
        )  # fmt: skip
        reader.accesses.append(access)


def read_it(reader: Reader, use: Use) -> None:
    """Record that ``it`` is read, at the name of the variable that it means."""
    if use.it is not None:
        read(reader, use.it, use)


def write(reader: Reader, target: tree.Expression, value: str | None, where: Where) -> None:
    """Record that ``target`` is written: a variable, a property of one, or a pattern with variables in it."""
    if isinstance(target, tree.Variable):
        reader.accesses.append(
            Access(target.name, AccessKind.WRITE, target.span, target.is_temporary, value=value),
        )
    elif isinstance(target, tree.Typed):
        reader.expression(target.datatype, where, Use())
        write(reader, target.variable, value, where)
    elif isinstance(target, tree.Group):
        write(reader, target.inner, value, where)
    elif isinstance(target, tree.Spread):
        write(reader, target.operand, None, where)
    elif isinstance(target, tree.Property):
        _write_property(reader, target, where)
    elif isinstance(target, tree.Macro):
        for argument in target.arguments:
            write(reader, argument, None, where)
    else:
        reader.expression(target, where, Use())


def _write_property(reader: Reader, target: tree.Property, where: Where) -> None:
    """A property write keeps the rest of its variable: it reads it, and its value is not one expression."""
    if not isinstance(target.key, str):
        reader.expression(target.key, where, Use())
    owner = root(target)
    if owner is None:
        if target.owner is not None:
            reader.expression(target.owner, where, Use())
        return
    if isinstance(target.owner, tree.Property):
        _write_property(reader, target.owner, where)
        return
    read(reader, owner, Use(flows_to=(owner.name,)))
    write(reader, owner, None, where)


def root(target: tree.Expression) -> tree.Variable | None:
    """Find the variable that an expression is a property of, or is."""
    while True:
        if isinstance(target, tree.Variable):
            return target
        if isinstance(target, tree.Property) and target.owner is not None:
            target = target.owner
        elif isinstance(target, tree.Group):
            target = target.inner
        elif isinstance(target, tree.Typed):
            target = target.variable
        else:
            return None


def assign(reader: Reader, node: tree.Assignment, where: Where) -> None:
    """Record an assignment: the value's reads flow to the target."""
    owner = root(node.target)
    names = (owner.name,) if owner else tuple(_pattern_names(node.target))
    use = Use(flows_to=names if len(names) <= _MAX_FLOWS else (), it=owner)
    is_plain = node.operator in {"to", "into"}
    if not is_plain:
        read_it(reader, use)
    reader.expression(node.value, where, use)
    has_value = is_plain and not isinstance(node.value, tree.Broken)
    write(reader, node.target, reader.source(node.value) if has_value else None, where)


def _pattern_names(target: tree.Expression) -> list[str]:
    """Names of the variables in a destructuring pattern, such as ``(a: $x, $y)``."""
    if isinstance(target, tree.Macro):
        return [name for argument in target.arguments for name in _pattern_names(argument)]
    if isinstance(target, tree.Spread):
        return _pattern_names(target.operand)
    owner = root(target)
    return [owner.name] if owner else []


def bind(reader: Reader, node: tree.Bind, where: Where) -> None:
    """Record a bound variable: the reader's input is written to it, and with ``2bind`` it is shown too."""
    owner = root(node.operand)
    if node.is_two_way and isinstance(owner, tree.Variable) and owner is node.operand:
        read(reader, owner, Use())
    write(reader, node.operand, None, where)


def lambda_(reader: Reader, node: tree.Lambda, where: Where, use: Use) -> None:
    """Record what a lambda names and reads; in it, ``it`` is an item."""
    inner = use._replace(it=None)
    if node.subject is not None:
        write(reader, node.subject, None, where)
    for keyword, clause in node.clauses:
        if keyword == "making":
            write(reader, clause, None, where)
        else:
            reader.expression(clause, where, inner)
