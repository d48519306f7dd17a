"""What of a passage is not modelled, from its text alone: names and places."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import commands, functions, specials, units
from gamebook_lab.languages.harlowe.play.world import World
from gamebook_lab.story.program import Span

_UNKNOWN: Final = frozenset(["passages", "metadata", "savedgames", "pageurl", "hooksnamed", "datapattern", "source", "v6msource", "pass", "permutations", "p", "pattern", "rotatedto", "digitformat", "mod", "bit", "dmaltered", "datamapaltered", "forgetvisits", "dialog", "confirm", "prompt", "redirect", "currentdate", "currenttime", "weekday", "monthday", "replacewith", "appendwith", "prependwith", "more"])  # fmt: skip
"""Macros whose value, or whose effect, is not computed."""
_IDENTIFIERS: Final = frozenset(["time", "exit", "exits"])


def find(world: World, passage: str) -> tuple[tuple[str, Span], ...]:
    """List them in the order of the text."""
    if passage not in world.passages:
        return ()
    found: list[tuple[str, Span]] = []
    for top in units.unit(world.passages[passage].text).nodes:
        for node in units.walk(top):
            what = _what(node)
            if what is not None:
                found.append((what, node.span))
    return tuple(sorted(found, key=lambda each: each[1]))


def _what(node: tree.Node) -> str | None:
    if isinstance(node, tree.Macro):
        is_known = node.name in names.KNOWN or node.name in functions.TABLE or node.name in specials.TABLE
        if not node.is_custom and (node.name in _UNKNOWN or not (is_known or node.name in commands.TABLE)):
            return f"({node.name}:)"
        if node.name in {"replace", "append", "prepend", *names.CLICKS} and not all(
            isinstance(each, tree.HookName) for each in node.arguments
        ):
            return f"({node.name}:) of words"
    elif isinstance(node, tree.RawElement):
        return "script" if node.name == "script" else None
    elif isinstance(node, tree.Unread):
        return "deeply nested code"
    elif isinstance(node, tree.Broken):
        return "code that is no expression"
    elif isinstance(node, tree.Foreign):
        return "a macro of another format"
    elif isinstance(node, tree.Identifier) and node.name in _IDENTIFIERS:
        return node.name
    return None
