"""What the passages table shows: a frame of facts, and which of its rows in which order.

Everything here is pure. The frame has a row per passage in story order, index ``key``; rows go to
the browser in pages, and only then are their first words computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from gamebook_lab.errors import EditError
from gamebook_lab.story import schema
from gamebook_lab.story.problems import SEVERITIES
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.excerpt import first_words
from gamebook_lab.widgets.table_messages import Count, Editable, Row, Wanted

PAGE_ROWS: Final = 500
"""Most rows that one message carries."""
_DIGITS: Final = re.compile(r"[0-9]+")
_SHOWN: Final = ("name", "tags", "kind", "n_words", "n_out", "n_in", "is_start", "n_problems", "worst")


def facts(story: Story, problems: pd.DataFrame | None = None) -> pd.DataFrame:
    """Gather what the table shows of each passage, but for its text.

    Parameters
    ----------
    story
        Whose passages.
    problems
        Its problems table, as far as known; may be about an earlier story.

    Returns
    -------
    pandas.DataFrame
        Columns ``name``, ``tags`` (joined by spaces), ``kind``, ``n_words``, ``n_out``, ``n_in`` (choices from it and
        to it), ``is_start``, ``n_problems``, ``worst`` (severity, or empty).
    """
    table, choices = story.passages, story.choices
    index = table.index
    return pd.DataFrame(
        {
            "name": table["passage_id"],
            "tags": pd.Series([safe_text(" ".join(tags)) for tags in table["tags"].tolist()], index=index, dtype="str"),
            "kind": table["kind"],
            "n_words": table["n_words"],
            "n_out": _counts(choices["key"], index),
            "n_in": _incoming(choices["target"], table["passage_id"]),
            "is_start": table["is_start"],
            **_problem_facts(problems, index),
        },
        index=index,
    )


def with_problems(frame: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """Return the same facts with other problems."""
    return frame.assign(**_problem_facts(problems, frame.index))


def _problem_facts(problems: pd.DataFrame | None, index: pd.Index[Any]) -> dict[str, pd.Series[Any]]:
    known = schema.empty(schema.PROBLEMS) if problems is None else problems
    known = known[known["key"].notna()]
    worst = pd.Series("", index=index, dtype="str")
    for severity in reversed(SEVERITIES):
        worst[index.isin(known.loc[known["severity"] == severity, "key"].astype("int64"))] = severity
    return {"n_problems": _counts(known["key"].astype("int64"), index), "worst": worst}


def _counts(keys: pd.Series[Any], index: pd.Index[Any]) -> pd.Series[int]:
    return keys.value_counts().reindex(index, fill_value=0).astype("int64")


def _incoming(targets: pd.Series[Any], names: pd.Series[str]) -> pd.Series[int]:
    """Choices that lead to each passage; of several with one name, they lead to the first."""
    counts = names.map(targets.dropna().value_counts()).fillna(0).astype("int64")
    counts[names.duplicated()] = 0
    return counts


# ---- order


def ordered(frame: pd.DataFrame, story: Story, wanted: Wanted) -> pd.Index[Any]:
    """Return the keys of the passages that pass the filters, in the order wanted (story order where equal)."""
    found = frame[_passes(frame, story, wanted)]
    for sort in reversed(wanted["sort"]):
        column = found[sort["field"]]
        by = column.map(natural) if sort["field"] in ("name", "tags", "kind") else column
        found = found.loc[by.sort_values(ascending=sort["ascending"], kind="stable").index]
    return found.index


def natural(name: str) -> str:
    """Make a key under which ``Ch2`` sorts before ``Ch10``, whatever the case of letters."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(12), name.casefold())


def _passes(frame: pd.DataFrame, story: Story, wanted: Wanted) -> pd.Series[bool]:
    passes = pd.Series(data=True, index=frame.index)
    if wanted["kind"]:
        passes &= frame["kind"] == wanted["kind"]
    if wanted["tag"]:
        passes &= np.asarray([wanted["tag"] in tags for tags in story.table["tags"].tolist()], bool)
    if wanted["problem"] == "none":
        passes &= frame["n_problems"] == 0
    elif wanted["problem"] == "any":
        passes &= frame["n_problems"] > 0
    elif wanted["problem"]:
        passes &= frame["worst"] == wanted["problem"]
    if sought := wanted["text"].strip().lower():
        columns = (frame["name"].tolist(), frame["tags"].tolist(), story.table["text"].tolist())
        passes &= np.asarray(
            [any(sought in text.lower() for text in texts) for texts in zip(*columns, strict=True)], bool
        )
    return passes


def followed(order: pd.Index[Any], before: pd.DataFrame, after: pd.DataFrame, wanted: Wanted) -> pd.Index[Any]:
    """Keep rows where they are after an edit: those that are gone leave, new ones come last.

    Only in story order without filters do new ones come where they stand in the story.
    """
    if not wanted["sort"] and not any((wanted["text"], wanted["kind"], wanted["tag"], wanted["problem"])):
        return after.index
    if before.index.equals(after.index):
        return order
    return order[order.isin(after.index)].append(after.index.difference(before.index))


def differing(old: pd.DataFrame, new: pd.DataFrame) -> list[int]:
    """Return keys of passages in both frames whose facts differ."""
    index = new.index.intersection(old.index)
    before, after = old.loc[index], new.loc[index]
    differs = np.zeros(len(index), bool)
    for column in _SHOWN:
        differs |= before[column].to_numpy() != after[column].to_numpy()
    return [int(key) for key in index[differs]]


# ---- rows


def rows(frame: pd.DataFrame, story: Story, keys: Iterable[int]) -> list[Row]:
    """Make the rows of some passages."""
    chosen = frame.loc[list(keys)]
    records = zip(chosen.index.tolist(), *(chosen[name].tolist() for name in _SHOWN), strict=True)
    return [
        Row(
            key=key,
            name=name,
            tags=tags,
            kind=kind,
            n_words=n_words,
            n_out=n_out,
            n_in=n_in,
            is_start=is_start,
            n_problems=n_problems,
            worst=worst,
            first=safe_text(first_words(story, key)),
        )
        for key, name, tags, kind, n_words, n_out, n_in, is_start, n_problems, worst in records
    ]


def kind_counts(frame: pd.DataFrame) -> list[Count]:
    """Say which kinds of passages there are, most frequent first."""
    return [Count(value=str(kind), n=int(n)) for kind, n in frame["kind"].value_counts().items()]


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
