"""Which rows the passages table shows in which order, and what an edit of a cell does.

Everything here is pure. What is known of each passage is in ``table_facts``; rows go to the
browser in pages, and only then are their first words computed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

import pandas as pd

from gamebook_lab.errors import EditError
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.excerpt import first_words
from gamebook_lab.widgets.table_facts import Facts, TableFacts
from gamebook_lab.widgets.table_messages import Count, Editable, Row, Wanted

PAGE_ROWS: Final = 500
"""Most rows that one message carries."""
_DIGITS: Final = re.compile(r"[0-9]+")
_TEXTUAL: Final = frozenset({"name", "tags", "kind", "verdict"})


# ---- order


def ordered(facts: TableFacts, story: Story, wanted: Wanted) -> pd.Index[Any]:
    """Return the keys of the passages that pass the filters, in the order wanted (story order where equal)."""
    found = _passing(facts, story, wanted)
    for sort in reversed(wanted["sort"]):
        found.sort(key=_sort_key(facts, sort["field"]), reverse=not sort["ascending"])
    return pd.Index(found, dtype="int64")


def _sort_key(facts: TableFacts, field: str) -> Callable[[int], Any]:
    at = Facts._fields.index(field)
    if field in _TEXTUAL:
        return lambda key: natural(str(facts.rows[key][at]))
    return lambda key: facts.rows[key][at]


def natural(name: str) -> str:
    """Make a key under which ``Ch2`` sorts before ``Ch10``, whatever the case of letters."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(12), name.casefold())


def _passing(facts: TableFacts, story: Story, wanted: Wanted) -> list[int]:
    keys: list[int] = facts.index.tolist()
    rows = facts.rows
    if kind := wanted["kind"]:
        keys = [key for key in keys if rows[key].kind == kind]
    if tag := wanted["tag"]:
        tags = dict(zip(story.table.index.tolist(), story.table["tags"].tolist(), strict=True))
        keys = [key for key in keys if tag in tags[key]]
    if problem := wanted["problem"]:
        keys = [key for key in keys if _has_problem(rows[key], problem)]
    if verdict := wanted["verdict"]:
        keys = [key for key in keys if rows[key].verdict == verdict]
    if sought := wanted["text"].strip().lower():
        texts = dict(zip(story.table.index.tolist(), story.table["text"].tolist(), strict=True))
        keys = [
            key for key in keys if any(sought in text.lower() for text in (rows[key].name, rows[key].tags, texts[key]))
        ]
    return keys


def _has_problem(row: Facts, wanted: str) -> bool:
    if wanted == "none":
        return row.n_problems == 0
    return row.n_problems > 0 if wanted == "any" else row.worst == wanted


def followed(order: pd.Index[Any], before: TableFacts, after: TableFacts, wanted: Wanted) -> pd.Index[Any]:
    """Keep rows where they are after an edit: those that are gone leave, new ones come last.

    Only in story order without filters do new ones come where they stand in the story.
    """
    if not wanted["sort"] and not any(wanted[name] for name in ("text", "kind", "tag", "problem", "verdict")):
        return after.index
    if before.index.equals(after.index):
        return order
    return order[order.isin(after.index)].append(after.index.difference(before.index))


# ---- rows


def rows(facts: TableFacts, story: Story, keys: Iterable[int]) -> list[Row]:
    """Make the rows of some passages."""
    return [_row(facts.rows[key], key, safe_text(first_words(story, key))) for key in keys]


def _row(row: Facts, key: int, first: str) -> Row:
    return Row(
        key=key,
        name=row.name,
        tags=row.tags,
        kind=row.kind,
        n_words=row.n_words,
        n_out=row.n_out,
        n_in=row.n_in,
        is_start=row.is_start,
        n_problems=row.n_problems,
        worst=row.worst,
        verdict=row.verdict,
        shortest=None if row.shortest < 0 else row.shortest,
        expected_visits=_visits(row.expected_visits),
        first=first,
    )


def _visits(expected: float) -> float | None:
    """JSON knows no infinity."""
    if expected < 0.0:
        return None
    return expected if math.isfinite(expected) else -1.0


def kind_counts(facts: TableFacts) -> list[Count]:
    """Say which kinds of passages there are, most frequent first."""
    return [Count(value=kind, n=n) for kind, n in Counter(row.kind for row in facts.rows.values()).most_common()]


def tag_counts(story: Story, most: int = 200) -> list[Count]:
    """Say which tags there are, by name; of very many the most frequent."""
    counts: dict[str, int] = {}
    for tags in story.table["tags"].tolist():
        for tag in tags:
            counts[tag] = counts.get(tag, 0) + 1
    frequent = sorted(counts, key=lambda tag: (-counts[tag], tag))[:most]
    return [Count(value=safe_text(tag), n=counts[tag]) for tag in sorted(frequent, key=natural)]


# ---- edits


def edited(story: Story, key: int, field: Editable, value: str, was: str) -> Story:
    """Make the edit that a cell asks for.

    Raises
    ------
    EditError
        If it cannot be made, or the cell no longer holds what the author saw.
    UnknownPassageError
        If the passage is gone.
    """
    from gamebook_lab.story.edits import rename_passage, set_tags, set_text

    if safe_text(cell(story, key, field)) != was:
        msg = "this was changed elsewhere while you were typing; look at it before you change it again"
        raise EditError(msg)
    if field == "name":
        return rename_passage(story, key, value)
    if field == "tags":
        return set_tags(story, key, list(dict.fromkeys(value.split())))
    return set_text(story, key, value)


def cell(story: Story, key: int, field: Editable) -> str:
    """Return what an editable cell holds."""
    if field == "name":
        return story.name(key)
    if field == "tags":
        return " ".join(story.record(key).tags)
    return story.text(key)
