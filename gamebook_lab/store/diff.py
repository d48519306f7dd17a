"""What changed between two states of a story, by passage, in words a person can read."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any, Final, Literal, NamedTuple

import pandas as pd

from gamebook_lab.store.rows import STORY, Row, Rows, decode
from gamebook_lab.story.schema import Column, build

__all__ = ["DIFF", "Piece", "diff_rows", "pieces", "readable"]

DIFF: Final = (
    Column("passage_id", "str", "name of the passage, as it is now, or was"),
    Column("uid", "int64", "number of the passage in the workspace; 0: the story itself"),
    Column("change", "str", "added, removed, changed, renamed or moved (on the map)"),
    Column("columns", "str", "what differs besides the text: name, tags, place on the map and the like"),
    Column("old_text", "object", "text before; missing: there was none"),
    Column("new_text", "object", "text after; missing: there is none"),
    Column("diff", "object", "the text with what went as [-words-] and what came as {+words+}, long equal parts cut"),
)
"""Columns of a table of differences."""

_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_WORD: Final = re.compile(r"\w")
_MOST_WORDS: Final = 4_000
"""Words up to which two stretches are compared word by word; it takes quadratic time at worst."""
_AROUND: Final = 60
"""Characters kept on either side of a change."""
_PLACE: Final = frozenset({"x", "y", "width", "height", "rank"})


_WORDS_FOR: Final = {"passage_id": "name", "is_start": "start"}


class Piece(NamedTuple):
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "gone", "come"]
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """Split two texts into what stayed, what went and what came, by words.

    Linear in what is equal at both ends; between, quadratic at worst in up to 4,000 words, beyond that line by line.
    """
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(left), len(right)) > _MOST_WORDS:
        left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Piece] = []
    gone = come = between = ""
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            same = "".join(left[a:b])
            if (gone or come) and not _WORD.search(same) and (b < len(left) or d < len(right)):
                between += same  # a space between two changed words reads better as part of both
                continue
            found += _changed(gone, come)
            found.append(Piece("same", same))
            gone = come = between = ""
            continue
        gone += between + "".join(left[a:b])
        come += between + "".join(right[c:d])
        between = ""
    return [*found, *_changed(gone, come)]


def _changed(gone: str, come: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("gone", gone), ("come", come)) if text]  # type: ignore[arg-type]


def readable(old: str | None, new: str | None) -> str:
    """Write a difference as one text: ``the [-old-]{+new+} lamp``."""
    found = pieces(old or "", new or "")
    parts = []
    for index, (kind, text) in enumerate(found):
        if kind == "gone":
            parts.append(f"[-{text}-]")
        elif kind == "come":
            parts.append(f"{{+{text}+}}")
        else:
            parts.append(_cut(text, is_first=index == 0, is_last=index == len(found) - 1))
    return "".join(parts)


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * _AROUND + 20:
        return text
    head = "" if is_first else text[:_AROUND]
    tail = "" if is_last else text[-_AROUND:]
    return f"{head} … {tail}"


def diff_rows(old: Rows, new: Rows) -> pd.DataFrame:
    """List what differs, in the order of the newer story; columns :data:`DIFF`.

    Rows differ by their bytes, so that only passages that changed are looked into.
    """
    uids = [uid for uid in {**old, **new} if old.get(uid) != new.get(uid)]
    rows = [found for uid in uids if (found := _difference(uid, old.get(uid), new.get(uid))) is not None]
    rows.sort(key=lambda row: row[0])
    data = {column.name: [row[1][index] for row in rows] for index, column in enumerate(DIFF)}
    return build(DIFF, data)


def _difference(uid: int, old: Row | None, new: Row | None) -> tuple[tuple[float, int], tuple[object, ...]] | None:
    before, after = ({} if row is None else decode(row) for row in (old, new))
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if old is not None and new is not None and names == ["rank"]:
        return None
    shown = after or before
    name = "(the story itself)" if uid == STORY else str(shown.get("passage_id", ""))
    texts = [None if row is None else str(values.get("text", "")) for row, values in ((old, before), (new, after))]
    columns = "" if old is None or new is None else "; ".join(_said(before, after, names))
    text = readable(*texts) if texts[0] != texts[1] else None
    order = (float(shown.get("rank", 0.0)), uid)
    return order, (name, uid, _kind(old, new, names), columns, texts[0], texts[1], text)


def _said(before: dict[str, Any], after: dict[str, Any], names: list[str]) -> list[str]:
    """Say what differs besides the text."""
    said = []
    for name in names:
        if name in _PLACE or name == "text":
            continue
        shown = [_shown(values.get(name)) for values in (before, after)]
        said.append(f"{_WORDS_FOR.get(name, name.replace('_', ' '))}: {shown[0]} → {shown[1]}")
    return [*said, *(["place on the map"] if set(names) & (_PLACE - {"rank"}) else [])]


def _shown(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return text if text and len(text) <= _AROUND else f"{text[:_AROUND]}…" if text else "none"


def _kind(old: Row | None, new: Row | None, names: list[str]) -> str:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    if set(names) <= _PLACE:
        return "moved"
    return "renamed" if "passage_id" in names else "changed"
