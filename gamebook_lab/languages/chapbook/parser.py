"""Reads a Chapbook passage: the vars section, then blocks of text with modifiers before them.

Follows Chapbook's own parser: a line ``--`` ends the vars section, a line in single brackets is
modifiers for the text after it, an insert stands in braces and hides nothing in quotes.
"""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.chapbook import nodes
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.html import scan_tag
from gamebook_lab.languages.shared.links import read_link
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.story.program import Span, SyntaxProblem

_DIVIDER: Final = re.compile(r"^--\r?$", re.MULTILINE)
_LINE: Final = re.compile(r"[^\n]++")
_MODIFIER_LINE: Final = re.compile(r"^\[(?!\[)([^\n]*+)$", re.MULTILINE)
_SPECIAL: Final = re.compile(r"\[\[|\{|<(?=[!/A-Za-z])|\n(?=[ \t]*(?:[-*+>]\s|\#{1,6}\s|>))")
_LINE_MARK: Final = re.compile(r"[ \t]*+(?:\#{1,6}(?=\s)|[-*+](?=\s)|>[> ]*+)")
_IN_INSERT: Final = re.compile(r"[{}\"']")
_KEYWORD_END: Final = re.compile(r"[:,]")


def parse(text: str) -> nodes.Tree:
    """Read a passage. Any text gives a tree, in time linear in its length."""
    return _Parser(text).run()


def parse_text(finder: Finder, start: int, stop: int) -> tuple[tuple[nodes.Node, ...], list[SyntaxProblem]]:
    """Read a stretch of text without a vars section or modifiers."""
    reader = _TextReader(finder, start, stop)
    return reader.run(), reader.problems


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.finder = Finder(text)
        self.problems: list[SyntaxProblem] = []

    def run(self) -> nodes.Tree:
        divider = _DIVIDER.search(self.text)
        if divider is None:
            return nodes.Tree((), None, self.blocks(0, len(self.text)), tuple(self.problems))
        assignments = self.assignments(divider.start())
        stop = len(self.text)
        second = _DIVIDER.search(self.text, divider.end())
        if second is not None:
            stop = second.start()
            hint = "Write --- for a line across the page"
            self.problems.append(SyntaxProblem("A second -- hides the rest of the passage", Span(*second.span()), hint))
        blocks = self.blocks(divider.end(), stop)
        return nodes.Tree(assignments, Span(*divider.span()), blocks, tuple(self.problems))

    # ---- the vars section

    def assignments(self, stop: int) -> tuple[nodes.Assignment, ...]:
        found: list[nodes.Assignment] = []
        for line in _LINE.finditer(self.text, 0, stop):
            span = self.trim(*line.span())
            if span.start == span.stop:
                continue
            colon = self.text.find(":", *span)
            if colon < 0:
                problem = SyntaxProblem("A line of the vars section has no colon", span, "Write name: value")
                self.problems.append(problem)
            else:
                found.append(self.assignment(span, colon))
        return tuple(found)

    def assignment(self, span: Span, colon: int) -> nodes.Assignment:
        name, value = self.trim(span.start, colon), self.trim(colon + 1, span.stop)
        opened = self.text.find("(", *name)
        closed = self.text.rfind(")", *name)
        if name.start < opened < closed:
            condition = self.trim(opened + 1, closed)
            return nodes.Assignment(*span, self.trim(name.start, opened), value, condition)
        return nodes.Assignment(*span, name, value, None)

    def trim(self, start: int, stop: int) -> Span:
        return trim(self.text, Span(start, stop))

    # ---- blocks

    def blocks(self, start: int, stop: int) -> tuple[nodes.Block, ...]:
        found: list[nodes.Block] = []
        modifiers: list[nodes.Modifier] = []
        marks: list[Span] = []
        place = start
        for line in _MODIFIER_LINE.finditer(self.text, start, stop):
            inside = line[1].rstrip("\r")
            if len(inside) < 4 or not inside.endswith("]") or inside.endswith("]]"):
                continue
            if self.text[place : line.start()].strip():
                found.append(self.block(place, line.start(), modifiers, marks))
                modifiers, marks = [], []
            marks.append(Span(line.start(), line.start() + 1))
            self.modifiers(line.start(1), line.start(1) + len(inside) - 1, modifiers, marks)
            place = line.end()
        if modifiers or self.text[place:stop].strip():
            found.append(self.block(place, stop, modifiers, marks))
        return tuple(found)

    def modifiers(self, start: int, stop: int, found: list[nodes.Modifier], marks: list[Span]) -> None:
        """Divide a line at the semicolons that stand in no double quotes."""
        place = begun = start
        while place < stop:
            letter = self.text[place]
            if letter == '"':
                place = self.string_end(place + 1, stop)
            elif letter == ";":
                self.modifier(begun, place, found)
                marks.append(Span(place, place + 1))
                begun = place + 1
            place += 1
        self.modifier(begun, stop, found)
        marks.append(Span(stop, stop + 1))

    def string_end(self, place: int, stop: int) -> int:
        while place < stop and (self.text[place] != '"' or self.text[place - 1] == "\\"):
            place += 1
        return place

    def modifier(self, start: int, stop: int, found: list[nodes.Modifier]) -> None:
        span = self.trim(start, stop)
        if span.start < span.stop:
            found.append(nodes.Modifier(*span))

    def block(self, start: int, stop: int, modifiers: list[nodes.Modifier], marks: list[Span]) -> nodes.Block:
        reader = _TextReader(self.finder, start, stop)
        first = modifiers[0].start if modifiers else start
        made = nodes.Block(first, stop, tuple(modifiers), tuple(marks), reader.run())
        if not _is_verbatim(self.text, modifiers):
            self.problems += reader.problems
        return made


