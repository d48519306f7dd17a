"""Statements, read exactly or not at all, and compiled: declarations, ``if``, loops, functions.

Does not cover ``switch``, ``try``, ``class``, labels and generators: code that has them is not understood.
"""

# ruff: noqa: ARG001 - all compiled code takes the host

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript import statement_nodes as kinds
from gamebook_lab.languages.javascript.cursor import UnexpectedError
from gamebook_lab.languages.javascript.evaluate import (
    EXTRA,
    Code,
    compile_test,
    compile_value,
    is_shallow,
    lift,
    store_target,
)
from gamebook_lab.languages.javascript.grammar import STATEMENT_WORDS, Grammar
from gamebook_lab.languages.javascript.host import Frame, Host
from gamebook_lab.languages.javascript.iterated import Iterated
from gamebook_lab.languages.javascript.lexemes import Dialect
from gamebook_lab.languages.javascript.values import ThrownError, keys_of
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

MAX_UNKNOWN_TURNS: Final = 3
"""Turns of a loop that are followed where nobody knows whether it goes on."""
_DECLARING: Final = frozenset({"var", "let", "const"})


def statement_nodes(text: str, start: int, stop: int, dialect: Dialect = Dialect.PLAIN) -> list[nodes.Node] | None:
    """Read statements; None if any of them is not understood."""
    reader = _Strict(text, start, stop, dialect)
    if reader.lexical_problem() is not None:
        return None
    try:
        found = reader.statements(is_body=False)
    except (UnexpectedError, IndexError):
        return None
    return found if reader.peek() is None else None


def expression_node(text: str, start: int, stop: int, dialect: Dialect = Dialect.PLAIN) -> nodes.Node | None:
    """Read one expression; None if it is not understood, or something follows it."""
    reader = _Strict(text, start, stop, dialect)
    if reader.lexical_problem() is not None:
        return None
    try:
        found = reader.sequence()
    except (UnexpectedError, IndexError):
        return None
    reader.take(";")
    return found if reader.peek() is None else None


class _Strict(Grammar):
    """Recursive descent over statements: what does not fit is an error."""

    def statements(self, *, is_body: bool) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        begun = self.place
        while (here := self.peek()) is not None:
            if here.text == "}" and here.kind == "operator":
                break
            if self.take(";"):
                continue
            found.extend(self.statement())
        if not is_body:
            return found
        start = self.lexemes[begun].start if begun < len(self.lexemes) else self.end
        return [kinds.Block(start, self.end if here is None else here.start, tuple(found))]

    def statement(self) -> list[nodes.Node]:
        here = self.lexemes[self.place]
        depth = self.depth
        self.deepen()
        try:
            word = here.text if here.kind == "name" else ""
            if here.text == "{" and here.kind == "operator":
                return [self.block(here.start)]
            if word in _DECLARING:
                found = self.declarations()
            elif word in {"if", "for", "while"}:
                self.place += 1
                return [{"if": self.branch, "for": self.loop, "while": self.while_loop}[word](here.start)]
            elif word in {"return", "break", "continue"}:
                found = [self.leaving(here.start, word)]
            elif word == "function" and (name := self.peek(1)) is not None and name.kind == "name":
                function = self.function(here)
                return [kinds.Define(here.start, function.stop, name.text, function)]
            elif word in STATEMENT_WORDS:
                raise UnexpectedError
            else:
                found = [self.sequence()]
            self.ended()
            return found
        finally:
            self.depth = depth

    def ended(self) -> None:
        """A statement ends with a semicolon, its block or its line."""
        here = self.peek()
        if here is None or here.text == "}" or self.take(";") or self.is_on_new_line():
            return
        raise UnexpectedError

    def one(self) -> nodes.Node:
        """The statement that ``if`` and loops have for a body."""
        start = self.lexemes[self.place].start
        if self.take(";"):
            return kinds.Block(start, start, ())
        found = self.statement()
        return found[0] if len(found) == 1 else kinds.Block(start, self.stop, tuple(found))

    def block(self, start: int) -> nodes.Node:
        self.expect("{")
        found = self.statements(is_body=True)
        assert isinstance(found[0], kinds.Block)
        return kinds.Block(start, self.expect("}"), found[0].statements)

    def declarations(self) -> list[nodes.Node]:
        self.place += 1
        found: list[nodes.Node] = []
        while True:
            target = self.tail_free()
            value = self.assignment() if self.take("=") else None
            found.append(kinds.Declare(target.start, self.stop, target, value))
            if not self.take(","):
                return found

    def tail_free(self) -> nodes.Node:
        """A name or a pattern."""
        target = self.primary()
        if not isinstance(target, nodes.Name | nodes.Variable | nodes.Array):
            raise UnexpectedError
        return target

    def branch(self, start: int) -> nodes.Node:
        self.expect("(")
        test = self.sequence()
        self.expect(")")
        yes, no = self.one(), None
        after = self.peek()
        if after is not None and after.kind == "name" and after.text == "else":
            self.place += 1
            no = self.one()
        return kinds.If(start, self.stop, test, yes, no)

    def while_loop(self, start: int) -> nodes.Node:
        self.expect("(")
        test = self.sequence()
        self.expect(")")
        return kinds.Loop(start, self.stop, None, test, None, self.one())

    def loop(self, start: int) -> nodes.Node:
        self.expect("(")
        first: nodes.Node | None = None
        here = self.lexemes[self.place]
        if here.kind == "name" and here.text in _DECLARING:
            name = self.peek(2)
            if name is not None and name.text in {"of", "in"} and name.kind == "name":
                self.place += 1
                return self.each(start, self.tail_free())
            found = self.declarations()
            first = kinds.Block(here.start, self.stop, tuple(found))
        elif not self.is_at(";"):
            first = self.sequence()
        self.expect(";")
        test = None if self.is_at(";") else self.sequence()
        self.expect(";")
        step = None if self.is_at(")") else self.sequence()
        self.expect(")")
        return kinds.Loop(start, self.stop, first, test, step, self.one())

    def each(self, start: int, target: nodes.Node) -> nodes.Node:
        is_keys = self.lexemes[self.place].text == "in"
        self.place += 1
        source = self.sequence()
        self.expect(")")
        body = self.one()
        return kinds.Each(start, self.stop, target, source, body, is_keys)

    def leaving(self, start: int, how: str) -> nodes.Node:
        self.place += 1
        here = self.peek()
        is_bare = here is None or here.text in {";", "}"} or self.is_on_new_line()
        value = None if is_bare else self.sequence()
        if value is not None and how != "return":
            raise UnexpectedError
        return kinds.Leave(start, self.stop, how, value)


