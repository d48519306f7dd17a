"""What JavaScript that is not followed may do: the names that it mentions, and whether it may move."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.chapbook.code import NAME, RESERVED
from gamebook_lab.languages.chapbook.steps import Script
from gamebook_lab.languages.javascript.lexemes import lexemes
from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.story.program import Span

__all__ = ["SCRIPTS", "script"]

SCRIPTS: Final = "(the story's scripts)"
"""Stands for everything that the story's scripts may do when a function of theirs is called."""
_MOVING: Final = frozenset({"go", "restart", "trail", "location", "dispatchEvent", "click", "eval", "Function"})
_WORDS: Final = frozenset(
    {
        "var", "let", "const", "if", "else", "for", "while", "do", "function", "return", "new", "true", "false", "null",
        "undefined", "this", "typeof", "of", "in", "try", "catch", "throw", "switch", "case", "break", "continue",
        "default", "class", "void", "delete", "window", "document", "console", "Math", "JSON", "Object", "Array",
        "String", "Number", "Date", "write", "alert", "setTimeout", "setInterval",
    }
)  # fmt: skip
_ROOT: Final = re.compile(r"[.\[]")


def script(text: str, span: Span) -> Script:
    """Look through code without following it."""
    names: set[str] = set()
    texts: list[str] = []
    may_move = False
    before = ""
    for lexeme in lexemes(text, *span):
        if lexeme.kind == "name":
            may_move = may_move or lexeme.text in _MOVING
            if before != "." and lexeme.text not in _WORDS:
                names.add(lexeme.text)
        elif lexeme.kind in {"string", "template"}:
            value = decode(lexeme.text[1:-1])
            texts.append(value)
            names.add(_ROOT.split(value, maxsplit=1)[0])
        before = lexeme.text
    kept = frozenset(name for name in names if NAME.fullmatch(name) and name not in RESERVED)
    return Script(text[span.start : span.stop], span, kept, tuple(dict.fromkeys(texts)), may_move)
