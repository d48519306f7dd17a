"""Colours JavaScript for the editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gamebook_lab.languages.javascript.lexemes import Lexeme
from gamebook_lab.languages.shared.builder import Builder

_KINDS: Final = {
    "variable": "variable", "number": "number", "string": "string", "template": "string", "head": "string",
    "middle": "string", "tail": "string", "regex": "string", "comment": "comment", "error": "error",
    "operator": "operator",
}  # fmt: skip
_KEYWORDS: Final = frozenset(
    [
        "await",
        "async",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "in",
        "instanceof",
        "let",
        "new",
        "null",
        "of",
        "return",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
        "void",
        "while",
        "yield",
    ]
)


def colour(found: Iterable[Lexeme], builder: Builder) -> None:
    """Add a token for every lexeme."""
    for lexeme in found:
        kind = _KINDS.get(lexeme.kind)
        if kind is None:
            kind = "keyword" if lexeme.text in _KEYWORDS else "code"
        elif kind == "operator" and builder.text[lexeme.start].isalpha():
            kind = "keyword"
        builder.token(lexeme.start, lexeme.stop, kind)
