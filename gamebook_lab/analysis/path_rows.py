"""Paths as the rows of a table, and how such a table is written in each format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gamebook_lab.analysis.large_numbers import decimal
from gamebook_lab.analysis.numbering import Block, limbs_of, number_of
from gamebook_lab.analysis.path_source import Labels, Source, load_source
from gamebook_lab.errors import CodecError
from gamebook_lab.parallel.codecs import Codec
from gamebook_lab.story import schema

__all__ = ["FORMATS", "PATHS", "rows", "rows_of", "whole", "written_rows"]

PATHS: Final = (
    schema.Column("rank", "str", "number of the path among all that the filters leave, from 0, in decimal digits"),
    schema.Column("ending", "str", "passage where play stops"),
    schema.Column("stop", "str", "how play stops there, as in the table of endings"),
    schema.Column("n_choices", "int32", "how often the reader chooses", "choices"),
    schema.Column("n_words", "int64", "prose of all passages shown, each as often as it is; as in lengths", "words"),
    schema.Column("passages", "object", "names of the passages where the reader stands, in order"),
    schema.Column("choices", "object", "what the reader takes, in order: rows of the file of choices, from 0"),
)
"""Columns of the files that :meth:`Paths.to_parquet <gamebook_lab.analysis.paths.Paths.to_parquet>` and its like write."""

_TEXT: Final = pa.dictionary(pa.int32(), pa.string())


def _decimals(numbers: Sequence[int]) -> pa.Array:
    if isinstance(numbers, range) and -(1 << 63) <= numbers.start <= numbers.stop < 1 << 63:
        return pa.array(np.arange(numbers.start, numbers.stop, numbers.step)).cast(pa.string())  # ten times as quick
    return pa.array([decimal(number) for number in numbers], pa.string())


def whole(text: str) -> str:
    """Write halves of characters, which a story may hold and UTF-8 may not, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def written_rows(item: Sequence[int], *, source: str, identity: str) -> pa.Table:  # noqa: ARG001 -- the hash names the shard
    """Make the rows of a shard; what workers are sent."""
    return rows_of(load_source(source), item)


def rows_of(source: Source, item: Sequence[int]) -> pa.Table:
    """Make the rows of some paths.

    Parameters
    ----------
    item
        First number, number after the last, and step; of a sample, positions in what was drawn.
    """
    start, stop, step = item
    if source.drawn is not None:
        drawn = np.ascontiguousarray(source.drawn[start:stop])
        ranks = [number_of(row) for row in drawn]
        return rows([source.numbering.opened(drawn)], ranks, source.labels)
    if step == 1:
        return rows(list(source.numbering.blocks(start, stop)), range(start, stop), source.labels)
    numbers = range(start, stop, step)
    opened = source.numbering.opened(limbs_of(numbers, source.numbering.n_limbs))
    return rows([opened], numbers, source.labels)


def rows(blocks: Sequence[Block], ranks: Sequence[int], labels: Labels) -> pa.Table:
    """Make a row for each path of some blocks, which are numbered by ``ranks``."""
    at = 0
    tables = []
    names = pa.array(labels.names, pa.string())
    stops = pa.array(labels.stops, pa.string())
    for block in blocks:
        n = block.first.size
        offsets = block.offsets + np.arange(n + 1)
        nodes = np.empty(offsets[-1], np.int32)
        is_first = np.zeros(offsets[-1], np.bool_)
        is_first[offsets[:-1]] = True
        nodes[is_first] = block.first
        nodes[~is_first] = labels.indices[block.edges]
        last = nodes[offsets[1:] - 1]
        clicked = labels.clicks[block.edges] > 0
        n_clicked = np.concatenate(([0], np.cumsum(clicked)))[block.offsets]
        words = np.add.reduceat(labels.words[nodes], offsets[:-1]) if n else np.empty(0, np.int64)
        of_passage = pa.DictionaryArray.from_arrays(pa.array(labels.passage[nodes]), names)
        tables.append(
            pa.table(
                {
                    "rank": _decimals(ranks[at : at + n]),
                    "ending": pa.DictionaryArray.from_arrays(pa.array(labels.passage[last]), names),
                    "stop": pa.DictionaryArray.from_arrays(pa.array(labels.stop[last]), stops),
                    "n_choices": pa.array(np.diff(n_clicked).astype(np.int32)),
                    "n_words": pa.array(words),
                    "passages": pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), of_passage),
                    "choices": pa.ListArray.from_arrays(
                        pa.array(n_clicked.astype(np.int32)), pa.array(labels.offer[block.edges[clicked]])
                    ),
                }
            )
        )
        at += n
    return pa.concat_tables(tables) if tables else _SCHEMA.empty_table()


