"""Stories from a page with ``<tw-storydata>`` elements. By the Twine 2 HTML output specification 1.0.2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from gamebook_lab.errors import LimitError
from gamebook_lab.formats import lines
from gamebook_lab.formats.build import build_story
from gamebook_lab.formats.html_code import TAGS, split_code
from gamebook_lab.formats.html_element import Element
from gamebook_lab.formats.html_scan import Tag
from gamebook_lab.formats.html_tree import HtmlTree, find_stories, parse_tree
from gamebook_lab.formats.protocol import Document, Origin
from gamebook_lab.formats.twee_data import read_zoom
from gamebook_lab.formats.twee_header import NO_PAIR, read_pair
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story

STORY_ATTRIBUTES: Final = ("name", "ifid", "format", "format-version", "zoom", "creator", "creator-version", "options")
MAX_STORIES: Final = 2_000
"""Most stories of one archive that are read."""
_NOT_EXTRA: Final = frozenset({*STORY_ATTRIBUTES, "startnode", "hidden"})


def read_page(document: Document, origin: Origin) -> tuple[Story, ...]:
    """Read every story of a page, in order.

    Raises
    ------
    LimitError
        If there are more than :data:`MAX_STORIES`.
    """
    stories = find_stories(document.text)
    if len(stories) > MAX_STORIES:
        file = f"{document.name}: " if document.name else ""
        raise LimitError(f"{file}holds {len(stories)} stories, more than the limit of {MAX_STORIES}; split the archive")
    index = lines.Index(document.text)
    return tuple(
        _read(parse_tree(document, found, index.place(found.span.start)[0], number, origin))
        for number, found in enumerate(stories)
    )


def _read(tree: HtmlTree) -> Story:
    passages: list[Passage] = []
    pids: list[str] = []
    problems: list[Problem] = []
    for element, line in tree.with_lines():
        if element.role == "passage":
            tag = element.tag
            problems += _passage_problems(element, tag, tree.name, line)
            passages.append(_passage(element, tag, tree.name, line))
            pids.append(tag.get("pid"))
        elif element.role in TAGS:
            parts = split_code(lines.normal(element.inside), element.role)
            tags = (TAGS[element.role],)
            passages += [Passage(part.name, part.text, tags, file=tree.name, line=line) for part in parts]
            pids += [""] * len(parts)
    start = tree.tag.get("startnode")
    if start in pids and start:
        number = pids.index(start)
        passages[number] = replace(passages[number], is_start=True)
    problems += _story_problems(tree, start, pids)
    return build_story(passages, read_metadata(tree), tree, problems)


def _passage(element: Element, tag: Tag, file: str | None, line: int) -> Passage:
    (x, y), (width, height) = read_pair(tag.get("position")), read_pair(tag.get("size"))
    return Passage(
        passage_id=tag.get("name"), text=element.text, tags=tuple(tag.get("tags").split()),
        x=x, y=y, width=width, height=height, file=file, line=line,
    )  # fmt: skip


def _passage_problems(element: Element, tag: Tag, file: str | None, line: int) -> Iterator[Problem]:
    name, key = tag.get("name"), element.keys[0]
    wrong: list[tuple[str, str]] = []
    if not name:
        wrong.append(("a passage has no name", "give it one"))
    if not element.close:
        wrong.append((f"the passage {name!r} is never closed", "add </tw-passagedata>"))
    if "<" in element.inside:
        wrong.append((f"the passage {name!r} holds < that is not escaped; it was read as text", "write &lt;"))
    wrong += [
        (f"the {what} {tag.get(what)!r} of the passage {name!r} is not two numbers", 'write "600,400"')
        for what in ("position", "size")
        if tag.get(what) and read_pair(tag.get(what)) == NO_PAIR
    ]
    for message, hint in wrong:
        yield Problem("GB507", message, hint, key=key, passage_id=name, file=file, line=line)


def _story_problems(tree: HtmlTree, start: str, pids: list[str]) -> Iterator[Problem]:
    tag = tree.tag
    wrong: list[tuple[str, str]] = []
    if not tree.close:
        wrong.append(("<tw-storydata> is never closed", "add </tw-storydata> behind the last passage"))
    if start and start not in pids:
        wrong.append((f"the start node is {start!r}, but no passage has this pid", "choose a start passage"))
    seen: set[str] = set()
    for pid in pids:
        if pid and pid in seen:
            wrong.append((f"two passages have the pid {pid}", "save the story in Twine, which numbers them anew"))
        seen.add(pid)
    if tag.get("zoom") and read_zoom(tag.get("zoom")) is None:
        wrong.append((f"the zoom {tag.get('zoom')!r} is not a positive number", 'write zoom="1"'))
    for message, hint in wrong:
        yield Problem("GB507", message, hint, file=tree.name, line=tree.line)


def read_metadata(tree: HtmlTree) -> Metadata:
    """What the story's element says about it as a whole."""
    tag = tree.tag
    colors = {e.tag.get("name"): e.tag.get("color") for e in tree.elements if e.role == "tag" and e.tag.get("name")}
    extra = {a.name: tag.get(a.name) for a in tag.attributes if a.name not in _NOT_EXTRA}
    return Metadata(
        title=tag.get("name"),
        ifid=tag.get("ifid").upper(),
        format=tag.get("format"),
        format_version=tag.get("format-version"),
        zoom=read_zoom(tag.get("zoom")),
        tag_colors=MappingProxyType(colors),
        creator=tag.get("creator"),
        creator_version=tag.get("creator-version"),
        options=tuple(tag.get("options").split()),
        extra=MappingProxyType(extra),
    )
