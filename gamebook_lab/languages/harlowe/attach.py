"""Joins changers to what they change: ``(if: $x)+(font: "Impact")[hook]``.

Harlowe decides at run time, by values. From the source alone: a macro that makes a changer or a boolean
attaches to the next hook, and a changer to the next link or command, across white space; a variable, custom
or unknown macro attaches only to a hook that follows at once (``$gold [coins]`` is more likely prose).
"""

from __future__ import annotations

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.names import ANYTHING, BOOLEANS, CHANGERS, KNOWN

_INVISIBLE = (tree.Comment,)


def attach(nodes: list[tree.Markup], text: str) -> tuple[tree.Markup, ...]:
    """Join changers and targets among siblings, in one pass."""
    if not any(isinstance(node, tree.Macro | tree.Variable) for node in nodes):
        return tuple(nodes)
    found: list[tree.Markup] = []
    at = 0
    while at < len(nodes):
        attached = _attached(nodes, at, text)
        if attached is None:
            found.append(nodes[at])
            at += 1
        else:
            node, at = attached
            found.append(node)
    return tuple(found)


def _attached(nodes: list[tree.Markup], at: int, text: str) -> tuple[tree.Attached, int] | None:
    """Read changers from ``nodes[at]`` on; return them with their target, and the place after it."""
    first = nodes[at]
    if not isinstance(first, tree.Macro | tree.Variable) or _reach(first) is None:
        return None
    changers: list[tree.Macro | tree.Variable] = [first]
    while True:
        at, has_plus = _skipped(nodes, at + 1, text)
        target = nodes[at] if at < len(nodes) else None
        is_adjacent = target is not None and target.start == changers[-1].stop
        if isinstance(target, tree.Hook):
            attaches = not has_plus and (is_adjacent or _reach(changers[-1]) == "far")
            return (tree.Attached(first.start, target.stop, tuple(changers), target), at + 1) if attaches else None
        is_changer = _is_changer(changers[-1])
        if isinstance(target, tree.Macro | tree.Variable) and _reach(target) and (has_plus or _is_changer(target)):
            if has_plus or is_changer:
                changers.append(target)
                continue
        if isinstance(target, tree.Link | tree.Macro) and is_changer and not has_plus:
            return tree.Attached(first.start, target.stop, tuple(changers), target), at + 1
        return None


def _is_changer(node: tree.Macro | tree.Variable) -> bool:
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


_MAX_GAP = 4096
"""Longer stretches of text are not white space that an author would leave before a hook."""
