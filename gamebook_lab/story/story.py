"""A story: passages in a table, and everything else derived from their text.

Idea 1 of the design: text is the truth, tables are live views, an edit is a span. A
:class:`Story` is immutable; an edit (``gamebook_lab.story.edits``) makes a new one, and what
was parsed of the passages that it left alone goes along.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import pandas as pd

from gamebook_lab.errors import UnknownPassageError
from gamebook_lab.story.bulk import unscanned
from gamebook_lab.story.earlier import Cells, Earlier, keys_that_differ
from gamebook_lab.story.language import Language
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import Program
from gamebook_lab.story.records import Records, rows_of, values_of
from gamebook_lab.story.source import Source

if TYPE_CHECKING:
    from gamebook_lab.story.derived import VariableFacts
    from gamebook_lab.story.inverted import Inverted

T = TypeVar("T")

_CARRIED: Final = ("keys_by_name", "passages", "choices", "mentions", "uses", "facts", "rows", "marks", "near_names")
"""Cached properties, and what is ``kept``, that a successor can refresh from (see ``earlier``)."""
_CACHED: Final = (*_CARRIED, "records", "start_key", "programs", "variables")
_MANY: Final = 100
_parsing_many: Final = threading.Lock()
"""Two threads that want the same story parsed would else do it twice, each at half the pace."""
_MOST_CELLS: Final = 8
"""How many edits in a row know what they have changed; a single edit of the author's is of a few."""


