r"""Passage headers of Twee: ``:: Name [tags] {"position":"600,400","size":"100,200"}``.

By the Twee 3 specification 3.0.2. Twee 1 headers are a part of that; Twee 2's ``<600,400>`` behind name
or tags is read as a position. An escaped space at a name's ends is kept, as Twine itself writes it.
Every part knows its span, so that an edit rewrites just that part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gamebook_lab.formats.jsontext import REMOVED, JsonError, Member, dump, read_object, set_members
from gamebook_lab.story.program import Span

Pair = tuple[float | None, float | None]
NO_PAIR: Final[Pair] = (None, None)
KNOWN_KEYS: Final = frozenset({"position", "size"})
INCLUDE: Final = re.compile(r"::[ \t]*@include\b")
"""Header of Twee 2 that names another file; escaped, it is a passage like any other."""
_SPACE: Final = " \t"
_NAME_STOP: Final = re.compile(r"[\\\[\]{}]")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_TAG: Final = re.compile(r"(?:\\.|[^\\ \t\f\v])+\\?|\\", re.DOTALL)
_SPECIAL: Final = re.compile(r"[\\\[\]{}]")
_TWEE2_POSITION: Final = re.compile(r"<[ \t]*(-?\d{1,9})[ \t]*,[ \t]*(-?\d{1,9})[ \t]*>[ \t]*\Z")
_PAIR: Final = re.compile(r"\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*,\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*")
_FAR: Final = 1e15
_NOWHERE: Final = Span(2, 2)


class HeaderProblem(NamedTuple):
    """What is wrong with a header, at a 0-based column."""

    message: str
    column: int
    hint: str


@dataclass(frozen=True, slots=True)
class Header:
    """One header line as written, what it says, and where."""

    raw: str
    name: str = ""
    tags: tuple[str, ...] = ()
    position: Pair = NO_PAIR
    size: Pair = NO_PAIR
    name_span: Span = _NOWHERE
    tags_span: Span | None = None
    data_span: Span | None = None
    """Span of a readable metadata block."""
    twee2_span: Span | None = None
    members: Mapping[str, Member] = field(default_factory=dict)
    problems: tuple[HeaderProblem, ...] = ()


def parse_header(raw: str) -> Header:
    """Read a line that begins with ``::``; linear, and never fails."""
    if not _NAME_STOP.search(raw) and not raw.endswith((">", " ", "\t")):  # by far the most headers
        start = len(raw) - len(raw[2:].lstrip(_SPACE))
        name = raw[start:]
        return Header(raw, name, name_span=Span(start, len(raw)), problems=() if name else (_NO_NAME,))
    return _Reader(raw).read()


_NO_NAME: Final = HeaderProblem("The passage has no name", 0, "Write a name behind the ::")


class _Reader:
    """Reads one header from left to right."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.problems: list[HeaderProblem] = []
        self.is_unclosed = False
        self.tags_span: Span | None = None
        self.tags: tuple[str, ...] = ()
        self.data_span: Span | None = None
        self.members: dict[str, Member] = {}
        self.twee2_span: Span | None = None
        self.position: Pair = NO_PAIR

    def read(self) -> Header:
        name_span = self._name()
        at = self._blocks(name_span.stop)
        self._rest(at)
        name = unescape(self.raw[slice(*name_span)])
        if not name:
            self.problems.append(_NO_NAME)
        position = self._pair("position")
        return Header(
            raw=self.raw,
            name=name,
            tags=self.tags,
            position=position if position != NO_PAIR else self.position,
            size=self._pair("size"),
            name_span=name_span,
            tags_span=self.tags_span,
            data_span=self.data_span,
            twee2_span=self.twee2_span,
            members=self.members,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.column)),
        )

    def _name(self) -> Span:
        raw, at, stop = self.raw, 2, len(self.raw)
        start = stop - len(raw[2:].lstrip(_SPACE))
        while match := _NAME_STOP.search(raw, at):
            at = match.start()
            if match.group() == "\\":
                at += 2
            elif match.group() in "]}" or (match.group() == "[" and self._tags_end(at) is None):
                self._complain(f"{match.group()} in a passage name is not escaped", at, f"Write \\{match.group()}")
                at += 1
            else:
                stop = at
                break
        else:
            position = _TWEE2_POSITION.search(raw, _last(raw, "<", start))
            if position and not raw.endswith("\\", start, position.start()):
                self._twee2(position)
                stop = position.start()
        return Span(min(start, stop), _trim_end(raw, min(start, stop), stop))

    def _tags_end(self, start: int) -> int | None:
        """Where the tag block closes. If one never does, none behind it does: that is looked for once."""
        at = len(self.raw) if self.is_unclosed else start + 1
        while match := _NAME_STOP.search(self.raw, at):
            if match.group() == "]":
                return match.start()
            at = match.end() + (match.group() == "\\")
        self.is_unclosed = True
        return None

    def _blocks(self, at: int) -> int:
        """Read a tag block and a metadata block; in the wrong order with a complaint."""
        while True:
            at += len(self.raw[at:]) - len(self.raw[at:].lstrip(_SPACE))
            if self.raw.startswith("[", at) and self.tags_span is None and (end := self._tags_end(at)) is not None:
                self._tag_block(Span(at, end + 1))
                at = end + 1
            elif self.raw.startswith("{", at) and self.data_span is None:
                try:
                    self.members, end = read_object(self.raw, at)
                except JsonError as error:
                    self._complain(f"The passage's metadata is not JSON: {error.message}", error.offset, "Correct it")
                    return len(self.raw)
                self.data_span = Span(at, end)
                at = end
            else:
                return at

    def _tag_block(self, span: Span) -> None:
        self.tags_span = span
        inside = self.raw[span.start + 1 : span.stop - 1]
        self.tags = tuple(unescape(tag) for tag in split_tags(inside))
        if self.data_span is not None:
            self._complain("The tags stand behind the metadata", span.start, "Put [tags] before {metadata}")
        if "[" in _ESCAPED.sub("", inside):
            self._complain("[ in a tag is not escaped", span.start + 1 + inside.index("["), "Write \\[")

    def _rest(self, at: int) -> None:
        rest = self.raw[at:]
        if not rest.strip(_SPACE):
            return
        match = _TWEE2_POSITION.match(self.raw, at)
        if match:
            self._twee2(match)
        else:
            self._complain(f"{rest.strip()[:40]!r} behind the header's parts is not understood", at, "Delete it")

    def _twee2(self, match: re.Match[str]) -> None:
        self.position = (float(match[1]), float(match[2]))
        self.twee2_span = Span(match.start(), match.start() + len(match.group().rstrip(_SPACE)))

    def _pair(self, key: str) -> Pair:
        member = self.members.get(key)
        if member is None:
            return NO_PAIR
        pair = read_pair(member.value)
        if pair == NO_PAIR:
            self._complain(f"The {key} {dump(member.value)[:40]} is not two numbers", member.start, 'Write "600,400"')
        return pair

    def _complain(self, message: str, column: int, hint: str) -> None:
        self.problems.append(HeaderProblem(message, column, hint))