# ---- running: the code of a statement gives None, or how it was left


class _Left:
    """How a statement was left."""

    __slots__ = ("how", "value")

    def __init__(self, how: str, value: Any = UNSET) -> None:
        self.how, self.value = how, value


def compile_program(trees: Iterable[nodes.Node]) -> Code | None:
    """Compile statements; their code gives the value of the last, if that is an expression."""
    found = list(trees)
    if not all(is_shallow(each) for each in found):
        return None
    codes = [compile_value(each) for each in found]
    if len(codes) == 1 and not isinstance(found[0], kinds.Declare | kinds.Define):
        return codes[0]
    is_local = any(isinstance(each, kinds.Declare | kinds.Define) for each in found)

    def run(host: Host) -> Any:
        around = host.frame
        if is_local:
            host.frame = Frame(around)
        try:
            last: Any = UNSET
            for code in codes:
                last = code(host)
                if isinstance(last, _Left):
                    return last.value
            return last
        finally:
            host.frame = around

    return run


def _block(node: kinds.Block) -> Code:
    codes = [(compile_value(each), _may_leave(each)) for each in node.statements]
    is_local = any(isinstance(each, kinds.Declare | kinds.Define) for each in node.statements)

    def run(host: Host) -> Any:
        around = host.frame
        if is_local:
            host.frame = Frame(around)
        try:
            for code, may_leave in codes:
                found = code(host)
                if may_leave and isinstance(found, _Left):
                    return found
            return None
        finally:
            host.frame = around

    return run


def _may_leave(node: nodes.Node) -> bool:
    return isinstance(node, kinds.Block | kinds.If | kinds.Loop | kinds.Each | kinds.Leave)


def _declare(node: kinds.Declare) -> Code:
    value = lift(UNSET) if node.value is None else compile_value(node.value)
    targets = node.target.items if isinstance(node.target, nodes.Array) else (node.target,)
    names = [each.name for each in targets if isinstance(each, nodes.Name)]
    store = store_target(node.target)

    def run(host: Host) -> None:
        found = value(host)
        if host.frame is None:
            host.frame = Frame(None)
        host.frame.names.update(dict.fromkeys(names, UNSET))
        store(host, found)

    return run


