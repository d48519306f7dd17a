"""Reads a SugarCube passage into a tree: one pass over the text, with an explicit stack of open macros.

A compiled search jumps from one special character to the next, so plain prose costs nearly
nothing. Whatever is never closed leaves a problem, and reading goes on behind its opening.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.html import scan_tag
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.brackets import BrokenBrackets, read_brackets
from gamebook_lab.languages.sugarcube.tags import MacroTag, read_tag
from gamebook_lab.languages.sugarcube.vocabulary import CHILD_TAGS, CONTAINERS, PARENTS
from gamebook_lab.story.program import Span, SyntaxProblem

_TREES: Final = 4_096
"""Texts whose trees are remembered: a passage is read for its tables, and again to be played."""
_SPECIAL: Final = re.compile(
    # each way begins with a literal, so that the prose between is skipped five times as fast
    r"<(?=[<!/A-Za-z])|\[(?=\[[^\[]|[<>]?[iI][mM][gG]\[)|__|\$\$|\$(?=[$_A-Za-z])|_(?=[$_A-Za-z])|\"\"\"|\{\{\{|''|//|/%|/\*"
    r"|\^\^|~~|==|@@|\\|\n(?=[!*\#>|]|----)"
)
_LINE_MARK: Final = re.compile(r"[!*#>|]++|-{4,}+")
_NAKED: Final = re.compile(
    r"""[$_][$A-Za-z_][$\w]*+(?:\.[$A-Za-z_][$\w]*+|\[\d++\]|\["(?:[^"\\]++|\\.)+"\]|\['(?:[^'\\]++|\\.)+'\]
        |\[[$_][$A-Za-z_][$\w]*+\])*""",
    re.ASCII | re.VERBOSE,
)
_ADDRESS: Final = re.compile(r"[^\s'\"]*+")
_SCHEMES: Final = ("https:", "http:", "ftp:", "file:", "irc:", "news:")
_CLOSING_NAMES: Final = re.compile(r"<</([A-Za-z][\w-]*+)", re.ASCII)
_ELEMENT_ENDS: Final = {
    name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("script", "style", "html", "nowiki")
}
_SCRIPT_END: Final = re.compile(r"<<(?:/|end)script\s*+>>")
_BLANKS_TO_END: Final = re.compile(r"[ \t]*+(?:\n|\Z)")
_COMMENT_ENDS: Final = {"/*": "*/", "/%": "%/", "<!--": "-->"}


@dataclass(slots=True)
class _Frame:
    """A macro whose closing tag has not come yet."""

    tag: MacroTag
    name: str
    clauses: list[nodes.Clause] = field(default_factory=list)
    body: list[nodes.Node] = field(default_factory=list)
    current: MacroTag | None = None

    def divide(self, tag: MacroTag) -> None:
        """Begin the next clause."""
        self.end()
        self.current, self.body = tag, []

    def end(self) -> None:
        self.clauses.append(nodes.Clause(self.current or self.tag, tuple(self.body)))


@lru_cache(maxsize=_TREES)
def parse(text: str) -> nodes.Tree:
    """Read a passage. Any text gives a tree, in time linear in its length."""
    return _Parser(text).run()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.finder = Finder(text)
        self.stack: list[_Frame] = []
        self.top: list[nodes.Node] = []
        self.problems: list[SyntaxProblem] = []
        self.prose_start = 0
        self.closed_names = frozenset(_CLOSING_NAMES.findall(text))

    def run(self) -> nodes.Tree:
        text, search, place = self.text, _SPECIAL.search, 0
        first = _LINE_MARK.match(text)
        if first is not None:
            place = self.add(nodes.Mark(0, first.end()))
        while (special := search(text, place)) is not None:
            here = special.start()
            stop = _READERS[special.group()](self, here)
            # Whoever reads something moves the start of the prose; what nobody reads stays prose.
            place = stop if stop > here else special.end()
        self.flush(len(text))
        while self.stack:
            self.close_unfinished()
        return nodes.Tree(tuple(self.top), tuple(self.problems))

    # ---- gathering

    @property
    def body(self) -> list[nodes.Node]:
        return self.stack[-1].body if self.stack else self.top

    def flush(self, stop: int) -> None:
        if self.prose_start < stop:
            self.body.append(nodes.Prose(self.prose_start, stop))

    def add(self, node: nodes.Node) -> int:
        """Add a node after the prose before it, and return its end."""
        self.flush(node.start)
        self.body.append(node)
        self.prose_start = node.stop
        return node.stop

    def problem(self, message: str, start: int, stop: int, hint: str = "") -> None:
        self.problems.append(SyntaxProblem(message, Span(start, stop), hint))

    # ---- readers: each returns where to go on, or ``here`` if there is nothing special

    def angle(self, here: int) -> int:
        text = self.text
        if text.startswith("<<", here):
            return self.macro(here)
        if text.startswith("<!--", here):
            return self.comment(here, "<!--")
        tag = scan_tag(text, here)
        if tag is None:
            return here
        end = _ELEMENT_ENDS.get(tag.name)
        if end is not None and not tag.is_closing:
            return self.element(here, tag.stop, tag.name, end)
        return self.add(nodes.Html(here, tag.stop, tag))

    def element(self, here: int, inside: int, name: str, end: re.Pattern[str]) -> int:
        """An element whose content is not markup."""
        stop = self.finder.find(end, inside)
        if stop < 0:
            self.problem(f"<{name}> is not closed", here, inside, f"Add </{name}>")
            return self.add(nodes.Mark(here, inside))
        after = self.text.index(">", stop) + 1
        if name == "nowiki":
            return self.add(nodes.Verbatim(here, after, Span(inside, stop)))
        return self.add(nodes.Element(here, after, name, Span(inside, stop)))

    def comment(self, here: int, opener: str) -> int:
        closer = _COMMENT_ENDS[opener]
        stop = self.finder.find(closer, here + len(opener))
        if stop < 0:
            self.problem("The comment is not closed", here, here + len(opener), f"Add {closer}")
            return self.add(nodes.Mark(here, here + len(opener)))
        return self.add(nodes.Comment(here, stop + len(closer)))

    def block_comment(self, here: int) -> int:
        return self.comment(here, self.text[here : here + 2])

    def triple(self, here: int) -> int:
        opener = self.text[here : here + 3]
        closer = "}}}" if opener[0] == "{" else opener
        stop = self.finder.find(closer, here + 3)
        if stop < 0:
            self.problem(f"{opener} is not closed", here, here + 3, f"Add {closer}")
            return self.add(nodes.Mark(here, here + 3))
        return self.add(nodes.Verbatim(here, stop + 3, Span(here + 3, stop)))

    def bracket(self, here: int) -> int:
        found = read_brackets(self.finder, here)
        if isinstance(found, BrokenBrackets):
            opened = here + 2 if self.text.startswith("[[", here) else here + 1
            self.problem(found.message, here, max(opened, found.stop), "A link is written [[label|passage]]")
            return self.add(nodes.Mark(here, opened))
        return self.add(nodes.Link(here, found.stop, found))

    def variable(self, here: int) -> int:
        if self.text[here] == "_" and here and (self.text[here - 1].isalnum() or self.text[here - 1] == "_"):
            return here  # snake_case in prose
        found = _NAKED.match(self.text, here)
        return here if found is None else self.add(nodes.Naked(here, found.end()))

    def mark(self, here: int) -> int:
        return self.add(nodes.Mark(here, here + 2))

    def dollars(self, here: int) -> int:
        """``$$`` shows one dollar sign."""
        return self.add(nodes.Mark(here, here + 1)) + 1

    def slashes(self, here: int) -> int:
        """Emphasis, or the middle of a web address."""
        for scheme in _SCHEMES:
            start = here - len(scheme)
            if start >= self.prose_start and self.text.startswith(scheme, start):
                found = _ADDRESS.match(self.text, here)
                assert found is not None
                return self.add(nodes.Address(start, found.end()))
        return self.mark(here)

    def line(self, here: int) -> int:
        found = _LINE_MARK.match(self.text, here + 1)
        assert found is not None
        return self.add(nodes.Mark(found.start(), found.end()))

    def backslash(self, here: int) -> int:
        """A backslash that joins two lines."""
        before = here - 1
        while before >= 0 and self.text[before] in " \t":
            before -= 1
        if before < 0 or self.text[before] == "\n" or _BLANKS_TO_END.match(self.text, here + 1):
            return self.add(nodes.Mark(here, here + 1))
        return here

    # ---- macros

    def macro(self, here: int) -> int:
        tag = read_tag(self.finder, here)
        if tag is None:
            return here
        if not tag.is_closed:
            self.problem(f"<<{tag.name} is not closed", here, tag.stop, "Add >> at its end")
        if tag.name.startswith("/"):
            return self.closing(tag, tag.name[1:])
        if tag.name.startswith("end") and tag.name[3:] in CONTAINERS:
            return self.closing(tag, tag.name[3:])
        if tag.name in PARENTS:
            return self.child(tag)
        if tag.name == "script":
            return self.script(tag)
        if tag.name in CONTAINERS or tag.name in self.closed_names:
            return self.opening(tag)
        return self.add(_single(tag))

    def opening(self, tag: MacroTag) -> int:
        if len(self.stack) >= nodes.MAX_DEPTH:
            return self.leave_unread(tag)
        self.flush(tag.start)
        self.prose_start = tag.stop
        self.stack.append(_Frame(tag, tag.name))
        return tag.stop

    def leave_unread(self, deepest: MacroTag) -> int:
        """Give up: what is open, and all behind it, is not read."""
        start = self.stack[0].tag.start
        self.stack.clear()
        self.problems[:] = [each for each in self.problems if each.span.start < start]
        message = f"Macros are nested more than {nodes.MAX_DEPTH} deep here: neither they nor the rest of the passage was read"
        self.problem(message, deepest.start, deepest.stop)
        self.prose_start = start
        return self.add(nodes.Unread(start, len(self.text)))

    def child(self, tag: MacroTag) -> int:
        parent = self.stack[-1] if self.stack else None
        if parent is None or tag.name not in CHILD_TAGS.get(parent.name, ()):
            parents = " or ".join(f"<<{name}>>" for name in PARENTS[tag.name])
            hint = f"Close <<{parent.name}>> first" if parent is not None else ""
            self.problem(f"<<{tag.name}>> stands outside {parents}", tag.start, tag.stop, hint)
            return self.add(_single(tag))
        if parent.name == "if":
            self.check_order(parent, tag)
        self.flush(tag.start)
        self.prose_start = tag.stop
        parent.divide(tag)
        return tag.stop

    def check_order(self, parent: _Frame, tag: MacroTag) -> None:
        if parent.current is not None and parent.current.name == "else":
            self.problem(f"<<{tag.name}>> stands after <<else>>", tag.start, tag.stop, "<<else>> is the last part")

    def closing(self, tag: MacroTag, name: str) -> int:
        self.flush(tag.start)
        self.prose_start = tag.stop
        if not any(frame.name == name for frame in self.stack):
            self.problem(f"<</{name}>> closes nothing", tag.start, tag.stop, f"Remove it, or add <<{name}>> before it")
            self.body.append(nodes.Mark(tag.start, tag.stop))
            return tag.stop
        while self.stack[-1].name != name:
            self.close_unfinished(tag.start)
        self.finish(tag.stop, tag)
        return tag.stop

    def close_unfinished(self, stop: int | None = None) -> None:
        frame = self.stack[-1]
        hint = f"Add <</{frame.name}>>"
        self.problem(f"<<{frame.name}>> is not closed", frame.tag.start, frame.tag.stop, hint)
        self.finish(len(self.text) if stop is None else stop, None)

    def finish(self, stop: int, close: MacroTag | None) -> None:
        frame = self.stack.pop()
        frame.end()
        self.body.append(nodes.Macro(frame.tag.start, stop, frame.name, tuple(frame.clauses), close))

    def script(self, tag: MacroTag) -> int:
        """``<<script>>``, whose body is JavaScript."""
        stop = self.finder.find(_SCRIPT_END, tag.stop)
        if stop < 0:
            self.problem("<<script>> is not closed", tag.start, tag.stop, "Add <</script>>")
            return self.add(_single(tag))
        after = self.text.index(">>", stop) + 2
        close = MacroTag(stop, after, "/script", Span(after - 2, after - 2))
        clause = nodes.Clause(tag)
        return self.add(nodes.Macro(tag.start, after, "script", (clause,), close, Span(tag.stop, stop)))


def _single(tag: MacroTag) -> nodes.Macro:
    return nodes.Macro(tag.start, tag.stop, tag.name, (nodes.Clause(tag),))


_READERS: Final = {
    "<": _Parser.angle, "[": _Parser.bracket, "$": _Parser.variable, "_": _Parser.variable, "$$": _Parser.dollars,
    '"""': _Parser.triple, "{{{": _Parser.triple, "//": _Parser.slashes, "/*": _Parser.block_comment,
    "/%": _Parser.block_comment, "\\": _Parser.backslash, "\n": _Parser.line,
    **dict.fromkeys(("__", "''", "^^", "~~", "==", "@@"), _Parser.mark),
}  # fmt: skip
