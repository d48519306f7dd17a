"""Pieces of markup that a program puts together while it runs: whether what it prints may come to lead somewhere.

A string literal is looked at once, for what it can add to a link, a macro or a tag. From there on only names are
followed: see :func:`printed_marks`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from gamebook_lab.story.closure import closed

__all__ = ["ELSEWHERE", "WHOLE", "goes_on", "kinds_of", "may_be_made", "printed_marks"]

WHOLE: Final = "(a whole mark)"
_OPEN: Final = "(an opening bracket at the end)"
_MORE: Final = "(an opening bracket at the beginning)"
_BRACKET: Final = "(a bracket somewhere)"
_ANGLE: Final = "(an angle somewhere)"
_NAME: Final = "(a variable's name)"
ELSEWHERE: Final = "(whatever code keeps elsewhere)"
"""Stands for objects that are no story variables, and for whatever a script has."""

_WHOLE: Final = re.compile(
    r"\[\[|\[[<>]?img\[|<<|data-passage|<script|<tw-link|passage-link|[\s\"'/]on[a-z]+\s*=|javascript:", re.IGNORECASE
)
_MEDIA: Final = r"(?!(?:img|image|audio|video|source|track|br|hr)\b)"
_UNCLOSED: Final = re.compile(
    rf"<(?:{_MEDIA}[A-Za-z](?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*)?\Z|\bdata(?:-p?a?s?s?a?g?)?\Z", re.IGNORECASE
)
"""A tag that goes on where attributes stand, or an attribute's name: what comes after may make it a link."""
_BEGUN: Final = re.compile(rf"<(?:{_MEDIA}[A-Za-z][^<>]*+)?\Z", re.IGNORECASE)
_MARKED: Final = re.compile(r"[\[<\-=:]")
_OPENING: Final = re.compile(r"\[[<>]?(?:i(?:mg?)?)?\Z", re.IGNORECASE)
_GOING_ON: Final = re.compile(r"(?:[<>]?i?m?g)?\[", re.IGNORECASE)
_NAMED: Final = re.compile(r"[$_](?:[A-Za-z$_]|\Z)")


def kinds_of(text: str) -> frozenset[str]:
    """Tell what a literal can add to a mark; nothing at all of most."""
    found = set[str]()
    if "[" in text:
        found.add(_BRACKET)
        found |= {_OPEN} if _OPENING.search(text) else set()
        found |= {_MORE} if _GOING_ON.match(text) else set()
    if "<" in text:
        found.add(_ANGLE)
    if _UNCLOSED.search(text) or (_MARKED.search(text) and _WHOLE.search(text)):
        found.add(WHOLE)
    if ("$" in text or "_" in text) and _NAMED.search(text):
        found.add(_NAME)
    return frozenset(found)


def goes_on(text: str) -> bool:
    """Tell whether a text ends amid a link or a tag, so that what comes after belongs to it."""
    return "[[" in text or _OPENING.search(text) is not None or ("<" in text and _BEGUN.search(text) is not None)


def may_be_made(kinds: Collection[str], *, is_cut: bool) -> bool:
    """Tell whether a mark may come of literals of these kinds, wherever each of them goes; ``is_cut`` if strings are taken apart."""
    if WHOLE in kinds or (_OPEN in kinds and _MORE in kinds):
        return True
    return is_cut and (_BRACKET in kinds or _ANGLE in kinds)


def printed_marks(
    flows: Iterable[tuple[str, str]], prints: Iterable[frozenset[str]], cuts: Iterable[frozenset[str]]
) -> frozenset[str]:
    """Find the names whose values may lead somewhere where they are printed; none if nothing printed can.

    Parameters
    ----------
    flows
        From what to what values go: names, and kinds of literals.
    prints
        For each thing that is printed, what it is made of.
    cuts
        For each expression that takes strings apart, what it is made of.
    """
    follows: dict[str, list[str]] = {}
    for source, target in flows:
        follows.setdefault(source, []).append(target)
    inner = closed([_BRACKET, _ANGLE], follows)
    sources = {WHOLE}
    if any(not inner.isdisjoint(each) for each in cuts):
        sources |= {_BRACKET, _ANGLE}
    opening, going_on = closed([_OPEN], follows), closed([_MORE], follows)
    printed = list(prints)
    if any(not opening.isdisjoint(each) and not going_on.isdisjoint(each) for each in printed):
        sources.add(_BRACKET)
    found = closed(sources, follows)
    named = closed([_NAME], follows)  # printed, they show variables that nobody sees being printed
    if all(found.isdisjoint(each) and (found == sources or named.isdisjoint(each)) for each in printed):
        return frozenset()
    return frozenset(closed([*sources, _NAME, _BRACKET, _ANGLE], follows))
