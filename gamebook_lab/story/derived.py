"""The tables that are derived from a story's text: ``choices`` and ``variables``.

Each is built in columns from the passages' programs. After an edit, only the passages that
changed are looked at again (:mod:`gamebook_lab.story.earlier`), and the rest is taken over.

*Does not cover* word counts (``words``) and problems (``checks``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from gamebook_lab.story import schema
from gamebook_lab.story.closure import closed
from gamebook_lab.story.earlier import Earlier
from gamebook_lab.story.program import Access, AccessKind, Choice, Condition, Span
from gamebook_lab.story.records import values_of
from gamebook_lab.story.story import Story
from gamebook_lab.story.values import value_type

# ---- names


def keys_by_name(story: Story) -> Mapping[str, tuple[int, ...]]:
    """Keys of the passages of each name, in story order."""
    earlier = story.earlier("keys_by_name")
    if earlier is None or earlier.stale_in(story.table) is None:
        found: dict[str, list[int]] = {}
        for key, name in zip(story.table.index.tolist(), story.table["passage_id"].tolist(), strict=True):
            found.setdefault(name, []).append(key)
        return {name: tuple(keys) for name, keys in found.items()}
    old, new = (_names(table, earlier.stale) for table in (earlier.table, story.table))
    before: Mapping[str, tuple[int, ...]] = earlier.value
    differing = {key for key in earlier.stale if old.get(key) != new.get(key)}
    if not differing:
        return before
    come: dict[str, list[int]] = {old[key]: [] for key in differing if key in old}
    for key in differing & new.keys():
        come.setdefault(new[key], []).append(key)
    index = dict(before)
    for name, keys in come.items():
        now = [key for key in before.get(name, ()) if key not in differing] + keys
        if now:
            index[name] = tuple(_in_order(story, now))
        else:
            del index[name]
    return index


def _names(table: pd.DataFrame, keys: Iterable[int]) -> dict[int, str]:
    there = [key for key in keys if key in table.index]
    return dict(zip(there, values_of(table, "passage_id", there), strict=True))


def _in_order(story: Story, keys: Iterable[int]) -> list[int]:
    places = story.table.index.get_indexer(pd.Index(list(keys), dtype="int64"))
    ordered: list[int] = story.table.index[np.sort(places)].tolist()
    return ordered


# ---- passages


def passages_table(story: Story) -> pd.DataFrame:
    """Add the words of prose to the story's table; after an edit, only the changed passages are counted."""
    from gamebook_lab.story.words import word_counts

    earlier = story.earlier("passages")
    stale = earlier.stale_in(story.table) if earlier else None
    if earlier is None or stale is None:
        return story.table.assign(n_words=word_counts(story))
    counts = earlier.value["n_words"].reindex(story.table.index, fill_value=0)
    if stale:
        counts.loc[stale] = word_counts(replace(story, table=story.table.loc[stale], _earlier={}))
    return story.table.assign(n_words=counts)


# ---- choices


def choices_table(story: Story) -> pd.DataFrame:
    """Build the ``choices`` table: every way on of every passage, in story order.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`~gamebook_lab.story.schema.CHOICES`. Time is linear in the choices; after an edit, linear in those of the
        changed passages, but for copying the rows.
    """
    earlier = story.earlier("choices")
    stale = earlier.stale_in(story.table) if earlier else None
    if earlier is None or stale is None:
        return _choices(story, story.table.index.tolist())
    return _mended(earlier.value, earlier.stale, _choices(story, stale), story.table.index)


def _mended(old: pd.DataFrame, stale: frozenset[int], fresh: pd.DataFrame, order: pd.Index) -> pd.DataFrame:
    """Replace the rows of stale keys by fresh ones, and sort by the passages' order."""
    kept = np.flatnonzero(~np.isin(old["key"].to_numpy(), list(stale)))
    if len(kept) == len(old) and fresh.empty:
        return old
    both = pd.concat([old, fresh], ignore_index=True)
    rows = np.concatenate([kept, np.arange(len(old), len(both))])
    places = order.get_indexer(both["key"].to_numpy()[rows])
    return both.take(rows[np.argsort(places, kind="stable")]).reset_index(drop=True)


def _choices(story: Story, keys: Sequence[int]) -> pd.DataFrame:
    programs = story.programs_of(keys)
    names = dict(zip(keys, story.table["passage_id"].loc[list(keys)].tolist(), strict=True))
    rows = [(key, order, choice) for key in keys for order, choice in enumerate(programs[key].choices)]
    return schema.build(
        schema.CHOICES,
        {
            "choice_id": [f"{key}:{order}" for key, order, _ in rows],
            "key": [key for key, _, _ in rows],
            "passage_id": [names[key] for key, _, _ in rows],
            "order": [order for _, order, _ in rows],
            "label": [choice.label for _, _, choice in rows],
            "target": [choice.target for _, _, choice in rows],
            "kind": [choice.kind.value for _, _, choice in rows],
            "condition": [_condition(choice) for _, _, choice in rows],
            "effects": ["; ".join(choice.effects) for _, _, choice in rows],
            "is_once": [choice.is_once for _, _, choice in rows],
            "start": [choice.span.start for _, _, choice in rows],
            "stop": [choice.span.stop for _, _, choice in rows],
        },
    )


