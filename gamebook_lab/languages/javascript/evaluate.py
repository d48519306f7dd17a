"""Compiles expressions to closures that a :class:`~gamebook_lab.languages.javascript.host.Host` runs.

How a story format uses it::

    code = compile_expression(tree)          # a function of the host, made once for a tree
    value = code(host)                       # runs it: may raise ThrownError, as JavaScript would throw
    test = compile_test(tree)                # the same as a condition: True, False or UNKNOWN
    host.decide(test(host), "<<if>>", span)  # a bool; `either` where nobody knows

Nothing here knows a story format: names (variables with their sigils, too) are the host's. ``UNKNOWN`` goes through every
operation. What a function that nobody knows may do is told to :meth:`Host.stray`. What is too deep to compile is
``None``: the caller takes it for opaque.
"""

# ruff: noqa: ARG001, ARG005 - all compiled code takes the host

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.functions import Closure, call_method, call_value, construct
from gamebook_lab.languages.javascript.host import MISSING, Host, Native
from gamebook_lab.languages.javascript.iterated import Iterated
from gamebook_lab.languages.javascript.members import get_member, set_member
from gamebook_lab.languages.javascript.operators import OPERATORS, UNARY, add, divided_by_zero, negation
from gamebook_lab.languages.javascript.purity import is_pure
from gamebook_lab.languages.javascript.values import ThrownError, capped, text_number, to_number, to_text, truthy
from gamebook_lab.languages.shared.nesting import MOST_WRITTEN
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

__all__ = ["Code", "compile_expression", "compile_test", "compile_value", "lift"]

Code = Callable[[Host], Any]
MAX_TREE: Final = 4 * MOST_WRITTEN
"""Nodes inside each other that are compiled."""
MAX_OUTCOMES: Final = 1_000
"""More outcomes of one draw are unknown."""
_CONSTANTS: Final = {
    "true": True, "false": False, "null": None, "undefined": UNSET, "NaN": math.nan, "Infinity": math.inf,
}  # fmt: skip


def compile_expression(tree: nodes.Node) -> Code | None:
    """Compile an expression; None if it is too deep."""
    return compile_value(tree) if is_shallow(tree) else None


def compile_test(tree: nodes.Node) -> Code | None:
    """Compile a condition: its code gives True, False or UNKNOWN."""
    return _test(tree) if is_shallow(tree) else None


def is_shallow(tree: nodes.Node) -> bool:
    """Tell whether a tree can be compiled."""
    return depth_of(tree) <= MAX_TREE


def depth_of(tree: nodes.Node) -> int:
    """Count the levels of a tree below its root; not on beyond what can be compiled."""
    deepest, waiting = 0, [(tree, 0)]
    while waiting and deepest <= MAX_TREE:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in node.children)
    return deepest


def compile_value(node: nodes.Node) -> Code:
    """Compile a node of a tree that is not too deep."""
    return (_COMPILERS.get(type(node)) or EXTRA.get(type(node)) or _unknown)(node)


def _unknown(node: nodes.Node) -> Code:
    return lambda host: UNKNOWN


def lift(value: Any) -> Code:
    """Code that gives a constant."""
    return lambda host: value


# ---- values


def _name(node: nodes.Name | nodes.Variable) -> Code:
    name = node.name

    def run(host: Host) -> Any:
        if host.frame is not None and (names := host.frame.find(name)) is not None:
            value = names[name]
        else:
            value = host.lookup(name)
        if value is MISSING or (host.spoiled and id(value) in host.spoiled):
            return UNKNOWN
        return value

    return run


def _number(node: nodes.Number) -> Code:
    source = node.source.replace("_", "")
    if source.endswith("n") and not source.startswith("0x"):
        return lift(UNKNOWN)
    if len(source) > 1 and source[0] == "0" and source.isdigit():
        return lift(UNKNOWN)  # the octal of old
    return lift(text_number(source))


def _template(node: nodes.Template) -> Code:
    parts = [compile_value(part) for part in node.parts]

    def run(host: Host) -> Any:
        found: Any = node.strings[0]
        for part, string in zip(parts, node.strings[1:], strict=True):
            text = to_text(part(host))
            found = UNKNOWN if text is UNKNOWN or found is UNKNOWN else capped(found + text + string)
        return found

    return run


