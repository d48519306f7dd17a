"""Goes through a tree without knowing its kinds of nodes."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

from gamebook_lab.languages.harlowe import tree


def children(node: tree.Node) -> tuple[tree.Node, ...]:
    """Nodes right below, in the order of the source."""
    found: list[tree.Node] = []
    for name in _fields(type(node)):  # type: ignore[arg-type]
        value = getattr(node, name)
        if isinstance(value, tree.Node):
            found.append(value)
        elif isinstance(value, tuple):
            for each in value:
                if isinstance(each, tree.Node):
                    found.append(each)
                elif isinstance(each, tuple):
                    found += [part for part in each if isinstance(part, tree.Node)]
    return tuple(found)


def walk(node: tree.Node) -> list[tree.Node]:
    """All nodes from this one down."""
    found: list[tree.Node] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting.extend(reversed(children(here)))
    return found


@cache
def _fields(kind: type[tree.Node]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in {"start", "stop", "name", "kind"})
