"""What JavaScript that is not followed may do: the variables that it may write, and whether it may move."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.chapbook.code import NAME, RESERVED, resolve
from gamebook_lab.languages.chapbook.steps import Script
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.parser import parse_code
from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.languages.javascript.uses import find_uses
from gamebook_lab.story.program import Span

__all__ = ["SCRIPTS", "script"]

SCRIPTS: Final = "(the story's scripts)"
"""Stands for everything that the story's scripts may do when a function of theirs is called."""
_MOVING: Final = frozenset({"go", "restart", "trail", "location", "dispatchEvent", "click", "eval", "Function"})
_UNBOUND: Final = frozenset({"eval", "Function", "restoreFromObject", "setDefaults"})
_SETTERS: Final = frozenset({"engine.state.set", "engine.state.setDefault"})
_ROOT: Final = re.compile(r"[.\[]")


def script(text: str, span: Span) -> Script:
    """Look through code without following it."""
    parsed = parse_code(text, *span)
    found = find_uses(parsed.nodes, resolve)
    words = [lexeme.text for lexeme in parsed.lexemes if lexeme.kind == "name"]
    texts = [decode(each.text[1:-1]) for each in parsed.lexemes if each.kind in {"string", "template"}]
    read = {use.name for use in found.uses} | {_ROOT.split(each, maxsplit=1)[0] for each in texts}
    written = {use.name for use in found.uses if use.is_write}
    for call in found.calls:
        if js.path(call.callee) in _SETTERS:
            first = call.arguments[0] if call.arguments else None
            written |= {_ROOT.split(first.value, maxsplit=1)[0]} if isinstance(first, js.Text) else read
    if not _UNBOUND.isdisjoint(words):
        written |= read
    if parsed.is_too_deep:  # then it may do anything with whatever it names
        read.update(words)
        written |= read
    return Script(
        text[span.start : span.stop],
        span,
        _variables(read),
        _variables(written),
        tuple(dict.fromkeys(texts)),
        parsed.is_too_deep or not _MOVING.isdisjoint(words),
        "write" in words,
    )


def _variables(names: set[str]) -> frozenset[str]:
    return frozenset(name for name in names if NAME.fullmatch(name) and name not in RESERVED)
