"""From what a reader found to a :class:`Story`: language, kinds, start, and the rows about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from gamebook_lab.formats.encoding import Encoding
from gamebook_lab.formats.protocol import Tree
from gamebook_lab.languages import registry
from gamebook_lab.story.language import Language, kind_of
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story, passage_rows

_IFID: Final = re.compile(r"[0-9A-Z-]{8,63}")


def build_story(
    passages: Sequence[Passage],
    metadata: Metadata,
    source: Tree,
    problems: Sequence[Problem] = (),
) -> Story:
    """Make a story of a file's passages, which get the keys 0, 1, 2 ... in this order."""
    language, found = choose_language(metadata.format, [passage.text for passage in passages])
    files = [(document.name, document.encoding) for document in source.documents]
    rows = [replace(passage, kind=kind_of(language, passage.passage_id, passage.tags)) for passage in passages]
    return Story(
        table=passage_rows(rows),
        language=language,
        metadata=metadata,
        source=source,
        import_problems=(*problems, *file_problems(files, metadata), *found),
    )


def file_problems(files: Sequence[tuple[str | None, Encoding]], metadata: Metadata) -> Iterator[Problem]:
    """Problems of the files' encodings and of the story's number, given each file's name and encoding."""
    yield from _encoding_problems(files)
    yield from _ifid_problems(metadata.ifid, files[0][0] if files else None)


def mark_start(passages: list[Passage], name: str | None) -> str | None:
    """Mark the first passage of this name as start, in place; return the name if there is no such passage."""
    if name is None:
        return None
    for index, passage in enumerate(passages):
        if passage.passage_id == name:
            passages[index] = replace(passage, is_start=True)
            return None
    return name


def choose_language(story_format: str, texts: Iterable[str]) -> tuple[Language, list[Problem]]:
    """Language of a story format; by a look at the texts, with a GB504 row, if that is not known."""
    language = registry.for_format(story_format) if story_format else None
    if language is not None:
        return language, []
    language = registry.guess(texts)
    said = f"The story format {story_format!r} is not known" if story_format else "No story format is named"
    is_plain = language.name == "plain"
    looks = (
        "nor does the text look like one: just [[links]] are read"
        if is_plain
        else f"the text looks like {language.name}"
    )
    message = f"{said}; {looks}"
    hint = 'Name the story format (in Twee as "format" in StoryData), so that links and variables are read right'
    return language, [Problem("GB504", message, hint)]


def _ifid_problems(ifid: str, file: str | None) -> list[Problem]:
    if _IFID.fullmatch(ifid):
        return []
    said = f"The IFID {ifid!r} is not 8 to 63 capital letters, digits and hyphens" if ifid else "The story has no IFID"
    return [Problem("GB508", said, "Give it one: a random UUID in capital letters", file=file)]


def _encoding_problems(files: Sequence[tuple[str | None, Encoding]]) -> list[Problem]:
    return [
        Problem(
            "GB503",
            f"The file is not UTF-8; it was read as {encoding.name}",
            "Save it as UTF-8, unless another tool needs it so",
            file=name,
            line=1,
        )
        for name, encoding in files
        if not encoding.is_utf8
    ]
