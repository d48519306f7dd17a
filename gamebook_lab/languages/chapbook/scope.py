"""The names of one run of a Chapbook passage: its variables while it lasts, and what is written when it ends."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.chapbook.code import GLOBALS
from gamebook_lab.languages.chapbook.formula import Formula
from gamebook_lab.languages.chapbook.natives import NAMES
from gamebook_lab.languages.chapbook.scripts import SCRIPTS
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.host import MISSING
from gamebook_lab.languages.javascript.members import get_member, set_member
from gamebook_lab.languages.javascript.values import ThrownError
from gamebook_lab.languages.shared.running import Running
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.play import Turn
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.chapbook.player import ChapbookPlayer

__all__ = ["Scope"]

_PATH: Final = re.compile(r"[^.\[\]]+")


class Scope(Running):
    """Names and values of one ``enter`` or ``click``."""

    def __init__(self, player: ChapbookPlayer, turn: Turn, here: str) -> None:
        super().__init__(turn, here, player.numbers.bounds(turn.detail))
        self.player = player
        self.may_stray = False
        """What is run now may call the story's scripts."""

    # ---- what expressions ask (Host)

    def lookup(self, name: str) -> Any:
        """Value of a name, Chapbook's own or a variable that was set."""
        own = NAMES.get(name)
        if own is not None:
            return own
        if name in GLOBALS:
            return MISSING
        value = self.variable(name)
        if value is UNSET:
            raise ThrownError(f"{name} is not defined")
        return value

    def store(self, name: str, value: Any) -> None:
        """Give a variable a value; Chapbook's own names have none."""
        if name not in NAMES:
            super().store(name, value)

    def stray(self, what: str, span: Span) -> Any:
        """Take it that whatever the story's scripts may do is done, where they can have been called at all."""
        if not self.may_stray:
            return UNKNOWN
        reach = self.player.reach(SCRIPTS)
        if not reach.acts and not reach.writes:
            self.turn.opaque(what, self.stage.place(span))
        for name in sorted(reach.writes):
            self.values[name] = UNKNOWN
        if reach.acts:
            self.anywhere(what, span)
        return UNKNOWN

    @abstractmethod
    def written(self, text: Any, span: Span) -> None:
        """Show what a script writes."""

    def anywhere(self, what: str, span: Span, names: tuple[str, ...] | None = None) -> None:
        """Move to any passage, or do not."""
        targets = self.player.names if names is None else names
        way = self.either(len(targets) + 1, what, span)
        if way:
            self.goto = targets[way - 1]

    def path(self, path: str) -> Any:
        """Value of ``name.member[0]``, undefined where there is none."""
        root, *members = _PATH.findall(path) or [""]
        value = NAMES.get(root)
        if value is None:
            value = self.variable(root)
        for member in members:
            if value is None or value is UNSET:
                return UNSET
            value = get_member(
                self, value, int(member) if member.isdigit() and isinstance(value, list) else member, Span(0, 0)
            )
        return UNKNOWN if self.spoiled and id(value) in self.spoiled else value

    def assign(self, path: str, value: Any, span: Span) -> None:
        """Set ``name.member``; what is missing on the way is made."""
        root, *members = _PATH.findall(path) or [""]
        if not members or root in NAMES:
            self.store(root, value)
            return
        owner = self.variable(root)
        if not isinstance(owner, (dict, list)):
            if owner is UNKNOWN:
                return
            owner = self.values[root] = {}
        for member in members[:-1]:
            inner = get_member(self, owner, member, span)
            if inner is UNKNOWN:
                return
            if not isinstance(inner, (dict, list)):
                inner = {}
                set_member(self, owner, member, inner, span)
            owner = inner
        set_member(self, owner, members[-1], value, span)

    def value(self, formula: Formula) -> Any:
        """Evaluate a formula; may throw, as JavaScript would."""
        self.turn.tick()
        self.may_stray = formula.is_wild
        if isinstance(formula.node, js.Text):
            return formula.node.value
        return self.stray(formula.source[:40], formula.span) if formula.code is None else formula.code(self)

    def holds(self, formula: Formula) -> bool:
        """Evaluate a condition."""
        self.turn.tick()
        self.may_stray = formula.is_wild
        value = self.stray(formula.source[:40], formula.span) if formula.test is None else formula.test(self)
        return self.decide(value, formula.source[:80], formula.span)

    def go(self, target: Any, span: Span) -> None:
        """Code sends the reader on."""
        if isinstance(target, str):
            self.goto = target
        elif target is UNKNOWN:
            self.anywhere("go()", span)
