"""A Chapbook passage made ready to be played: assignments, then blocks of steps, each with what it may do."""

from __future__ import annotations

from dataclasses import dataclass, field

from gamebook_lab.languages.chapbook.formula import Formula
from gamebook_lab.languages.javascript.telling import Telling
from gamebook_lab.languages.shared.deeds import NOTHING, Deeds
from gamebook_lab.story.program import ChoiceKind, Span

__all__ = [
    "Assign", "Back", "Box", "Embed", "Go", "Handler", "Line", "Menu", "Ready", "Restart", "Reveal", "Say", "Section",
    "Show", "Step", "Strange", "Test",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a block does."""

    span: Span


@dataclass(frozen=True, slots=True)
class Say(Step):
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Show(Step):
    """``{name}``."""

    path: str


@dataclass(frozen=True, slots=True)
class Go(Step):
    """``[[link]]`` or ``{link to: }``; inserts stand in its label and even in its target."""

    kind: ChoiceKind
    target: Line | Formula
    label: Line | Formula


@dataclass(frozen=True, slots=True)
class Back(Step):
    """``{back link}``."""

    label: Formula | None


@dataclass(frozen=True, slots=True)
class Restart(Step):
    """``{restart link}``."""

    label: Formula | None


@dataclass(frozen=True, slots=True)
class Embed(Step):
    """``{embed passage: }``."""

    target: Formula


@dataclass(frozen=True, slots=True)
class Reveal(Step):
    """``{reveal link: }``."""

    label: Formula
    text: Formula | None
    passage: Formula | None


@dataclass(frozen=True, slots=True)
class Menu(Step):
    """``{cycling link}`` or ``{dropdown menu}``, which has a variable or chooses nothing."""

    variable: Formula | None
    choices: Formula


@dataclass(frozen=True, slots=True)
class Box(Step):
    """``{text input}``."""

    variable: str


@dataclass(frozen=True, slots=True)
class Strange(Step):
    """An insert or modifier that only the story's own scripts can know."""

    what: str


@dataclass(frozen=True, slots=True)
class Handler(Step):
    """A tag with code of its own, which runs when it is clicked."""

    what: str
    targets: tuple[str, ...]
    writes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """Text with inserts; just words in most cases."""

    source: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A modifier that shows its block or does not."""

    kind: str
    """``if``, ``unless``, ``ifalways``, ``ifnever``, ``else``; any other leaves the last outcome as it is."""
    formula: Formula | None
    span: Span
    asked: Span
    """Its condition alone."""


@dataclass(frozen=True, slots=True)
class Section:
    """A block: its tests in order, how it is shown, its steps."""

    tests: tuple[Test, ...]
    steps: tuple[Step, ...]
    is_hidden: bool = False
    """A note or a style: it is run all the same."""
    script: Script | None = None
    unknown: tuple[Strange, ...] = ()
    """Modifiers that Chapbook does not know."""
    is_acting: bool = False
    """It may offer or move by itself."""
    is_printing: bool = False
    """It may where the story's values hold markup."""
    writes: frozenset[str] = NOTHING
    includes: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Script:
    """A ``[JavaScript]`` block."""

    source: str
    span: Span
    reads: frozenset[str]
    """Every variable that it may read: every name, and every string, which may be one."""
    writes: frozenset[str]
    targets: tuple[str, ...]
    """Names that it may go to."""
    may_move: bool
    is_writing: bool = False
    """It may write text, in which links and inserts count."""
    followed: Formula | None = None
    """The whole of it, where it can be followed."""


@dataclass(frozen=True, slots=True)
class Assign:
    """``name (condition): value`` of the vars section."""

    path: tuple[str, ...]
    """Of the variable and its members."""
    condition: Formula | None
    value: Formula
    span: Span


@dataclass(frozen=True, slots=True)
class Ready:
    """A whole passage."""

    assigns: tuple[Assign, ...] = ()
    sections: tuple[Section, ...] = ()
    deeds: Deeds = field(default_factory=Deeds)
    opaques: tuple[tuple[str, Span], ...] = ()
    tells: frozenset[Telling] = frozenset()
    """What its code can tell of numbers."""
    shows: frozenset[Telling] = frozenset()
    """What is told by its words."""
    kinds: frozenset[str] = NOTHING
    """What strings in its code may add to a tag."""
    is_cutting: bool = False
    """Its code may take strings apart."""
    has_brackets: bool = False
    """A string has what begins a link or an insert."""
    writes: bool = False
    """A script of its writes text, in which these count."""
