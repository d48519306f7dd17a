"""Reads JavaScript expressions into a tree: precedence climbing, bounded in depth, one look at each lexeme.

Statements are read loosely: the expressions between the keywords are found, in order, and the
result says that it is code. What cannot be read leaves one problem, and reading goes on after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme, lexemes
from gamebook_lab.languages.javascript.nodes import Node
from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.story.program import Span, SyntaxProblem

MAX_DEPTH: Final = 48
"""Brackets, right operands and functions inside each other; deeper is a problem, not a crash."""

_ASSIGNMENTS: Final = frozenset(
    {"=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??="}
)
_PRECEDENCE: Final = {
    "??": 1, "||": 2, "&&": 3, "|": 4, "^": 5, "&": 6, "==": 7, "!=": 7, "===": 7, "!==": 7,
    "<": 8, ">": 8, "<=": 8, ">=": 8, "in": 8, "instanceof": 8, "<<": 9, ">>": 9, ">>>": 9,
    "+": 10, "-": 10, "*": 11, "/": 11, "%": 11, "**": 12,
}  # fmt: skip
_PREFIX_MARKS: Final = frozenset({"!", "-", "+", "~", "def", "ndef"})
_PREFIX_WORDS: Final = frozenset({"typeof", "void", "delete", "await", "yield"})
_STATEMENT_WORDS: Final = frozenset(
    {
        "if", "else", "for", "while", "do", "switch", "case", "default", "break", "continue", "return", "throw", "try",
        "catch", "finally", "var", "let", "const", "class", "extends", "import", "export", "debugger", "static",
    }
)  # fmt: skip
_CONSTANTS: Final = frozenset({"true", "false", "null", "undefined", "NaN", "Infinity"})
_SOFT_WORDS: Final = frozenset({"async", "get", "set", "static"})
_QUOTINGS: Final = {'"': "double", "'": "single", "`": "backquote"}


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


class _UnexpectedError(Exception):
    """The lexeme at the parser's place does not fit."""