def _if(node: kinds.If) -> Code:
    test = compile_test(node.test) or lift(UNKNOWN)
    yes = compile_value(node.yes)
    no = None if node.no is None else compile_value(node.no)
    span = Span(node.test.start, node.test.stop)

    def run(host: Host) -> Any:
        host.tick()
        if host.decide(test(host), "if", span):
            return yes(host)
        return None if no is None else no(host)

    return run


def _loop(node: kinds.Loop) -> Code:
    first = None if node.first is None else _opening(node.first)
    test = lift(value=True) if node.test is None else compile_test(node.test) or lift(UNKNOWN)
    step = lift(None) if node.step is None else compile_value(node.step)
    body, span = compile_value(node.body), Span(node.start, node.stop)

    def run(host: Host) -> Any:
        around = host.frame
        host.frame = Frame(around)
        try:
            if first is not None:
                first(host)
            doubts = 0
            while is_on := test(host):
                host.tick()
                if is_on is UNKNOWN:
                    doubts += 1
                    if doubts > MAX_UNKNOWN_TURNS:
                        return host.stray("loop", span)
                    if not host.decide(is_on, "loop", span):
                        return None
                left = body(host)
                if isinstance(left, _Left):
                    if left.how == "return":
                        return left
                    if left.how == "break":
                        return None
                step(host)
            return None
        finally:
            host.frame = around

    return run


def _opening(node: nodes.Node) -> Code:
    """``let i = 0`` of a loop: in the loop's own frame."""
    statements = node.statements if isinstance(node, kinds.Block) else (node,)
    codes = [compile_value(each) for each in statements]

    def run(host: Host) -> None:
        for code in codes:
            code(host)

    return run


def _each(node: kinds.Each) -> Code:
    source, body, store = compile_value(node.source), compile_value(node.body), store_target(node.target)
    targets = node.target.items if isinstance(node.target, nodes.Array) else (node.target,)
    names = [each.name for each in targets if isinstance(each, nodes.Name)]
    span = Span(node.start, node.stop)

    def run(host: Host) -> Any:
        items = _items(host, source(host), is_keys=node.is_keys)
        if items is None:
            return host.stray("for", span)
        around = host.frame
        try:
            for item in items:
                host.tick()
                host.frame = Frame(around)
                host.frame.names.update(dict.fromkeys(names, UNSET))
                store(host, item)
                left = body(host)
                if isinstance(left, _Left):
                    if left.how == "return":
                        return left
                    if left.how == "break":
                        return None
            # what was made too long on the way may go on for ever
            return host.give_up("for", span) if id(items) in host.spoiled else None
        finally:
            host.frame = around

    return run


def _items(host: Host, value: Any, *, is_keys: bool) -> list[Any] | None:
    """What a loop goes over: the array itself, since what its body adds comes too."""
    if isinstance(value, list | str):
        return (
            [str(index) for index in range(len(value))] if is_keys else value if isinstance(value, list) else [*value]
        )
    if isinstance(value, dict) and is_keys:
        return list(keys_of(value))
    if isinstance(value, Iterated):
        return [] if is_keys else value.taken()
    if value is UNKNOWN or not isinstance(value, dict | bool | int | float | type(None)):
        return None
    raise ThrownError("is not iterable")


def _leave(node: kinds.Leave) -> Code:
    value = lift(UNSET) if node.value is None else compile_value(node.value)
    return lambda host: _Left(node.how, value(host))


def _define(node: kinds.Define) -> Code:
    function = compile_value(node.function)

    def run(host: Host) -> None:
        if host.frame is None:
            host.frame = Frame(None)
        host.frame.names[node.name] = UNSET
        host.frame.names[node.name] = function(host)

    return run


def _body(node: kinds.Block) -> Callable[[Host], Any]:
    """The body of a function: its code gives what is returned."""
    inside = _block(node)

    def run(host: Host) -> Any:
        left = inside(host)
        return left.value if isinstance(left, _Left) else UNSET

    return run


EXTRA.update(
    {
        kinds.Block: _block, kinds.Declare: _declare, kinds.If: _if, kinds.Loop: _loop, kinds.Each: _each,
        kinds.Leave: _leave, kinds.Define: _define, nodes.Function: _body,
    }
)  # fmt: skip
