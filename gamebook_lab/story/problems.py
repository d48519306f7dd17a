"""Problems: coded rows about a story, for an author to read. Never exceptions.

Codes are stable for ever; each has a page in ``docs/problems``. GB1xx are about the
structure, GB2xx variables, GB3xx syntax, GB4xx what is not modelled, GB5xx what a reader of
files met, GB6xx what exploring every state showed, GB7xx what a reader of reading logs met,
GB8xx what keeps a story from being printed as a gamebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from gamebook_lab.story import schema

Severity = Literal["error", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")


class Code(NamedTuple):
    """A kind of problem."""

    slug: str
    severity: Severity
    title: str


CODES: Final[dict[str, Code]] = {
    "GB101": Code("broken-link", "error", "A link leads to a passage that does not exist"),
    "GB102": Code("duplicate-name", "error", "Two passages have the same name"),
    "GB103": Code(
        "missing-start", "error", "The story does not say where to start, or names a passage that does not exist"
    ),
    "GB104": Code("unreachable-passage", "warning", "No link leads to this passage from the start"),
    "GB105": Code("dead-end", "warning", "The reader is stuck here, and it is not an ending"),
    "GB106": Code("empty-passage", "warning", "The passage has no text"),
    "GB107": Code("self-link-only", "warning", "The passage only links to itself"),
    "GB108": Code("broken-reference", "warning", "Code names a passage that does not exist"),
    "GB201": Code("variable-never-set", "warning", "A variable is read but never set"),
    "GB202": Code("variable-never-read", "info", "A variable is set but never read"),
    "GB301": Code("malformed-syntax", "error", "The markup cannot be read"),
    "GB401": Code(
        "opaque-code", "info", "Code that is kept but not understood; analyses assume that it may do anything"
    ),
    "GB501": Code("lost-metadata", "warning", "Something in the file's metadata could not be understood"),
    "GB502": Code("malformed-header", "warning", "A passage header is not written as the Twee notation has it"),
    "GB503": Code("text-encoding", "warning", "The file is not valid UTF-8"),
    "GB504": Code("unknown-format", "info", "The story format is not named or not known"),
    "GB505": Code("stray-text", "warning", "Text before the first passage belongs to none"),
    "GB506": Code("not-representable", "warning", "The file format cannot hold this; it was left out"),
    "GB507": Code("malformed-html", "warning", "The published HTML is not as the Twine specification has it"),
    "GB508": Code("missing-ifid", "info", "The story has no valid IFID"),
    "GB509": Code(
        "zero-character", "warning", "A passage holds a zero character, which other tools take for the end of the text"
    ),
    "GB510": Code("unreadable-file-name", "error", "A file was left out: its name is not UTF-8"),
    "GB601": Code("blocked-passage", "warning", "Links lead to this passage, but their conditions never hold together"),
    "GB602": Code("blocked-choice", "warning", "A choice is never offered, because its condition never holds"),
    "GB603": Code("stuck-reader", "warning", "A reader can come here with no choice on offer"),
    "GB604": Code("endless-circle", "warning", "Play can go round for ever with no way to an ending"),
    "GB605": Code("endless-passage", "warning", "The passage's code never comes to an end"),
    "GB701": Code("malformed-record", "error", "A record of a reading log cannot be read"),
    "GB702": Code("step-without-passage", "error", "A row of a reading log names no passage"),
    "GB703": Code("step-without-reader", "error", "A row of a reading log names neither session nor reader"),
    "GB704": Code("unreadable-time", "warning", "A time, duration or step number in a reading log cannot be read"),
    "GB705": Code("empty-step", "warning", "A step of a route is empty, or goes back before the first"),
    "GB706": Code("oversized-cell", "error", "A cell of a reading log is too large to be read"),
    "GB707": Code("log-encoding", "warning", "A reading log is not valid UTF-8"),
    "GB708": Code("mixed-time-zones", "warning", "Some times in a reading log name a zone, others don't"),
    "GB709": Code(
        "ambiguous-outcome",
        "info",
        "A response in a story table leads to several scenes, and the table does not say which",
    ),
    "GB710": Code("unknown-passage-in-log", "warning", "A reading log names a passage that the story does not have"),
    "GB711": Code("durations-do-not-fit", "warning", "A session's durations are not as many as its steps"),
    "GB712": Code("unknown-event", "warning", "An event of a reading log is not known"),
    "GB801": Code(
        "paper-not-modelled", "error", "What happens hangs on something that is not modelled: it cannot be printed"
    ),
    "GB802": Code("paper-value", "error", "The values of a variable cannot be kept on paper"),
    "GB803": Code("paper-too-large", "error", "A passage, or the story, has too many variants for paper"),
    "GB804": Code("paper-endless", "error", "A passage that never ends cannot be printed"),
    "GB805": Code("paper-differs", "error", "The book on paper would not play as the story does"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the problems table.

    ``start`` and ``stop`` are offsets in the passage's text; ``line`` and ``column`` are
    filled in from them by the table, unless a file reader knows better and gives them.
    """

    code: str
    message: str
    hint: str = ""
    key: int | None = None
    passage_id: str | None = None
    start: int | None = None
    stop: int | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is; each code has one severity."""
        return CODES[self.code].severity


def worst_first(checked: pd.DataFrame, explored: pd.DataFrame) -> pd.DataFrame:
    """Put what exploring shows below what the text says, sorted by severity; those of one severity stay in their order.

    What the text says of a place in a passage is not said again of the passage as a whole.
    """
    rank: Mapping[str, int] = {severity: at for at, severity in enumerate(SEVERITIES)}
    known = set(zip(checked["code"].tolist(), checked["key"].tolist(), strict=True))
    whole = explored["start"].isna().tolist()
    pairs = zip(explored["code"].tolist(), explored["key"].tolist(), strict=True)
    is_new = [not (is_whole and pair in known) for pair, is_whole in zip(pairs, whole, strict=True)]
    both = pd.concat([checked, explored[is_new]], ignore_index=True)
    order = np.argsort([rank[severity] for severity in both["severity"].tolist()], kind="stable")
    return both.take(order).reset_index(drop=True)


def to_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Make the ``problems`` table (:data:`gamebook_lab.story.schema.PROBLEMS`) of these, in this order."""
    rows = list(problems)
    return schema.build(
        schema.PROBLEMS,
        {column.name: [getattr(row, column.name) for row in rows] for column in schema.PROBLEMS},
    )
