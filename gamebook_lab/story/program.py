"""What one passage says, as its language understood it: a program with spans.

A :class:`Program` is the meeting point of ``languages`` (which make it), ``story`` (whose
tables and edits read it) and ``engine`` (which runs it). Every record knows where in the
passage's text it stands, so that an edit can rewrite just that.

Spans count Python characters (code points), half-open, in the passage's ``text``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal, NamedTuple

from gamebook_lab.story.literals import literals


class Span(NamedTuple):
    """Half-open range of characters in a passage's text."""

    start: int
    stop: int


class Slot(NamedTuple):
    """A place in the source that holds one name or label, and how it is written there.

    ``quoting`` is the language's own word for the surroundings (``bare``, ``double``,
    ``single`` ...). Only the language interprets it, in ``Language.encode``.
    """

    span: Span
    quoting: str


class ChoiceKind(StrEnum):
    """How a choice moves the reader."""

    LINK = "link"
    GOTO = "goto"
    REVEAL = "reveal"
    """Shows more of the same passage, goes nowhere."""
    INCLUDE = "include"
    """Shows another passage inside this one; not a step of its own."""
    RETURN = "return"
    """Goes to the passage before (back, return)."""
    UNDO = "undo"
    RESTART = "restart"
    LOAD = "load"
    COMPUTED = "computed"
    """A link or goto whose target is an expression."""
    EXTERNAL = "external"
    """Leaves the story, for a web address."""


WAYS_ON: Final = frozenset({ChoiceKind.LINK, ChoiceKind.GOTO, ChoiceKind.COMPUTED, ChoiceKind.RETURN})
"""Kinds that can move a playthrough to another passage. Undo, restart and load are not steps."""


class Condition(NamedTuple):
    """One enclosing condition: its source, and whether the thing stands in its else part."""

    text: str
    is_negated: bool
    span: Span

    def __str__(self) -> str:
        return f"not ({self.text})" if self.is_negated else self.text


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on that a passage offers."""

    kind: ChoiceKind
    span: Span
    """All of its markup."""
    target: str | None = None
    """Decoded name; None where computed or where there is none."""
    target_slot: Slot | None = None
    label: str | None = None
    label_slot: Slot | None = None
    """Equal to ``target_slot`` where one text serves as both, as in ``[[Cellar]]``."""
    conditions: tuple[Condition, ...] = ()
    """Outermost first."""
    effects: tuple[str, ...] = ()
    is_once: bool = False


class Reference(NamedTuple):
    """Any place that names a passage by a literal: links, gotos, includes, ``visited("X")`` ..."""

    name: str
    slot: Slot
    is_required: bool
    """The story breaks if no such passage exists (a link), or merely never matches (``visited``)."""
    may_lead: bool = False
    """It is one of the names that a computed target may come to, as in ``(goto: (either: "A", "B"))``, or code shows it."""


class AccessKind(StrEnum):
    """What is done to a variable."""

    READ = "read"
    WRITE = "write"


class Access(NamedTuple):
    """One place that reads or writes a variable. ``x += 1`` is a read and a write."""

    variable: str
    """As the author writes it, sigil included (``$gold``, ``_i``; in Chapbook and Snowman the bare name)."""
    kind: AccessKind
    span: Span
    """The characters of the name itself (``$gold``), so that replacing them renames it."""
    is_temporary: bool = False
    value: str | None = None
    """For a write: source of the value, where it is one expression."""
    is_condition: bool = False
    """For a read: it stands in a condition or in a computed target."""
    flows_to: str | None = None
    """For a read: the variable whose written value it is part of, if any."""


class Opaque(NamedTuple):
    """A construct that is kept verbatim and not modelled: it may do either."""

    what: str
    """Its name, such as ``script`` or ``<<myMacro>>``."""
    span: Span
    may_move: bool = False
    """It may take the reader elsewhere."""


class Certain(NamedTuple):
    """Something that a text does whenever it is run, whatever the values: under no condition, in no loop, behind no click.

    What stands before it may still keep it from being come to, by an error or by moving elsewhere.
    """

    what: Literal["shows", "calls", "goes"]
    """Shows a passage, calls a macro of the story's own, or moves on to a passage by itself."""
    name: str
    span: Span
    within: str | None = None
    """The macro of the story's own whose body does it; None: the passage's own text."""