def items(given: tuple[nodes.Node, ...]) -> Callable[[Host], list[Any] | None]:
    """Code for a list of values; it gives None where nobody knows how many there are."""
    codes = [
        (compile_value(each.operand if isinstance(each, nodes.Spread) else each), isinstance(each, nodes.Spread))
        for each in given
    ]
    if not any(is_spread for _, is_spread in codes):
        plain = [code for code, _ in codes]
        return lambda host: [code(host) for code in plain]

    def run(host: Host) -> list[Any] | None:
        found: list[Any] = []
        is_known = True
        for code, is_spread in codes:
            value = code(host)
            if not is_spread:
                found.append(value)
            elif isinstance(value, (list, str)):
                found.extend(value)
            elif isinstance(value, Iterated):
                found.extend(value.taken())
            elif value is UNSET or value is None or isinstance(value, (bool, int, float)):
                raise ThrownError("is not iterable")
            else:
                is_known = False
        return found if is_known else None

    return run


def _array(node: nodes.Array) -> Code:
    values = items(node.items)

    def run(host: Host) -> Any:
        found = values(host)
        return UNKNOWN if found is None else capped(found)

    return run


def _object(node: nodes.Object) -> Code:
    entries: list[tuple[Code | None, Code]] = []
    for item in node.items:
        if isinstance(item, nodes.Property):
            key = lift(item.key) if isinstance(item.key, str) else compile_value(item.key)
            entries.append((key, compile_value(item.value)))
        elif isinstance(item, nodes.Spread):
            entries.append((None, compile_value(item.operand)))

    def run(host: Host) -> Any:
        found: dict[str, Any] = {}
        is_known = True
        for key, code in entries:
            name = None if key is None else to_text(key(host))
            value = code(host)
            if name is UNKNOWN or name == "__proto__" or (name is None and value is UNKNOWN):
                is_known = False
            elif name is not None:
                found[name] = value
            elif isinstance(value, dict):
                found.update(value)
            elif isinstance(value, list):
                found.update((str(index), each) for index, each in enumerate(value))
        return found if is_known else UNKNOWN

    return run


def _is_block(node: nodes.Node) -> bool:
    return type(node) in EXTRA


def _function(node: nodes.Function) -> Code:
    body: Code | None = None
    if node.body:
        first = node.body[0]
        body = compile_value(first) if node.is_value else EXTRA[nodes.Function](first) if _is_block(first) else None
    is_harmless = body is not None and all(is_pure(each) for each in node.body)
    names = [each.name if isinstance(each, nodes.Name) else None for each in node.inputs]
    if None in names:
        body, is_harmless = None, False
    span = Span(node.start, node.stop)
    known = tuple(name for name in names if name is not None)
    weight = depth_of(node)
    return lambda host: Closure(known, body, host.frame, span, weight=weight, is_harmless=is_harmless)


# ---- operators


def _unary(node: nodes.Unary) -> Code:
    if node.operator == "!":
        test = _test(node.operand)
        return lambda host: negation(test(host))
    if node.operator == "delete":
        return _delete(node.operand)
    operator = UNARY.get(node.operator)
    operand = compile_value(node.operand)
    if operator is None:
        return lift(UNKNOWN)
    if node.operator == "typeof" and isinstance(node.operand, nodes.Name):
        return lambda host: UNKNOWN if host.lookup(node.operand.name) is MISSING else operator(operand(host))  # type: ignore[attr-defined]
    return lambda host: operator(operand(host))


def _delete(target: nodes.Node) -> Code:
    if not isinstance(target, nodes.Member):
        return lift(UNKNOWN)
    owner, key, span = compile_value(target.object), _key(target), Span(target.start, target.stop)

    def run(host: Host) -> Any:
        where, name = owner(host), key(host)
        if isinstance(where, Native) and isinstance(name, str):
            where.delete(host, name, span)
        elif isinstance(where, dict) and name is not UNKNOWN:
            where.pop(to_text(name), None)
        elif where is not UNKNOWN:
            host.spoil(where)
        return True

    return run


def _binary(node: nodes.Binary) -> Code:
    if node.operator in {"&&", "||", "??"}:
        return _logical(node)
    uniform = _coin(node)
    if uniform is not None:
        return uniform
    left, right = compile_value(node.left), compile_value(node.right)
    if node.operator == ",":

        def sequence(host: Host) -> Any:
            left(host)
            return right(host)

        return sequence
    if node.operator == "/" and isinstance(node.right, nodes.Number) and text_number(node.right.source) == 0:
        return lambda host: divided_by_zero(left(host))
    operator = OPERATORS[node.operator]
    return lambda host: operator(left(host), right(host))


