"""What code of Snowman may read and write, found without running it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.arrays import ARRAY_METHODS
from gamebook_lab.languages.javascript.cutting import takes_apart
from gamebook_lab.languages.javascript.lexemes import Lexeme
from gamebook_lab.languages.javascript.parser import parse_code
from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.languages.javascript.texts import STRING_METHODS
from gamebook_lab.languages.javascript.uses import Root, find_uses
from gamebook_lab.languages.shared.marks import WHOLE, kinds_of
from gamebook_lab.languages.snowman.facts import INCLUDES, SHOWS, STORES, resolve
from gamebook_lab.languages.snowman.natives import NAMES
from gamebook_lab.story.play import TURNS, visits_of
from gamebook_lab.story.program import Span

__all__ = ["ANYWHERE", "SCRIPTS", "VISITED", "Read", "look_through", "named", "read_of", "texts_of"]

ANYWHERE: Final = "(any passage)"
"""Stands for every passage of the story, where a name is computed."""
SCRIPTS: Final = "(the story's scripts)"
"""Stands for everything that the story's scripts may do when a function of theirs is called."""
NONE: Final[frozenset[str]] = frozenset()
_TURNS: Final = frozenset({"story.history.length", "Story.history.length", "History.length"})
VISITED: Final = frozenset({"visited", "hasVisited", "History.visited", "History.hasVisited"})
_KNOWN: Final = VISITED | {
    "either", "Utils.either", "Utils.randomInt", "randomInt", "_.random", "_.sample", "print", "alert", "console.log",
}  # fmt: skip
_OWN: Final = ".hasOwnProperty"
_METHODS: Final = frozenset(
    {
        *ARRAY_METHODS,
        *STRING_METHODS,
        "toFixed",
        "toString",
        "toLocaleString",
        "toPrecision",
        "valueOf",
        "hasOwnProperty",
    }
)
_UNBOUND: Final = frozenset({"eval", "Function", "trigger", "restore", "undo", "redo", "getPassagesByTag"})
_HOOKS: Final = frozenset(
    {"on", "one", "bind", "click", "ready", "setInterval", "setTimeout", "addEventListener", "delay"}
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a piece of code may do."""

    reads: frozenset[str] = NONE
    writes: frozenset[str] = NONE
    names: frozenset[str] = NONE
    """Every plain name in it."""
    kinds: frozenset[str] = NONE
    """What the strings in it may add to a link."""
    is_cutting: bool = False
    """It may take strings apart."""
    is_wild: bool = False
    """It calls functions that are not known."""
    may_move: bool = False
    targets: tuple[str, ...] = ()
    """Passages that it may go to, or show in the page; none at all, though it may move: any."""
    embeds: js.Node | None = None
    """It is nothing but ``story.render(this)``."""
    has_hooks: bool = False
    """It may run again later."""


def read_of(node: js.Node) -> Read:
    """Look at one expression."""
    name = js.path(node.callee) if isinstance(node, js.Call) else ""
    if isinstance(node, js.Call) and name in INCLUDES and len(node.arguments) == 1:
        inside = read_of(node.arguments[0])
        if not inside.is_wild:
            return Read(inside.reads, inside.writes, inside.names, embeds=node.arguments[0])
    return _read((node,))


def look_through(text: str, lexemes: Sequence[Lexeme]) -> Read:
    """Look at code that is not followed."""
    if not lexemes:
        return Read()
    span = Span(lexemes[0].start, lexemes[-1].stop)
    code = "".join(_spaced(text, span, lexemes))
    parsed = parse_code(code, 0, len(code))
    found = _read(parsed.nodes)
    words = {each.text for each in lexemes if each.kind == "name"}
    texts = [decode(each.text[1:-1]) for each in lexemes if each.kind in {"string", "template"}]
    kinds = _kinds(texts)
    is_unbound = not _UNBOUND.isdisjoint(words) or WHOLE in kinds
    if parsed.is_too_deep:  # then it may do anything with whatever it names
        every = frozenset(words)
        return Read(
            found.reads | every,
            found.writes | every,
            found.names | every,
            frozenset({WHOLE}),
            is_wild=True,
            may_move=True,
        )
    return Read(
        found.reads, found.writes, found.names, kinds, is_wild=True, is_cutting=True,
        may_move=found.may_move or is_unbound, targets=() if is_unbound else found.targets,
        has_hooks=not _HOOKS.isdisjoint(words),
    )  # fmt: skip


def _spaced(text: str, span: Span, lexemes: Sequence[Lexeme]) -> list[str]:
    """The code of these lexemes alone, whatever stood between them."""
    made: list[str] = []
    place = span.start
    for each in lexemes:
        made += ["\n" if "\n" in text[place : each.start] else " " * (each.start > place), text[each.start : each.stop]]
        place = each.stop
    return made


def _read(trees: Sequence[js.Node]) -> Read:
    found = find_uses(trees, named)
    reads = {use.name for use in found.uses if not use.is_write}
    writes = {use.name for use in found.uses if use.is_write}
    targets: list[str] = []
    may_move = is_computed = False
    for call in found.calls:
        name = js.path(call.callee)
        first = call.arguments[0] if call.arguments else None
        if name in VISITED:
            reads |= {visits_of(each.value) for each in texts_of(first)}
            is_computed = is_computed or not texts_of(first)
        elif name.endswith(_OWN) and name.removesuffix(_OWN) in STORES:
            reads |= {each.value for each in texts_of(first)}
            is_computed = is_computed or not texts_of(first)
        elif name in SHOWS | INCLUDES:
            may_move = True
            targets += [first.value] if isinstance(first, js.Text) else [""]
    names, texts, has_bare_store = _walk(trees)
    is_wild = is_computed or has_bare_store or any(_is_wild(call, found.local_names) for call in found.calls)
    return Read(
        frozenset(reads), frozenset(writes), names - found.local_names, _kinds(texts), takes_apart(trees), is_wild, may_move,
        () if "" in targets else tuple(dict.fromkeys(targets)),
    )  # fmt: skip


def _kinds(texts: Iterable[str]) -> frozenset[str]:
    return NONE.union(*(kinds_of(each) | ({WHOLE} if "<a" in each else NONE) for each in texts))


def texts_of(node: js.Node | None) -> list[js.Text]:
    """The names that ``visited`` asks for, where they are plain."""
    if isinstance(node, js.Array):
        found = [each for each in node.items if isinstance(each, js.Text)]
        return found if len(found) == len(node.items) else []
    return [node] if isinstance(node, js.Text) else []


def _walk(trees: Sequence[js.Node]) -> tuple[frozenset[str], list[str], bool]:
    """Plain names, strings, and whether the state is used other than for a member of it."""
    names: set[str] = set()
    texts: list[str] = []
    has_bare_store = False
    waiting: list[tuple[js.Node, bool]] = [(tree, False) for tree in trees]
    while waiting:
        node, is_owner = waiting.pop()
        if js.path(node) in STORES and isinstance(node, (js.Name, js.Member)):
            has_bare_store = has_bare_store or not is_owner
            continue
        if isinstance(node, js.Name):
            names.add(node.name)
        elif isinstance(node, js.Member) and isinstance(node.object, js.Name) and isinstance(node.key, str):
            names.update(_member(node.object.name, node.key))
        elif isinstance(node, js.Text):
            texts.append(node.value)
        elif isinstance(node, js.Template):
            texts += node.strings
        elif isinstance(node, js.Property) and isinstance(node.key, str):
            texts.append(node.key)
        is_fixed = isinstance(node, js.Member) and (isinstance(node.key, (str, js.Text)))
        waiting.extend((child, is_fixed) for child in node.children)
    return frozenset(names), texts, has_bare_store


def _member(owner: str, key: str) -> tuple[str, ...]:
    """A member that nobody knows, of an object of Snowman's own or of the page."""
    if owner in {"window", "globalThis"}:
        return (key,)
    members = getattr(NAMES.get(owner), "members", None)
    return () if members is None or key in members or key in {"name", "length"} else (f"{owner}.{key}",)


def named(node: js.Node) -> Root | None:
    """The variable that a node names, Snowman's count of turns among them."""
    if js.path(node) in _TURNS:
        return Root(TURNS, Span(node.start, node.stop))
    return resolve(node)


def _is_wild(call: js.Call, local_names: set[str]) -> bool:
    """Tell whether a call may run code that is not followed."""
    name = js.path(call.callee)
    if name in _KNOWN:
        return False
    if not isinstance(call.callee, js.Member):
        return not (call.is_new or name in local_names or name in NAMES) or not name
    owner = NAMES.get(name.rpartition(".")[0])
    functions = getattr(owner, "functions", None)
    if functions is not None:
        return call.callee.key not in functions
    foot: js.Node = call.callee
    while isinstance(foot, (js.Member, js.Call)):
        foot = foot.object if isinstance(foot, js.Member) else foot.callee
    is_page = isinstance(foot, js.Name) and foot.name in {"$", "jQuery", "document", "_"}
    return is_page or call.callee.key not in _METHODS
