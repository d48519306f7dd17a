"""A story: passages in a table, and everything else derived from their text.

Idea 1 of the design: text is the truth, tables are live views, an edit is a span. A
:class:`Story` is immutable; an edit (``gamebook_lab.story.edits``) makes a new one, and what
was parsed of the passages that it left alone goes along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from gamebook_lab.errors import UnknownPassageError
from gamebook_lab.story import schema
from gamebook_lab.story.language import Language
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import Program
from gamebook_lab.story.source import Source

if TYPE_CHECKING:
    from gamebook_lab.story.passage import Passage


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

    # ---- looking things up

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        title = self.metadata.title or "untitled"
        return f"<Story {title!r}: {len(self)} passages, {self.language.name}>"

    @cached_property
    def keys_by_name(self) -> Mapping[str, tuple[int, ...]]:
        """Keys of the passages of each name, in story order; more than one is a duplicate (GB102)."""
        found: dict[str, list[int]] = {}
        for key, name in zip(self.table.index.tolist(), self.table["passage_id"].tolist(), strict=True):
            found.setdefault(name, []).append(key)
        return {name: tuple(keys) for name, keys in found.items()}

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

    def text(self, passage: str | int) -> str:
        """Source text of a passage, by name or key."""
        return str(self.table.at[self.key(passage), "text"])

    # ---- derived from the text

    def program(self, passage: str | int) -> Program:
        """What the language understood of one passage, by name or key; parsed at most once."""
        key = self.key(passage)
        program = self._programs.get(key)
        if program is None:
            row: dict[str, Any] = self.table.loc[key].to_dict()
            program = self.language.parse(row["text"], name=row["passage_id"], tags=row["tags"])
            self._programs[key] = program
        return program

    @cached_property
    def programs(self) -> Mapping[int, Program]:
        """Program of every passage by key, in story order."""
        table, known, parse = self.table, self._programs, self.language.parse
        rows = zip(
            table.index.tolist(), table["text"].tolist(), table["passage_id"].tolist(), table["tags"].tolist(),
            strict=True,
        )  # fmt: skip
        for key, text, name, tags in rows:
            if key not in known:
                known[key] = parse(text, name=name, tags=tags)
        return {key: known[key] for key in table.index.tolist()}

    def unparsed(self) -> list[int]:
        """Keys of the passages that were not parsed yet."""
        return [key for key in self.table.index.tolist() if key not in self._programs]

    @cached_property
    def passages(self) -> pd.DataFrame:
        """The ``passages`` table: ``table`` with ``n_words``. Columns in ``schema.PASSAGES`` and ``schema.N_WORDS``."""
        from gamebook_lab.story.words import word_counts

        return self.table.assign(n_words=pd.Series(word_counts(self), dtype="int64"))

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

    def problems(self) -> pd.DataFrame:
        """Everything that an author should know, worst first. Columns in ``schema.PROBLEMS``."""
        from gamebook_lab.story.checks import check

        return check(self)

    # ---- making new ones

    def with_table(self, table: pd.DataFrame, changed: Iterable[int] = (), *, metadata: Metadata | None = None) -> Self:
        """Make a story with another table, keeping what was parsed.

        Parameters
        ----------
        table
            The new truth.
        changed
            Keys whose text, name or tags differ; their programs are dropped.
        metadata
            New metadata, if that changed too.
        """
        programs = dict(self._programs)
        for key in changed:
            programs.pop(key, None)
        return replace(self, table=table, metadata=metadata or self.metadata, _programs=programs)

    def with_programs(self, programs: Mapping[int, Program]) -> Self:
        """Make a story that knows these programs already (parsed elsewhere, by the same language)."""
        return replace(self, _programs={**self._programs, **programs})


def passage_rows(passages: Iterable[Passage]) -> pd.DataFrame:
    """Make a truth table of these passages, keys counted from 0."""
    rows = list(passages)
    data = {column.name: [getattr(row, column.name) for row in rows] for column in schema.PASSAGES}
    return schema.build(schema.PASSAGES, data, index=pd.RangeIndex(len(rows), name="key"))
