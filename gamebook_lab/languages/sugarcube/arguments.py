"""A macro's arguments: barewords, strings, backquoted expressions and bracketed links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.sugarcube.brackets import OPENING, Brackets, BrokenBrackets, read_brackets
from gamebook_lab.story.program import Span, SyntaxProblem

_BLANK: Final = re.compile(r"\s*+")
_WORD: Final = re.compile(r"\S++")
_STRING: Final = {
    '"': re.compile(r'"(?:[^"\\\n]++|\\[^\n])*"'),
    "'": re.compile(r"'(?:[^'\\\n]++|\\[^\n])*'"),
    "`": re.compile(r"`(?:[^`\\]++|\\.)*`", re.DOTALL),
}
_VALUE: Final = re.compile(r"[$_][$A-Za-z_]|(?:settings|setup)[.\[]")
_CONSTANTS: Final = frozenset({"true", "false", "null", "undefined", "NaN"})
_QUOTINGS: Final = {'"': "double", "'": "single"}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument.

    ``kind`` is ``text`` (a name or label, by its own characters), ``expression`` (a variable or
    what stands in backquotes), ``constant`` or ``link``.
    """

    kind: str
    start: int
    stop: int
    inside: Span
    """Without quotes."""
    quoting: str = "bareword"
    value: str = ""
    """What a text says."""
    brackets: Brackets | None = None

    @property
    def suffix(self) -> str:
        """How the quoting of a string inside it ends."""
        return "-in-backquote" if self.quoting == "backquote" else ""


def read_arguments(finder: Finder, start: int, stop: int) -> tuple[list[Argument], list[SyntaxProblem]]:
    """Read ``text[start:stop]`` as SugarCube reads the arguments of most macros."""
    text = finder.text
    found: list[Argument] = []
    problems: list[SyntaxProblem] = []
    place = start
    while True:
        blank = _BLANK.match(text, place, stop)
        place = blank.end() if blank else place
        if place >= stop:
            return found, problems
        argument = _one(finder, place, stop)
        if isinstance(argument, SyntaxProblem):
            problems.append(argument)
            place = argument.span.stop
        else:
            found.append(argument)
            place = argument.stop


def _one(finder: Finder, place: int, stop: int) -> Argument | SyntaxProblem:
    letter = finder.text[place]
    if letter in _STRING:
        return _quoted(finder.text, place, stop)
    if letter == "[" and OPENING.match(finder.text, place, stop):
        return _link(finder, place, stop)
    return _bareword(finder.text, place, stop)


def _quoted(text: str, place: int, stop: int) -> Argument | SyntaxProblem:
    quote = text[place]
    closed = _STRING[quote].match(text, place, stop)
    if closed is None:
        line = text.find("\n", place, stop)
        end = stop if line < 0 else line
        return SyntaxProblem("The string is not closed", Span(place, end), f"Add {quote} at its end")
    inside = Span(place + 1, closed.end() - 1)
    if quote == "`":
        return Argument("expression", place, closed.end(), inside, "backquote")
    value = decode(text[inside.start : inside.stop])
    return Argument("text", place, closed.end(), inside, _QUOTINGS[quote], value)


def _link(finder: Finder, place: int, stop: int) -> Argument | SyntaxProblem:
    found = read_brackets(finder, place)
    if isinstance(found, BrokenBrackets):
        return SyntaxProblem(found.message, Span(place, min(found.stop, stop)))
    if found.stop > stop:
        return SyntaxProblem("The link is not closed inside the macro", Span(place, stop))
    return Argument("link", place, found.stop, Span(place, found.stop), brackets=found)


def _bareword(text: str, place: int, stop: int) -> Argument:
    word = _WORD.match(text, place, stop)
    end = word.end() if word else stop
    span, value = Span(place, end), text[place:end]
    if _VALUE.match(value):
        return Argument("expression", place, end, span)
    if value in _CONSTANTS or _is_number(value):
        return Argument("constant", place, end, span, value=value)
    return Argument("text", place, end, span, value=value)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return word[0] in "+-.0123456789"
