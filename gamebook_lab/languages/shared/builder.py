"""Gathers the facts of one passage while its tree is walked, and makes the program of them."""

from __future__ import annotations

from typing import Final, TypeVar

from gamebook_lab.languages.shared.unread import named_in
from gamebook_lab.story.program import (
    Access,
    AccessKind,
    Certain,
    Choice,
    Condition,
    Opaque,
    Program,
    Reference,
    Slot,
    Span,
    SyntaxProblem,
    Token,
)


class Builder:
    """Lists that grow in any order; :meth:`build` sorts them."""

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.choices: Final[list[Choice]] = []
        self.references: Final[list[Reference]] = []
        self.accesses: Final[list[Access]] = []
        self.opaques: Final[list[Opaque]] = []
        self.problems: Final[list[SyntaxProblem]] = []
        self.definitions: Final[list[str]] = []
        self.possible_names: Final[list[str]] = []
        self.conditions: Final[list[Condition]] = []
        self.certain: Final[list[Certain]] = []
        self._prose: Final[list[Span]] = []
        self._tokens: Final[list[Token]] = []

    def token(self, start: int, stop: int, kind: str) -> None:
        """Colour a stretch; where two overlap, the one that begins first stays."""
        if start < stop:
            self._tokens.append(Token(start, stop, kind))

    def prose(self, start: int, stop: int) -> None:
        """Note words that a reader may see; blank stretches are left out."""
        if start < stop and not self.text[start:stop].isspace():
            self._prose.append(Span(start, stop))

    def problem(self, message: str, start: int, stop: int, hint: str = "") -> None:
        """Note something that could not be read."""
        self.problems.append(SyntaxProblem(message, Span(start, stop), hint))

    def opaque(self, what: str, start: int, stop: int, *, may_move: bool) -> None:
        """Note something that is kept and not modelled."""
        self.opaques.append(Opaque(what, Span(start, stop), may_move))

    def unread(self, start: int, stop: int) -> None:
        """Note what is nested too deeply to be read: it may do anything with whatever it names."""
        self.opaque("deeply nested code", start, stop, may_move=True)
        self.possible_names.extend(named_in(self.text[start:stop]))

    def reference(self, name: str, slot: Slot, *, is_required: bool, may_lead: bool = False) -> None:
        """Note a place that names a passage."""
        self.references.append(Reference(name, slot, is_required, may_lead))

    def build(self) -> Program:
        """Make the program, everything sorted by where it stands."""
        return Program(
            choices=tuple(sorted(self.choices, key=lambda choice: choice.span)),
            references=tuple(sorted(self.references, key=lambda reference: reference.slot.span)),
            accesses=tuple(sorted(self.accesses, key=_access_order)),
            opaques=tuple(sorted(self.opaques, key=lambda opaque: opaque.span)),
            problems=tuple(sorted(self.problems, key=lambda problem: problem.span)),
            prose=tuple(_apart(self._prose)),
            tokens=tuple(_apart(self._tokens)),
            definitions=tuple(self.definitions),
            possible_names=tuple(self.possible_names),
            conditions=tuple(sorted(dict.fromkeys(self.conditions), key=lambda condition: condition.span)),
            certain=tuple(self.certain),
        )


def _access_order(access: Access) -> tuple[Span, bool]:
    return access.span, access.kind is AccessKind.WRITE


_Stretch = TypeVar("_Stretch", Span, Token)


def _apart(stretches: list[_Stretch]) -> list[_Stretch]:
    """Sort stretches ``(start, stop, ...)``, leaving out what begins inside an earlier one."""
    kept: list[_Stretch] = []
    reached = 0
    for stretch in sorted(stretches, key=lambda stretch: (stretch.start, -stretch.stop)):
        if stretch.start >= reached:
            kept.append(stretch)
            reached = stretch.stop
    return kept
