"""Twine 2 archives: ``<tw-storydata>`` elements one behind the other, without a page around them.

By the archive specification 1.0.0. A single element without a page is an archive of one story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamebook_lab.formats import twine_html
from gamebook_lab.formats.html_tree import is_archive
from gamebook_lab.formats.html_update import new_tree, update_tree
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.formats.rereading import problems_by_reading
from gamebook_lab.formats.updating import updated
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story


@dataclass(frozen=True, slots=True)
class TwineArchiveFormat:
    """See :class:`gamebook_lab.formats.protocol.Format`."""

    name: str = "twine-archive"
    suffixes: tuple[str, ...] = (".html", ".htm")
    is_writable: bool = True

    def recognises(self, document: Document) -> bool:
        """Whether it begins with a story's element."""
        return is_archive(document.text)

    def read(self, documents: tuple[Document, ...], origin: Origin) -> tuple[Story, ...]:
        """Read every story, in order."""
        return twine_html.FORMAT.read(documents, origin)

    def update(self, story: Story, *, whole: bool = False) -> Tree:
        """Make a tree of the archive with this story in its place."""
        return twine_html.FORMAT.update(story, whole=whole)

    def problems(self, tree: Tree) -> tuple[Problem, ...]:
        """What reading it again finds."""
        return problems_by_reading(self, tree)

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """What HTML has no place for."""
        return twine_html.FORMAT.unrepresentable(story)


def element_of(story: Story) -> str:
    """Write a story's element alone, without the page or archive that it came from."""
    return updated(story.source, lambda tree: update_tree(tree, story), new_tree()).element


FORMAT: Final[Format] = TwineArchiveFormat()
