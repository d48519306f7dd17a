"""Cuts JavaScript into lexemes with spans, in one pass and without recursion."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple


class Dialect(Enum):
    """Which words are special."""

    PLAIN = "plain"
    SUGAR = "sugar"
    """SugarCube's TwineScript: ``$x`` and ``_x`` are variables, ``to``, ``is`` ... operators."""


class Lexeme(NamedTuple):
    """One lexeme.

    ``kind`` is ``name``, ``variable``, ``number``, ``string``, ``template`` (whole), ``head``,
    ``middle``, ``tail`` (pieces of a template around ``${}``), ``regex``, ``operator``,
    ``comment`` or ``error`` (an unclosed string or comment).
    """

    kind: str
    start: int
    stop: int
    text: str
    """As JavaScript writes it: ``===`` for SugarCube's ``is``."""


SUGAR_OPERATORS: Final = {
    "to": "=", "eq": "==", "neq": "!=", "is": "===", "isnot": "!==", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=",
    "and": "&&", "or": "||", "not": "!", "def": "def", "ndef": "ndef",
}  # fmt: skip

_LEX: Final = re.compile(
    r"""(?P<space>\s++)
    |(?P<comment>//[^\n]*+|/\*(?:[^*]++|\*(?!/))*\*/)
    |(?P<name>(?:[^\W\d]|\$)[\w$]*+)
    |(?P<number>0[xX][\da-fA-F_]++n?|0[bB][01_]++n?|0[oO][0-7_]++n?|(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d++)?n?)
    |(?P<string>"(?:[^"\\\n]++|\\.)*"|'(?:[^'\\\n]++|\\.)*')
    |(?P<operator>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)
        |\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|\*\*|<<|>>|[-+*/%=<>!~?:,.;()\[\]{}&|^@\#])""",
    re.VERBOSE | re.DOTALL,
)
_REGEX: Final = re.compile(r"/(?:[^/\\\[\n]++|\\[^\n]|\[(?:[^\]\\\n]++|\\[^\n])*\])+/[A-Za-z]*+")
_TEMPLATE: Final = re.compile(r"(?:[^`\\$]++|\\.|\$(?!\{))*(?P<end>`|\$\{)?", re.DOTALL)
_VARIABLE: Final = re.compile(r"[$_][$A-Za-z_][$\w]*+", re.ASCII)
_BEFORE_REGEX: Final = frozenset(
    {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do"}
)


def lexemes(text: str, start: int, stop: int, dialect: Dialect = Dialect.PLAIN) -> list[Lexeme]:
    """Cut ``text[start:stop]``, comments included. Every character but white space is in one lexeme."""
    return _Cutter(text, stop, dialect).cut(start)


class _Cutter:
    """State of one pass: what was cut, and the braces that are open inside templates."""

    def __init__(self, text: str, stop: int, dialect: Dialect) -> None:
        self.text, self.stop, self.is_sugar = text, stop, dialect is Dialect.SUGAR
        self.found: list[Lexeme] = []
        self.braces: list[int] = []
        """For each template that is open, how many braces are open inside its ``${``."""
        self.plain_until = 0
        """A slash before here begins no regular expression: one was sought on this line in vain."""

    def cut(self, place: int) -> list[Lexeme]:
        match = _LEX.match
        while place < self.stop:
            found = match(self.text, place, self.stop)
            if found is None:
                place = self.other(place)
                continue
            kind = found.lastgroup
            if kind == "operator":
                place = self.operator(place, found.group())
            else:
                if kind == "name":
                    self.name(place, found.group())
                elif kind != "space":
                    self.found.append(Lexeme(str(kind), place, found.end(), found.group()))
                place = found.end()
        return self.found

    def add(self, kind: str, start: int, stop: int) -> int:
        self.found.append(Lexeme(kind, start, stop, self.text[start:stop]))
        return stop

    def other(self, place: int) -> int:
        """A quote that is not closed, a template, or a character that JavaScript does not know."""
        letter = self.text[place]
        if letter == "`":
            return self.template(place, place + 1)
        if letter in "\"'":
            line = self.text.find("\n", place, self.stop)
            return self.add("error", place, self.stop if line < 0 else line)
        return self.add("error", place, place + 1)

    def name(self, place: int, word: str) -> None:
        kind, text = "name", word
        if self.is_sugar and not self.is_after_dot(place):
            if word in SUGAR_OPERATORS:
                kind, text = "operator", SUGAR_OPERATORS[word]
            elif word[0] in "$_" and _VARIABLE.fullmatch(word):
                kind = "variable"
        self.found.append(Lexeme(kind, place, place + len(word), text))

    def is_after_dot(self, place: int) -> bool:
        return bool(self.found) and self.found[-1].text == "." and self.found[-1].stop == place

    def operator(self, place: int, mark: str) -> int:
        if mark[0] == "/":
            return self.slash(place, mark)
        if self.braces:
            if mark == "{":
                self.braces[-1] += 1
            elif mark == "}":
                if self.braces[-1] == 0:
                    self.braces.pop()
                    return self.template(place, place + 1)
                self.braces[-1] -= 1
        return self.add("operator", place, place + len(mark))

    def slash(self, place: int, mark: str) -> int:
        if self.text.startswith("/*", place):
            return self.add("error", place, self.stop)
        if place >= self.plain_until and self.may_begin_regex():
            found = _REGEX.match(self.text, place, self.stop)
            if found is not None:
                return self.add("regex", place, found.end())
            line = self.text.find("\n", place, self.stop)
            self.plain_until = self.stop if line < 0 else line
        return self.add("operator", place, place + len(mark))

    def may_begin_regex(self) -> bool:
        for before in reversed(self.found):
            if before.kind == "comment":
                continue
            if before.kind == "operator":
                return before.text not in {")", "]", "}", "++", "--"}
            return before.kind in {"head", "middle"} or (before.kind == "name" and before.text in _BEFORE_REGEX)
        return True

    def template(self, place: int, inside: int) -> int:
        """A template, or the piece of one, that begins at ``place`` with a backquote or ``}``."""
        found = _TEMPLATE.match(self.text, inside, self.stop)
        assert found is not None
        is_first = self.text[place] == "`"
        end = found["end"]
        if end is None:
            return self.add("error", place, self.stop)
        if end == "`":
            return self.add("template" if is_first else "tail", place, found.end())
        self.braces.append(0)
        return self.add("head" if is_first else "middle", place, found.end())
