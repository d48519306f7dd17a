"""Writes names and labels into Harlowe's notation, so that they read back the same.

Each spelling is tried and read back; one that reads back differently is not used.
"""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.errors import EditError
from gamebook_lab.languages.harlowe import facts, strings, targets, tree
from gamebook_lab.languages.harlowe.parser import parse

_LINKS: Final = {"bare": "[[x->{}]]", "left": "[[{}<-x]]", "simple": "[[{}]]"}
_LINK_SIGNS: Final = frozenset("[]|<>")
_LABELS: Final = {"label": "[[{}->x]]", "label-right": "[[x<-{}]]"}


def encode(text: str, quoting: str) -> str:
    """Write ``text`` for a slot of this quoting.

    Raises
    ------
    EditError
        If no spelling reads back as ``text`` there, or there is no such quoting.
    """
    if quoting in {"double", "single"}:
        return strings.encoded(text, _quote(quoting))
    if quoting in {"double-markup", "single-markup"}:
        for spelling in _spellings(text):
            if targets.named_by(spelling) == text:
                return strings.encoded(spelling, _quote(quoting))
    elif quoting.endswith("-in-link"):
        written = encode(text, quoting.removesuffix("-in-link"))
        if _LINK_SIGNS.isdisjoint(written):
            return written
    elif quoting in _LINKS:
        for spelling in _spellings(text):
            if _link_target(_LINKS[quoting].format(spelling)) == text:
                return spelling
    elif quoting in _LABELS:
        if text and _link_label(_LABELS[quoting].format(text)) == text:
            return text
    else:
        raise EditError(f"Harlowe has no quoting {quoting!r}")
    raise EditError(f"{text!r} cannot be written in a Harlowe link here; names with ]], -> or | need (link-goto:)")


def link(label: str | None, target: str) -> str:
    """Write a whole link: as ``[[...]]`` if that can hold it, otherwise as ``(link-goto:)``.

    Raises
    ------
    EditError
        If neither can.
    """
    try:
        source = f"[[{encode(target, 'simple') if label is None else link_inside(label, target)}]]"
    except EditError:
        written = "" if label is None else f'"{encode(label, "double")}", '
        source = f'(link-goto: {written}"{encode(target, "double-markup")}")'
    program = facts.program(source)
    found = [(choice.label, choice.target) for choice in program.choices]
    if program.problems or found != [(target if label is None else label, target)]:
        raise EditError(f"{label!r} cannot be the label of a Harlowe link: it is empty, or markup that does something")
    return source


def link_inside(label: str, target: str) -> str:
    """Write ``label->target``.

    Raises
    ------
    EditError
        If the label or the target cannot be written there.
    """
    return f"{encode(label, 'label')}->{encode(target, 'bare')}"


def _quote(quoting: str) -> str:
    return '"' if quoting.startswith("double") else "'"


def _spellings(text: str) -> list[str]:
    """Ways to write words so that markup shows them: as they are, or verbatim."""
    if not text:
        return []
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [text, f"{ticks}{text}{ticks}"]


def _read(source: str) -> tree.Link | None:
    nodes = parse(source).nodes
    only = nodes[0] if len(nodes) == 1 else None
    return only if isinstance(only, tree.Link) and only.stop == len(source) else None


def _link_target(source: str) -> str | None:
    found = _read(source)
    if found is None:
        return None
    written = source[found.target.start : found.target.stop]
    return targets.named_by_simple(written) if found.form == "simple" else targets.named_by(written)


def _link_label(source: str) -> str | None:
    found = _read(source)
    return source[found.label.start : found.label.stop] if found else None