def _logical(node: nodes.Binary) -> Code:
    left, right, mark = compile_value(node.left), compile_value(node.right), node.operator
    is_harmless, span = is_pure(node.right), Span(node.left.start, node.left.stop)

    def run(host: Host) -> Any:
        value = left(host)
        if value is UNKNOWN:
            if is_harmless:
                right(host)
                return UNKNOWN
            return right(host) if host.either(2, mark, span) == 0 else UNKNOWN
        if mark == "??":
            return right(host) if value is None or value is UNSET else value
        return right(host) if truthy(value) is (mark == "&&") else value

    return run


def _conditional(node: nodes.Conditional) -> Code:
    test, yes, no = _test(node.test), compile_value(node.yes), compile_value(node.no)
    is_harmless = is_pure(node.yes) and is_pure(node.no)
    span = Span(node.test.start, node.test.stop)

    def run(host: Host) -> Any:
        value = test(host)
        if value is UNKNOWN:
            if is_harmless:
                return UNKNOWN
            value = host.decide(UNKNOWN, "?:", span)
        return yes(host) if value else no(host)

    return run


def _test(node: nodes.Node) -> Code:
    """A condition: ``&&`` and ``||`` of what nobody knows may still be known."""
    if isinstance(node, nodes.Unary) and node.operator == "!":
        inside = _test(node.operand)
        return lambda host: negation(inside(host))
    if not isinstance(node, nodes.Binary) or node.operator not in {"&&", "||"}:
        return _truth(compile_value(node))
    left, right, is_and = _test(node.left), _test(node.right), node.operator == "&&"
    is_harmless, span, mark = is_pure(node.right), Span(node.left.start, node.left.stop), node.operator

    def run(host: Host) -> Any:
        first = left(host)
        if first is UNKNOWN:
            if not is_harmless:
                first = host.decide(UNKNOWN, mark, span)
            else:
                second = right(host)
                return second if second is (not is_and) else UNKNOWN
        return right(host) if first is is_and else first

    return run


def _truth(code: Code) -> Code:
    def run(host: Host) -> Any:
        value = code(host)
        if value is True or value is False or value is UNKNOWN:
            return value
        return truthy(value)

    return run


# ---- chance


