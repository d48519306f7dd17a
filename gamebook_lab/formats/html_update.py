"""Puts a story's table and metadata into a page, changing only the elements and attributes that differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from gamebook_lab.formats import lines
from gamebook_lab.formats.arrange import arrange
from gamebook_lab.formats.html_code import TAGS, Part, join_code, new_opening, safe_code, split_code
from gamebook_lab.formats.html_element import Element, Role, set_attributes, with_text
from gamebook_lab.formats.html_read import read_metadata
from gamebook_lab.formats.html_text import escape
from gamebook_lab.formats.html_tree import HtmlTree
from gamebook_lab.formats.lines import Line, normal
from gamebook_lab.formats.twee_header import read_pair, write_number, write_pair
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.program import Span
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story

Row = tuple[int, Passage]
_ROLES: Final[Mapping[str, Role]] = {"script": "script", "stylesheet": "style"}
_ATTRIBUTE_NAME: Final = re.compile(r"[a-z_][a-z0-9_.:-]{0,99}")


def new_tree() -> HtmlTree:
    """Return the tree of an empty story, as Twine writes it."""
    code = tuple(
        Element("", new_opening(role), "", f"</{role}>", role) for role in (_ROLES["stylesheet"], _ROLES["script"])
    )
    return HtmlTree("", Span(0, 0), 1, "<tw-storydata hidden>", code, "", "</tw-storydata>", format="twine-archive")


def update_tree(old: HtmlTree, story: Story) -> HtmlTree:
    """Make a tree that says what ``story`` says."""
    rows = list(records_of(story.table).items())
    homes = {key: element.role for element in old.elements for key in element.keys}
    roles = {key: _role(row, homes.get(key)) for key, row in rows}
    elements = _with_code(old.elements, [(key, row) for key, row in rows if roles[key] != "passage"], roles)
    elements, start = _with_passages(old, elements, [(key, row) for key, row in rows if roles[key] == "passage"])
    elements = _with_tags(elements, story.metadata.tag_colors)
    opening = set_attributes(old.open, _attribute_changes(old, story.metadata, start))
    changed = replace(old, open=opening, elements=tuple(elements))
    return changed if changed.element == old.element else replace(changed, close=old.close or "</tw-storydata>")


def _role(row: Passage, home: Role | None) -> Role:
    """Code goes to the story's script and style, unless it was a passage of its own in the page already."""
    role = next((_ROLES[tag] for tag in row.tags if tag in _ROLES), None)
    return role if role is not None and home != "passage" else "passage"


# ---- scripts and styles


def _with_code(old: Sequence[Element], rows: Sequence[Row], roles: Mapping[int, Role]) -> list[Element]:
    elements = list(old)
    for role in TAGS:
        mine = [(key, row) for key, row in rows if roles[key] == role]
        at = [index for index, element in enumerate(elements) if element.role == role]
        if not at and mine:
            elements.insert(0, Element("", new_opening(role), "", f"</{role}>", _ROLES[TAGS[role]]))
            at = [0]
        homes = {key: index for index in at for key in elements[index].keys}
        for index in at:
            inside = [(key, row) for key, row in mine if homes.get(key, at[0]) == index]
            elements[index] = _code(elements[index], inside)
    return elements


def _code(old: Element, rows: Sequence[Row]) -> Element:
    parts = [Part(row.passage_id, normal(row.text)) for _, row in rows]
    keys = tuple(key for key, _ in rows)
    before = normal(old.inside)
    if parts == split_code(before, old.role):
        return replace(old, keys=keys)
    text = safe_code(join_code(parts, old.role), old.role) if parts else ""
    end = lines.usual_end(old.inside)
    new = [Line(line, end) for line in text.split("\n")]
    inside = lines.patch(lines.split(old.inside), before.split("\n"), new, text.split("\n"), end)
    return replace(old, inside=inside, keys=keys, close=old.close or f"</{old.role}>")


# ---- passages


def _with_passages(old: HtmlTree, elements: Sequence[Element], rows: Sequence[Row]) -> tuple[list[Element], str | None]:
    """Put passages in table order; also give the pid of the start passage."""
    before = {element.keys[0]: element for element in old.elements if element.role == "passage"}
    pids = _pids(old, before, rows)
    lead = next((element.lead for element in reversed(old.elements) if element.role == "passage"), "")
    new = {key: _passage(before.get(key), key, row, pids[key], lead) for key, row in rows}
    parts = [(element.keys[0] if element.role == "passage" else None, element) for element in elements]
    start = next((pids[key] for key, row in rows if row.is_start), None)
    return arrange(parts, new, [key for key, _ in rows]), start


