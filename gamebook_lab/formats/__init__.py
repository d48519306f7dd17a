"""Files to stories and back: Twee, published Twine HTML, Twine archives, Twine JSON.

A file that is read and written without an edit is the same file, byte for byte; an edit changes only what
it must. What a format cannot hold is listed by :func:`unrepresentable`, never dropped in silence.

Covers Twine's own formats. See also ``gamebook_lab.languages`` for what stands inside a passage.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path

from gamebook_lab.errors import FormatError, SeveralStoriesError
from gamebook_lab.formats import files, reading, registry, saving
from gamebook_lab.formats.jsontext import without_halves
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.source import Source
from gamebook_lab.story.story import Story

__all__ = [
    "Document",
    "Format",
    "Origin",
    "Tree",
    "is_unchanged",
    "parse_twee",
    "read_again",
    "read_archive",
    "read_story",
    "save_story",
    "stamp",
    "to_twee",
    "to_twine_archive",
    "to_twine_html",
    "to_twine_json",
    "unrepresentable",
]


def read_story(path: str | Path, *, format: str | None = None, title: str | None = None) -> Story:  # noqa: A002 - the word users know
    """Read a story from a file, or from a folder of Twee files.

    Parameters
    ----------
    path
        File, or folder that is read with its subfolders in the order of their names.
    format
        Name of the file format, such as ``twee`` or ``twine-html``; found from the content if not given.
    title
        Which story to read from an archive of several.

    Raises
    ------
    FormatError
        If there is no such file, or it holds no story.
    SeveralStoriesError
        If it holds several, and ``title`` does not choose one.
    LimitError
        If it is larger than 256 MiB, or nested too deep.

    Notes
    -----
    Linear in the size of the files. Whatever is wrong inside a story does not raise: it becomes a row of
    ``story.problems()``.
    """
    stories = reading.read_stories(Path(path), format)
    chosen = [story for story in stories if title is None or story.metadata.title == title]
    if len(chosen) == 1:
        return chosen[0]
    titles = ", ".join(repr(story.metadata.title) for story in stories)
    if not chosen:
        raise FormatError(f"there is no story {title!r} in this file; it holds {titles or 'none'}", file=str(path))
    msg = f"the file holds {len(stories)} stories: {titles}"
    hint = (
        "titles occur twice: use read_archive(path)"
        if title
        else "choose with read_story(path, title=...), or --title TITLE at the command line"
    )
    raise SeveralStoriesError(f"{msg}; {hint}", file=str(path), titles=tuple(story.metadata.title for story in stories))


def read_archive(path: str | Path) -> list[Story]:
    """Read every story of a file, such as a Twine 2 archive, in the file's order.

    Raises
    ------
    FormatError, LimitError
        As :func:`read_story`.
    """
    return list(reading.read_stories(Path(path)))


def read_again(story: Story) -> Story:
    """Read a story anew from the file or folder that it came from; of an archive, the one in its place.

    Raises
    ------
    FormatError, LimitError
        As :func:`read_story`, and if it came from no file, or its archive holds fewer stories now.
    """
    source = story.source
    if source is None or source.path is None:
        raise FormatError("this story came from no file, so there is nothing to read again")
    stories = reading.read_stories(source.path)
    index = getattr(source, "index", 0)
    if index >= len(stories):
        msg = (
            f"expected at least {index + 1} stories, as there were when it was read, but the file holds {len(stories)}"
        )
        raise FormatError(msg, file=str(source.path))
    return stories[index]


def parse_twee(text: str) -> Story:
    r"""Read a story from Twee text.

    >>> parse_twee(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n").table["passage_id"].tolist()
    ['Start', 'Cellar']
    """
    whole = without_halves(text)
    (story,) = registry.by_name("twee").read((Document(whole),), Origin())
    if whole == text:
        return story
    message = "the text holds halves of characters, which no file can hold; they were read as U+FFFD"
    return replace(story, import_problems=(*story.import_problems, Problem("GB503", message)))


def to_twee(story: Story) -> str:
    """Write a story as one Twee text: its own, changed only where the story was, if it came from Twee."""
    return _render(story, "twee")


def to_twine_html(story: Story) -> str:
    """Write a story as Twine 2 HTML.

    A story that was read from published HTML comes out within that page, its engine included. Any other
    becomes a bare ``<tw-storydata>`` element, without an engine: Twine imports it, but a browser alone
    does not play it.
    """
    return _render(story, "twine-html")


def to_twine_json(story: Story) -> str:
    """Write a story as Twine 2 JSON."""
    return _render(story, "twine-json")


def to_twine_archive(stories: Sequence[Story]) -> str:
    """Write stories as a Twine 2 archive: their ``<tw-storydata>`` elements, one behind the other."""
    from gamebook_lab.formats.twine_archive import element_of

    return "".join(f"{element_of(story)}\n\n" for story in stories)


def save_story(story: Story, path: str | Path | None = None, *, overwrite: bool = False) -> Story:
    """Save a story, changing only the bytes that must change; return it with its new source.

    Parameters
    ----------
    story
        What to save.
    path
        File, in the format of its suffix (.twee, .html, .json), or folder of Twee files; where it came from
        if not given. In a folder only files that differ are written; a new passage goes to the file in its
        ``file`` column, else to that of the passage before it.
    overwrite
        Write even over a file that changed since it was read, or that this story did not come from.

    Raises
    ------
    ConflictError
        If the file changed on disk since it was read, or there is another one; nothing was written.
    FormatError
        If it cannot be written. A single file is then as it was; of a folder's files, those written before
        are new.

    See Also
    --------
    unrepresentable : what another format would leave out.
    """
    return saving.save(story, None if path is None else Path(path), overwrite=overwrite)


def is_unchanged(story: Story) -> bool:
    """Tell whether the file or folder that a story came from still holds what was read; False if there is none."""
    source = story.source
    return (
        source is not None
        and source.path is not None
        and reading.current_fingerprint(source.path) == source.fingerprint
    )


def stamp(path: Path) -> Hashable | None:
    """Tell when a story's file, or the files of its folder, were last written, without reading them; None if nothing is there.

    With another stamp it may hold something else, which :func:`is_unchanged` tells.
    """
    return files.stamp(path, reading.FOLDER_SUFFIXES)


def unrepresentable(story: Story, format: str) -> tuple[Problem, ...]:  # noqa: A002 - the word users know
    """List what would be left out if the story were written in the format of this name (GB506 rows).

    Raises
    ------
    FormatError
        If there is no such format.
    """
    found = registry.by_name(format)
    lost = found.unrepresentable(story)
    if story.source is None or _is_same_family(story.source, format):
        return lost
    own: tuple[Problem, ...] = getattr(story.source, "leftovers", ())
    return (*own, *lost)


def _is_same_family(source: Source, name: str) -> bool:
    html = {"twine-html", "twine-archive"}
    return source.format == name or {source.format, name} <= html


def _render(story: Story, name: str) -> str:
    (document,) = registry.by_name(name).update(story, whole=True).documents
    return document.text
