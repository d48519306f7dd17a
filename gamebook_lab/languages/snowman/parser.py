"""Reads a Snowman passage into a row of nodes, in one pass."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.html import scan_tag
from gamebook_lab.languages.shared.links import read_link
from gamebook_lab.languages.snowman import nodes
from gamebook_lab.story.program import Span, SyntaxProblem

_SPECIAL: Final = re.compile(r"<(?=[%!/A-Za-z])|\[\[")
_ELEMENT_ENDS: Final = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("script", "style")}


def parse(text: str) -> nodes.Tree:
    """Read a passage. Any text gives a tree, in time linear in its length."""
    return _Parser(text).run()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.finder = Finder(text)
        self.nodes: list[nodes.Node] = []
        self.problems: list[SyntaxProblem] = []
        self.prose_start = 0

    def run(self) -> nodes.Tree:
        place = 0
        while (special := _SPECIAL.search(self.text, place)) is not None:
            here = special.start()
            stop = self.link(here) if special.group() == "[[" else self.angle(here)
            place = stop if stop > here else special.end()
        self.flush(len(self.text))
        return nodes.Tree(tuple(self.nodes), tuple(self.problems))

    def flush(self, stop: int) -> None:
        if self.prose_start < stop:
            self.nodes.append(nodes.Prose(self.prose_start, stop))

    def add(self, node: nodes.Node) -> int:
        self.flush(node.start)
        self.nodes.append(node)
        self.prose_start = node.stop
        return node.stop

    def unclosed(self, what: str, start: int, stop: int, closer: str) -> int:
        self.problems.append(SyntaxProblem(f"{what} is not closed", Span(start, stop), f"Add {closer}"))
        return start

    def link(self, here: int) -> int:
        found = read_link(self.finder, here, has_setter=True)
        if found is not None:
            return self.add(nodes.Link(here, found.stop, found))
        close = self.finder.find("]]", here)
        if close < 0 or close > self.finder.line_end(here):
            return self.unclosed("The link", here, here + 2, "]]")
        return here

    def angle(self, here: int) -> int:
        if self.text.startswith("<%", here):
            return self.code(here)
        if self.text.startswith("<!--", here):
            stop = self.finder.find("-->", here)
            if stop < 0:
                return self.unclosed("The comment", here, here + 4, "-->")
            return self.add(nodes.Comment(here, stop + 3))
        tag = scan_tag(self.text, here)
        if tag is None:
            return here
        end = _ELEMENT_ENDS.get(tag.name)
        stop = self.finder.find(end, tag.stop) if end is not None and not tag.is_closing else -1
        if stop < 0:
            return self.add(nodes.Html(here, tag.stop, tag))
        after = self.text.index(">", stop) + 1
        return self.add(nodes.Element(here, after, tag.name, Span(tag.stop, stop)))

    def code(self, here: int) -> int:
        stop = self.finder.find("%>", here + 2)
        if stop < 0:
            return self.unclosed("<%", here, here + 2, "%>")
        mark = self.text[here + 2 : here + 3]
        if mark == "#":
            return self.add(nodes.Comment(here, stop + 2))
        start = here + 3 if mark in {"=", "-", "_"} and mark else here + 2
        inner = stop - 1 if stop > start and self.text[stop - 1] in "-_" and mark not in {"=", "-"} else stop
        return self.add(nodes.Code(here, stop + 2, Span(start, max(start, inner)), mark in {"=", "-"}))
