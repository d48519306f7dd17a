"""A story from a Twine 2 JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from gamebook_lab.errors import FormatError, LimitError
from gamebook_lab.formats import lines
from gamebook_lab.formats.build import build_story, mark_start
from gamebook_lab.formats.html_code import TAGS, split_code
from gamebook_lab.formats.json_tree import KNOWN_KEYS, SPELLINGS, JsonTree, Object, key_of
from gamebook_lab.formats.jsontext import JsonError, Member, first_half, read_array, read_whole_object
from gamebook_lab.formats.protocol import Document, Origin
from gamebook_lab.formats.twee_data import read_zoom
from gamebook_lab.formats.twee_header import NO_PAIR, read_pair
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story

_EXPECTED: Final = {"zoom": "a positive number", "tag_colors": "an object of texts", "passages": "an array"}


def read_document(document: Document, origin: Origin) -> Story:
    """Read the story of a document.

    Raises
    ------
    FormatError
        If it is not JSON, or not an object with passages.
    LimitError
        If it is nested too deep.
    """
    members = _members(document)
    value = {key: member.value for key, member in members.items()}
    index = lines.Index(document.text)
    items = read_array(document.text, members["passages"].start)
    passages: list[Passage] = []
    code_keys: dict[str, tuple[int, ...]] = {}
    for role in ("style", "script"):
        parts = split_code(lines.normal(_text(value.get(role))), role)
        code_keys[role] = tuple(range(len(passages), len(passages) + len(parts)))
        passages += [Passage(p.name, p.text, (TAGS[role],), file=document.name, line=1) for p in parts]
    keys: list[int | None] = []
    places = [index.place(item.start) for item in items]
    for item, (line, _) in zip(value["passages"], places, strict=True):
        keys.append(len(passages) if isinstance(item, dict) else None)
        if isinstance(item, dict):
            passages.append(read_passage(item, document.name, line))
    tree = JsonTree(
        document.text, value, tuple(keys), code_keys, tuple(line for line, _ in places),
        document.name, document.encoding, origin,
    )  # fmt: skip
    problems = [*_halves(document.text, index), *_problems(value, members, index), *_item_problems(tree)]
    problems = [replace(problem, file=document.name) for problem in problems]
    metadata, start = read_metadata(value)
    names = {passage.passage_id for passage in passages}
    lost = mark_start(passages, start or ("Start" if "Start" in names else None))
    return build_story(passages, replace(metadata, declared_start=lost), tree, problems)


def _members(document: Document) -> dict[str, Member]:
    text = document.text
    try:
        members = read_whole_object(text)
    except JsonError as error:
        line, column = lines.Index(text).place(error.offset)
        if error.is_limit:
            msg = f"{document.name or 'text'}:{line}:{column}: {error.message}"
            raise LimitError(f"{msg}; no story needs this") from error
        msg = f"expected Twine 2 JSON, but: {error.message}; correct it, or export the story again"
        raise FormatError(msg, file=document.name, line=line, column=column) from error
    if "passages" not in members or not isinstance(members["passages"].value, list):
        raise FormatError("expected an object with an array of passages, as Twine 2 JSON has", file=document.name)
    return members


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def read_passage(item: Object, file: str | None = None, line: int | None = None) -> Passage:
    """One item of ``passages`` as a row of the table."""
    tags, details = item.get("tags"), item.get("metadata")
    details = details if isinstance(details, dict) else {}
    (x, y), (width, height) = read_pair(details.get("position")), read_pair(details.get("size"))
    return Passage(
        passage_id=_text(item.get("name")), text=lines.normal(_text(item.get("text"))),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        x=x, y=y, width=width, height=height, file=file, line=line,
    )  # fmt: skip


def read_metadata(value: Object) -> tuple[Metadata, str | None]:
    """What the object says about the story as a whole, and the name of the start passage."""
    fields: dict[str, Any] = {name: value.get(key_of(name, value)) for name in SPELLINGS}
    colors = fields["tag_colors"] if isinstance(fields["tag_colors"], dict) else {}
    metadata = Metadata(
        title=_text(fields["title"]),
        ifid=_text(fields["ifid"]).upper(),
        format=_text(fields["format"]),
        format_version=_text(fields["format_version"]),
        creator=_text(fields["creator"]),
        creator_version=_text(fields["creator_version"]),
        zoom=read_zoom(fields["zoom"]),
        tag_colors=MappingProxyType({tag: color for tag, color in colors.items() if isinstance(color, str)}),
        extra=MappingProxyType({key: item for key, item in value.items() if key not in KNOWN_KEYS}),
    )
    return metadata, _text(fields["start"]) or None


def _halves(text: str, index: lines.Index) -> Iterator[Problem]:
    at = first_half(text)
    if at is not None:
        line, column = index.place(at)
        message = f"{text[at : at + 6]} is half of a character, which no file can hold; it was read as U+FFFD"
        yield Problem("GB503", message, "Write the character, or both its halves", line=line, column=column)


def _problems(value: Object, members: dict[str, Member], index: lines.Index) -> Iterator[Problem]:
    for name in SPELLINGS:
        key = key_of(name, value)
        wanted = _EXPECTED.get(name, "a text")
        found = value.get(key)
        is_sound = {"zoom": read_zoom(found) is not None, "tag_colors": _are_texts(found), "passages": True}
        if key in members and not is_sound.get(name, isinstance(found, str)):
            line, column = index.place(members[key].start)
            yield Problem("GB501", f"The key {key} should be {wanted}", "Correct it", line=line, column=column)


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _item_problems(tree: JsonTree) -> Iterator[Problem]:
    for key, item, line in zip(tree.keys, tree.value["passages"], tree.lines, strict=True):
        if key is None:
            yield Problem("GB501", "An item of passages is no object; it is kept as it stands", "Delete it", line=line)
            continue
        name = _text(item.get("name"))
        for message in _faults(item):
            yield Problem("GB501", f"{message} (passage {name!r})", "Correct it", key, name, line=line)


def _faults(item: Object) -> Iterator[str]:
    for key in ("name", "text"):
        if not isinstance(item.get(key), str):
            yield f"A passage's {key} should be a text"
    tags, details = item.get("tags", []), item.get("metadata", {})
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield "A passage's tags should be an array of texts"
    if not isinstance(details, dict):
        yield "A passage's metadata should be an object"
        return
    for key in ("position", "size"):
        if key in details and read_pair(details[key]) == NO_PAIR:
            yield f'A passage\'s {key} should be two numbers, as "600,400"'