class _Parser:
    """Recursive descent over the lexemes of one stretch."""

    def __init__(self, text: str, start: int, stop: int, dialect: Dialect) -> None:
        self.text = text
        self.all = lexemes(text, start, stop, dialect)
        self.lexemes = [lexeme for lexeme in self.all if lexeme.kind != "comment"]
        self.end = stop
        self.place = 0
        self.depth = 0
        self.problem: SyntaxProblem | None = None
        self.is_code = False

    # ---- statements

    def program(self, *, is_one: bool) -> Parsed:
        found = self.one() if is_one else self.statements(is_body=False)
        problem = self.lexical_problem() or (None if self.is_code else self.problem)
        return Parsed(tuple(found), tuple(self.all), problem, self.is_code)

    def lexical_problem(self) -> SyntaxProblem | None:
        """The first lexeme that is broken in itself; it explains any trouble around it."""
        broken = next((lexeme for lexeme in self.lexemes if lexeme.kind == "error"), None)
        return None if broken is None else SyntaxProblem(*_lexical_problem(broken))

    def one(self) -> list[nodes.Node]:
        if not self.lexemes:
            return []
        found: list[nodes.Node] = []
        try:
            found.append(self.sequence())
        except _UnexpectedError as error:
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
        except _UnexpectedError as error:
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
            elif lexeme.kind == "name" and lexeme.text in _STATEMENT_WORDS:
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
        except _UnexpectedError as error:
            self.note(str(error))
            found += self.salvage(first)
            self.place = max(self.place, first + 1)

    def is_on_new_line(self) -> bool:
        before, here = self.lexemes[self.place - 1], self.lexemes[self.place]
        return "\n" in self.text[before.stop : here.start]

    def salvage(self, first: int) -> list[nodes.Node]:
        """Keep the variables of an expression that could not be read whole."""
        return [
            nodes.Variable(lexeme.start, lexeme.stop, lexeme.text)
            for lexeme in self.lexemes[first : self.place]
            if lexeme.kind == "variable"
        ]

    def note(self, message: str) -> None:
        """Keep the first problem: at the lexeme that does not fit."""
        if self.problem is not None:
            return
        here = self.peek()
        if here is None:
            last = self.lexemes[-1]
            self.problem = SyntaxProblem(
                message or "the expression ends where a value was expected", Span(last.start, self.end)
            )
            return
        source = self.text[here.start : here.stop]
        self.problem = SyntaxProblem(message or f"unexpected {source!r} in an expression", Span(here.start, here.stop))

    # ---- looking at lexemes

    def peek(self, ahead: int = 0) -> Lexeme | None:
        place = self.place + ahead
        return self.lexemes[place] if place < len(self.lexemes) else None

    def is_at(self, mark: str) -> bool:
        here = self.peek()
        return here is not None and here.kind == "operator" and here.text == mark

    def take(self, mark: str) -> bool:
        if self.is_at(mark):
            self.place += 1
            return True
        return False

    def expect(self, mark: str) -> int:
        """Pass a mark and return where it ends."""
        if not self.take(mark):
            here = self.peek()
            raise _UnexpectedError("" if here is not None else f"{mark!r} is missing")
        return self.lexemes[self.place - 1].stop

    @property
    def stop(self) -> int:
        return self.lexemes[self.place - 1].stop

    def deepen(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _UnexpectedError(f"nested more than {MAX_DEPTH} deep")

    # ---- expressions, loosest first

    def sequence(self) -> nodes.Node:
        found = self.assignment()
        while self.take(","):
            right = self.assignment()
            found = nodes.Binary(found.start, right.stop, ",", found, right)
        return found

    def assignment(self) -> nodes.Node:
        depth = self.depth
        self.deepen()
        try:
            left = self.conditional()
            here = self.peek()
            if here is None or here.kind != "operator":
                return left
            if here.text in _ASSIGNMENTS:
                self.place += 1
                value = self.assignment()
                return nodes.Assign(left.start, value.stop, here.text, left, value)
            if here.text == "=>":
                return self.arrow(left)
            return left
        finally:
            self.depth = depth

    def conditional(self) -> nodes.Node:
        test = self.binary(0)
        if not self.take("?"):
            return test
        yes = self.assignment()
        self.expect(":")
        no = self.assignment()
        return nodes.Conditional(test.start, no.stop, test, yes, no)

    def binary(self, least: int) -> nodes.Node:
        left = self.unary()
        while (here := self.peek()) is not None:
            if here.kind != "operator" and here.text not in {"in", "instanceof"}:
                break
            strength = _PRECEDENCE.get(here.text, 0)
            if strength <= least:
                break
            self.place += 1
            right = self.power(strength) if here.text == "**" else self.binary(strength)
            left = nodes.Binary(left.start, right.stop, here.text, left, right)
        return left

    def power(self, strength: int) -> nodes.Node:
        """``**`` binds to the right."""
        depth = self.depth
        self.deepen()
        try:
            return self.binary(strength - 1)
        finally:
            self.depth = depth

    def unary(self) -> nodes.Node:
        here = self.peek()
        if here is None:
            raise _UnexpectedError
        is_mark = here.kind == "operator" and (here.text in _PREFIX_MARKS or here.text in {"++", "--"})
        is_word = here.kind == "name" and here.text in _PREFIX_WORDS
        if not is_mark and not is_word:
            return self.postfix()
        depth = self.depth
        self.deepen()
        try:
            self.place += 1
            operand = self.unary()
        finally:
            self.depth = depth
        if here.text in {"++", "--"}:
            return nodes.Update(here.start, operand.stop, here.text, operand, is_prefix=True)
        return nodes.Unary(here.start, operand.stop, here.text, operand)

    def postfix(self) -> nodes.Node:
        found = self.tail(self.primary())
        here = self.peek()
        if here is not None and here.kind == "operator" and here.text in {"++", "--"} and not self.is_on_new_line():
            self.place += 1
            return nodes.Update(found.start, here.stop, here.text, found, is_prefix=False)
        return found

    def tail(self, found: nodes.Node) -> nodes.Node:
        """Members, calls and tagged templates after a value."""
        while (here := self.peek()) is not None:
            if here.kind in {"template", "head"}:
                template = self.template()
                found = nodes.Call(found.start, template.stop, found, (template,))
            elif here.kind != "operator" or here.text not in {".", "?.", "[", "("}:
                break
            elif here.text == "(":
                self.place += 1
                items = self.items(")")
                found = nodes.Call(found.start, self.stop, found, items)
            elif here.text == "[":
                found = self.element(found)
            else:
                found = self.member(found)
        return found

    def member(self, owner: nodes.Node) -> nodes.Node:
        self.place += 1
        if self.is_at("["):
            return self.element(owner)
        if self.is_at("("):
            return owner  # a call with ?. before it
        self.take("#")
        here = self.peek()
        if here is None or not self.is_word(here):
            raise _UnexpectedError
        self.place += 1
        return nodes.Member(owner.start, here.stop, owner, self.text[here.start : here.stop], here.start)

    def element(self, owner: nodes.Node) -> nodes.Node:
        self.place += 1
        key = self.sequence()
        stop = self.expect("]")
        return nodes.Member(owner.start, stop, owner, key, key.start)

    def is_word(self, lexeme: Lexeme) -> bool:
        """A name, also where SugarCube would read a variable or an operator."""
        return lexeme.kind in {"name", "variable"} or self.text[lexeme.start].isalpha()

    # ---- values

    def primary(self) -> nodes.Node:
        here = self.peek()
        if here is None or here.kind == "error":
            raise _UnexpectedError
        if here.kind == "operator":
            return self.bracketed(here)
        if here.kind in {"template", "head"}:
            return self.template()
        if here.kind == "name":
            return self.name(here)
        self.place += 1
        if here.kind == "variable":
            return nodes.Variable(here.start, here.stop, here.text)
        if here.kind == "number":
            return nodes.Number(here.start, here.stop, here.text)
        if here.kind == "string":
            return nodes.Text(here.start, here.stop, decode(here.text[1:-1]), _QUOTINGS[here.text[0]])
        if here.kind == "regex":
            return nodes.Pattern(here.start, here.stop)
        self.place -= 1
        raise _UnexpectedError

    def bracketed(self, here: Lexeme) -> nodes.Node:
        if here.text not in {"(", "[", "{"}:
            raise _UnexpectedError
        self.place += 1
        if here.text == "{":
            return self.object(here)
        if here.text == "[":
            items = self.items("]")
            return nodes.Array(here.start, self.stop, items)
        if self.is_at(")") or self.is_at("..."):
            return self.parameters(here)
        inside = self.sequence()
        if not self.is_at(")") and self.is_at(","):
            raise _UnexpectedError
        self.expect(")")
        return inside

    def parameters(self, opened: Lexeme) -> nodes.Node:
        """``()`` or ``(...a)``, which only an arrow function has."""
        items = self.items(")")
        if not self.is_at("=>"):
            raise _UnexpectedError
        return nodes.Array(opened.start, self.stop, items)

    def items(self, closer: str) -> tuple[nodes.Node, ...]:
        """Values divided by commas, up to and with the bracket that closes them."""
        found: list[nodes.Node] = []
        while not self.take(closer):
            if self.take(","):
                continue  # a hole
            found.append(self.item())
            if not self.is_at(closer):
                if self.peek() is None:
                    raise _UnexpectedError(f"{closer!r} is missing")
                self.expect(",")
        return tuple(found)

    def item(self) -> nodes.Node:
        here = self.peek()
        if here is not None and self.take("..."):
            operand = self.assignment()
            return nodes.Spread(here.start, operand.stop, operand)
        return self.assignment()

    def name(self, here: Lexeme) -> nodes.Node:
        word = here.text
        if word == "function" or (word == "async" and self.is_word_at(1, "function")):
            return self.function(here)
        if word == "new":
            return self.new(here)
        if word == "async" and self.is_name_at(1):
            self.place += 1
            return self.primary()
        if word in _STATEMENT_WORDS:
            self.is_code = True
            raise _UnexpectedError
        self.place += 1
        if word in _CONSTANTS:
            return nodes.Constant(here.start, here.stop, word)
        return nodes.Name(here.start, here.stop, word)

    def is_word_at(self, ahead: int, word: str) -> bool:
        found = self.peek(ahead)
        return found is not None and found.text == word

    def is_name_at(self, ahead: int) -> bool:
        found = self.peek(ahead)
        return found is not None and (found.kind == "name" or found.text == "(")

    def new(self, here: Lexeme) -> nodes.Node:
        depth = self.depth
        self.deepen()
        try:
            self.place += 1
            made = self.tail(self.primary())
        finally:
            self.depth = depth
        return made if isinstance(made, nodes.Call) else nodes.Call(here.start, made.stop, made, ())

    def template(self) -> nodes.Node:
        here = self.lexemes[self.place]
        self.place += 1
        if here.kind == "template":
            return nodes.Text(here.start, here.stop, decode(here.text[1:-1]), "backquote")
        strings, parts = [decode(here.text[1:-2])], []
        while True:
            parts.append(self.sequence())
            piece = self.peek()
            if piece is None or piece.kind not in {"middle", "tail"}:
                raise _UnexpectedError
            self.place += 1
            if piece.kind == "tail":
                strings.append(decode(piece.text[1:-1]))
                return nodes.Template(here.start, piece.stop, tuple(strings), tuple(parts))
            strings.append(decode(piece.text[1:-2]))

    def object(self, opened: Lexeme) -> nodes.Node:
        found: list[nodes.Node] = []
        while not self.take("}"):
            if self.peek() is None:
                raise _UnexpectedError("'}' is missing")
            found.append(self.property())
            if not self.is_at("}"):
                self.expect(",")
        return nodes.Object(opened.start, self.stop, tuple(found))

    def property(self) -> nodes.Node:
        here = self.lexemes[self.place]
        if self.is_at("..."):
            return self.item()
        if here.text in _SOFT_WORDS and not self.is_key_done(1):
            self.place += 1
            here = self.lexemes[self.place]
        key = self.key(here)
        if self.is_at("("):
            value: nodes.Node = self.method(here)
        elif self.take(":"):
            value = self.assignment()
        else:
            value = self.shorthand(here)
        return nodes.Property(here.start, value.stop, key, value)

    def is_key_done(self, ahead: int) -> bool:
        found = self.peek(ahead)
        return found is None or found.text in {":", ",", "}", "("}

    def key(self, here: Lexeme) -> str | nodes.Node:
        if self.take("["):
            inside = self.assignment()
            self.expect("]")
            return inside
        self.take("*")
        here = self.lexemes[self.place] if self.place < len(self.lexemes) else here
        if here.kind not in {"string", "number"} and not self.is_word(here):
            raise _UnexpectedError
        self.place += 1
        return decode(here.text[1:-1]) if here.kind == "string" else self.text[here.start : here.stop]

    def shorthand(self, here: Lexeme) -> nodes.Node:
        """``{name}``, and ``{name = 1}`` of a pattern."""
        kind = nodes.Variable if here.kind == "variable" else nodes.Name
        value: nodes.Node = kind(here.start, here.stop, here.text)
        if self.take("="):
            other = self.assignment()
            value = nodes.Assign(here.start, other.stop, "=", value, other)
        return value

    # ---- functions

    def function(self, here: Lexeme) -> nodes.Node:
        self.place += 2 if here.text == "async" else 1
        self.take("*")
        following = self.peek()
        if following is not None and following.kind == "name":
            self.place += 1
        return self.method(here)

    def method(self, here: Lexeme) -> nodes.Node:
        self.expect("(")
        parameters = self.items(")")
        return self.body(here.start, parameters)

    def arrow(self, left: nodes.Node) -> nodes.Node:
        self.place += 1
        if self.is_at("{"):
            return self.body(left.start, (left,))
        self.is_code = True
        value = self.assignment()
        return nodes.Function(left.start, value.stop, _names((left,)), (value,))

    def body(self, start: int, parameters: tuple[nodes.Node, ...]) -> nodes.Node:
        self.is_code = True
        depth = self.depth
        self.deepen()
        try:
            self.expect("{")
            found = self.statements(is_body=True)
            stop = self.expect("}")
        finally:
            self.depth = depth
        return nodes.Function(start, stop, _names(parameters), tuple(found))


def _names(parameters: tuple[nodes.Node, ...]) -> tuple[str, ...]:
    """Every name in a parameter list, however it is nested."""
    found: list[str] = []
    waiting = list(parameters)
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Name):
            found.append(node.name)
        waiting.extend(node.children)
    return tuple(found)


def _lexical_problem(lexeme: Lexeme) -> tuple[str, Span, str]:
    span = Span(lexeme.start, lexeme.stop)
    mark = lexeme.text[0]
    if lexeme.text.startswith("/*"):
        return "the comment is not closed", span, "add */ at its end"
    if mark in "\"'`}":
        quote = "`" if mark == "}" else mark
        return "the string is not closed", span, f"add {quote} at its end"
    return f"unexpected {mark!r} in an expression", span, ""
