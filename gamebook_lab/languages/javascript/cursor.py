"""A place in a row of lexemes: looking ahead, passing marks, noting the first that does not fit."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme, lexemes
from gamebook_lab.languages.shared.nesting import MOST_WRITTEN
from gamebook_lab.story.program import Span, SyntaxProblem

MAX_DEPTH: Final = MOST_WRITTEN
"""Brackets, right operands and functions inside each other; deeper is a problem, not a crash."""


class UnexpectedError(Exception):
    """The lexeme at the parser's place does not fit."""


class Cursor:
    """The lexemes of one stretch, and how far they were read."""

    def __init__(self, text: str, start: int, stop: int, dialect: Dialect) -> None:
        self.text = text
        self.all = lexemes(text, start, stop, dialect)
        self.lexemes = [lexeme for lexeme in self.all if lexeme.kind != "comment"]
        self.end = stop
        self.place = 0
        self.depth = 0
        self.problem: SyntaxProblem | None = None
        self.is_code = False
        self.is_too_deep = False

    def peek(self, ahead: int = 0) -> Lexeme | None:
        """The lexeme so far ahead; None beyond the end."""
        place = self.place + ahead
        return self.lexemes[place] if place < len(self.lexemes) else None

    def is_at(self, mark: str) -> bool:
        """Tell whether an operator or bracket comes next."""
        here = self.peek()
        return here is not None and here.kind == "operator" and here.text == mark

    def take(self, mark: str) -> bool:
        """Pass a mark, if it comes next."""
        if self.is_at(mark):
            self.place += 1
            return True
        return False

    def expect(self, mark: str) -> int:
        """Pass a mark and return where it ends."""
        if not self.take(mark):
            here = self.peek()
            raise UnexpectedError("" if here is not None else f"{mark!r} is missing")
        return self.lexemes[self.place - 1].stop

    @property
    def stop(self) -> int:
        """Where the last lexeme that was passed ends."""
        return self.lexemes[self.place - 1].stop

    def deepen(self) -> None:
        """Go one level deeper; the caller restores the depth."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.is_too_deep = True
            raise UnexpectedError(f"nested more than {MAX_DEPTH} deep")

    def is_on_new_line(self) -> bool:
        """Tell whether a line ends before the next lexeme."""
        before, here = self.lexemes[self.place - 1], self.lexemes[self.place]
        return "\n" in self.text[before.stop : here.start]

    def note(self, message: str) -> None:
        """Keep the first problem: at the lexeme that does not fit."""
        if self.problem is not None:
            return
        here = self.peek()
        if here is None:
            last = self.lexemes[-1]
            self.problem = SyntaxProblem(
                message or "The expression ends where a value was expected", Span(last.start, self.end)
            )
            return
        source = self.text[here.start : here.stop]
        self.problem = SyntaxProblem(message or f"Unexpected {source!r} in an expression", Span(here.start, here.stop))

    def lexical_problem(self) -> SyntaxProblem | None:
        """The first lexeme that is broken in itself; it explains any trouble around it."""
        broken = next((lexeme for lexeme in self.lexemes if lexeme.kind == "error"), None)
        return None if broken is None else SyntaxProblem(*_lexical_problem(broken))


def _lexical_problem(lexeme: Lexeme) -> tuple[str, Span, str]:
    span = Span(lexeme.start, lexeme.stop)
    mark = lexeme.text[0]
    if lexeme.text.startswith("/*"):
        return "The comment is not closed", span, "Add */ at its end"
    if mark in "\"'`}":
        quote = "`" if mark == "}" else mark
        return "The string is not closed", span, f"Add {quote} at its end"
    return f"Unexpected {mark!r} in an expression", span, ""
