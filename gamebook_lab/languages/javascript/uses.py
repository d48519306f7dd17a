"""Finds in a tree where variables are read and written, and what is called.

Which nodes are story variables is the language's to say (``$x`` in SugarCube, ``s.x`` in
Snowman, ``x`` in Chapbook): it gives a function from a node to the variable that it names.
The walk keeps its own stack, so that long chains cannot exhaust Python's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.story.program import Span


class Root(NamedTuple):
    """A story variable that a node names."""

    name: str
    span: Span


class Use(NamedTuple):
    """One read or write of a variable."""

    name: str
    span: Span
    is_write: bool
    value: Span | None = None
    flows_to: str | None = None


@dataclass(slots=True)
class Uses:
    """What one walk met, in no order that matters."""

    uses: list[Use] = field(default_factory=list)
    calls: list[nodes.Call] = field(default_factory=list)
    comparisons: list[nodes.Binary] = field(default_factory=list)
    computed: list[nodes.Member] = field(default_factory=list)
    """Members whose key is an expression."""
    local_names: set[str] = field(default_factory=set)
    """Parameters of the functions that it met."""


Resolve = Callable[[nodes.Node], Root | None]

MUTATORS: Final = frozenset(
    {
        "push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin", "set", "add", "delete",
        "clear", "pushUnique", "unshiftUnique", "deleteAll", "deleteAt", "deleteFirst", "deleteLast", "deleteWith",
        "pluck", "pluckMany", "shuffle", "concatUnique",
    }
)  # fmt: skip
"""Methods that change the array, map or set that they are called on (JavaScript's and SugarCube's)."""


def find_uses(trees: Iterable[nodes.Node], resolve: Resolve) -> Uses:
    """Walk expressions and tell what they use."""
    walk = _Walk(resolve)
    for tree in trees:
        walk.run(tree)
    return walk.found


class _Walk:
    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.found = Uses()
        self.waiting: list[tuple[nodes.Node, str | None]] = []

    def run(self, tree: nodes.Node) -> None:
        self.waiting.append((tree, None))
        while self.waiting:
            self.visit(*self.waiting.pop())

    def visit(self, node: nodes.Node, flows_to: str | None) -> None:
        _VISITS.get(type(node), _Walk.other)(self, node, flows_to)

    def other(self, node: nodes.Node, flows_to: str | None) -> None:
        self.push(node.children, flows_to)

    def unary(self, node: nodes.Unary, flows_to: str | None) -> None:
        (self.change if node.operator == "delete" else self.other)(node, flows_to)

    def binary(self, node: nodes.Binary, flows_to: str | None) -> None:
        if node.operator in _COMPARING:
            self.found.comparisons.append(node)
        self.other(node, flows_to)

    def function(self, node: nodes.Function, flows_to: str | None) -> None:  # noqa: ARG002 -- all visits take it
        self.found.local_names.update(node.parameters)
        self.push(node.body, None)

    def push(self, children: Iterable[nodes.Node], flows_to: str | None) -> None:
        self.waiting += [(child, flows_to) for child in children]

    def note(self, root: Root, *, is_write: bool, value: Span | None = None, flows_to: str | None = None) -> None:
        self.found.uses.append(Use(root.name, root.span, is_write, value, flows_to))

    def root(self, node: nodes.Node) -> tuple[Root | None, nodes.Node, list[nodes.Node]]:
        """The variable that a chain of members hangs on, the node at the chain's foot, and its computed keys."""
        keys: list[nodes.Node] = []
        while (root := self.resolve(node)) is None and isinstance(node, nodes.Member):
            if isinstance(node.key, nodes.Node):
                keys.append(node.key)
                self.found.computed.append(node)
            node = node.object
        return root, node, keys

    def read(self, node: nodes.Node, flows_to: str | None) -> None:
        root, foot, keys = self.root(node)
        self.push(keys, flows_to)
        if root is not None:
            self.note(root, is_write=False, flows_to=flows_to)
        elif foot is not node:
            self.push([foot], flows_to)

    def assign(self, node: nodes.Assign, flows_to: str | None) -> None:
        root, foot, keys = self.root(node.target)
        self.push([node.value, *keys], root.name if root else flows_to)
        if root is None:
            self.pattern(foot, node, flows_to)
            return
        is_whole = foot is node.target
        if not is_whole or node.operator != "=":
            self.note(root, is_write=False, flows_to=root.name)
        is_plain = is_whole and node.operator == "="
        value = Span(node.value.start, node.value.stop) if is_plain else None
        self.note(root, is_write=True, value=value)

    def pattern(self, target: nodes.Node, node: nodes.Assign, flows_to: str | None) -> None:
        """``[$a, $b] = ...`` writes each; any other target is no variable of the story."""
        if target is not node.target or not isinstance(target, nodes.Array | nodes.Object):
            self.push([] if isinstance(target, nodes.Name) else [target], flows_to)
            return
        for item in target.items:
            place = item.value if isinstance(item, nodes.Property) else item
            root, _, keys = self.root(place)
            self.push(keys, flows_to)
            if root is not None:
                self.note(root, is_write=True)

    def change(self, node: nodes.Update | nodes.Unary, flows_to: str | None) -> None:
        root, foot, keys = self.root(node.operand)
        self.push(keys, flows_to)
        if root is None:
            self.push([foot], flows_to)
            return
        if isinstance(node, nodes.Update) or foot is not node.operand:
            self.note(root, is_write=False, flows_to=flows_to or root.name)
        self.note(root, is_write=True)

    def call(self, node: nodes.Call, flows_to: str | None) -> None:
        self.found.calls.append(node)
        callee = node.callee
        if not isinstance(callee, nodes.Member) or callee.key not in MUTATORS:
            self.push((callee, *node.arguments), flows_to)
            return
        root, foot, keys = self.root(callee.object)
        if root is None:
            self.push((foot, *keys, *node.arguments), flows_to)
            return
        self.push((*keys, *node.arguments), root.name)
        self.note(root, is_write=False, flows_to=flows_to or root.name)
        self.note(root, is_write=True)


_COMPARING: Final = frozenset({"==", "===", "!=", "!=="})
_VISITS: Final[dict[type[nodes.Node], Callable[[_Walk, Any, str | None], None]]] = {
    nodes.Assign: _Walk.assign, nodes.Update: _Walk.change, nodes.Unary: _Walk.unary, nodes.Call: _Walk.call,
    nodes.Function: _Walk.function, nodes.Binary: _Walk.binary,
    **dict.fromkeys((nodes.Name, nodes.Variable, nodes.Member), _Walk.read),
}  # fmt: skip


def is_within(span: Span, outer: Iterable[nodes.Node]) -> bool:
    """Tell whether a span lies in one of a few nodes."""
    return any(node.start <= span.start and span.stop <= node.stop for node in outer)