def _pids(old: HtmlTree, before: Mapping[int, Element], rows: Sequence[Row]) -> dict[int, str]:
    """Number of each passage: as it was (even none), else unused. A start passage needs one of its own."""
    written = {key: element.tag.get("pid") for key, element in before.items()}
    numbers = [int(pid) for pid in {*written.values(), old.tag.get("startnode")} if pid.isdecimal() and len(pid) < 10]
    following = max(numbers, default=0) + 1
    first: dict[str, int] = {}
    for key, pid in written.items():
        first.setdefault(pid, key)
    pids: dict[int, str] = {}
    for key, row in rows:
        pid = written.get(key, "")
        if key not in written or (row.is_start and (not pid or first[pid] != key)):
            pid, following = str(following), following + 1
        pids[key] = pid
    return pids


def _passage(old: Element | None, key: int, row: Passage, pid: str, lead: str) -> Element:
    if old is None:
        opening = f'<tw-passagedata pid="{pid}" name="{escape(row.passage_id)}" tags="{escape(" ".join(row.tags))}">'
        old = Element(lead, opening, "", "</tw-passagedata>", "passage", (key,))
    tag = old.tag
    wanted = {"pid": pid, "name": row.passage_id}
    changes: dict[str, str | None] = {name: value for name, value in wanted.items() if tag.get(name) != value}
    if tuple(tag.get("tags").split()) != row.tags:
        changes["tags"] = " ".join(row.tags)
    for name, pair in (("position", (row.x, row.y)), ("size", (row.width, row.height))):
        value = write_pair(pair)
        if write_pair(read_pair(tag.get(name))) != value:
            changes[name] = value
    return with_text(replace(old, open=set_attributes(old.open, changes)), row.text)


# ---- the story as a whole


def _with_tags(elements: Sequence[Element], colors: Mapping[str, str]) -> list[Element]:
    missing = dict(colors)
    kept: list[Element] = []
    for element in elements:
        name = element.tag.get("name") if element.role == "tag" else ""
        if not name:
            kept.append(element)
        elif name in missing:
            opening = set_attributes(element.open, {"color": missing.pop(name)})
            kept.append(replace(element, open=opening))
    new = [
        Element("", f'<tw-tag name="{escape(name)}" color="{escape(color)}">', "", "</tw-tag>", "tag")
        for name, color in missing.items()
    ]
    at = next((index for index, element in enumerate(kept) if element.role == "passage"), len(kept))
    return [*kept[:at], *new, *kept[at:]]


def _attribute_changes(old: HtmlTree, metadata: Metadata, start: str | None) -> dict[str, str | None]:
    """New value of each attribute of the story that differs; None takes it out."""
    before, after = _attributes(read_metadata(old)), _attributes(metadata)
    changes = {name: value or None for name, value in after.items() if before[name] != value}
    if "name" in changes:
        changes["name"] = metadata.title
    known = read_metadata(old).extra
    for name in {*known, *metadata.extra}:
        value = metadata.extra.get(name)
        if is_attribute(name, value) and known.get(name) != value:
            changes[name] = value
    before_start = old.tag.get("startnode")
    pids = {element.tag.get("pid") for element in old.elements if element.role == "passage"}
    if start is not None and start != before_start:
        changes["startnode"] = start
    elif start is None and before_start in pids and before_start:
        changes["startnode"] = ""
    return dict(sorted(changes.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER))))


_ORDER: Final = {
    name: number
    for number, name in enumerate(
        ("name", "startnode", "creator", "creator-version", "ifid", "zoom", "format", "format-version", "options")
    )
}


def _attributes(metadata: Metadata) -> dict[str, str]:
    return {
        "name": metadata.title,
        "ifid": metadata.ifid,
        "format": metadata.format,
        "format-version": metadata.format_version,
        "zoom": "" if metadata.zoom is None else write_number(metadata.zoom),
        "creator": metadata.creator,
        "creator-version": metadata.creator_version,
        "options": " ".join(metadata.options),
    }


def is_attribute(name: str, value: object) -> bool:
    """Whether an unknown piece of metadata can be an attribute (one that is not there can)."""
    return _ATTRIBUTE_NAME.fullmatch(name) is not None and (value is None or isinstance(value, str))
