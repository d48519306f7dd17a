"""Reads a passage into a tree: one pass with a stack, as Harlowe's own lexer does it.

Harlowe lexes prose and expressions in two modes. A closing mark matches the nearest opening of its kind;
openings that it crosses become plain text. So ``[``, ``(if:`` and ``"`` that are never closed spoil just what
Harlowe would spoil, and each is a problem. Time is linear in the text; the tree's depth is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from gamebook_lab.languages.harlowe import chars, code, prose, tree
from gamebook_lab.languages.harlowe.attach import attach
from gamebook_lab.languages.harlowe.frames import MAX_OPEN, Frame, Lexeme, as_markup, merged
from gamebook_lab.languages.harlowe.lookahead import Lookahead
from gamebook_lab.story.program import Span, SyntaxProblem, Token


class Parsed(NamedTuple):
    """A passage, read."""

    nodes: tuple[tree.Markup, ...]
    problems: tuple[SyntaxProblem, ...]
    tokens: tuple[Token, ...]


def parse(text: str, start: int = 0, stop: int | None = None) -> Parsed:
    """Read ``text[start:stop]`` as prose. Never raises."""
    parser = Parser(text, start, len(text) if stop is None else stop)
    nodes = parser.run()
    return Parsed(nodes, tuple(parser.problems), tuple(Token(*token) for token in parser.tokens))


_OPEN_KINDS: Final = frozenset({"openhook", "opencollapse"})
"""Constructs without a closing mark, which end with what encloses them."""

_UNCLOSED: Final = {
    "hook": ("This [ is never closed.", "Add the ] where the hook ends, or write `[` for a plain bracket."),
    "named": ("This hook is never closed.", "Add the ] where it ends."),
    "group": ("This ( is never closed.", "Add a )."),
    "comment": ("This <!-- is never closed.", "Add --> where the comment ends."),
    "verbatim": ("These backticks are never closed.", "Add as many ` again where the verbatim text ends."),
}


class Parser:
    """Scanner's state: where it is, what is open, what was found."""

    def __init__(self, text: str, start: int, stop: int) -> None:
        self.text, self.stop = text, stop
        self.at = self.since = start
        """Next character to look at; start of the prose that is not in a node yet."""
        self.lookahead = Lookahead(text, stop)
        self.frames = [Frame("root", start, start)]
        self.problems: list[SyntaxProblem] = []
        self.tokens: list[tuple[int, int, str]] = []
        self.is_lost = False
        """The rest is text because of a problem that was reported; what it leaves open is not reported."""

    def run(self) -> tuple[tree.Markup, ...]:
        """Read all of it."""
        prose.line_start(self)
        while self.at < self.stop:
            if self.frames[-1].is_code:
                code.scan(self)
            else:
                prose.scan(self)
        nodes = self.collected(0)
        return attach(nodes, self.text)

    # ---- finding things

    def problem(self, message: str, start: int, stop: int, hint: str = "") -> None:
        """Report something that cannot be read."""
        self.problems.append(SyntaxProblem(message, Span(start, stop), hint))

    def token(self, start: int, stop: int, kind: str) -> None:
        """Colour a stretch; calls come in the order of the text."""
        if start < stop:
            self.tokens.append((start, stop, kind))

    def add(self, node: tree.Markup, depth: int = 0) -> None:
        """Add a node to what is open, and go on behind it."""
        frame = self.frames[-1]
        if frame.is_code:
            frame.lexemes.append(Lexeme("operand", node.start, node.stop, node, depth))
        else:
            self.flush(node.start)
            frame.nodes.append(node)
        frame.depth = max(frame.depth, depth)
        self.at = self.since = node.stop

    def add_deep(self, node: tree.Markup, inner_depth: int) -> None:
        """Add a node with things in it, unless they are nested too deeply."""
        if inner_depth + 1 < tree.MAX_DEPTH:
            self.add(node, inner_depth + 1)
            return
        self.problem(f"This is nested more than {tree.MAX_DEPTH} deep, and was not read.", node.start, node.start + 1)
        self.add(tree.Unread(node.start, node.stop))

    def part(self, span: Span) -> tuple[tuple[tree.Markup, ...], int]:
        """Read a stretch inside a link as prose; return it and its depth."""
        if not chars.MARK.search(self.text, *span) and not chars.BLOCK.match(self.text, *span):
            return ((tree.Text(*span),) if span.start < span.stop else ()), 0
        parser = Parser(self.text, *span)
        return parser.run(), parser.frames[0].depth

    def flush(self, stop: int) -> None:
        """Make a node of the prose up to ``stop``."""
        if self.since < stop:
            self.frames[-1].nodes.append(tree.Text(self.since, stop))

    def lose_rest(self) -> None:
        """Take the rest of the passage as plain text."""
        self.is_lost = True
        self.at = self.stop

    # ---- opening and closing

    def open(self, frame: Frame, token: str) -> None:
        """Start a construct whose opening mark ends at ``frame.inner``."""
        if not self.frames[-1].is_code:
            self.flush(frame.start)
        self.at = self.since = frame.inner
        if len(self.frames) >= MAX_OPEN:
            self.leave_unread(frame)
            return
        frame.n_problems, frame.n_tokens = len(self.problems), len(self.tokens)
        self.token(frame.start, frame.inner, token)
        self.frames.append(frame)

    def leave_unread(self, deepest: Frame) -> None:
        """Give up: what is open and all behind it is not read, with the changers that stand before it."""
        outermost = self.frames[1]
        del self.frames[1:], self.problems[outermost.n_problems :], self.tokens[outermost.n_tokens :]
        message = f"More than {MAX_OPEN} things are open here: neither they nor the rest of the passage was read."
        self.problem(message, deepest.start, deepest.inner)
        self.lose_rest()
        nodes, start = self.frames[0].nodes, outermost.start
        while nodes and (
            isinstance(nodes[-1], tree.Macro) or self.text[nodes[-1].start : nodes[-1].stop] in {" ", "\n", "+"}
        ):
            start = nodes.pop().start
        self.since = start
        self.add(tree.Unread(start, self.stop))

    def match(self, kinds: Sequence[str]) -> int | None:
        """Place in the stack of the nearest opening of one of these kinds; None if backticks stand between."""
        for index in range(len(self.frames) - 1, 0, -1):
            kind = self.frames[index].kind
            if kind in kinds:
                return index
            if kind == "verbatim":
                return None
        return None

    def collected(self, index: int) -> list[tree.Markup]:
        """Close ``frames[index]`` up to here, turning what was left open inside it into text; return its nodes.

        The frame stays on the stack, for the caller to take off.
        """
        if not self.frames[-1].is_code:
            self.flush(self.at)
        self.since = edge = self.at
        if len(self.frames) - 1 == index:
            return self.frames[index].nodes
        inner: list[list[tree.Markup]] = []
        while len(self.frames) - 1 > index:
            frame = self.frames.pop()
            self.frames[index].depth = max(self.frames[index].depth, frame.depth + 1)
            inner.append(as_markup(frame, edge))
            edge = frame.start
            if frame.kind in _OPEN_KINDS:
                inner = [[self.unmarked(frame, merged(reversed(inner)))]]
            else:
                self.unclosed(frame)
                inner.append([tree.Text(frame.start, frame.inner)])
        return merged([self.frames[index].nodes, *reversed(inner)])

    def unmarked(self, frame: Frame, nodes: list[tree.Markup]) -> tree.Markup:
        """Make the node of a construct without a closing mark."""
        children = attach(nodes, self.text)
        if frame.kind == "opencollapse":
            return tree.Style(frame.start, self.at, "collapse", children)
        inner = Span(frame.inner, self.at)
        return tree.Hook(
            frame.start, self.at, children, inner, frame.name, frame.name_span, frame.is_hidden, is_open=True
        )

    def unclosed(self, frame: Frame) -> None:
        """Report an opening that was never closed, unless it means nothing to Harlowe (a lone ``*``)."""
        if self.is_lost or not (frame.kind == "macro" or frame.kind in _UNCLOSED):
            return
        message, hint = _UNCLOSED.get(frame.kind, ("", ""))
        if frame.kind == "macro":
            message = f"This {self.text[frame.start : frame.inner]} is never closed."
            hint = "Add the ) where the macro's values end."
        self.problem(message, frame.start, frame.inner, hint)
        if self.tokens[frame.n_tokens : frame.n_tokens + 1]:
            self.tokens[frame.n_tokens] = (frame.start, frame.inner, "error")
