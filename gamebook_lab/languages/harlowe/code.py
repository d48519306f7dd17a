"""Scans an expression: the inside of a macro call or of parentheses in one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe import chars, lexemes, prose, strings, tree
from gamebook_lab.languages.harlowe.expressions import arguments, group
from gamebook_lab.languages.harlowe.frames import Frame, Lexeme

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.parser import Parser

_SPACE: Final = re.compile(rf"[{chars.BLANK}\r\n]+")
_COLOURS: Final = {
    "comma": "operator",
    "junk": "error",
    "wrong": "error",
    "property": "keyword",
    "itsproperty": "keyword",
}
_SYMBOLS: Final = frozenset({"plus", "times", "inequality", "augmented", "spread"})


def scan(parser: Parser) -> None:
    """Take the next word of the expression."""
    text, at = parser.text, parser.at
    if space := _SPACE.match(text, at, parser.stop):
        parser.at = at = space.end()
        if at == parser.stop:
            return
    char = text[at]
    if char == "(":
        _open(parser, at)
    elif char == ")":
        _close(parser, at)
    elif char == "[":
        _bracket(parser, at)
    elif char == "]":
        _close_bracket(parser, at)
    elif char in "\"'":
        _quote(parser, at, char)
    elif char in "$_" and chars.name_end(text, at + 1, parser.stop)[1]:
        _variable(parser, at)
    else:
        _word(parser, at)


def _open(parser: Parser, at: int) -> None:
    match = chars.MACRO_FRONT.match(parser.text, at, parser.stop)
    if match:
        parser.open(prose.macro_frame(match.group(1), at, match.end()), "macro")
    else:
        parser.open(Frame("group", at, at + 1, is_code=True), "operator")


def _close(parser: Parser, at: int) -> None:
    frame = parser.frames.pop()
    stop = at + 1
    if frame.kind == "group":
        parser.token(at, stop, "operator")
        found = group(frame.start, stop, frame.lexemes, parser.problems)
        node, depth = found.value, max(found.depth, frame.depth + 1)
    else:
        parser.token(at, stop, "macro")
        values, deepest = arguments(frame.lexemes, parser.problems)
        assert frame.name is not None
        assert frame.name_span is not None
        node = tree.Macro(frame.start, stop, frame.name, frame.name_span, values)
        depth = max(deepest, frame.depth) + 1
    parser.since = frame.start
    parser.add_deep(node, depth - 1)


def _bracket(parser: Parser, at: int) -> None:
    if parser.text.startswith("[=", at, parser.stop):
        _junk(parser, at, at + 1)
    else:
        prose.bracket(parser, at)


def _close_bracket(parser: Parser, at: int) -> None:
    if parser.match(("hook",)) is None:
        _junk(parser, at, at + 1)
    else:
        prose.close_bracket(parser, at)


def _quote(parser: Parser, at: int, char: str) -> None:
    frame = parser.frames[-1]
    if char == "'" and frame.lexemes and frame.lexemes[-1].kind in {"operand", "property", "itsproperty", "ofit"}:
        found = lexemes.possessive(parser.text, at, parser.stop)
        if found:
            _take(parser, found)
            return
    end = parser.lookahead.quoted(char, at + 1)
    if end == -1:
        parser.problem(
            f"This {char} opens a string that is never closed.",
            at,
            at + 1,
            f"Add a {char} where the string ends; the rest of the passage is not read.",
        )
        parser.token(at, at + 1, "error")
        parser.lose_rest()
        return
    parser.token(at, end + 1, "string")
    value = strings.decoded(parser.text[at + 1 : end])
    _operand(parser, tree.String(at, end + 1, value, char))


def _variable(parser: Parser, at: int) -> None:
    end = chars.name_end(parser.text, at + 1, parser.stop)[0]
    parser.token(at, end, "variable")
    _operand(parser, tree.Variable(at, end, parser.text[at:end]))


def _word(parser: Parser, at: int) -> None:
    found = lexemes.word(parser.text, at, parser.stop)
    if found is None:
        _junk(parser, at, at + 1)
        return
    if found.kind == "junk" and parser.frames[-1].lexemes:
        last = parser.frames[-1].lexemes[-1]
        if last.kind == "junk" and last.stop == at:
            _junk(parser, at, found.stop)
            return
    _take(parser, found)


def _junk(parser: Parser, start: int, stop: int) -> None:
    """Keep what is no Harlowe; neighbours make one word."""
    before = parser.frames[-1].lexemes
    if before and before[-1].kind == "junk" and before[-1].stop == start:
        before[-1] = before[-1]._replace(stop=stop)
        parser.tokens[-1] = (parser.tokens[-1][0], stop, "error")
        parser.at = stop
        return
    _take(parser, Lexeme("junk", start, stop))


def _take(parser: Parser, lexeme: Lexeme) -> None:
    parser.token(lexeme.start, lexeme.stop, _colour(lexeme))
    parser.frames[-1].lexemes.append(lexeme)
    parser.at = lexeme.stop


def _operand(parser: Parser, node: tree.Expression) -> None:
    parser.frames[-1].lexemes.append(Lexeme("operand", node.start, node.stop, node))
    parser.at = node.stop


def _colour(lexeme: Lexeme) -> str:
    if lexeme.kind == "operand":
        if isinstance(lexeme.value, tree.Number):
            return "number"
        return "markup" if isinstance(lexeme.value, tree.HookName) else "keyword"
    if lexeme.kind in _SYMBOLS or lexeme.value == "=":
        return "operator"
    return _COLOURS.get(lexeme.kind, "keyword")
