"""Published Twine 2 stories: a page with one ``<tw-storydata>`` element. By the HTML output specification 1.0.2.

Covers: pages with and without an engine around the story, which is kept as it is. A story from elsewhere is
written as a bare element: Twine imports it, but it does not play by itself.
See also ``twine_archive`` for several stories, ``twine1_html`` for Twine 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.html_losses import losses
from gamebook_lab.formats.html_read import read_page
from gamebook_lab.formats.html_tree import has_story, is_archive
from gamebook_lab.formats.html_update import new_tree, update_tree
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.formats.rereading import problems_by_reading
from gamebook_lab.formats.updating import updated
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story


@dataclass(frozen=True, slots=True)
class TwineHtmlFormat:
    """See :class:`gamebook_lab.formats.protocol.Format`."""

    name: str = "twine-html"
    suffixes: tuple[str, ...] = (".html", ".htm")
    is_writable: bool = True

    def recognises(self, document: Document) -> bool:
        """Whether it has a story's element, in a page."""
        return not is_archive(document.text) and has_story(document.text)

    def read(self, documents: tuple[Document, ...], origin: Origin) -> tuple[Story, ...]:
        """Read every story of the page."""
        stories = read_page(documents[0], origin)
        if not stories:
            raise FormatError("expected a <tw-storydata> element, as published Twine 2 stories have")
        return stories

    def update(self, story: Story, *, whole: bool = False) -> Tree:  # noqa: ARG002 - a page is one document anyway
        """Make a tree of the story, from its own if that is Twine 2 HTML."""
        return updated(story.source, lambda tree: update_tree(tree, story), new_tree())

    def problems(self, tree: Tree) -> tuple[Problem, ...]:
        """What reading it again finds."""
        return problems_by_reading(self, tree)

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """What HTML has no place for."""
        return tuple(losses(story))


FORMAT: Final[Format] = TwineHtmlFormat()