class _TextReader:
    """One pass over a stretch of text: links, inserts, tags, line marks."""

    def __init__(self, finder: Finder, start: int, stop: int) -> None:
        self.finder, self.text = finder, finder.text
        self.start, self.stop = start, stop
        self.nodes: list[nodes.Node] = []
        self.problems: list[SyntaxProblem] = []
        self.prose_start = start
        self.has_inserts = True
        """No brace was met yet that swallows the rest."""

    def run(self) -> tuple[nodes.Node, ...]:
        place = self.start
        first = _LINE_MARK.match(self.text, place, self.stop)
        if first is not None:
            place = self.add(nodes.Mark(first.start(), first.end()))
        while (special := _SPECIAL.search(self.text, place, self.stop)) is not None:
            here = special.start()
            stop = _READERS[special.group()](self, here)
            place = stop if stop > here else special.end()
        self.flush(self.stop)
        return tuple(self.nodes)

    def flush(self, stop: int) -> None:
        if self.prose_start < stop:
            self.nodes.append(nodes.Prose(self.prose_start, stop))

    def add(self, node: nodes.Node) -> int:
        self.flush(node.start)
        self.nodes.append(node)
        self.prose_start = node.stop
        return node.stop

    def problem(self, message: str, start: int, stop: int, hint: str) -> int:
        self.problems.append(SyntaxProblem(message, Span(start, stop), hint))
        return start

    def link(self, here: int) -> int:
        found = read_link(self.finder, here)
        if found is not None and found.stop <= self.stop:
            return self.add(nodes.Link(here, found.stop, found))
        if found is None and 0 <= self.finder.find("]]", here) <= self.finder.line_end(here):
            return here
        return self.problem("The link is not closed on its line", here, here + 2, "Add ]]")

    def angle(self, here: int) -> int:
        if self.text.startswith("<!--", here):
            stop = self.finder.find("-->", here)
            if stop < 0 or stop + 3 > self.stop:
                return self.problem("The comment is not closed", here, here + 4, "Add -->")
            return self.add(nodes.Comment(here, stop + 3))
        tag = scan_tag(self.text, here)
        return self.add(nodes.Html(here, tag.stop, tag)) if tag is not None and tag.stop <= self.stop else here

    def line(self, here: int) -> int:
        found = _LINE_MARK.match(self.text, here + 1, self.stop)
        return self.add(nodes.Mark(found.start(), found.end())) if found is not None else here

    def insert(self, here: int) -> int:
        """An insert ends at the first brace outside of quotes; another opening brace begins anew."""
        if not self.has_inserts:
            return here
        place, quote = here + 1, ""
        while (mark := _IN_INSERT.search(self.text, place, self.stop)) is not None:
            letter, place = mark.group(), mark.end()
            if letter in "\"'":
                if self.text[mark.start() - 1] != "\\":
                    quote = letter if not quote else ("" if quote == letter else quote)
            elif not quote and letter == "{":
                here = mark.start()
            elif not quote:
                return self.made(here, place)
        self.has_inserts = False
        self.problem("The insert is not closed", here, here + 1, "Add }, or close its string")
        return here

    def made(self, here: int, stop: int) -> int:
        left, right = trim(self.text, Span(here + 1, stop - 1))
        ends = _KEYWORD_END.search(self.text, left, right)
        keyword_stop = ends.start() if ends else right
        keyword = Span(left, left + len(self.text[left:keyword_stop].rstrip()))
        return self.add(nodes.Insert(here, stop, keyword, Span(keyword_stop, right)))


def _is_verbatim(text: str, modifiers: list[nodes.Modifier]) -> bool:
    """The block is code or style, where braces and brackets are none of ours."""
    return any(text[each.start : each.stop].lower() in {"javascript", "css"} for each in modifiers)


_READERS: Final = {
    "[[": _TextReader.link, "{": _TextReader.insert, "<": _TextReader.angle, "\n": _TextReader.line,
}  # fmt: skip