def _last(text: str, mark: str, start: int) -> int:
    return max(start, text.rfind(mark))


def _trim_end(raw: str, start: int, stop: int) -> int:
    """Leave out white space at a name's end, but not where it is escaped."""
    end = start + len(raw[start:stop].rstrip(_SPACE))
    slashes = end - start - len(raw[start:end].rstrip("\\"))
    return end + 1 if slashes % 2 and end < stop else end


def split_tags(inside: str) -> list[str]:
    """Cut the inside of a tag block at spaces that are not escaped."""
    return _TAG.findall(inside)


def unescape(text: str) -> str:
    r"""Read an escaped name or tag: ``\q`` is ``q``."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def escape_name(name: str) -> str:
    r"""Write a name so that it reads back; a line end, which no header can hold, becomes a space."""
    text = _SPECIAL.sub(r"\\\g<0>", re.sub(r"\r\n|[\r\n]", " ", name))
    if match := _TWEE2_POSITION.search(text, _last(text, "<", 0)):
        text = f"{text[: match.start()]}\\{text[match.start() :]}"
    if INCLUDE.match(f"::{text}"):
        text = text.replace("@", "\\@", 1)
    left = len(text) - len(text.lstrip(_SPACE))
    right = len(text) - len(text.rstrip(_SPACE)) if left < len(text) else 0
    spaces = [f"\\{character}" for character in (*text[:left], *text[len(text) - right :])]
    return "".join(spaces[:left]) + text[left : len(text) - right] + "".join(spaces[left:])


def escape_tag(tag: str) -> str:
    r"""Write a tag so that it reads back; white space is escaped, a line end becomes a space."""
    return re.sub(r"[ \t\f\v]", r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", re.sub(r"[\r\n]", " ", tag)))


def read_pair(value: object) -> Pair:
    """Read ``"600,400"``; nothing if it is not that."""
    match = _PAIR.fullmatch(value) if isinstance(value, str) else None
    return (float(match[1]), float(match[2])) if match else NO_PAIR


def write_pair(pair: Pair) -> str | None:
    """Write ``600,400``, to a millionth of a pixel; None unless both numbers are there and sensible."""
    if any(number is None or not abs(number) < _FAR for number in pair):
        return None
    return ",".join(write_number(number) for number in pair if number is not None)


def write_number(number: float) -> str:
    """Write a number as people do: ``600``, ``0.25``."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def update_header(old: Header, name: str, tags: tuple[str, ...], position: Pair, size: Pair) -> Header:
    """Say something else, rewriting just the parts that differ; all of a header too broken for that."""
    if _says(old, name, tags, position, size):
        return old
    header = _with_position(old, position)
    header = _with_size(header, size)
    header = _with_tags(header, tags)
    header = _with_name(header, name)
    if _says(header, parse_header(f":: {escape_name(name)}").name, tags, position, size):
        return header
    return new_header(name, tags, position, size)


