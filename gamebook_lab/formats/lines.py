"""Lines of a text whose line ends may be mixed: the Twee and HTML files of many editors.

A line ends at CR LF, LF or CR, as in HTML; nothing else ends one (``str.splitlines`` knows eight more).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import Final, NamedTuple

END: Final = re.compile(r"\r\n|\r|\n")
_PARTS: Final = re.compile(r"(\r\n|\r|\n)")


class Line(NamedTuple):
    """One line and its end, which is empty for the last."""

    text: str
    end: str


def split(text: str) -> list[Line]:
    """Cut into lines; joined they are the text. The last has no end, and may be empty."""
    parts = _PARTS.split(text)
    return [Line(*pair) for pair in zip(parts[::2], [*parts[1::2], ""], strict=True)]


def normal(text: str) -> str:
    r"""Write every line end as ``\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def usual_end(text: str) -> str:
    r"""The line end that most lines have; ``\n`` for a single line."""
    if "\r" not in text:
        return "\n"
    return str(Counter(END.findall(text)).most_common(1)[0][0])


class Index:
    """Finds the line and column of an offset in logarithmic time."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """1-based line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def patch(old: list[Line], old_texts: list[str], new: list[Line], new_texts: list[str], end: str) -> str:
    """Write new lines, keeping the old writing of those at the beginning and at the end that did not change.

    Parameters
    ----------
    old, new
        Lines as written: as they were, and as they would be written afresh.
    old_texts, new_texts
        What those lines say, one to one.
    end
        Line end for what is new.
    """
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old_texts[i] != new_texts[i]), most)
    tail = next((i for i in range(most - head) if old_texts[-1 - i] != new_texts[-1 - i]), most - head)
    kept = old[:head] + [Line(line.text, "") for line in new[head : len(new) - tail]] + old[len(old) - tail :]
    return _joined(kept, [line.end or end for line in kept[:-1]])


def _joined(kept: list[Line], ends: list[str]) -> str:
    """Join lines; a CR and a LF that now meet stay two line ends."""
    for index in range(len(ends) - 1):
        if ends[index] == "\r" and not kept[index + 1].text and ends[index + 1] == "\n":
            ends[index] = "\r\n"
    return "".join(line.text + end for line, end in zip(kept, [*ends, ""], strict=True))