def _condition(choice: Choice) -> str:
    if len(choice.conditions) < 2:
        return "".join(map(str, choice.conditions))
    return " and ".join(map(_operand, choice.conditions))


def _operand(condition: Condition) -> str:
    """Keep ``a or b`` together beside an ``and``."""
    return f"({condition})" if " " in condition.text and not condition.is_negated else str(condition)


# ---- variables

STARTS_UP: Final = frozenset({"special", "script"})
"""Kinds of passages whose code runs before the first passage is shown."""
_NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True, slots=True)
class VariableFact:
    """What the story's text says about one variable, in all."""

    type: str
    initial: str | None
    n_reads: int
    n_writes: int
    n_passages: int
    is_temporary: bool
    is_condition: bool
    flows_to: frozenset[str]


class VariableFacts(NamedTuple):
    """All of a story's variables, and the accesses by passage key that say so."""

    by_name: Mapping[str, VariableFact]
    accesses: Mapping[int, tuple[Access, ...]]


def variables_table(story: Story) -> pd.DataFrame:
    """Build the ``variables`` table, sorted by name.

    A variable is *relevant* if a condition or a computed target reads it, or if its value
    flows into a relevant one.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`~gamebook_lab.story.schema.VARIABLES`.
    """
    facts = story.facts.by_name
    names = sorted(facts)
    relevant = _relevant(facts)
    plain = ("type", "initial", "n_reads", "n_writes", "n_passages", "is_temporary")
    return schema.build(
        schema.VARIABLES,
        {
            "name": names,
            **{column: [getattr(facts[name], column) for name in names] for column in plain},
            "is_relevant": [name in relevant for name in names],
        },
    )


def variable_facts(story: Story) -> VariableFacts:
    """Gather what the text says about each variable; after an edit, anew for those of which it says something else."""
    earlier = story.earlier("facts")
    stale = earlier.stale_in(story.table) if earlier else None
    if earlier is None or stale is None:
        accesses = {key: program.accesses for key, program in story.programs.items()}
        return VariableFacts(_facts(story, accesses), accesses)
    before: VariableFacts = earlier.value
    fresh = {key: program.accesses for key, program in story.programs_of(stale).items()}
    now = {key: each for key, each in before.accesses.items() if key not in earlier.stale} | fresh
    touched = _touched(earlier, before.accesses, story.table, fresh)
    if not touched:
        return VariableFacts(before.by_name, now)
    keys = {key for name in touched for key in story.uses.keys.get(name, ())}
    kept = {name: fact for name, fact in before.by_name.items() if name not in touched}
    return VariableFacts(kept | _facts(story, {key: now[key] for key in keys}, only=touched), now)


def _touched(
    earlier: Earlier, old: Mapping[int, Sequence[Access]], table: pd.DataFrame, new: Mapping[int, Sequence[Access]]
) -> set[str]:
    """Variables of which a changed passage says something else than before, or says it at another time."""
    touched: set[str] = set()
    for key in earlier.stale:
        was, is_now = (
            {(access._replace(span=_NOWHERE), at, kind) for at, access in enumerate(accesses)}
            for accesses, kind in ((old.get(key, ()), _kind(earlier.table, key)), (new.get(key, ()), _kind(table, key)))
        )
        touched.update(access.variable for access, _, _ in was ^ is_now)
    return touched


def _kind(table: pd.DataFrame, key: int) -> str:
    return str(table.at[key, "kind"]) if key in table.index else ""


def _facts(
    story: Story, accesses: Mapping[int, Sequence[Access]], *, only: set[str] | None = None
) -> dict[str, VariableFact]:
    """Gather facts from these passages, start-up code first, then in story order."""
    found: dict[str, list[tuple[int, Access]]] = {}
    for key in _in_running_order(story, accesses):
        for access in accesses[key]:
            if only is None or access.variable in only:
                found.setdefault(access.variable, []).append((key, access))
    return {name: _fact(uses) for name, uses in found.items()}


def _in_running_order(story: Story, keys: Iterable[int]) -> list[int]:
    ordered = _in_order(story, keys)
    starts_up = story.table["kind"].isin(STARTS_UP)
    first = set(starts_up.index[starts_up])
    return [key for key in ordered if key in first] + [key for key in ordered if key not in first]


def _fact(uses: Sequence[tuple[int, Access]]) -> VariableFact:
    writes = [access for _, access in uses if access.kind is AccessKind.WRITE]
    return VariableFact(
        type=_type({value_type(access.value) for access in writes}),
        initial=writes[0].value if writes else None,
        n_reads=len(uses) - len(writes),
        n_writes=len(writes),
        n_passages=len({key for key, _ in uses}),
        is_temporary=all(access.is_temporary for _, access in uses),
        is_condition=any(access.is_condition for _, access in uses),
        flows_to=frozenset(access.flows_to for _, access in uses if access.flows_to is not None),
    )


def _type(types: set[str]) -> str:
    known = sorted(types - {"unknown"})
    if not known:
        return "unknown"
    return known[0] if len(known) == 1 else "other"


def _relevant(facts: Mapping[str, VariableFact]) -> set[str]:
    sources: dict[str, list[str]] = {}
    for name, fact in facts.items():
        for target in fact.flows_to:
            sources.setdefault(target, []).append(name)
    return closed((name for name, fact in facts.items() if fact.is_condition), sources)
