"""Tells what a writer feels to be one stroke of typing: a word, or a run of deletions."""

from __future__ import annotations

from typing import NamedTuple


class _Stroke(NamedTuple):
    """What was replaced by what, and where."""

    start: int
    removed: str
    added: str


def continues(before: str, between: str, after: str) -> bool:
    r"""Tell whether the change from ``between`` to ``after`` belongs to the group from ``before`` to ``between``.

    It does if it goes on where the group stands: adding to a word or to the spaces behind it, or deleting on.

    Examples
    --------
    >>> continues("", "hel", "hello"), continues("", "hello ", "hello w"), continues("ab", "a", "")
    (True, False, True)
    """
    group, stroke = _stroke(before, between), _stroke(between, after)
    if stroke.added and not stroke.removed and group.added:
        at = group.start + len(group.added)
        return _starts_at(between, after, stroke, at) and not _begins_word(group.added, stroke.added)
    if stroke.removed and not stroke.added and group.removed and not group.added:
        return "\n" not in stroke.removed and _touches(between, stroke, group.start)
    return False


def _stroke(old: str, new: str) -> _Stroke:
    start = _common(old, new)
    stop = min(_common(old[start:][::-1], new[start:][::-1]), len(old) - start, len(new) - start)
    return _Stroke(start, old[start : len(old) - stop], new[start : len(new) - stop])


def _common(a: str, b: str) -> int:
    """Length of the common beginning, found by halving: comparing slices is fast where a loop is not."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _starts_at(between: str, after: str, stroke: _Stroke, at: int) -> bool:
    """Tell whether what was added can be read as added at ``at``: an ``o`` typed beside an ``o`` has two readings."""
    return after == between[:at] + after[at : at + len(stroke.added)] + between[at:]


def _touches(between: str, stroke: _Stroke, at: int) -> bool:
    """Tell whether what was removed can be read as ending, or beginning, at ``at``."""
    n, rest = len(stroke.removed), between[: stroke.start] + between[stroke.start + len(stroke.removed) :]
    return any(begin >= 0 and between[:begin] + between[begin + n :] == rest for begin in (at - n, at))


def _begins_word(written: str, added: str) -> bool:
    return "\n" in added or (written[-1].isspace() and not added[0].isspace())
