"""Scans prose: jumps from mark to mark, and opens, closes or adds what each one means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe import chars, links, tree
from gamebook_lab.languages.harlowe.attach import attach
from gamebook_lab.languages.harlowe.frames import Frame
from gamebook_lab.languages.harlowe.names import canonical
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.parser import Parser

_TWINS: Final = {"'": "bold", "/": "italic", "~": "strike", "^": "sup"}
_RAW: Final = frozenset({"script", "style", "textarea"})


def scan(parser: Parser) -> None:
    """Go to the next mark that means something, and take it."""
    match = chars.MARK.search(parser.text, parser.at, parser.stop)
    if match is None:
        parser.at = parser.stop
        return
    parser.at = at = match.start()
    _HANDLERS[parser.text[at]](parser, at)


def line_start(parser: Parser) -> None:
    """Take the list, heading, rule, alignment and column marks that start a line."""
    while (match := chars.BLOCK.match(parser.text, parser.at, parser.stop)) and match.end() > parser.at:
        parser.token(parser.at, match.end(), "markup")
        parser.add(tree.Mark(parser.at, match.end(), str(match.lastgroup)))


def _line_end(parser: Parser, at: int) -> None:
    if parser.text.startswith("\\", at + 1, parser.stop):
        _join(parser, at, at + 2)
        return
    parser.at = at + 1
    line_start(parser)


def _backslash(parser: Parser, at: int) -> None:
    if not parser.text.startswith("\n", at + 1, parser.stop):
        parser.at = at + 1
        return
    _join(parser, at, at + 3 if parser.text.startswith("\\", at + 2, parser.stop) else at + 2)


def _join(parser: Parser, start: int, stop: int) -> None:
    parser.token(start, stop, "markup")
    parser.add(tree.Mark(start, stop, "join"))
    line_start(parser)


# ---- brackets


def bracket(parser: Parser, at: int) -> None:
    """Take a ``[``: a link, a hook, or a hook without end."""
    text = parser.text
    if text.startswith("[[", at, parser.stop) and links.take(parser, at):
        return
    if text.startswith("[=", at, parser.stop):
        stop = at + 1
        while text.startswith("=", stop, parser.stop):
            stop += 1
        parser.open(Frame("openhook", at, stop), "markup")
        return
    parser.open(Frame("hook", at, at + 1), "markup")


def close_bracket(parser: Parser, at: int) -> None:
    """Take a ``]``, with the name tag behind it. A hook that has a name takes no second one."""
    tag = chars.HOOK_BACK.match(parser.text, at, parser.stop)
    index = parser.match(("hook",) if tag else ("hook", "named"))
    if index is None:
        _stray(parser, at)
        return
    children = attach(parser.collected(index), parser.text)
    frame = parser.frames.pop()
    stop = at + 1
    if tag:
        stop = tag.end()
        frame.name, frame.name_span = canonical(tag.group(2)), Span(*tag.span(2))
        frame.is_hidden = tag.group(1) == "("
    parser.token(at, stop, "markup")
    inner = Span(frame.inner, at)
    hook = tree.Hook(frame.start, stop, children, inner, frame.name, frame.name_span, frame.is_hidden)
    _put(parser, hook, frame.depth)


def _put(parser: Parser, node: tree.Markup, inner_depth: int) -> None:
    """Add a construct that was opened earlier; the prose before it is kept already."""
    parser.since = node.start
    parser.add_deep(node, inner_depth)


def _stray(parser: Parser, at: int) -> None:
    if not parser.is_lost and not any(frame.kind in {"verbatim", "comment"} for frame in parser.frames):
        parser.problem("This ] closes nothing.", at, at + 1, "Remove it, or write `]` for a plain bracket.")
        parser.token(at, at + 1, "error")
    parser.at = at + 1


def _bar(parser: Parser, at: int) -> None:
    match = chars.HOOK_FRONT.match(parser.text, at, parser.stop)
    if match is None:
        parser.at = at + 1
        return
    kind = "openhook" if match.group(3) else "named"
    frame = Frame(kind, at, match.end(), name=canonical(match.group(1)), name_span=Span(*match.span(1)))
    frame.is_hidden = match.group(2) == ")"
    parser.open(frame, "markup")


def _comment_end(parser: Parser, at: int) -> None:
    for index in range(len(parser.frames) - 1, 0, -1):
        if parser.frames[index].kind == "comment":
            _close(parser, index, at + 3, "comment")
            return
    parser.at = at + 3


def _brace(parser: Parser, at: int) -> None:
    stop = at + 1
    while parser.text.startswith("=", stop, parser.stop):
        stop += 1
    parser.open(Frame("collapse" if stop == at + 1 else "opencollapse", at, stop), "markup")


# ---- marks in pairs


def _close(parser: Parser, index: int, stop: int, kind: str) -> None:
    """Close a styled stretch, verbatim text or a comment, whose closing mark is from here to ``stop``."""
    at = parser.at
    is_inert = kind in {"verbatim", "comment"}
    was_lost, parser.is_lost = parser.is_lost, parser.is_lost or is_inert
    nodes = parser.collected(index)
    parser.is_lost = was_lost
    frame = parser.frames.pop()
    if not is_inert:
        parser.token(at, stop, "markup")
        _put(parser, tree.Style(frame.start, stop, kind, attach(nodes, parser.text)), frame.depth)
        return
    del parser.problems[frame.n_problems :]
    del parser.tokens[frame.n_tokens :]
    parser.token(frame.start, stop, "comment" if kind == "comment" else "code")
    inner = Span(frame.inner, at)
    _put(parser, tree.Comment(frame.start, stop) if kind == "comment" else tree.Verbatim(frame.start, stop, inner), 0)


def _twin(parser: Parser, at: int) -> None:
    """Take ``''``, ``//``, ``~~`` or ``^^``, which open and close alike."""
    if parser.text[at] == "/" and _url(parser, at):
        return
    kind = _TWINS[parser.text[at]]
    index = parser.match((kind,))
    if index is None:
        parser.open(Frame(kind, at, at + 2), "markup")
    else:
        _close(parser, index, at + 2, kind)


