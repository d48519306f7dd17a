"""The names of one run of a Chapbook passage: its variables while it lasts, and what is written when it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gamebook_lab.languages.chapbook.formula import Formula
from gamebook_lab.languages.chapbook.natives import NAMES
from gamebook_lab.languages.chapbook.scripts import SCRIPTS
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.host import Host
from gamebook_lab.languages.javascript.members import get_member, set_member
from gamebook_lab.languages.javascript.values import ThrownError, freeze, thaw
from gamebook_lab.story.frozen import UNKNOWN, UNSET, exact
from gamebook_lab.story.play import Place, Turn, leave
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.chapbook.player import ChapbookPlayer

__all__ = ["Scope", "Stage"]

MAX_PARTS: Final = 10_000
_PATH: Final = re.compile(r"[^.\[\]]+")


class Stage(NamedTuple):
    """Which text is being run, and how its spans become places."""

    passage: str
    shift: int = 0
    whole: Span | None = None
    """All of it counts as standing here: a text that an expression made."""

    def place(self, span: Span) -> Place:
        """Where something stands in the story."""
        return Place(self.passage, self.whole or Span(span.start + self.shift, span.stop + self.shift))


class Scope(Host):
    """Names and values of one ``enter`` or ``click``."""

    def __init__(self, player: ChapbookPlayer, turn: Turn, here: str) -> None:
        super().__init__()
        self.player, self.turn, self.here = player, turn, here
        self.stage = Stage(here)
        self.goto: str | None = None
        self.may_stray = False
        """What is run now may call the story's scripts."""
        self.values: dict[str, Any] = {}
        self.before: dict[str, Any] = {}
        """What each variable held when it was first read, frozen; absent where it was written unread."""

    # ---- what expressions ask (Host)

    def lookup(self, name: str) -> Any:
        """Value of a name, Chapbook's own or a variable that was set."""
        own = NAMES.get(name)
        if own is not None:
            return own
        value = self.variable(name)
        if value is UNSET:
            raise ThrownError(f"{name} is not defined")
        return value

    def variable(self, name: str) -> Any:
        """Value of a variable, to compute with."""
        if name not in self.values:
            self.before[name] = self.turn.read(name)
            self.values[name] = thaw(self.before[name])
        return self.values[name]

    def store(self, name: str, value: Any) -> None:
        """Give a variable a value."""
        if name not in NAMES:
            self.values[name] = value

    def delete(self, name: str) -> None:
        """Forget a variable."""
        self.store(name, UNSET)

    def tick(self) -> None:
        """Count a step."""
        self.turn.tick()

    def either(self, n: int, what: str, span: Span) -> int:
        """Take one of several ways."""
        return self.turn.either(n, what, self.stage.place(span))

    def chance(self, weights: Sequence[int]) -> int:
        """Draw."""
        return self.turn.chance(weights)

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

    def finish(self) -> None:
        """Write what changed."""
        if self.goto is not None:
            leave(self.turn, self.here)
        for name, value in self.values.items():
            if self.turn.matters(name):
                after = self.frozen(value)
                if name not in self.before or exact(self.before[name]) != exact(after):
                    self.turn.write(name, after)

    def frozen(self, value: Any) -> Any:
        """A value to keep; unknown where a part of it is no longer known."""
        waiting = [value] if self.spoiled else []
        seen = 0
        while waiting and seen < MAX_PARTS:
            each = waiting.pop()
            seen += 1
            if id(each) in self.spoiled:
                return UNKNOWN
            if isinstance(each, (list, dict)):
                waiting.extend(each if isinstance(each, list) else each.values())
        return freeze(value)
