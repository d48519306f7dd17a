"""Reads the words of an expression: what may stand between a macro's colon and its ``)``.

Covers Harlowe 3.3's words in its lexer's order. Brackets, links and strings are the scanner's.
"""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.chars import ANY, BLANK, LETTER, STRICT
from gamebook_lab.languages.harlowe.frames import Lexeme

_B: Final = f"[{BLANK}]"

_SIMPLE: Final = re.compile(
    rf"""
    (?P<time>(?:\d+(?:\.\d*)?|\.\d+)(?:ms|s)(?![{STRICT}]))
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:e[+\-]?\d+)?(?![{STRICT}]))
    |(?P<word>[{STRICT}]+)
    |(?P<hookname>\?[{ANY}]+)
    |(?P<colour>\#[0-9a-f]{{3}}(?:[0-9a-f]{{3}})?)
    |(?P<type>-type(?![{STRICT}]))
    |(?P<wrong>=>|=<|===?|!==?|&&|\|\||!)
    |(?P<inequality><=|>=|<|>)
    |(?P<augmented>[+\-*/%]=)
    |(?P<spread>\.\.\.(?!\.))
    |(?P<to>=)
    |(?P<plus>[+\-])
    |(?P<times>[*/%])
    |(?P<comma>,)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PHRASES: Final = tuple(
    (kind, re.compile(pattern + rf"(?![{STRICT}])", re.IGNORECASE), spelling)
    for kind, pattern, spelling in (
        ("typeof", rf"is{_B}+not{_B}+an?", "is not a"),
        ("contains", rf"is{_B}+not{_B}+in", "is not in"),
        ("is", rf"is{_B}+not", "is not"),
        ("typeof", rf"is{_B}+an?", "is a"),
        ("contains", rf"is{_B}+in", "is in"),
        ("contains", rf"does{_B}+not{_B}+contain", "does not contain"),
        ("typeof", rf"does{_B}+not{_B}+match", "does not match"),
        ("wrong", rf"or{_B}+a", "or"),
    )
)
_IS_ORDER: Final = re.compile(rf"is({_B}+not)?{_B}*(<=|>=|<|>)", re.IGNORECASE)
_OF_IT: Final = re.compile(rf"{_B}+of{_B}+it(?![{STRICT}])", re.IGNORECASE)
_OF: Final = re.compile(rf"{_B}+of(?![{STRICT}])", re.IGNORECASE)
_IT: Final = re.compile(rf"{_B}+it(?![{STRICT}])", re.IGNORECASE)
_NAME_AFTER: Final = re.compile(rf"{_B}+([{STRICT}]+)")
_POSSESSIVE: Final = re.compile(rf"'s{_B}+", re.IGNORECASE)

_WORDS: Final = {
    "is": ("is", "is"), "contains": ("contains", "contains"), "matches": ("typeof", "matches"),
    "and": ("logic", "and"), "or": ("logic", "or"), "not": ("not", "not"),
    "to": ("to", "to"), "into": ("to", "into"), "where": ("clause", "where"), "when": ("clause", "when"),
    "via": ("clause", "via"), "making": ("clause", "making"), "each": ("each", "each"),
    "bind": ("bind", "bind"), "2bind": ("bind", "2bind"), "of": ("of", "of"),
}  # fmt: skip
_IDENTIFIERS: Final = frozenset(["it", "time", "turn", "turns", "visit", "visits", "exit", "exits", "pos"])
_COLOURS: Final = frozenset(
    [
        "red",
        "orange",
        "yellow",
        "lime",
        "green",
        "cyan",
        "aqua",
        "blue",
        "navy",
        "purple",
        "fuchsia",
        "magenta",
        "white",
        "gray",
        "grey",
        "black",
        "transparent",
    ],
)
_DATATYPES: Final = frozenset(
    [
        "alnum",
        "alphanumeric",
        "any",
        "anycase",
        "array",
        "bool",
        "boolean",
        "changer",
        "codehook",
        "color",
        "colour",
        "const",
        "command",
        "dm",
        "datamap",
        "datatype",
        "dataset",
        "ds",
        "digit",
        "gradient",
        "empty",
        "even",
        "int",
        "integer",
        "lambda",
        "lowercase",
        "macro",
        "linebreak",
        "newline",
        "num",
        "number",
        "odd",
        "str",
        "string",
        "uppercase",
        "whitespace",
    ],
)
CORRECTIONS: Final = {
    "=>": ">=", "=<": "<=", "gte": ">=", "lte": "<=", "gt": ">", "lt": "<", "eq": "is", "isnot": "is not",
    "neq": "is not", "ne": "is not", "isa": "is a", "are": "is", "x": "*", "or a": "or", "==": "is", "===": "is",
    "!=": "is not", "!==": "is not", "&&": "and", "||": "or", "!": "not",
}  # fmt: skip
"""What to say instead of operators that Harlowe does not have."""


def possessive(text: str, at: int, stop: int) -> Lexeme | None:
    """Read ``'s name`` or ``'s`` before a computed name; None if the quote is no possessive."""
    match = _POSSESSIVE.match(text, at, stop)
    if match is None:
        return None
    named = _named(text, at + 2, stop)
    if named:
        return Lexeme("property", at, named[1], named[0])
    return Lexeme("possessive", at, match.end())


def word(text: str, at: int, stop: int) -> Lexeme | None:
    """Read the word, number or operator at ``at``; None if there is none."""
    match = _SIMPLE.match(text, at, stop)
    if match is None:
        return None
    kind, end, written = str(match.lastgroup), match.end(), match.group()
    if kind == "word":
        return _word(text, at, end, stop)
    if kind in {"time", "number", "hookname", "colour"}:
        return Lexeme("operand", at, end, _literal(kind, at, end, written))
    if kind == "wrong":
        return Lexeme(kind, at, end, CORRECTIONS[written])
    return Lexeme(kind, at, end, written)


def _literal(kind: str, start: int, stop: int, written: str) -> tree.Expression:
    if kind == "time":
        unit = "ms" if written[-2:].lower() == "ms" else "s"
        return tree.Number(start, stop, float(written[: -len(unit)]) * (1000 if unit == "s" else 1), unit)
    if kind == "number":
        return tree.Number(start, stop, float(written))
    if kind == "hookname":
        return tree.HookName(start, stop, written[1:])
    return tree.Colour(start, stop, written.lower())


def _word(text: str, start: int, end: int, stop: int) -> Lexeme:
    name = text[start:end]
    lower = name.lower()
    if lower == "its":
        named = _named(text, end, stop)
        return Lexeme("itsproperty", start, named[1], named[0]) if named else Lexeme("its", start, end)
    if lower == "of" and (match := _IT.match(text, end, stop)):
        return Lexeme("ofit", start, match.end())
    if lower != "of" and LETTER.search(name):
        if match := _OF_IT.match(text, end, stop):
            return Lexeme("itsproperty", start, match.end(), name)
        if match := _OF.match(text, end, stop):
            return Lexeme("propertyof", start, match.end(), name)
    return _phrase(text, start, stop) or _plain_word(start, end, lower)


def _named(text: str, at: int, stop: int) -> tuple[str, int] | None:
    match = _NAME_AFTER.match(text, at, stop)
    if match and LETTER.search(match.group(1)):
        return match.group(1), match.end()
    return None


def _phrase(text: str, start: int, stop: int) -> Lexeme | None:
    if text[start] not in "iIdDoO":
        return None
    if match := _IS_ORDER.match(text, start, stop):
        operator = match.group(2)
        if match.group(1):
            operator = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}[operator]
        return Lexeme("inequality", start, match.end(), operator)
    for kind, pattern, spelling in _PHRASES:
        if match := pattern.match(text, start, stop):
            return Lexeme(kind, start, match.end(), spelling)
    return None


def _plain_word(start: int, end: int, lower: str) -> Lexeme:
    node: tree.Expression
    if lower in _WORDS:
        kind, value = _WORDS[lower]
        return Lexeme(kind, start, end, value)
    if lower in {"true", "false"}:
        node = tree.Boolean(start, end, lower == "true")
    elif lower in _IDENTIFIERS:
        node = tree.Identifier(start, end, lower)
    elif lower in _DATATYPES:
        node = tree.Datatype(start, end, lower)
    elif lower in _COLOURS:
        node = tree.Colour(start, end, lower)
    elif lower in CORRECTIONS:
        return Lexeme("wrong", start, end, CORRECTIONS[lower])
    else:
        return Lexeme("junk", start, end)
    return Lexeme("operand", start, end, node)
