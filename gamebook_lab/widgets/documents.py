"""Text that two sides edit at once: changes as splices, and what the editor was last told.

Offsets count code points, half-open, in the text before the change; the editor's script
converts from and to JavaScript's UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from gamebook_lab.story.program import TOKEN_KINDS, Span, Token

FINE_CHARACTERS: Final = 4_000
"""Longest stretch that is compared word by word; a longer one becomes one splice."""

_WORDS: Final = re.compile(r"\w+|\W")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_KIND_INDEX: Final = {kind: index for index, kind in enumerate(TOKEN_KINDS)}


class Splice(NamedTuple):
    """Replace ``text[start:stop]`` by ``insert``."""

    start: int
    stop: int
    insert: str


@dataclass(frozen=True, slots=True)
class Document:
    """One passage's text as the editor knows it."""

    revision: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Return ``text`` with all splices made; they are sorted and do not overlap.

    Raises
    ------
    ValueError
        If they are not sorted, overlap, or reach outside of the text.
    """
    parts, at = [], 0
    for start, stop, insert in splices:
        if not at <= start <= stop <= len(text):
            msg = f"splice {start}:{stop} of a text of {len(text)} characters, after {at}"
            raise ValueError(msg)
        parts += [text[at:start], insert]
        at = stop
    return "".join([*parts, text[at:]])


def splices_between(old: str, new: str) -> list[Splice]:
    """Find few splices that make ``new`` of ``old``, word by word where the difference is short.

    A rename that touches a passage in two places gives two splices, so that a cursor between
    them stays where it is.
    """
    if old == new:
        return []
    start = _common_prefix(old, new)
    end = _common_prefix(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if not before or not after or max(len(before), len(after)) > FINE_CHARACTERS:
        return [Splice(start, start + len(before), after)]
    return _word_splices(before, after, start)


def _word_splices(before: str, after: str, offset: int) -> list[Splice]:
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    ends = [offset]
    for word in left:
        ends.append(ends[-1] + len(word))
    return [
        Splice(ends[a], ends[b], "".join(right[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, left, right).get_opcodes()
        if tag != "equal"
    ]


def _common_prefix(left: str, right: str) -> int:
    """Length of the common prefix, by halving: each comparison is a memcmp."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def flat_tokens(tokens: Sequence[Token]) -> list[int]:
    """Write tokens as ``gap, length, kind`` triples, where the gap counts from the end of the one before."""
    flat: list[int] = []
    at = 0
    for start, stop, kind in tokens:
        index = _KIND_INDEX.get(kind)
        if index is None or start < at or stop <= start:
            continue  # a kind that this editor does not colour
        flat += (start - at, stop - start, index)
        at = stop
    return flat


def flat_code(prose: Sequence[Span], length: int) -> list[int]:
    """Write what is no prose as ``gap, length`` pairs, where the gap counts from the end of the one before.

    Examples
    --------
    >>> flat_code([Span(2, 5), Span(7, 9)], 9)
    [0, 2, 3, 2]
    """
    flat: list[int] = []
    at = end = 0
    for start, stop in (*prose, (length, length)):
        if start > at:
            flat += (at - end, start - at)
            end = start
        at = max(at, stop)
    return flat


def safe_text(text: str) -> str:
    """Replace lone surrogates, which no message can carry, one for one: all offsets stay true."""
    return _SURROGATES.sub("\ufffd", text)
