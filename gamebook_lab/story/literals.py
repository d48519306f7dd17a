"""Strings in the source of an expression, whatever the language: all of ours quote and escape alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LITERAL: Final = re.compile(
    r'"((?:[^"\\]++|\\.?)*)(?:"|\Z)|(?<!\w)\'((?:[^\'\\]++|\\.?)*)(?:\'|\Z)|`((?:[^`\\]++|\\.?)*)(?:`|\Z)', re.DOTALL
)
"""A string; unclosed, it reaches to the end, so that no character is looked at twice."""
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


def literals(value: str) -> Iterator[str]:
    """Give the strings of an expression, decoded. Time is linear in its length."""
    for found in _LITERAL.finditer(value):
        yield _ESCAPE.sub(r"\1", found.group(found.lastindex or 0))
