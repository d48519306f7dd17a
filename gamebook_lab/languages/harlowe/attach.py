"""Joins changers to what they change: ``(if: $x)+(font: "Impact")[hook]``.

Harlowe decides at run time, by values. From the source alone: a macro that makes a changer or a boolean
attaches to the next hook, and a changer to the next link or command, across white space; a variable, custom
or unknown macro attaches only to a hook that follows at once (``$gold [coins]`` is more likely prose).
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.names import ANYTHING, BOOLEANS, CHANGERS, KNOWN

_MAX_GAP: Final = 4096
"""Longer stretches of text are not white space that an author would leave before a hook."""


def attach(nodes: list[tree.Markup], text: str) -> tuple[tree.Markup, ...]:
    """Join changers and targets among siblings, in one pass."""
    if not any(isinstance(node, tree.Macro | tree.Variable) for node in nodes):
        return tuple(nodes)
    found: list[tree.Markup] = []
    at = 0
    while at < len(nodes):
        first = nodes[at]
        if isinstance(first, tree.Macro | tree.Variable) and _reach(first) is not None:
            changers, after, target = _chain(nodes, at, text)
            # Where a chain comes to nothing, so would each of its ends: none is tried again.
            if target is None:
                found.extend(nodes[at:after])
            else:
                found.append(tree.Attached(first.start, target.stop, tuple(changers), target))
            at = after
        else:
            found.append(first)
            at += 1
    return tuple(found)


def _chain(
    nodes: list[tree.Markup], at: int, text: str
) -> tuple[list[tree.Macro | tree.Variable], int, tree.Hook | tree.Link | tree.Macro | None]:
    """Read changers from ``nodes[at]`` on; return them, the place to go on, and what they are attached to."""
    changers: list[tree.Macro | tree.Variable] = []
    node: tree.Markup | None = nodes[at]
    while isinstance(node, tree.Macro | tree.Variable):
        changers.append(node)
        at, has_plus = _skipped(nodes, at + 1, text)
        node = nodes[at] if at < len(nodes) else None
        joins = isinstance(node, tree.Macro | tree.Variable) and _reach(node) is not None
        if not (joins and (has_plus or (_is_changer(changers[-1]) and _is_changer(node)))):
            break
    last = changers[-1]
    if isinstance(node, tree.Hook) and not has_plus and (node.start == last.stop or _reach(last) == "far"):
        return changers, at + 1, node
    if isinstance(node, tree.Link | tree.Macro) and not has_plus and _is_changer(last):
        return changers, at + 1, node
    return changers, at, None


def _is_changer(node: tree.Markup | None) -> bool:
    return isinstance(node, tree.Macro) and node.name in CHANGERS


def _reach(node: tree.Macro | tree.Variable) -> str | None:
    """How far it reaches for a hook: ``far`` over white space, ``near``, or not at all."""
    if isinstance(node, tree.Variable) or node.name not in KNOWN:
        return "near"
    if node.name in CHANGERS or node.name in BOOLEANS:
        return "far"
    return "near" if node.name in ANYTHING else None


def _skipped(nodes: list[tree.Markup], at: int, text: str) -> tuple[int, bool]:
    """Pass over what shows nothing and at most one ``+``."""
    has_plus = False
    while at < len(nodes):
        node = nodes[at]
        if isinstance(node, tree.Text):
            if node.stop - node.start > _MAX_GAP:
                break
            words = text[node.start : node.stop].strip()
            if words == "+" and not has_plus:
                has_plus = True
            elif words:
                break
        elif not (
            isinstance(node, tree.Comment)
            or (isinstance(node, tree.Mark) and node.kind == "join")
            or (isinstance(node, tree.Tag) and node.name == "br")
        ):
            break
        at += 1
    return at, has_plus
