"""Harlowe as a language of the laboratory.

Covers Harlowe 3.3, read as its own lexer reads it, and what stories for 1 and 2 write: the notation is one, with
fewer macros and no unclosed hooks there. JavaScript inside macros, which 1 and 2 let through, is a problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe import chars, facts, writing
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.program import Opaque, Program, Span, Token

if TYPE_CHECKING:
    from gamebook_lab.story.play import Player
    from gamebook_lab.story.story import Story

_SPECIAL: Final = frozenset({"startup", "header", "footer", "debug-startup", "debug-header", "debug-footer"})


@dataclass(frozen=True, slots=True)
class Harlowe:
    """Reads and writes passages of Harlowe stories; fulfils :class:`gamebook_lab.story.language.Language`."""

    @property
    def name(self) -> str:
        """Short name."""
        return "harlowe"

    def kind(self, name: str, tags: tuple[str, ...]) -> str:
        """Kind of a passage: Harlowe goes by tags alone."""
        del name
        return code_kind(tags) or ("special" if _SPECIAL.intersection(tags) else "story")

    def parse(self, text: str, *, name: str = "", tags: tuple[str, ...] = ()) -> Program:
        """Read one passage; scripts are opaque, style sheets say nothing."""
        del name
        kind = code_kind(tags)
        if kind is None:
            return facts.program(text)
        tokens = (Token(0, len(text), "code"),) if text else ()
        opaques = (Opaque("script", Span(0, len(text)), may_move=True),) if text and kind == "script" else ()
        return Program(opaques=opaques, tokens=tokens)

    def encode(self, text: str, quoting: str) -> str:
        """Write a name or label for a slot; raises EditError where no spelling exists."""
        return writing.encode(text, quoting)

    def link(self, label: str | None, target: str) -> str:
        """Write a whole new link; raises EditError where none can hold it."""
        return writing.link(label, target)

    def link_inside(self, label: str, target: str) -> str:
        """Write what stands inside ``[[`` and ``]]``; raises EditError where nothing can."""
        return writing.link_inside(label, target)

    def is_variable_name(self, name: str) -> bool:
        """Tell whether this is ``$`` or ``_`` and a name with a letter in it."""
        end, is_name = chars.name_end(name, 1, len(name))
        return name[:1] in {"$", "_"} and is_name and end == len(name)

    def player(self, story: Story) -> Player:
        """Make what plays a story."""
        from gamebook_lab.languages.harlowe.play.player import Player

        return Player(story)