def _is_uniform(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and not node.arguments and nodes.path(node.callee) == "Math.random"


def _coin(node: nodes.Binary) -> Code | None:
    """``Math.random() < 0.3``, exactly."""
    mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    mark, other = node.operator, node.right
    if mark not in mirrored:
        return None
    if not _is_uniform(node.left):
        if not _is_uniform(node.right):
            return None
        mark, other = mirrored[mark], node.left
    bound, is_below = compile_value(other), mark[0] == "<"

    def run(host: Host) -> Any:
        limit = to_number(bound(host))
        if limit is UNKNOWN or not math.isfinite(limit):
            return UNKNOWN
        share = min(max(Fraction(str(limit)), Fraction(0)), Fraction(1))
        if share in {0, 1}:
            return (share == 1) is is_below
        return (host.chance((share.numerator, share.denominator - share.numerator)) == 0) is is_below

    return run


def _die(node: nodes.Call) -> Code | None:
    """``Math.floor(Math.random() * n)``, and with something whole added inside."""
    if nodes.path(node.callee) not in {"Math.floor", "Math.trunc"} or len(node.arguments) != 1:
        return None
    inside = node.arguments[0]
    added: nodes.Node | None = None
    if isinstance(inside, nodes.Binary) and inside.operator == "+":
        left, right = inside.left, inside.right
        is_first = isinstance(left, nodes.Binary) or not isinstance(right, nodes.Binary)
        inside, added = (left, right) if is_first else (right, left)
    if not isinstance(inside, nodes.Binary) or inside.operator != "*":
        return None
    if not (_is_uniform(inside.left) or _is_uniform(inside.right)):
        return None
    sides = compile_value(inside.right if _is_uniform(inside.left) else inside.left)
    more = lift(0) if added is None else compile_value(added)

    def run(host: Host) -> Any:
        n, start = to_number(sides(host)), to_number(more(host))
        if type(n) is not int or type(start) is not int or not 0 < n <= MAX_OUTCOMES:
            return start if n == 0 else UNKNOWN
        return start + (host.chance((1,) * n) if n > 1 else 0)

    return run


# ---- members, calls


def _key(node: nodes.Member) -> Code:
    return lift(node.key) if isinstance(node.key, str) else compile_value(node.key)


def _member(node: nodes.Member) -> Code:
    owner, span, is_optional = compile_value(node.object), Span(node.start, node.stop), node.is_optional
    key = _key(node)

    def run(host: Host) -> Any:
        where = owner(host)
        name = key(host)
        if is_optional and (where is None or where is UNSET):
            return UNSET
        return get_member(host, where, name, span)

    return run


def _call(node: nodes.Call) -> Code:
    die = _die(node)
    if die is not None:
        return die
    span, arguments, what = Span(node.start, node.stop), items(node.arguments), nodes.path(node.callee)
    if node.is_new:
        return lambda host: construct(host, what, arguments(host), span)
    if isinstance(node.callee, nodes.Member):
        owner, key, is_optional = compile_value(node.callee.object), _key(node.callee), node.callee.is_optional

        def call(host: Host) -> Any:
            host.tick()
            where, name = owner(host), key(host)
            if is_optional and (where is None or where is UNSET):
                return UNSET
            return call_method(host, where, name, arguments(host), span)

        return call
    callee = compile_value(node.callee)

    def run(host: Host) -> Any:
        host.tick()
        return call_value(host, callee(host), arguments(host), what, span)

    return run


# ---- writing


def _assign(node: nodes.Assign) -> Code:
    store = store_target(node.target)
    value, mark = compile_value(node.value), node.operator
    if mark == "=":

        def plain(host: Host) -> Any:
            found = value(host)
            store(host, found)
            return found

        return plain
    before = compile_value(node.target)
    if mark in {"&&=", "||=", "??="}:
        logical = _logical(nodes.Binary(node.start, node.stop, mark[:-1], node.target, node.value))

        def short(host: Host) -> Any:
            found = logical(host)
            store(host, found)
            return found

        return short
    operator = add if mark == "+=" else OPERATORS[mark[:-1]]

    def compound(host: Host) -> Any:
        old = before(host)
        found = operator(old, value(host))
        store(host, found)
        return found

    return compound


def _update(node: nodes.Update) -> Code:
    store, before = store_target(node.operand), compile_value(node.operand)
    operator = OPERATORS["+" if node.operator == "++" else "-"]

    def run(host: Host) -> Any:
        old = to_number(before(host))
        found = operator(old, 1)
        store(host, found)
        return found if node.is_prefix else old

    return run


def store_target(node: nodes.Node) -> Callable[[Host, Any], None]:
    """What writes to the left side of an assignment."""
    if isinstance(node, (nodes.Name, nodes.Variable)):
        return lambda host, value: store_name(host, node.name, value)
    if isinstance(node, nodes.Member):
        owner, key, span = compile_value(node.object), _key(node), Span(node.start, node.stop)
        return lambda host, value: set_member(host, owner(host), key(host), value, span)
    if isinstance(node, nodes.Array):
        return _taken_apart([store_target(each) for each in node.items])
    span = Span(node.start, node.stop)

    def stray(host: Host, value: Any) -> None:
        host.stray("assignment", span)

    return stray


def _taken_apart(targets: list[Callable[[Host, Any], None]]) -> Callable[[Host, Any], None]:
    def store(host: Host, value: Any) -> None:
        for index, target in enumerate(targets):
            is_there = isinstance(value, list) and index < len(value)
            target(host, value[index] if is_there else UNSET if isinstance(value, list) else UNKNOWN)

    return store


def store_name(host: Host, name: str, value: Any) -> None:
    """Write to a local name, or to the host's."""
    names = None if host.frame is None else host.frame.find(name)
    if names is not None:
        names[name] = value
    else:
        host.store(name, value)


EXTRA: Final[dict[type, Callable[[Any], Code]]] = {}
"""Compilers of statements, and of a function's body; the module ``statements`` fills it."""
_COMPILERS: Final[dict[type, Callable[[Any], Code]]] = {
    nodes.Name: _name,
    nodes.Variable: _name,
    nodes.Text: lambda node: lift(node.value),
    nodes.Number: _number,
    nodes.Constant: lambda node: lift(_CONSTANTS[node.name]),
    nodes.Template: _template,
    nodes.Array: _array,
    nodes.Object: _object,
    nodes.Unary: _unary,
    nodes.Update: _update,
    nodes.Binary: _binary,
    nodes.Conditional: _conditional,
    nodes.Assign: _assign,
    nodes.Member: _member,
    nodes.Call: _call,
    nodes.Function: _function,
}
