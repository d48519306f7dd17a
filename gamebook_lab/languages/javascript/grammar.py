"""The grammar of JavaScript expressions: precedence climbing, bounded in depth, one look at each lexeme."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.cursor import Cursor, UnexpectedError
from gamebook_lab.languages.javascript.lexemes import Lexeme
from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.languages.javascript.values import number_text, text_number

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
STATEMENT_WORDS: Final = frozenset(
    {
        "if", "else", "for", "while", "do", "switch", "case", "default", "break", "continue", "return", "throw", "try",
        "catch", "finally", "var", "let", "const", "class", "extends", "import", "export", "debugger", "static",
    }
)  # fmt: skip
_CONSTANTS: Final = frozenset({"true", "false", "null", "undefined", "NaN", "Infinity"})
_SOFT_WORDS: Final = frozenset({"async", "get", "set", "static"})
_QUOTINGS: Final = {'"': "double", "'": "single", "`": "backquote"}


class Grammar(Cursor):
    """Recursive descent over the lexemes of one stretch; functions ask for their statements."""

    @abstractmethod
    def statements(self, *, is_body: bool) -> list[nodes.Node]:
        """Read statements on to the end, or to the brace that closes the body of a function."""

    def sequence(self) -> nodes.Node:
        """``a, b``."""
        found = self.assignment()
        while self.take(","):
            right = self.assignment()
            found = nodes.Binary(found.start, right.stop, ",", found, right)
        return found

    def assignment(self) -> nodes.Node:
        """``a = b``, an arrow function, or anything that binds closer."""
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
        """``a ? b : c``."""
        test = self.binary(0)
        if not self.take("?"):
            return test
        yes = self.assignment()
        self.expect(":")
        no = self.assignment()
        return nodes.Conditional(test.start, no.stop, test, yes, no)

    def binary(self, least: int) -> nodes.Node:
        """Operands whose operators bind closer than ``least``."""
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
        """``!a`` and its kin."""
        here = self.peek()
        if here is None:
            raise UnexpectedError
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
        """``a++``."""
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
        """``.name`` or ``?.`` after a value."""
        is_optional = self.is_at("?.")
        self.place += 1
        if self.is_at("["):
            return self.element(owner, is_optional=is_optional)
        if self.is_at("("):
            return owner  # a call with ?. before it
        self.take("#")
        here = self.peek()
        if here is None or not self.is_word(here):
            raise UnexpectedError
        self.place += 1
        return nodes.Member(owner.start, here.stop, owner, self.text[here.start : here.stop], here.start, is_optional)

    def element(self, owner: nodes.Node, *, is_optional: bool = False) -> nodes.Node:
        """``[key]`` after a value."""
        self.place += 1
        key = self.sequence()
        stop = self.expect("]")
        return nodes.Member(owner.start, stop, owner, key, key.start, is_optional)

    def is_word(self, lexeme: Lexeme) -> bool:
        """A name, also where SugarCube would read a variable or an operator."""
        return lexeme.kind in {"name", "variable"} or self.text[lexeme.start].isalpha()

    # ---- values

    def primary(self) -> nodes.Node:
        """A value that stands for itself, or something in brackets."""
        here = self.peek()
        if here is None or here.kind == "error":
            raise UnexpectedError
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
        raise UnexpectedError

    def bracketed(self, here: Lexeme) -> nodes.Node:
        """``(a)``, ``[a]`` or ``{a: b}``."""
        if here.text not in {"(", "[", "{"}:
            raise UnexpectedError
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
            raise UnexpectedError
        self.expect(")")
        return inside

    def parameters(self, opened: Lexeme) -> nodes.Node:
        """``()`` or ``(...a)``, which only an arrow function has."""
        items = self.items(")")
        if not self.is_at("=>"):
            raise UnexpectedError
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
                    raise UnexpectedError(f"{closer!r} is missing")
                self.expect(",")
        return tuple(found)

    def item(self) -> nodes.Node:
        """A value of a list, or ``...values``."""
        here = self.peek()
        if here is not None and self.take("..."):
            operand = self.assignment()
            return nodes.Spread(here.start, operand.stop, operand)
        return self.assignment()

    def name(self, here: Lexeme) -> nodes.Node:
        """A name, or what a word begins."""
        word = here.text
        if word == "function" or (word == "async" and self.is_word_at(1, "function")):
            is_plain = word == "function" and not self.is_generator()
            function = self.function(here)
            return function if is_plain else nodes.Unary(here.start, function.stop, "async", function)
        if word == "new":
            return self.new(here)
        if word == "async" and self.is_name_at(1):
            self.place += 1
            function = self.primary()
            return nodes.Unary(here.start, function.stop, "async", function)
        if word in STATEMENT_WORDS:
            self.is_code = True
            raise UnexpectedError
        self.place += 1
        if word in _CONSTANTS:
            return nodes.Constant(here.start, here.stop, word)
        return nodes.Name(here.start, here.stop, word)

    def is_word_at(self, ahead: int, word: str) -> bool:
        """Tell whether that word stands so far ahead."""
        found = self.peek(ahead)
        return found is not None and found.text == word

    def is_name_at(self, ahead: int) -> bool:
        """Tell whether a name or a bracket stands so far ahead."""
        found = self.peek(ahead)
        return found is not None and (found.kind == "name" or found.text == "(")

    def new(self, here: Lexeme) -> nodes.Node:
        """``new Thing(a)``."""
        depth = self.depth
        self.deepen()
        try:
            self.place += 1
            made = self.tail(self.primary())
        finally:
            self.depth = depth
        callee, arguments = (made.callee, made.arguments) if isinstance(made, nodes.Call) else (made, ())
        return nodes.Call(here.start, made.stop, callee, arguments, is_new=True)

    def template(self) -> nodes.Node:
        """A template string with what its ``${}`` hold."""
        here = self.lexemes[self.place]
        self.place += 1
        if here.kind == "template":
            return nodes.Text(here.start, here.stop, decode(here.text[1:-1]), "backquote")
        strings, parts = [decode(here.text[1:-2])], []
        while True:
            parts.append(self.sequence())
            piece = self.peek()
            if piece is None or piece.kind not in {"middle", "tail"}:
                raise UnexpectedError
            self.place += 1
            if piece.kind == "tail":
                strings.append(decode(piece.text[1:-1]))
                return nodes.Template(here.start, piece.stop, tuple(strings), tuple(parts))
            strings.append(decode(piece.text[1:-2]))

    def object(self, opened: Lexeme) -> nodes.Node:
        """``{a: b, c}``."""
        found: list[nodes.Node] = []
        while not self.take("}"):
            if self.peek() is None:
                raise UnexpectedError("'}' is missing")
            found.append(self.property())
            if not self.is_at("}"):
                self.expect(",")
        return nodes.Object(opened.start, self.stop, tuple(found))

    def property(self) -> nodes.Node:
        """One entry of an object."""
        here = self.lexemes[self.place]
        if self.is_at("..."):
            return self.item()
        soft = ""
        if here.text in _SOFT_WORDS and not self.is_key_done(1):
            soft = here.text
            self.place += 1
            here = self.lexemes[self.place]
        elif self.is_at("*"):
            soft = "*"
        key = self.key(here)
        if self.is_at("("):
            value: nodes.Node = self.method(here)
        elif self.take(":"):
            value = self.assignment()
        else:
            value = self.shorthand(here)
        if soft:
            value = nodes.Unary(here.start, value.stop, soft, value)  # no plain value: nobody follows it
        return nodes.Property(here.start, value.stop, key, value)

    def is_key_done(self, ahead: int) -> bool:
        """Tell whether an entry's key ends before the lexeme so far ahead."""
        found = self.peek(ahead)
        return found is None or found.text in {":", ",", "}", "("}

    def key(self, here: Lexeme) -> str | nodes.Node:
        """The key of an entry; a node where it is computed."""
        if self.take("["):
            inside = self.assignment()
            self.expect("]")
            return inside
        self.take("*")
        here = self.lexemes[self.place] if self.place < len(self.lexemes) else here
        if here.kind not in {"string", "number"} and not self.is_word(here):
            raise UnexpectedError
        self.place += 1
        if here.kind == "number":
            return number_text(text_number(here.text.replace("_", "")))
        return decode(here.text[1:-1]) if here.kind == "string" else self.text[here.start : here.stop]

    def is_generator(self) -> bool:
        """Tell whether ``function*`` stands here."""
        found = self.peek(1)
        return found is not None and found.text == "*"

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
        """``function name(a) { ... }``."""
        self.place += 2 if here.text == "async" else 1
        self.take("*")
        following = self.peek()
        if following is not None and following.kind == "name":
            self.place += 1
        return self.method(here)

    def method(self, here: Lexeme) -> nodes.Node:
        """``(a) { ... }``."""
        self.expect("(")
        parameters = self.items(")")
        return self.body(here.start, parameters)

    def arrow(self, left: nodes.Node) -> nodes.Node:
        """``=> value`` or ``=> { ... }`` after parameters."""
        self.place += 1
        if self.is_at("{"):
            return self.body(left.start, _inputs(left))
        self.is_code = True
        value = self.assignment()
        return nodes.Function(left.start, value.stop, _names((left,)), (value,), _inputs(left), is_value=True)

    def body(self, start: int, parameters: tuple[nodes.Node, ...]) -> nodes.Node:
        """``{ ... }`` of a function."""
        self.is_code = True
        depth = self.depth
        self.deepen()
        try:
            self.expect("{")
            found = self.statements(is_body=True)
            stop = self.expect("}")
        finally:
            self.depth = depth
        return nodes.Function(start, stop, _names(parameters), tuple(found), parameters)


def _inputs(left: nodes.Node) -> tuple[nodes.Node, ...]:
    """What stands before an arrow, in order: one name, ``a, b``, or the list that ``()`` was read as."""
    if isinstance(left, nodes.Array):
        return left.items
    found: list[nodes.Node] = []
    while isinstance(left, nodes.Binary) and left.operator == ",":
        found.append(left.right)
        left = left.left
    return (left, *reversed(found))


def _names(parameters: tuple[nodes.Node, ...]) -> tuple[str, ...]:
    """Every name in a parameter list, however it is nested."""
    return tuple(node.name for node in nodes.every(parameters) if isinstance(node, nodes.Name))
