"""What a language is to the other rooms: an interface, filled in by ``languages``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from gamebook_lab.story.program import Program

if TYPE_CHECKING:
    from gamebook_lab.story.play import Player
    from gamebook_lab.story.story import Story

__all__ = ["Language", "code_kind", "kind_of"]

_CODE_TAGS: Final = {"script": "script", "stylesheet": "style"}


def code_kind(tags: tuple[str, ...]) -> str | None:
    """Kind of a passage whose tags make it code in every story format: ``script`` or ``style``; None for any other."""
    return next((_CODE_TAGS[tag] for tag in tags if tag in _CODE_TAGS), None)


def kind_of(language: Language, name: str, tags: tuple[str, ...]) -> str:
    """Kind of a passage: by the tags that mean the same everywhere, else as its language has it."""
    return code_kind(tags) or language.kind(name, tags)


@runtime_checkable
class Language(Protocol):
    """Reads passages of one story format and writes names into them.

    Implementations are immutable, cheap to make and picklable by reference: parallel
    workers receive them by name.
    """

    @property
    def name(self) -> str:
        """Short lower-case name, such as ``sugarcube``."""

    def kind(self, name: str, tags: tuple[str, ...]) -> str:
        """Kind of a passage by its name and tags: ``story``, ``special``, ``script`` or ``style``."""

    def parse(self, text: str, *, name: str = "", tags: tuple[str, ...] = ()) -> Program:
        """Read one passage.

        Never raises for any text, takes time linear in its length, and is bounded in depth:
        what cannot be read becomes a problem of the program, and what is not modelled an opaque.
        """

    def encode(self, text: str, quoting: str) -> str:
        """Write a passage name or label so that it reads back as ``text`` in such a slot.

        Raises
        ------
        EditError
            If no spelling exists there (say, a name that holds ``]]`` in a plain link).
        """

    def link(self, label: str | None, target: str) -> str:
        """Write a whole new link; without a label the target shows.

        Raises
        ------
        EditError
            If the label or target cannot be written in a link.
        """

    def link_inside(self, label: str, target: str) -> str:
        """Write what stands between ``[[`` and ``]]`` of a link with its own label.

        Raises
        ------
        EditError
            As :meth:`link`.
        """

    def is_variable_name(self, name: str) -> bool:
        """Tell whether ``name`` (sigil included) can name a variable."""

    def player(self, story: Story) -> Player:
        """Make what plays a story written in this language; reads its passages when they are first played."""
