"""Makes an expression tree of a macro's words, with Harlowe's operators and their precedence.

A precedence-climbing parser. Its recursion and the depth of its trees are capped at
:data:`~gamebook_lab.languages.harlowe.tree.MAX_DEPTH`. A word that fits nowhere becomes a problem, and what
could be read around it is kept in a :class:`~gamebook_lab.languages.harlowe.tree.Broken`.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.frames import Lexeme
from gamebook_lab.languages.harlowe.lexemes import CORRECTIONS
from gamebook_lab.story.program import Span, SyntaxProblem

_BINDING: Final = {
    "to": 10, "clause": 20, "each": 20, "type": 30, "augmented": 40, "logic": 50, "is": 60, "contains": 70, "typeof": 80,
    "inequality": 90, "plus": 100, "times": 110, "spread": 120, "bind": 120, "not": 130, "of": 140, "ofit": 140,
    "propertyof": 140, "property": 150, "possessive": 150, "its": 150,
}  # fmt: skip
"""How tightly an operator holds its operands, from Harlowe's table of precedence."""

_BINARY: Final = frozenset({"logic", "is", "contains", "typeof", "inequality", "plus", "times"})
_COMPARISONS: Final = frozenset({"is", "contains", "typeof", "inequality"})
_CORRECTED: Final = {"is": "is", "is not": "is", "and": "logic", "or": "logic", "*": "times", "is a": "typeof"}
_PREFIX: Final = frozenset({"not", "plus", "spread", "bind", "propertyof", "its", "each", "clause"})
_RIGHT: Final = frozenset({"spread", "bind", "not", "plus", "propertyof"})
"""Right-associative, so that they may follow each other before a value."""

_MAX_LEVEL: Final = tree.MAX_DEPTH // 2

_Parsed = tuple[tree.Expression, int]


class _TooDeepError(Exception):
    """The expression nests more deeply than is read."""


def arguments(lexemes: list[Lexeme], problems: list[SyntaxProblem]) -> tuple[tuple[tree.Expression, ...], int]:
    """Read expressions with commas between them; return them and the depth of the deepest.

    Parameters
    ----------
    lexemes
        The words between the macro's colon and its ``)``.
    problems
        Problems are appended to it, at most one an argument.
    """
    found: list[tree.Expression] = []
    deepest = since = 0
    commas = [index for index, lexeme in enumerate(lexemes) if lexeme.kind == "comma"]
    for end in [*commas, len(lexemes)]:
        if since < end:
            parser = _Parser(lexemes[since:end])
            node, depth = parser.whole()
            problems.extend(parser.problems[:1])
            found.append(node)
            deepest = max(deepest, depth)
        elif end < len(lexemes):
            problems.append(SyntaxProblem("A value is missing before this comma.", _span(lexemes[end])))
        since = end + 1
    return tuple(found), deepest


def group(start: int, stop: int, lexemes: list[Lexeme], problems: list[SyntaxProblem]) -> Lexeme:
    """Make what stands in parentheses one value."""
    parts, depth = arguments(lexemes, problems)
    node: tree.Expression = tree.Broken(start, stop, parts)
    if len(parts) == 1:
        node = tree.Group(start, stop, parts[0])
    else:
        hint = "For several values, make an array: (a: 1, 2)."
        problems.append(SyntaxProblem("Parentheses need one value in them.", Span(start, stop), hint))
    return Lexeme("operand", start, stop, node, depth + 1)


def _span(lexeme: Lexeme) -> Span:
    return Span(lexeme.start, lexeme.stop)


