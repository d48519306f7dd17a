"""``[[link]]`` and ``[img[picture]]`` markup: where its parts stand.

Follows SugarCube's own lexer: brackets nest, a double-quoted string hides them, and the markup
never goes over the end of its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.story.program import Span

OPENING: Final = re.compile(r"\[(?:\[|[<>]?[iI][mM][gG]\[)")
_MARK: Final = re.compile(r"[\"'\n|\-<\[\]]")
_STRING: Final = {
    '"': re.compile(r'(?:[^"\\\n]++|\\[^\n])*"'),
    "'": re.compile(r"(?:[^'\\\n]++|\\[^\n])*'"),
}


@dataclass(frozen=True, slots=True)
class Brackets:
    """Parts of one bracketed markup; spans are trimmed of blanks."""

    start: int
    stop: int
    target: Span | None
    """Where it leads; None for a picture that leads nowhere."""
    label: Span | None = None
    setter: Span | None = None
    picture: Span | None = None
    divider: Span | None = None
    """``|``, ``->`` or ``<-``."""


@dataclass(frozen=True, slots=True)
class BrokenBrackets:
    """Markup that was opened and cannot be read."""

    start: int
    stop: int
    """Where reading stopped: the end of the line at most."""
    message: str


def read_brackets(finder: Finder, start: int) -> Brackets | BrokenBrackets:
    """Read the markup whose first bracket is at ``start``; it must match :data:`OPENING`."""
    if finder.is_exhausted:
        return BrokenBrackets(start, start + 2, "too much markup in this passage is never closed")
    found = _Reader(finder.text, start).read()
    if isinstance(found, BrokenBrackets):
        finder.spend(found.stop - start)
    return found


class _BrokenError(Exception):
    def __init__(self, message: str, stop: int) -> None:
        super().__init__(message)
        self.stop = stop


class _Reader:
    """One pass over one markup: parts end at ``][`` and ``]]``."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start = text, start
        opened = OPENING.match(text, start)
        assert opened is not None
        self.is_picture = opened.end() - start > 2
        self.what = "picture" if self.is_picture else "link"
        self.place = opened.end()
        self.divider: Span | None = None

    def read(self) -> Brackets | BrokenBrackets:
        most = 3 if self.is_picture else 2
        try:
            parts = [self.part(is_first=True)]
            while self.text[self.place - 1] == "[" and len(parts) < most:
                parts.append(self.part(is_first=False))
        except _BrokenError as error:
            return BrokenBrackets(self.start, error.stop, str(error))
        if self.text[self.place - 1] == "[":
            return BrokenBrackets(self.start, self.place, f"The {self.what} has too many parts")
        return self.made(parts)

    def part(self, *, is_first: bool) -> Span:
        """Read up to and with ``][`` or ``]]``; return what stands before it."""
        begun, depth = self.place, 0
        while (mark := _MARK.search(self.text, self.place)) is not None and mark.group() != "\n":
            letter, here = mark.group(), mark.start()
            self.place = mark.end()
            if letter == "[":
                depth += 1
            elif letter == "]":
                depth -= 1
                if depth < 0:
                    if self.text[self.place : self.place + 1] not in {"]", "["}:
                        raise _BrokenError(f"The {self.what} is closed by one bracket only", self.place)
                    self.place += 1
                    return Span(begun, here)
            elif letter == '"' or (letter == "'" and not is_first and self.is_setter_quoted):
                self.string(letter)
            elif is_first and self.divider is None:
                self.divide(letter, here)
        stop = len(self.text) if mark is None else mark.start()
        raise _BrokenError(f"The {self.what} is not closed on its line", stop)

    @property
    def is_setter_quoted(self) -> bool:
        return not self.is_picture

    def string(self, quote: str) -> None:
        closed = _STRING[quote].match(self.text, self.place)
        if closed is None:
            line = self.text.find("\n", self.place)
            stop = len(self.text) if line < 0 else line
            raise _BrokenError(f"A string in the {self.what} is not closed", stop)
        self.place = closed.end()

    def divide(self, letter: str, here: int) -> None:
        after = self.text[self.place : self.place + 1]
        if letter == "|":
            self.divider = Span(here, here + 1)
        elif (letter, after) in {("-", ">"), ("<", "-")}:
            self.divider = Span(here, here + 2)
            self.place += 1

    def made(self, parts: list[Span]) -> Brackets:
        label, first = None, parts[0]
        if self.divider is not None:
            left, right = Span(first.start, self.divider.start), Span(self.divider.stop, first.stop)
            is_leftward = self.text[self.divider.start] == "<"
            label, first = (right, left) if is_leftward else (left, right)
            label = trim(self.text, label)
        first = trim(self.text, first)
        rest = [trim(self.text, part) for part in parts[1:]]
        if self.is_picture:
            target = rest[0] if rest else None
            setter = rest[1] if len(rest) > 1 else None
            return Brackets(self.start, self.place, target, label, setter, first, self.divider)
        return Brackets(self.start, self.place, first, label, rest[0] if rest else None, None, self.divider)
