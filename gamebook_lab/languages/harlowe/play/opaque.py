"""What of a passage is not modelled, from its text alone: names and places."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import commands, dom, functions, hooks, specials, units
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.languages.harlowe.play.world import World
from gamebook_lab.story.program import Span

_UNKNOWN: Final = frozenset(["passages", "metadata", "savedgames", "pageurl", "hooksnamed", "datapattern", "source", "v6msource", "pass", "permutations", "p", "pattern", "rotatedto", "digitformat", "mod", "bit", "dmaltered", "datamapaltered", "forgetvisits", "dialog", "confirm", "prompt", "redirect", "currentdate", "currenttime", "weekday", "monthday", "replacewith", "appendwith", "prependwith", "more"])  # fmt: skip
"""Macros whose value, or whose effect, is not computed."""
_MODELLED: Final = (
    names.CHANGERS
    | frozenset(functions.TABLE)
    | frozenset(specials.TABLE)
    | frozenset(commands.TABLE)
    | commands.NOTHING
)
_PLACES: Final = frozenset(names.CLICKS) | {
    "replace",
    "append",
    "prepend",
    "clickgoto",
    "mouseovergoto",
    "mouseoutgoto",
    "show",
    "hide",
    "rerun",
}
_BY_LAMBDA: Final = frozenset(["history", "visited", "openstorylets", "linkstorylet"])
_ASSIGNS: Final = frozenset(["set", "put", "unpack", "move"])
_NO_STYLES: Final = (
    frozenset(names.LINKS) | frozenset(names.CLICKS) | {"replace", "append", "prepend", "hidden", "if", "unless"}
)
_WORDS: Final = frozenset(["start", "end"])
_IDENTIFIERS: Final = frozenset(["time", "exit", "exits"])


def find(world: World, passage: str) -> tuple[tuple[str, Span], ...]:
    """List them in the order of the text."""
    if passage not in world.passages:
        return ()
    found: list[tuple[str, Span]] = []
    for top in units.unit(world.passages[passage].text).nodes:
        for node in walk(top):
            what = _what(node)
            if what is not None:
                found.append((what, node.span))
    return tuple(sorted(found, key=lambda each: each[1]))


def _what(node: tree.Node) -> str | None:
    """Name what is not modelled; None for all else."""
    if isinstance(node, tree.Macro):
        return _in_call(node)
    if isinstance(node, tree.RawElement):
        return "script" if node.name == "script" else None
    if isinstance(node, tree.Unread):
        return "deeply nested code"
    if isinstance(node, tree.Broken):
        return "code that is no expression"
    if isinstance(node, tree.Foreign):
        return "a macro of another format"
    if isinstance(node, tree.Identifier) and node.name in _IDENTIFIERS:
        return node.name
    if isinstance(node, tree.Property) and (isinstance(node.owner, tree.HookName) or node.key in _WORDS):
        return "some of several hooks" if isinstance(node.owner, tree.HookName) else f"'s {node.key}"
    if (
        isinstance(node, tree.Assignment)
        and isinstance(node.value, tree.Macro)
        and node.value.name in specials.COMMANDS
    ):
        reads = any(isinstance(each, tree.Variable) and not each.is_temporary for each in walk(node.value))
        return "a command that reads variables, kept in one" if reads else None
    return None


def _in_call(node: tree.Macro) -> str | None:
    name = node.name
    if node.is_custom:
        return None
    if name in _UNKNOWN or name not in _MODELLED:
        return f"({name}:)"
    if name in _PLACES and not all(_is_named(each) for each in node.arguments[: 1 if name.endswith("goto") else None]):
        return f"({name}:) of words"
    if name in _BY_LAMBDA and any(isinstance(each, tree.Lambda) for each in node.arguments):
        return f"({name}:) with a lambda"
    if name in _ASSIGNS and any(isinstance(each, tree.Typed) for part in node.arguments for each in walk(part)):
        return "a variable of one type"
    if name in {"enchant", "change", "enchantin"} and any(
        isinstance(each, tree.Macro) and each.name in _NO_STYLES for part in node.arguments for each in walk(part)
    ):
        return f"({name}:) of more than style"
    return None


def _is_named(node: tree.Expression) -> bool:
    """Whether these are hooks by their names."""
    if isinstance(node, tree.Binary):
        return node.operator == "+" and _is_named(node.left) and _is_named(node.right)
    return isinstance(node, tree.HookName) and dom.normal(node.name) not in hooks.UNMODELLED
