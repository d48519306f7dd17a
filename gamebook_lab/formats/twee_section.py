r"""One section of a Twee file: a passage as written, and as read.

A section is ``header header_end body tail``: the tail begins with the line end behind the last line of
text and goes on through the blank lines, which the specification says to ignore.

A line of text that begins with ``::`` would be a header. The specification has no escape for it; Twine
writes ``\::``, and so do we: a line that begins with backslashes and ``::`` loses the first backslash
when read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from gamebook_lab.formats import lines
from gamebook_lab.formats.lines import Line
from gamebook_lab.formats.twee_header import Header, parse_header
from gamebook_lab.story.passage import Passage

Role = Literal["passage", "title", "data", "include"]
_HEADER: Final = re.compile(r"(?<![^\r\n])::")
_ESCAPED_LINE: Final = re.compile(r"^\\(?=\\*::)", re.MULTILINE)
_RISKY_LINE: Final = re.compile(r"^(?=\\*::)", re.MULTILINE)
_BLANK: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Section:
    """One header with what follows it, up to the next."""

    header: Header
    header_end: str
    body: str
    tail: str
    text: str
    """The body as the story has it: line ends as ``\\n``, escapes undone."""
    role: Role = "passage"
    key: int | None = None
    """The passage's key in the story's table; None for what is no passage."""

    @property
    def raw(self) -> str:
        """All of it as written."""
        return self.header.raw + self.header_end + self.body + self.tail

    @property
    def n_lines(self) -> int:
        """Line ends in it."""
        return _count_ends(self.raw)


def cut(text: str) -> tuple[str, list[Section]]:
    """Cut a file into what stands before the first header, and its sections. Linear."""
    starts = [match.start() for match in _HEADER.finditer(text)]
    if not starts:
        return text, []
    sections = [_section(text[start:stop]) for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]
    return text[: starts[0]], sections


def _section(raw: str) -> Section:
    end = lines.END.search(raw)
    if end is None:
        return Section(parse_header(raw), "", "", "", "")
    rest = raw[end.end() :]
    stop = _text_stop(rest)
    body = rest[:stop]
    return Section(parse_header(raw[: end.start()]), end.group(), body, rest[stop:], _decode(body))


def _text_stop(text: str) -> int:
    """Where the last line that is not blank ends."""
    filled = len(text.rstrip(_BLANK))
    if not filled:
        return 0
    end = lines.END.search(text, filled)
    return end.start() if end else len(text)


def without_blank_end(text: str) -> str:
    r"""Return a text as Twee can hold it: line ends as ``\n``, no blank lines at the end."""
    text = lines.normal(text)
    return text[: _text_stop(text)]


def _decode(body: str) -> str:
    text = lines.normal(body)
    return _ESCAPED_LINE.sub("", text) if "\\::" in text else text


def encode_text(text: str) -> str:
    """Write a text so that none of its lines is taken for a header."""
    return _RISKY_LINE.sub(r"\\", text) if "::" in text else text


def new_section(header: Header, text: str, end: str, role: Role = "passage", key: int | None = None) -> Section:
    """Write a section afresh, without blank lines behind it."""
    text = without_blank_end(text)
    body = encode_text(text).replace("\n", end)
    return Section(header, end, body, end if body else "", text, role, key)


def with_text(section: Section, text: str, end: str) -> Section:
    """Change a section's text, keeping the lines that are the same as they are written."""
    if text is section.text or (text := without_blank_end(text)) == section.text:
        return section
    new_lines = [Line(line, end) for line in encode_text(text).split("\n")]
    body = lines.patch(lines.split(section.body), section.text.split("\n"), new_lines, text.split("\n"), end)
    return _with_body(section, body, text, end)


def with_raw(section: Section, body: str, end: str) -> Section:
    """Change the body of a section that is no passage, given as written."""
    return section if body == section.body else _with_body(section, body, _decode(body), end)


def _with_body(section: Section, body: str, text: str, end: str) -> Section:
    tail = section.tail
    if not section.body and body and (tail or not section.header_end):
        tail = end + tail  # the first blank line behind the header is taken by the text
    header_end = section.header_end or end
    if header_end == "\r" and (body + tail).startswith("\n"):
        header_end = "\r\n"  # the two would be one line end
    return replace(section, body=body, text=text, header_end=header_end, tail=tail)


def spaced(section: Section, n_ends: int, end: str) -> Section:
    """See to it that a header can follow: at the beginning of a line, at least ``n_ends`` line ends on."""
    header_end = section.header_end or end
    have = _count_ends(section.tail) + (not section.body)
    tail = section.tail + end * max(0, n_ends - have)
    if not (section.body + tail if tail else header_end).endswith(("\n", "\r")):
        tail += end
    if (header_end, tail) == (section.header_end, section.tail):
        return section
    return replace(section, header_end=header_end, tail=tail)


def closing(section: Section, n_ends: int) -> Section:
    """Take line ends off that are more than a file's last section is to have behind its text; one stays."""
    keep = max(1, n_ends) - (not section.body)
    found = list(lines.END.finditer(section.tail))
    if len(found) <= keep:
        return section
    return replace(section, tail=section.tail[: found[keep - 1].end()] if keep else "")


def distance(section: Section) -> int:
    """Line ends between the end of its text and the next header."""
    return _count_ends(section.tail) + (not section.body)


def _count_ends(text: str) -> int:
    return len(lines.END.findall(text)) if "\r" in text else text.count("\n")


def passage_of(section: Section, file: str | None, line: int) -> Passage:
    """The section as a row of the table."""
    (x, y), (width, height) = section.header.position, section.header.size
    return Passage(
        passage_id=section.header.name, text=section.text, tags=section.header.tags,
        x=x, y=y, width=width, height=height, file=file, line=line,
    )  # fmt: skip
