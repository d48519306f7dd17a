"""One passage through time: every edit of it, and the stretches of work that they make up.

A sitting of an hour leaves hundreds of edits, a word each; whoever looks for the text of yesterday wants a few lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import pandas as pd

from gamebook_lab.store import patches
from gamebook_lab.store.diff import readable
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.past import REVISIONS, damaged, moment
from gamebook_lab.store.rows import text_of
from gamebook_lab.story.schema import Column, build

__all__ = ["PASSAGE_HISTORY", "Stretch", "Version", "history_table", "stretches", "versions"]

PASSAGE_HISTORY: Final = (
    *REVISIONS[:1], *REVISIONS[2:4], *REVISIONS[6:7],
    Column("text", "object", "text after it; missing: the passage was not there"),
    Column("diff", "object", "what changed in the text, as [-words-] and {+words+}; missing: nothing, or not known"),
)  # fmt: skip
"""Columns of one passage's history."""

PAUSE_SECONDS: Final = 600.0
"""A pause that ends a stretch of work."""
LONGEST_SECONDS: Final = 3600.0
"""A stretch of work that goes on for longer is told in parts."""


class Version(NamedTuple):
    """A passage after one edit of it."""

    revision: int
    time: float
    """Seconds since the epoch, by the computer's clock."""
    who: str
    session: str
    label: str
    text: str | None
    """None: the passage was not there."""
    before: str | None
    """Text before the edit."""
    name: str | None
    """Name that somebody gave the revision."""


class Stretch(NamedTuple):
    """Edits of one passage by one person, with no long pause between them."""

    last: Version
    """The passage at the end of it."""
    began: float
    """When its first edit was made."""
    before: str | None
    """Text before its first edit."""
    n: int
    """Edits."""


def versions(journal: Journal, uid: int) -> list[Version]:
    """Every edit of a passage, newest first; linear in those edits.

    Raises
    ------
    WorkspaceError
        If a record is damaged.
    """
    row = journal.row(uid)
    found = journal.connection.execute(
        "SELECT seq, time, who, session, label, patch, (SELECT name FROM names WHERE names.seq = edits.seq LIMIT 1)"
        " FROM edits WHERE seq IN (SELECT seq FROM edited WHERE uid = ?) ORDER BY seq DESC",
        (uid,),
    )
    made = []
    for seq, time, who, session, label, data, name in list(found):
        try:
            part = patches.unpack(data).get(uid)
            if part is None:
                continue
            before = patches.back(row, part)
        except patches.PatchError as error:
            raise damaged(seq, error) from error
        texts = [None if each is None else text_of(each) for each in (row, before)]
        made.append(Version(int(seq), float(time), who, session, label, texts[0], texts[1], name))
        row = before
    return made


def stretches(found: Iterable[Version]) -> list[Stretch]:
    """Put edits together that are one stretch of work, newest first; a named revision ends one.

    Parameters
    ----------
    found
        As :func:`versions` gives them.
    """
    made: list[Stretch] = []
    for version in found:
        if made and _goes_on(made[-1], version):
            made[-1] = made[-1]._replace(began=version.time, before=version.before, n=made[-1].n + 1)
        else:
            made.append(Stretch(version, version.time, version.before, 1))
    return made


def _goes_on(stretch: Stretch, earlier: Version) -> bool:
    last = stretch.last
    return (
        earlier.name is None
        and (earlier.who, earlier.session) == (last.who, last.session)
        and 0 <= stretch.began - earlier.time < PAUSE_SECONDS
        and last.time - earlier.time < LONGEST_SECONDS
    )


def history_table(found: Sequence[Version]) -> pd.DataFrame:
    """List the edits of a passage; columns :data:`PASSAGE_HISTORY`."""
    lines = [
        (
            each.revision, moment(each.time), each.who, each.label, each.text,
            readable(each.before, each.text) if each.before != each.text else None,
        )
        for each in found
    ]  # fmt: skip
    return build(
        PASSAGE_HISTORY,
        {column.name: [line[index] for line in lines] for index, column in enumerate(PASSAGE_HISTORY)},
    )