def _url(parser: Parser, at: int) -> bool:
    """Pass over a web address, whose ``//`` is no italics."""
    text = parser.text
    if not chars.URL_SCHEME.search(text, max(parser.since, at - 11), at):
        return False
    match = chars.URL_REST.match(text, at + 2, parser.stop)
    address = (match.group() if match else "").rstrip("<.,:;\"')]")
    if len(address) < 2:
        return False
    parser.at = at + 2 + len(address)
    return True


def _star(parser: Parser, at: int) -> None:
    """Take ``*`` or ``**``; closings come first, and the shorter of them, so that ``***a***`` nests."""
    is_double = parser.text.startswith("**", at, parser.stop)
    if (index := parser.match(("em",))) is not None:
        _close(parser, index, at + 1, "em")
    elif is_double and (index := parser.match(("strong",))) is not None:
        _close(parser, index, at + 2, "strong")
    else:
        parser.open(Frame("strong" if is_double else "em", at, at + (2 if is_double else 1)), "markup")


def _close_brace(parser: Parser, at: int) -> None:
    index = parser.match(("collapse",))
    if index is None:
        parser.at = at + 1
    else:
        _close(parser, index, at + 1, "collapse")


def _tick(parser: Parser, at: int) -> None:
    stop = at + 1
    while parser.text.startswith("`", stop, parser.stop):
        stop += 1
    for index in range(len(parser.frames) - 1, 0, -1):
        frame = parser.frames[index]
        if frame.kind == "verbatim" and frame.inner - frame.start == stop - at:
            _close(parser, index, stop, "verbatim")
            return
    parser.open(Frame("verbatim", at, stop), "code")


# ---- HTML


def _less(parser: Parser, at: int) -> None:
    text, stop = parser.text, parser.stop
    if text.startswith("<!--", at, stop):
        parser.open(Frame("comment", at, at + 4), "comment")
        return
    if text.startswith("<<", at, stop) and _foreign(parser, at):
        return
    match = chars.TAG_FRONT.match(text, at, stop)
    end = parser.lookahead.tag_end(match.end()) if match else -1
    if match is None or end == -1:
        parser.at = at + 1
        return
    name = match.group(1).lower()
    parser.token(at, end, "html")
    if name in _RAW and text[at + 1] != "/":
        closing = _raw_end(parser, name, end)
        if closing != -1:
            stop = closing + len(name) + 3
            parser.token(end, closing, "code")
            parser.token(closing, stop, "html")
            parser.add(tree.RawElement(at, stop, name, Span(end, closing)))
            return
    parser.add(tree.Tag(at, end, name))


def _raw_end(parser: Parser, name: str, at: int) -> int:
    """Place of the closing tag of a raw element, in lower or upper case."""
    places = [parser.lookahead.find(f"</{word}>", at) for word in (name, name.upper(), name.capitalize())]
    return min((place for place in places if place != -1), default=-1)


def _foreign(parser: Parser, at: int) -> bool:
    """Take a macro call of Twine 1, SugarCube or Yarn, which Harlowe reports as an error."""
    end = parser.lookahead.find(">>", at + 2)
    if end <= at + 2 or parser.text[at + 2].isspace():
        return False
    message = "This is a macro of another story format; Harlowe's are written (name: values)."
    parser.problem(message, at, end + 2)
    parser.token(at, end + 2, "error")
    parser.add(tree.Foreign(at, end + 2))
    return True


# ---- calls and variables


def _paren(parser: Parser, at: int) -> None:
    match = chars.MACRO_FRONT.match(parser.text, at, parser.stop)
    if match is None:
        parser.at = at + 1
    else:
        parser.open(macro_frame(match.group(1), at, match.end()), "macro")


def macro_frame(name: str, start: int, inner: int) -> Frame:
    """Make the frame of a macro call."""
    is_custom = name[0] in "$_"
    frame = Frame("macro", start, inner, is_code=True, name=name if is_custom else canonical(name))
    frame.name_span = Span(start + 1, inner - 1)
    return frame


def _sigil(parser: Parser, at: int) -> None:
    end, is_name = chars.name_end(parser.text, at + 1, parser.stop)
    if not is_name:
        parser.at = max(end, at + 1)
        return
    parser.token(at, end, "variable")
    parser.add(tree.Variable(at, end, parser.text[at:end]))


_HANDLERS: Final = {
    "\n": _line_end, "\\": _backslash, "[": bracket, "]": close_bracket, "|": _bar, "{": _brace, "}": _close_brace,
    "'": _twin, "/": _twin, "~": _twin, "^": _twin, "*": _star, "`": _tick, "<": _less, "(": _paren,
    "$": _sigil, "_": _sigil, "-": _comment_end,
}  # fmt: skip
