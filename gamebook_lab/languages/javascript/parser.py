"""Reads JavaScript expressions into a tree: precedence climbing, bounded in depth, one look at each lexeme.

Statements are read loosely: the expressions between the keywords are found, in order, and the
result says that it is code. What cannot be read leaves one problem, and reading goes on after it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.cursor import UnexpectedError
from gamebook_lab.languages.javascript.grammar import STATEMENT_WORDS, Grammar
from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme
from gamebook_lab.languages.javascript.nodes import Node
from gamebook_lab.story.program import SyntaxProblem


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a stretch of JavaScript says.

    Code is read loosely, so only its strings and comments can have a problem.
    """

    nodes: tuple[Node, ...]
    lexemes: tuple[Lexeme, ...]
    problem: SyntaxProblem | None = None
    is_code: bool = False
    """It has statements or functions, whose flow of control is not in the tree."""
    is_too_deep: bool = False
    """Some of it is nested too deeply to be read."""

    @property
    def expression(self) -> Node | None:
        """The one expression that it is; None if it is anything else."""
        return self.nodes[0] if len(self.nodes) == 1 and self.problem is None and not self.is_code else None


def parse_code(text: str, start: int, stop: int, dialect: Dialect = Dialect.PLAIN) -> Parsed:
    """Read statements divided by semicolons or line ends."""
    return _Parser(text, start, stop, dialect).program(is_one=False)


def parse_expression(text: str, start: int, stop: int, dialect: Dialect = Dialect.PLAIN) -> Parsed:
    """Read one expression; that something follows it is a problem."""
    return _Parser(text, start, stop, dialect).program(is_one=True)


def parse_properties(
    text: str, start: int, stop: int, *, has_first: bool
) -> tuple[Parsed, nodes.Node | None, tuple[nodes.Property, ...]]:
    """Read ``value, key: value, key: value``: an object's inside, with a value before it if ``has_first``."""
    parser = _Parser(text, start, stop, Dialect.PLAIN)
    first, properties = parser.properties(has_first=has_first)
    found = (*((first,) if first is not None else ()), *properties)
    problem = parser.lexical_problem() or parser.problem
    return Parsed(found, tuple(parser.all), problem, parser.is_code), first, properties


class _Parser(Grammar):
    """Recursive descent over the lexemes of one stretch."""

    # ---- statements

    def program(self, *, is_one: bool) -> Parsed:
        found = self.one() if is_one else self.statements(is_body=False)
        problem = self.lexical_problem() or (None if self.is_code else self.problem)
        return Parsed(tuple(found), tuple(self.all), problem, self.is_code, self.is_too_deep)

    def one(self) -> list[nodes.Node]:
        if not self.lexemes:
            return []
        found: list[nodes.Node] = []
        try:
            found.append(self.sequence())
        except UnexpectedError as error:
            self.note(str(error))
            found += self.salvage(0)
        if self.place < len(self.lexemes):
            self.note("")
            found += self.statements(is_body=False)
        return found

    def properties(self, *, has_first: bool) -> tuple[nodes.Node | None, tuple[nodes.Property, ...]]:
        first: nodes.Node | None = None
        found: list[nodes.Property] = []
        try:
            if has_first:
                first = self.assignment()
            while self.place < len(self.lexemes):
                if has_first or found:
                    self.expect(",")
                if self.peek() is None:
                    break
                item = self.property()
                if isinstance(item, nodes.Property):
                    found.append(item)
        except UnexpectedError as error:
            if self.lexemes:
                self.note(str(error))
        return first, tuple(found)

    def statements(self, *, is_body: bool) -> list[nodes.Node]:
        """Read on to the end, or to the brace that closes the body of a function."""
        found: list[nodes.Node] = []
        braces = 0
        is_divided = True
        while (lexeme := self.peek()) is not None:
            mark = lexeme.text if lexeme.kind == "operator" else ""
            if mark == "}" and is_body and braces == 0:
                return found
            if mark in {"{", "}"}:
                self.is_code = True
                braces = max(0, braces + (1 if mark == "{" else -1))
            elif lexeme.kind == "name" and lexeme.text in STATEMENT_WORDS:
                self.keyword(lexeme)
            elif mark not in {";", ","}:
                self.statement(found, is_divided=is_divided)
                is_divided = False
                continue
            self.place += 1
            is_divided = True
        return found

    def keyword(self, lexeme: Lexeme) -> None:
        self.is_code = True
        after = self.peek(1)
        if lexeme.text == "for" and after is not None and after.text == "(":
            self.place += 1  # its parts are divided by semicolons, which no bracketed expression has

    def statement(self, found: list[nodes.Node], *, is_divided: bool) -> None:
        first = self.place
        if not is_divided and not self.is_on_new_line():
            self.note("")
        try:
            found.append(self.sequence())
        except UnexpectedError as error:
            self.note(str(error))
            found += self.salvage(first)
            self.place = max(self.place, first + 1)

    def salvage(self, first: int) -> list[nodes.Node]:
        """Keep the variables of an expression that could not be read whole."""
        return [
            nodes.Variable(lexeme.start, lexeme.stop, lexeme.text)
            for lexeme in self.lexemes[first : self.place]
            if lexeme.kind == "variable"
        ]