@dataclass(frozen=True, eq=False)
class Story:
    """One branching story.

    Parameters
    ----------
    table
        The truth: columns :data:`~gamebook_lab.story.schema.PASSAGES`, index ``key``. Treat as read-only.
    language
        Reads the passages' text.
    metadata
        Title, IFID, story format and the like.
    source
        The file that it came from, for its format's use; None for a story made in memory.
    import_problems
        What the reader of the file could not keep or understand.
    """

    table: pd.DataFrame
    language: Language
    metadata: Metadata = field(default_factory=Metadata)
    source: Source | None = None
    import_problems: tuple[Problem, ...] = ()
    _programs: dict[int, Program] = field(default_factory=dict, repr=False)
    _earlier: Mapping[str, Earlier] = field(default_factory=dict, repr=False)
    _cells: tuple[Cells, ...] = field(default=(), repr=False)
    _next_key: int = field(default=0, repr=False)

    # ---- looking things up

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        title = self.metadata.title or "untitled"
        return f"<Story {title!r}: {len(self)} passages, {self.language.name}>"

    @cached_property
    def keys_by_name(self) -> Mapping[str, tuple[int, ...]]:
        """Keys of the passages of each name, in story order; more than one is a duplicate (GB102)."""
        from gamebook_lab.story.derived import keys_by_name

        return keys_by_name(self)

    @cached_property
    def start_key(self) -> int | None:
        """Key of the start passage; None if there is none (GB103)."""
        starts = self.table.index[self.table["is_start"].to_numpy()]
        return int(starts[0]) if len(starts) else None

    def key(self, passage: str | int) -> int:
        """Find a passage's key by its name (the first of that name) or check a key.

        Raises
        ------
        UnknownPassageError
            If there is none.
        """
        if isinstance(passage, str):
            keys = self.keys_by_name.get(passage)
            if keys:
                return keys[0]
        elif passage in self.table.index:
            return int(passage)
        msg = f"this story has no passage {passage!r}; story.passages lists them"
        raise UnknownPassageError(msg)

    @property
    def next_key(self) -> int:
        """Key for the next new passage: greater than any that this story or an ancestor of it has had."""
        return max(self._next_key, int(self.table.index.max()) + 1 if len(self.table) else 0)

    def name(self, passage: str | int) -> str:
        """Name of a passage, by name or key."""
        return str(self.table.at[self.key(passage), "passage_id"])

    @cached_property
    def records(self) -> Records:
        """The passages as records, by key."""
        return Records(self.table)

    def record(self, passage: str | int) -> Passage:
        """All columns of one passage, by name or key; None where missing."""
        return self.records[self.key(passage)]

    def text(self, passage: str | int) -> str:
        """Source text of a passage, by name or key."""
        return str(self.table.at[self.key(passage), "text"])

    # ---- derived from the text

    def program(self, passage: str | int) -> Program:
        """What the language understood of one passage, by name or key; parsed at most once."""
        key = self.key(passage)
        if key not in self._programs:
            self.parse([key])
        return self._programs[key]

    def parse(self, keys: Iterable[int], *, go_on: Callable[[], object] | None = None) -> None:
        """Have these passages' programs ready; for many, faster than asking for each.

        ``go_on`` is called before each; what it raises ends this, and what was parsed by then is kept.
        """
        unknown = [key for key in keys if key not in self._programs]
        if len(unknown) < _MANY:
            self._parse(unknown, go_on)
        else:
            with _parsing_many:
                self._parse([key for key in unknown if key not in self._programs], go_on)

    def _parse(self, unknown: list[int], go_on: Callable[[], object] | None) -> None:
        known, parse = self._programs, self.language.parse
        columns = (values_of(self.table, name, unknown) for name in ("text", "passage_id", "tags"))
        for key, text, name, tags in unscanned(zip(unknown, *columns, strict=True)):
            if go_on is not None:
                go_on()
            if key not in known:  # another thread may have been quicker
                known[key] = parse(text, name=name, tags=tags)

    @cached_property
    def programs(self) -> Mapping[int, Program]:
        """Program of every passage by key, in story order."""
        keys: list[int] = self.table.index.tolist()
        self.parse(keys)
        return {key: self._programs[key] for key in keys}

    def programs_of(self, keys: Iterable[int]) -> dict[int, Program]:
        """Programs of some passages by key, in this order."""
        wanted = list(keys)
        self.parse(wanted)
        return {key: self._programs[key] for key in wanted}

    def unparsed(self) -> list[int]:
        """Keys of the passages that were not parsed yet."""
        return [key for key in self.table.index.tolist() if key not in self._programs]

    @cached_property
    def passages(self) -> pd.DataFrame:
        """The ``passages`` table: ``table`` with ``n_words``. Columns in ``schema.PASSAGES`` and ``schema.N_WORDS``."""
        from gamebook_lab.story.derived import passages_table

        return passages_table(self)

    @cached_property
    def choices(self) -> pd.DataFrame:
        """The ``choices`` table: every way on of every passage, in story order. Columns in ``schema.CHOICES``."""
        from gamebook_lab.story.derived import choices_table

        return choices_table(self)

    @cached_property
    def variables(self) -> pd.DataFrame:
        """The ``variables`` table, sorted by name. Columns in ``schema.VARIABLES``."""
        from gamebook_lab.story.derived import variables_table

        return variables_table(self)

    @cached_property
    def mentions(self) -> Inverted[str]:
        """Which passages name which passage, by a link or otherwise."""
        from gamebook_lab.story.inverted import mentions

        return mentions(self)

    @cached_property
    def uses(self) -> Inverted[str]:
        """Which passages read or write which variable."""
        from gamebook_lab.story.inverted import uses

        return uses(self)

    @cached_property
    def facts(self) -> VariableFacts:
        """What is known of each variable, from which ``variables`` is made."""
        from gamebook_lab.story.derived import variable_facts

        return variable_facts(self)

    def problems(self) -> pd.DataFrame:
        """Everything that an author should know, worst first. Columns in ``schema.PROBLEMS``."""
        from gamebook_lab.story.checks import check

        return check(self)

    # ---- making new ones

    def with_table(
        self,
        table: pd.DataFrame,
        changed: Iterable[int] = (),
        *,
        metadata: Metadata | None = None,
        cells: frozenset[int] | None = None,
    ) -> Self:
        """Make a story with another table, keeping what was parsed.

        Parameters
        ----------
        table
            The new truth.
        changed
            Keys whose text, name or tags differ; their programs are dropped. Keys that were added or removed
            need not be listed.
        metadata
            New metadata, if that changed too.
        cells
            Keys of all passages that were added or removed or may differ in any column, if none was moved among the others.
            Without, whoever wants to know has to compare the tables (:meth:`may_differ`).
        """
        stale = frozenset(changed) | keys_that_differ(self.table.index, table.index)
        programs = dict(self._programs)
        for key in stale:
            programs.pop(key, None)
        earlier = {name: each.aged(stale) for name, each in self._earlier.items()}
        earlier.update((name, Earlier(vars(self)[name], self.table, stale)) for name in _CARRIED if name in vars(self))
        return replace(
            self,
            table=table,
            metadata=metadata or self.metadata,
            _programs=programs,
            _earlier=earlier,
            _cells=() if cells is None else (*self._cells, Cells(self.table, table, cells))[-_MOST_CELLS:],
            _next_key=self.next_key,
        )

    def with_source(self, source: Source | None) -> Self:
        """Make the same story, come from another file."""
        return self._but(source=source)

    def with_next_key(self, key: int) -> Self:
        """Make the same story, giving new passages keys from this one on."""
        return self._but(_next_key=key)

    def earlier(self, name: str) -> Earlier | None:
        """What was derived under ``name`` (a cached property) of an earlier version, to refresh from; None: nothing."""
        return self._earlier.get(name)

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What was derived under ``name``, one of those that are carried over; made if it is not there yet."""
        known = vars(self)
        if name not in known:
            known[name] = make()
        found: T = known[name]
        return found

    def may_differ(self, before: Story) -> frozenset[int] | None:
        """Keys of all passages that may differ from an earlier version, where those in both are in the same order.

        None if only the tables can tell: this story did not come of that one by a few edits that say what they touch.
        """
        keys, table = frozenset[int](), self.table
        for step in reversed(self._cells):
            if step.after is not table:
                return None
            keys, table = keys | step.keys, step.before
            if table is before.table:
                return keys
        return None

    def _but(self, **fields: Any) -> Self:
        """Make a story with other fields that nothing is derived from."""
        new = replace(self, **fields)
        vars(new).update((name, vars(self)[name]) for name in _CACHED if name in vars(self))
        return new

    def with_programs(self, programs: Mapping[int, Program]) -> Self:
        """Make a story that knows these programs already (parsed elsewhere, by the same language)."""
        return self._but(_programs={**self._programs, **programs})


def passage_rows(passages: Iterable[Passage]) -> pd.DataFrame:
    """Make a truth table of these passages, keys counted from 0."""
    rows = list(passages)
    return rows_of(rows, pd.RangeIndex(len(rows), name="key"))
