"""Code that takes strings apart: its pieces may add up to what no literal holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gamebook_lab.languages.javascript import nodes

_CUTTING: Final = frozenset(
    {
        "slice", "substring", "substr", "charAt", "at", "split", "replace", "replaceAll", "first", "last", "splice", "match",
        "matchAll", "trim", "trimStart", "trimEnd", "fromCharCode", "fromCodePoint",
    }
)  # fmt: skip


def takes_apart(trees: Iterable[nodes.Node]) -> bool:
    """Tell whether code may take a string apart."""
    return any(
        isinstance(node, nodes.Member) and (not isinstance(node.key, str) or node.key in _CUTTING)
        for node in nodes.every(trees)
    )