def new_header(name: str, tags: tuple[str, ...], position: Pair, size: Pair) -> Header:
    """Write a header afresh."""
    header = parse_header(f":: {escape_name(name)}")
    return _with_tags(_with_size(_with_position(header, position), size), tags)


def _says(header: Header, name: str, tags: tuple[str, ...], position: Pair, size: Pair) -> bool:
    return (
        (header.name, header.tags) == (name, tags)
        and _is_alike(header.position, position)
        and _is_alike(header.size, size)
    )


def _is_alike(old: Pair, new: Pair) -> bool:
    """Whether both are written the same."""
    return old == new or write_pair(old) == write_pair(new)


def _with_name(old: Header, name: str) -> Header:
    if old.name == name:
        return old
    space = " " if old.raw == "::" else ""
    start, stop = old.name_span
    return parse_header(f"{old.raw[:start]}{space}{escape_name(name)}{old.raw[stop:]}")


def _with_tags(old: Header, tags: tuple[str, ...]) -> Header:
    if old.tags == tags:
        return old
    writing = f"[{' '.join(escape_tag(tag) for tag in tags)}]" if tags else ""
    if old.tags_span is None:
        stop = old.name_span.stop
        return parse_header(f"{old.raw[:stop]} {writing}{old.raw[stop:]}")
    start, stop = old.tags_span
    before = old.raw[:start] if writing else old.raw[:start].rstrip(_SPACE)
    return parse_header(before + writing + old.raw[stop:])


def _with_position(old: Header, position: Pair) -> Header:
    value = write_pair(position)
    if write_pair(old.position) == value:
        return old
    if old.twee2_span is None:
        return _with_member(old, "position", value)
    start, stop = old.twee2_span
    if value is None:
        return parse_header(old.raw[:start].rstrip(_SPACE) + old.raw[stop:])
    if all(number is not None and number.is_integer() for number in position):
        return parse_header(f"{old.raw[:start]}<{value}>{old.raw[stop:]}")
    return _with_member(parse_header(old.raw[:start].rstrip(_SPACE) + old.raw[stop:]), "position", value)


def _with_size(old: Header, size: Pair) -> Header:
    value = write_pair(size)
    return old if write_pair(old.size) == value else _with_member(old, "size", value)


def _with_member(old: Header, key: str, value: str | None) -> Header:
    raw = old.raw
    if old.data_span is None:
        stop = max(old.name_span.stop, old.tags_span.stop if old.tags_span else 0)
        rest = raw[stop:]
        is_broken = rest.lstrip(_SPACE).startswith("{")  # the specification discards metadata that is not JSON
        return parse_header(f"{raw[:stop]} {dump({key: value})}{'' if is_broken else rest}")
    start, stop = old.data_span
    moved = {name: Member(m.value, m.start - start, m.stop - start) for name, m in old.members.items()}
    block = set_members(raw[start:stop], moved, {key: REMOVED if value is None else value})
    if block.strip("{} \t"):
        return parse_header(raw[:start] + block + raw[stop:])
    return parse_header(raw[:start].rstrip(_SPACE) + raw[stop:])
