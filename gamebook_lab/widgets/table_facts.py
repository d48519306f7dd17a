"""What the passages table shows of each passage, as rows of plain values that follow edits.

Everything here is pure: :class:`TableFacts` is immutable, and an edit makes a new one in time
that grows with the edit, but for copying an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, TypeVar

import pandas as pd

from gamebook_lab.story.problems import SEVERITIES
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.verdict_rows import Verdict

T = TypeVar("T")


class Facts(NamedTuple):
    """One passage in the table, but for its text."""

    name: str
    tags: str
    """Joined by spaces."""
    kind: str
    n_words: int
    n_out: int
    """Choices that it offers."""
    n_in: int
    """Choices that lead to it; of several passages with one name, they lead to the first."""
    is_start: bool
    n_problems: int = 0
    worst: str = ""
    """Worst severity of its problems, or empty."""
    verdict: str = ""
    """As :class:`~gamebook_lab.widgets.verdict_rows.Verdict` has these three."""
    shortest: int = -1
    expected_visits: float = -1.0


class Judgement(NamedTuple):
    """What the checks say of one passage."""

    n: int
    worst: str


_FINE: Final = Judgement(0, "")
_UNSAID: Final = Verdict()


@dataclass(frozen=True, slots=True)
class TableFacts:
    """All passages by key, in story order."""

    index: pd.Index[Any]
    rows: Mapping[int, Facts]
    targets: Mapping[int, tuple[str, ...]]
    """Names that each passage's choices lead to, once for each choice."""
    incoming: Mapping[str, int]
    """How many choices lead to each name."""
    judgements: Mapping[int, Judgement]
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)


def facts(story: Story, problems: pd.DataFrame | None = None) -> TableFacts:
    """Gather what the table shows of each passage.

    Parameters
    ----------
    story
        Whose passages.
    problems
        Its problems table, as far as known; may be about an earlier story.
    """
    nothing = TableFacts(pd.Index([], dtype="int64"), {}, {}, {}, {} if problems is None else judgements(problems))
    return update(nothing, story, story.table.index.tolist())[0]


def update(old: TableFacts, story: Story, changed: Iterable[int]) -> tuple[TableFacts, list[int]]:
    """Follow an edit.

    Parameters
    ----------
    old
        As before the edit.
    story
        As after it.
    changed
        Keys of the passages that were added, removed or altered.

    Returns
    -------
    facts, keys
        The keys of all passages whose facts differ, or that were altered, ascending.
    """
    wanted = frozenset(changed)
    index = story.table.index
    present = [key for key in wanted if key in index]
    targets = {key: _targets(story, key) for key in present}
    incoming, shifted = _recounted(old, wanted, targets)
    fresh = _rows(old, story, present, incoming)
    names = shifted | {row.name for row in fresh.values()}
    names |= {old.rows[key].name for key in wanted if key in old.rows}
    fresh |= _with_incoming({**old.rows, **fresh}, story, names, incoming)
    new = TableFacts(
        index=index,
        rows=_in_order(old, index, old.rows, fresh),
        targets=_in_order(old, index, old.targets, targets),
        incoming=incoming,
        judgements=old.judgements,
        verdicts=old.verdicts,
    )
    return new, sorted(key for key, row in fresh.items() if key in wanted or row != old.rows.get(key))


def with_problems(old: TableFacts, problems: pd.DataFrame) -> tuple[TableFacts, list[int]]:
    """Return the same facts with other problems, and the keys of the passages where those differ, ascending."""
    judged = judgements(problems)
    keys = sorted(
        key
        for key in old.judgements.keys() | judged.keys()
        if key in old.rows and old.judgements.get(key) != judged.get(key)
    )
    fresh = {key: _judged(old.rows[key], judged.get(key, _FINE)) for key in keys}
    return replace(old, rows={**old.rows, **fresh}, judgements=judged), keys


def with_verdicts(old: TableFacts, verdicts: Mapping[int, Verdict]) -> tuple[TableFacts, list[int]]:
    """Return the same facts with other verdicts, and the keys of the passages where those differ, ascending."""
    keys = sorted(
        key
        for key in old.verdicts.keys() | verdicts.keys()
        if key in old.rows and old.verdicts.get(key) != verdicts.get(key)
    )
    fresh = {key: _with_verdict(old.rows[key], verdicts.get(key, _UNSAID)) for key in keys}
    return replace(old, rows={**old.rows, **fresh}, verdicts=verdicts), keys


def judgements(problems: pd.DataFrame) -> dict[int, Judgement]:
    """Count the problems of each passage that has any."""
    known = problems[problems["key"].notna()]
    found: dict[int, Judgement] = {}
    for key, severity in zip(known["key"].tolist(), known["severity"].tolist(), strict=True):
        n, worst = found.get(key, _FINE)
        found[key] = Judgement(n + 1, min(worst or severity, severity, key=SEVERITIES.index))
    return found


def _targets(story: Story, key: int) -> tuple[str, ...]:
    return tuple(choice.target for choice in story.program(key).choices if choice.target is not None)


def _recounted(
    old: TableFacts, gone: Iterable[int], come: Mapping[int, tuple[str, ...]]
) -> tuple[dict[str, int], set[str]]:
    """Count the choices that lead to each name anew; also return the names whose count differs."""
    counts = dict(old.incoming)
    touched: set[str] = set()
    for sign, lists in ((-1, [old.targets.get(key, ()) for key in gone]), (1, list(come.values()))):
        for names in lists:
            touched.update(names)
            for name in names:
                counts[name] = counts.get(name, 0) + sign
    return counts, {name for name in touched if counts[name] != old.incoming.get(name, 0)}


def _rows(old: TableFacts, story: Story, keys: list[int], incoming: Mapping[str, int]) -> dict[int, Facts]:
    from gamebook_lab.story.words import words_of

    records = story.records.of(keys)
    rows = {}
    for (key, record), n_words in zip(records.items(), words_of(story, records), strict=True):
        name, tags, n_out = record.passage_id, safe_text(" ".join(record.tags)), len(story.program(key).choices)
        n_in = _n_in(story, key, name, incoming)
        row = Facts(name, tags, record.kind, n_words, n_out, n_in, record.is_start)
        rows[key] = _with_verdict(_judged(row, old.judgements.get(key, _FINE)), old.verdicts.get(key, _UNSAID))
    return rows


def _with_incoming(
    rows: Mapping[int, Facts], story: Story, names: Iterable[str], incoming: Mapping[str, int]
) -> dict[int, Facts]:
    """Rows of all passages of these names, which choices now lead to."""
    return {
        key: rows[key]._replace(n_in=_n_in(story, key, name, incoming))
        for name in names
        for key in story.keys_by_name.get(name, ())
    }


def _n_in(story: Story, key: int, name: str, incoming: Mapping[str, int]) -> int:
    return incoming.get(name, 0) if story.keys_by_name[name][0] == key else 0


def _judged(row: Facts, judgement: Judgement) -> Facts:
    return row._replace(n_problems=judgement.n, worst=judgement.worst)


def _with_verdict(row: Facts, verdict: Verdict) -> Facts:
    return row._replace(**verdict._asdict())


def _in_order(old: TableFacts, index: pd.Index[Any], values: Mapping[int, T], fresh: Mapping[int, T]) -> dict[int, T]:
    both = {**values, **fresh}
    if index is old.index or index.equals(old.index):
        return both
    return {key: both[key] for key in index.tolist()}