class SyntaxProblem(NamedTuple):
    """Something that the language could not read; becomes a GB301 row."""

    message: str
    span: Span
    hint: str = ""


class Token(NamedTuple):
    """A coloured stretch for the editor. Tokens are sorted, and never overlap."""

    start: int
    stop: int
    kind: str
    """One of :data:`TOKEN_KINDS`."""


TOKEN_KINDS: Final = (
    "markup", "link", "target", "macro", "variable", "string", "number",
    "keyword", "operator", "comment", "html", "code", "error",
)  # fmt: skip


@dataclass(frozen=True)  # without slots: what the checks ask of it after every edit is kept with it
class Program:
    """All that one passage's text says. Every tuple is sorted by where it stands."""

    choices: tuple[Choice, ...] = ()
    references: tuple[Reference, ...] = ()
    accesses: tuple[Access, ...] = ()
    opaques: tuple[Opaque, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    prose: tuple[Span, ...] = ()
    """What a reader may see as words, link labels included; markup, macros, code and comments are not."""
    tokens: tuple[Token, ...] = field(default=(), repr=False)
    definitions: tuple[str, ...] = ()
    """Names of macros that this passage defines for the whole story (widgets)."""
    possible_names: tuple[str, ...] = ()
    """What leads to the passage of just that name, if there is one: an expression for a target, a string of markup."""
    is_storylet: bool = False
    """Passages that offer storylets may lead here, though they do not name it."""
    offers_storylets: bool = False
    """It may lead to any storylet of the story."""
    conditions: tuple[Condition, ...] = ()
    """Every condition of the text that is told to :meth:`~gamebook_lab.story.play.Turn.condition` whenever it is asked."""
    certain: tuple[Certain, ...] = ()
    """What is run whatever happens, as far as that is sure. May say too little."""

    # ---- what follows from these alone

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the passages that it leads to by naming them, each once."""
        links = (choice.target for choice in self.choices if choice.kind is not ChoiceKind.EXTERNAL)
        named = (reference.name for reference in self.references if reference.is_required or reference.may_lead)
        return tuple(dict.fromkeys([*(name for name in links if name is not None), *named, *self.possible_names]))

    @cached_property
    def ways(self) -> tuple[Choice, ...]:
        """Choices that can move a playthrough to another passage."""
        return tuple(choice for choice in self.choices if choice.kind in WAYS_ON)

    @cached_property
    def includes(self) -> tuple[Choice, ...]:
        """Choices that show another passage in this one."""
        return tuple(choice for choice in self.choices if choice.kind is ChoiceKind.INCLUDE)

    @cached_property
    def computed(self) -> tuple[Choice, ...]:
        """Choices whose target is an expression."""
        return tuple(
            choice
            for choice in self.choices
            if choice.kind is ChoiceKind.COMPUTED or (choice.kind is ChoiceKind.INCLUDE and choice.target is None)
        )

    @cached_property
    def may_move(self) -> bool:
        """Whether code that is not understood may take the reader elsewhere."""
        return any(opaque.may_move for opaque in self.opaques)

    @cached_property
    def strings_written(self) -> tuple[tuple[str, str], ...]:
        """Variables, each with a string among the values that are written to it; each pair once."""
        values = ((each.variable, each.value) for each in self.accesses if each.kind is AccessKind.WRITE and each.value)
        return tuple(dict.fromkeys((variable, text) for variable, value in values for text in literals(value)))

    @cached_property
    def flows(self) -> tuple[tuple[str, str], ...]:
        """Variables that are written, each with one that is read for the value; each pair once."""
        reads = (each for each in self.accesses if each.kind is AccessKind.READ)
        return tuple(dict.fromkeys((each.flows_to, each.variable) for each in reads if each.flows_to is not None))
