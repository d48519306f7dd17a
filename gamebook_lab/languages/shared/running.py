"""One run of a passage whose expressions are JavaScript: its variables while it lasts, what is written when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from gamebook_lab.languages.javascript.host import Host
from gamebook_lab.languages.javascript.values import freeze, thaw
from gamebook_lab.languages.shared.canvas import Canvas
from gamebook_lab.story.bounds import Bounds
from gamebook_lab.story.frozen import UNKNOWN, UNSET, exact
from gamebook_lab.story.play import Offer, Place, Turn, leave
from gamebook_lab.story.program import Span

__all__ = ["Running", "Stage"]

MAX_PARTS: Final = 10_000
"""Parts of a value that are looked through."""


class Stage(NamedTuple):
    """Which text is being run, and how its spans become places."""

    passage: str
    shift: int = 0
    whole: Span | None = None
    """All of it counts as standing here: a text that an expression made."""

    def place(self, span: Span) -> Place:
        """Where something stands in the story."""
        return Place(self.passage, self.whole or Span(span.start + self.shift, span.stop + self.shift))


class Running(Host):
    """Names and values of one ``enter`` or ``click``; a format looks up its own names and says what is strange."""

    def __init__(self, turn: Turn, here: str, bounds: Mapping[str, Bounds]) -> None:
        super().__init__()
        self.turn, self.here, self.bounds = turn, here, bounds
        self.stage = Stage(here)
        self.canvas = Canvas(has_text=turn.detail == "text")
        self.goto: str | None = None
        """Where the story moves on to by itself."""
        self.values: dict[str, Any] = {}
        self.before: dict[str, Any] = {}
        """What each variable held when it was first read, frozen; absent where it was written unread."""

    def variable(self, name: str) -> Any:
        """Value of a variable, to compute with."""
        if name not in self.values:
            self.before[name] = self.turn.read(name)
            self.values[name] = thaw(self.before[name])
        return self.values[name]

    def store(self, name: str, value: Any) -> None:
        """Give a variable a value."""
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

    def give_up(self, what: str, span: Span) -> Any:
        """Note that something goes too far to be followed: what it has written so far is not known any more."""
        self.turn.give_up(what, self.stage.place(span))
        self.values.update(dict.fromkeys(self.values, UNKNOWN))
        return UNKNOWN

    def offer(self, offer: Offer, *, is_shown: bool = True) -> None:
        """Show something to click, as long as the page has room for it."""
        if self.canvas.is_full:
            self.turn.give_up("too many offers on a page", offer.place)
        else:
            self.canvas.offer(offer, is_shown=is_shown)

    def decided(self, span: Span, *, holds: bool) -> None:
        """Tell the turn how a condition came out."""
        self.turn.condition(self.stage.place(span), holds=holds)

    def chance(self, weights: Sequence[int]) -> int:
        """Draw."""
        return self.turn.chance(weights)

    def finish(self) -> None:
        """Write what changed."""
        if self.goto is not None:
            leave(self.turn, self.here)
        for name, value in self.values.items():
            if self.turn.matters(name):
                after = self.frozen(value)
                if name in self.bounds:
                    after = self.bounds[name].clamped(after)
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
        return UNKNOWN if waiting else freeze(value)
