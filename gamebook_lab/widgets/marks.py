"""Problems as they are underlined in a passage's text: as the last check found them, and sooner what one passage tells by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gamebook_lab.story.checks import check_passage
from gamebook_lab.story.problems import to_table
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import Splice, safe_text, splices_between
from gamebook_lab.widgets.editor_messages import Mark

__all__ = ["marks_of", "moved", "newer_marks"]


def marks_of(problems: pd.DataFrame, key: int, length: int) -> list[Mark]:
    """Problems of one passage that have a place in its text of this many characters."""
    at = np.flatnonzero(problems["key"].to_numpy("int64", na_value=-1) == key)
    if not len(at):
        return []
    rows = problems.iloc[at]
    marks = []
    for row in rows[rows["start"].notna()].to_dict("records"):
        start = min(int(row["start"]), length)
        stop = length if pd.isna(row["stop"]) else min(max(int(row["stop"]), start), length)
        mark = Mark(
            start=start, stop=stop, severity=row["severity"], code=row["code"],
            message=safe_text(row["message"]), hint=safe_text(row["hint"]),
        )  # fmt: skip
        marks.append(mark)
    return marks


def newer_marks(story: Story, key: int, before: Story, marks: Sequence[Mark]) -> list[Mark] | None:
    """Marks of a passage that was edited since a check; None where they have only moved along with the text.

    What it tells by itself is told anew; other marks go where their text was changed, until the next check.

    Parameters
    ----------
    story, key
        The passage as it is now.
    before, marks
        The story when it was marked, which has the passage too, and its marks then.
    """
    splices = splices_between(before.text(key), story.text(key))
    old, new = _own_marks(before, key), _own_marks(story, key)
    if moved(old, splices) == new:
        return None
    places = {_place(mark) for mark in old}
    return moved([mark for mark in marks if _place(mark) not in places], splices) + new


def moved(marks: Sequence[Mark], splices: Sequence[Splice]) -> list[Mark]:
    """Marks after their text was changed; those in whose stretch something was are left out."""
    result = []
    for mark in marks:
        shift = 0
        for start, stop, insert in splices:
            if stop <= mark["start"]:
                shift += len(insert) - (stop - start)
            elif start < mark["stop"]:
                break
        else:
            result.append(Mark(**{**mark, "start": mark["start"] + shift, "stop": mark["stop"] + shift}))
    return result


def _place(mark: Mark) -> tuple[str, int, int]:
    return mark["code"], mark["start"], mark["stop"]


def _own_marks(story: Story, key: int) -> list[Mark]:
    return marks_of(to_table(check_passage(story, key)), key, len(story.text(key)))
