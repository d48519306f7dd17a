"""The syntax tree of a Harlowe passage: markup and expressions, each with its place in the text.

Facts for the tables are derived from it in ``facts``; an interpreter walks the same tree.
It is at most :data:`MAX_DEPTH` nodes deep, so walking it recursively is safe.

``start`` and ``stop`` are half-open character offsets in the passage's text. A macro call, a
variable, a hook and a link can stand both in prose and in an expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from gamebook_lab.story.program import Span

MAX_DEPTH: Final = 300
"""Nodes inside nodes; what is nested deeper becomes :class:`Unread`."""


@dataclass(frozen=True, slots=True)
class Node:
    """A stretch of source."""

    start: int
    stop: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.stop)


# ---- markup


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words as they are."""


@dataclass(frozen=True, slots=True)
class Verbatim(Node):
    """Words between backticks, shown as written."""

    inner: Span


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """``<!-- ... -->``."""


@dataclass(frozen=True, slots=True)
class Tag(Node):
    """One HTML tag, opening or closing."""

    name: str


@dataclass(frozen=True, slots=True)
class RawElement(Node):
    """A whole ``script``, ``style`` or ``textarea``, whose content is not Harlowe."""

    name: str
    inner: Span


@dataclass(frozen=True, slots=True)
class Mark(Node):
    """A mark without content: ``bullet``, ``number``, ``heading``, ``rule``, ``align``, ``column`` or ``join``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Style(Node):
    """Styled or collapsed prose: ``bold``, ``italic``, ``strike``, ``sup``, ``em``, ``strong`` or ``collapse``."""

    kind: str
    children: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Hook(Node):
    """``[...]``, named or not; in an expression a code hook."""

    children: tuple[Markup, ...]
    inner: Span
    name: str | None = None
    name_span: Span | None = None
    is_hidden: bool = False
    is_open: bool = False
    """Written ``[=``: it goes on to the end of what encloses it."""


@dataclass(frozen=True, slots=True)
class Link(Node):
    """``[[...]]``. For the form ``simple``, label and target are the same stretch."""

    form: str
    """``simple``, ``right`` (``label->target``, ``label|target``) or ``left`` (``target<-label``)."""
    label: Span
    target: Span
    label_markup: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Attached(Node):
    """Changers, and the hook, link or command (perhaps in a variable) that they change."""

    changers: tuple[Macro | Variable, ...]
    target: Hook | Link | Macro | Variable


@dataclass(frozen=True, slots=True)
class Foreign(Node):
    """A macro call in the notation of another format, ``<<...>>``."""


@dataclass(frozen=True, slots=True)
class Unread(Node):
    """Nested too deeply to be read."""


# ---- expressions


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """``$name``, or ``_name`` where temporary."""

    name: str
    """Sigil included."""

    @property
    def is_temporary(self) -> bool:
        """Whether it lives only in its passage, hook or lambda."""
        return self.name.startswith("_")


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """``(name: arguments)``."""

    name: str
    """Lower case without dashes and underscores, as Harlowe compares them; a custom macro's with its sigil."""
    name_span: Span
    arguments: tuple[Expression, ...]

    @property
    def is_custom(self) -> bool:
        """Whether a variable holds the macro."""
        return self.name[0] in "$_"


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number; with the unit ``s`` or ``ms``, a time in milliseconds."""

    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class String(Node):
    """A string literal."""

    value: str
    """With its escapes resolved."""
    quote: str

    @property
    def inner(self) -> Span:
        """What stands between the quotes."""
        return Span(self.start + 1, self.stop - 1)


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Colour(Node):
    """A colour by its name or as ``#hex``, in lower case."""

    value: str


@dataclass(frozen=True, slots=True)
class Datatype(Node):
    """The name of a data type, in lower case."""

    name: str


@dataclass(frozen=True, slots=True)
class HookName(Node):
    """``?name``."""

    name: str
    """Without the question mark."""


@dataclass(frozen=True, slots=True)
class Identifier(Node):
    """``it``, ``time``, ``turns``, ``visits``, ``exits`` or ``pos``; an ``it`` left out by the author is empty."""

    name: str


@dataclass(frozen=True, slots=True)
class Group(Node):
    """An expression in parentheses."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Property(Node):
    """``owner's key``, ``key of owner``; without an owner, ``its key``."""

    owner: Expression | None
    key: str | Expression
    """A data name (``1st``, ``length``, ``sword``) or an expression for one."""


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``not``, ``+`` or ``-`` before a value."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """A comparison, ``and``, ``or`` or arithmetic."""

    operator: str
    """As Harlowe's manual spells it, with single spaces: ``is not in``, ``<=``."""
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """``target to value``, ``value into target``, ``target += value``."""

    operator: str
    target: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """``datatype-type $variable``."""

    datatype: Expression
    variable: Expression


@dataclass(frozen=True, slots=True)
class Spread(Node):
    """``...values``."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """``bind $variable``, ``2bind $variable``."""

    operand: Expression
    is_two_way: bool


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """``each _x``, ``_x where ...``, ``when ...``, ``via ...``, ``making _total``."""

    subject: Expression | None
    clauses: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """Code that is not one expression, with those that could be read in it."""

    parts: tuple[Expression, ...] = ()


Markup: TypeAlias = (
    Text | Verbatim | Comment | Tag | RawElement | Mark | Style | Hook | Link | Attached | Foreign | Unread | Macro | Variable
)  # fmt: skip
Expression: TypeAlias = (
    Macro | Variable | Hook | Link | Number | String | Boolean | Colour | Datatype | HookName | Identifier
    | Group | Property | Unary | Binary | Assignment | Typed | Spread | Bind | Lambda | Broken | Unread
)  # fmt: skip