_SCHEMA: Final = pa.schema(
    {
        "rank": pa.string(),
        "ending": _TEXT,
        "stop": _TEXT,
        "n_choices": pa.int32(),
        "n_words": pa.int64(),
        "passages": pa.list_(_TEXT),
        "choices": pa.list_(pa.int32()),
    }
)


@dataclass(frozen=True, slots=True)
class _Parquet:
    name: str = "parquet"

    def encode(self, value: Any) -> bytes:
        buffer = io.BytesIO()
        try:
            pq.write_table(value, buffer, compression="zstd")
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise CodecError(f"the table cannot be written as Parquet: {error}") from error
        return buffer.getvalue()

    def decode(self, data: bytes) -> Any:
        try:
            return pq.read_table(io.BytesIO(data))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise CodecError(f"the file is not Parquet: {error}") from error

    def count(self, value: Any) -> int:
        return cast("int", value.num_rows)


@dataclass(frozen=True, slots=True)
class _Csv:
    """Lists are JSON in their cell: names of passages may have any character in them."""

    name: str = "csv"

    def encode(self, value: Any) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(value.column_names)
        for row in value.to_pylist():
            writer.writerow([_json(cell) if isinstance(cell, list) else cell for cell in row.values()])
        return text.getvalue().encode("utf-8")

    def decode(self, data: bytes) -> Any:
        try:
            lines = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
            return _table(
                [
                    {
                        **line,
                        "n_choices": int(line["n_choices"]),
                        "n_words": int(line["n_words"]),
                        "passages": json.loads(line["passages"]),
                        "choices": json.loads(line["choices"]),
                    }
                    for line in lines
                ]
            )
        except (ValueError, KeyError, TypeError, csv.Error, RecursionError) as error:
            raise CodecError(f"the file does not hold paths as CSV: {error}") from error

    def count(self, value: Any) -> int:
        return cast("int", value.num_rows)


@dataclass(frozen=True, slots=True)
class _JsonLines:
    name: str = "jsonl"

    def encode(self, value: Any) -> bytes:
        return "".join(f"{_json(row)}\n" for row in value.to_pylist()).encode("utf-8")

    def decode(self, data: bytes) -> Any:
        try:
            return _table([json.loads(line) for line in data.decode("utf-8").splitlines()])
        except (ValueError, TypeError, RecursionError) as error:
            raise CodecError(f"the file does not hold paths as JSON lines: {error}") from error

    def count(self, value: Any) -> int:
        return cast("int", value.num_rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _table(found: list[dict[str, Any]]) -> Any:
    plain = pa.schema(
        [
            (
                field.name,
                pa.list_(pa.string())
                if field.name == "passages"
                else pa.string()
                if field.type == _TEXT
                else field.type,
            )
            for field in _SCHEMA
        ]
    )
    return pa.Table.from_pylist(found, plain).select(_SCHEMA.names)


FORMATS: Final[dict[str, Codec]] = {"parquet": _Parquet(), "csv": _Csv(), "jsonl": _JsonLines()}
"""How the tables are written, by the files' suffix."""