class _Parser:
    """Reads the words of one argument."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.level = 0
        self.problems: list[SyntaxProblem] = []

    def whole(self) -> _Parsed:
        """Read all words as one expression."""
        first, last = self.lexemes[0], self.lexemes[-1]
        try:
            parts = [self.expression(0)]
            while self.at < len(self.lexemes):
                here = self.lexemes[self.at]
                self.problem("A comma or an operator is missing before this.", here)
                parts.append(self.expression(0))
        except _TooDeepError:
            self.problem(f"This is nested more than {tree.MAX_DEPTH} deep, and was not read.", first)
            return tree.Unread(first.start, last.stop), 0
        if len(parts) == 1:
            return parts[0]
        return self.made(
            tree.Broken(first.start, last.stop, tuple(node for node, _ in parts)), *(depth for _, depth in parts)
        )

    def problem(self, message: str, lexeme: Lexeme, hint: str = "") -> None:
        """Report what is wrong at a word."""
        self.problems.append(SyntaxProblem(message, _span(lexeme), hint))

    def made(self, node: tree.Expression, *depths: int) -> _Parsed:
        """Pass on a node with its depth, one more than its deepest part's."""
        depth = 1 + max(depths, default=0)
        if depth > tree.MAX_DEPTH:
            raise _TooDeepError
        return node, depth

    def peek(self) -> Lexeme | None:
        """Word that comes next, its operator corrected."""
        if self.at == len(self.lexemes):
            return None
        lexeme = self.lexemes[self.at]
        if lexeme.kind != "wrong":
            return lexeme
        value = str(lexeme.value)
        return lexeme._replace(kind="not" if value == "not" else _CORRECTED.get(value, "inequality"))

    def take(self) -> None:
        """Step past a word; say what should stand there instead, if that is known."""
        lexeme = self.lexemes[self.at]
        if lexeme.kind == "wrong":
            self.problem(
                f"Harlowe has no such operator here; say {lexeme.value!r} instead.",
                lexeme,
                "Some of them worked in Harlowe 1 and 2, as JavaScript.",
            )
        self.at += 1

    def expression(self, above: int) -> _Parsed:
        """Read an expression whose operators all hold more tightly than ``above``."""
        self.level += 1
        if self.level > _MAX_LEVEL:
            raise _TooDeepError
        found = self.operand()
        while (lexeme := self.peek()) is not None:
            binding = _BINDING.get(lexeme.kind, 0)
            if binding <= above or lexeme.kind in {"not", "spread", "bind", "propertyof", "its", "each"}:
                break
            self.take()
            found = self.extended(found, lexeme, binding)
        self.level -= 1
        return found

    def right_of(self, lexeme: Lexeme, above: int) -> _Parsed:
        """Read the value to the right of an operator."""
        after = self.peek()
        is_elided = after is not None and after.kind in _COMPARISONS and lexeme.kind in {"logic", "clause"}
        if is_elided or (after is not None and (after.kind in _PREFIX or after.kind not in _BINDING)):
            return self.expression(above)
        self.problem("A value is missing to the right of this.", lexeme)
        return tree.Broken(lexeme.stop, lexeme.stop), 1

    def operand(self) -> _Parsed:
        """Read a value, with the operators before it."""
        lexeme = self.peek()
        assert lexeme is not None
        kind, start = lexeme.kind, lexeme.start
        if kind in _COMPARISONS:
            return self.made(tree.Identifier(start, start, "it"))
        if kind in {"logic", "times", "to", "augmented", "type", "of", "ofit", "possessive", "property"}:
            self.problem("A value is missing to the left of this.", lexeme)
            return tree.Broken(start, start), 1
        self.take()
        if kind == "operand":
            return self.made(lexeme.value, lexeme.depth - 1)
        if kind == "itsproperty":
            return self.made(tree.Property(start, lexeme.stop, None, lexeme.value))
        if kind in _PREFIX:
            return self.prefixed(lexeme)
        self.problem(
            "This is not Harlowe, inside a macro.",
            lexeme,
            "Words need quotes around them; a position such as 1st needs an 's before it or an 'of' after it.",
        )
        return tree.Broken(start, lexeme.stop), 1

    def prefixed(self, lexeme: Lexeme) -> _Parsed:
        """Read what an operator before its value applies to."""
        kind, start = lexeme.kind, lexeme.start
        binding = 130 if kind == "plus" else _BINDING[kind]
        operand, depth = self.right_of(lexeme, binding - 1 if kind in _RIGHT else binding)
        stop = operand.stop
        node: tree.Expression
        if kind == "spread":
            node = tree.Spread(start, stop, operand)
        elif kind == "bind":
            node = tree.Bind(start, stop, operand, is_two_way=lexeme.value == "2bind")
        elif kind == "propertyof":
            node = tree.Property(start, stop, operand, str(lexeme.value))
        elif kind == "its":
            node = tree.Property(start, stop, None, operand)
        elif kind == "each":
            node = tree.Lambda(start, stop, operand, ())
        elif kind == "clause":
            node = tree.Lambda(start, stop, None, ((str(lexeme.value), operand),))
        else:
            node = tree.Unary(start, stop, str(lexeme.value), operand)
        return self.made(node, depth)

    def extended(self, found: _Parsed, lexeme: Lexeme, binding: int) -> _Parsed:
        """Apply an operator to the value on its left."""
        left, left_depth = found
        kind, start = lexeme.kind, left.start
        if kind == "property":
            return self.made(tree.Property(start, lexeme.stop, left, str(lexeme.value)), left_depth)
        if kind == "ofit":
            return self.made(tree.Property(start, lexeme.stop, None, left), left_depth)
        right, depth = self.right_of(lexeme, binding - 1 if kind == "of" else binding)
        return self.made(_joined(lexeme, left, right), left_depth, depth)


def _joined(lexeme: Lexeme, left: tree.Expression, right: tree.Expression) -> tree.Expression:
    """Make the node of an operator between two values."""
    kind, start, stop, value = lexeme.kind, left.start, max(left.stop, right.stop), str(lexeme.value)
    if kind in _BINARY:
        return tree.Binary(start, stop, value, left, right)
    if kind == "possessive":
        return tree.Property(start, stop, left, right)
    if kind == "of":
        return tree.Property(start, stop, right, left)
    if kind == "type":
        return tree.Typed(start, stop, left, right)
    if kind == "clause":
        if isinstance(left, tree.Lambda):
            return tree.Lambda(start, stop, left.subject, (*left.clauses, (value, right)))
        return tree.Lambda(start, stop, left, ((value, right),))
    if value == "into":
        return tree.Assignment(start, stop, value, right, left)
    return tree.Assignment(start, stop, "to" if kind == "to" else value, left, right)


assert set(CORRECTIONS.values()) <= {*_CORRECTED, "not", ">=", "<=", ">", "<"}
