"""Counts words of prose: what a reader reads, not the markup, macros and code around it.

What counts as a word:

- a run of letters, digits and marks (accents stay with their letter, however they are encoded);
- an apostrophe, hyphen, underscore or middle dot between two of those joins them: ``don't``, ``half-past``;
- a point, comma or colon joins digits: ``1,000.50`` and ``10:30`` are one word each;
- every Chinese character and every kana counts by itself, as word processors count them;
- scripts that write no spaces between words (Thai, Lao, Khmer) count a run as one word.

Markup ends a word: two stretches of prose with anything between them are never glued together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["count_words", "word_counts", "words_of"]

_GAP, _LETTER, _DIGIT, _IDEOGRAPH, _JOINER, _DIGIT_JOINER, _MARK = range(7)
_JOINERS: Final = "'\u2018\u2019\uff07-\u2010\u2011_\u00b7"
_DIGIT_JOINERS: Final = ".,:"
_INVISIBLE_JOINERS: Final = "\u00ad\u200c\u200d\u2060"  # soft hyphen, zero-width (non-)joiner, word joiner
_IDEOGRAPHS: Final = (
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D), (0x20000, 0x3FFFD),
)  # fmt: skip
# Bounded repeats keep this linear, and keep int() in html.unescape away from endless digits.
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def word_counts(story: Story) -> pd.Series[int]:
    """Count the words of prose of every passage.

    Parameters
    ----------
    story
        Parsed as far as it is not yet.

    Returns
    -------
    pandas.Series
        Words per passage, dtype int64, indexed like ``story.table``.

    Notes
    -----
    Linear in the text: about 0.1 s for 4 MB.
    """
    texts = story.table["text"].tolist()
    proses = (_prose(text, program.prose) for text, program in zip(texts, story.programs.values(), strict=True))
    return pd.Series(_count(proses), index=story.table.index, dtype="int64", name="n_words")


def words_of(story: Story, keys: Collection[int]) -> list[int]:
    """Count the words of prose of some passages, in their order; linear in just their texts.

    Parameters
    ----------
    story
        Of whose passages these are parsed, as far as they are not yet.
    keys
        Of passages that it has.
    """
    story.parse(keys)
    records = story.records.of(keys)
    return _count([_prose(records[key].text, story.program(key).prose) for key in keys]).tolist()


def count_words(text: str) -> int:
    """Count the words of a text that is prose throughout.

    >>> count_words("Half-past ten, and it's 1,000 miles to go.")
    8
    """
    return int(_count([_prose(text, [Span(0, len(text))])])[0])


def _prose(text: str, spans: Iterable[Span]) -> str:
    """Join a passage's stretches of prose, with a line end wherever something stands between them."""
    return "".join(_pieces(text, spans))


def _pieces(text: str, spans: Iterable[Span]) -> Iterator[str]:
    reached = 0
    for start, stop in spans:
        if start != reached:
            yield "\n"
        piece = text[start:stop]
        yield _ENTITY.sub(_character, piece) if "&" in piece else piece
        reached = stop


def _character(entity: re.Match[str]) -> str:
    return unescape(entity[0])


def _count(texts: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Count the words of each text, all in one sweep over arrays."""
    proses = list(texts)
    ends = np.cumsum([len(prose) + 1 for prose in proses], dtype=np.int64)
    joined = "\n".join(proses) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = _kinds(codes)
    starts = _word_starts(kinds)
    passages = np.searchsorted(ends, starts, side="right")
    return np.bincount(passages, minlength=len(proses))[: len(proses)].astype(np.int64)


def _kinds(codes: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Classify each character, asking Unicode once per distinct one."""
    present = np.zeros(int(codes.max()) + 1, dtype=bool)
    present[codes] = True
    table = np.zeros(len(present), dtype=np.uint8)
    for code in np.flatnonzero(present).tolist():
        table[code] = _kind(chr(code))
    return table[codes]


def _kind(character: str) -> int:
    if character in _JOINERS:
        return _JOINER
    if character in _DIGIT_JOINERS:
        return _DIGIT_JOINER
    category = unicodedata.category(character)
    if category[0] == "M" or character in _INVISIBLE_JOINERS:
        return _MARK
    if category[0] in "LN":
        code = ord(character)
        if any(first <= code <= last for first, last in _IDEOGRAPHS):
            return _IDEOGRAPH
        return _LETTER if category[0] == "L" else _DIGIT
    return _GAP


def _word_starts(kinds: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Find the positions where a word begins."""
    kept = np.flatnonzero(kinds != _MARK)  # a mark belongs to what stands before it, so words are found without them
    kinds = kinds[kept]
    in_word = (kinds == _LETTER) | (kinds == _DIGIT)
    is_digit = kinds == _DIGIT
    goes_on = np.zeros(len(kinds), dtype=bool)
    goes_on[1:] = in_word[:-1]
    goes_on[2:] |= (kinds[1:-1] == _JOINER) & in_word[:-2]
    goes_on[2:] |= (kinds[1:-1] == _DIGIT_JOINER) & is_digit[:-2] & is_digit[2:]
    starts: np.ndarray[tuple[int], np.dtype[np.int64]] = kept[(in_word & ~goes_on) | (kinds == _IDEOGRAPH)]
    return starts
