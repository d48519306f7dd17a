"""A log's cells as text, whatever file they stand in, with the rows that could not be read.

Covers: CSV, TSV, JSON lines, a JSON array, Parquet, Excel. Every cell comes out as text (or is missing), with the number
of its record in the file, so that a problem can say where it is.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from gamebook_lab.errors import FormatError, LimitError
from gamebook_lab.formats.encoding import Encoding, decode
from gamebook_lab.formats.files import read_bytes
from gamebook_lab.story.problems import Problem

__all__ = ["MOST_CHARACTERS", "RECORD", "json_records", "log_text", "read_cells", "to_cells"]

RECORD: Final = "(record)"
"""Column that holds each row's 1-based number in the file; a header counts."""
MOST_CHARACTERS: Final = 1_000_000
"""Longest cell that is read: a whole session's route is far shorter."""
_MOST_UNPACKED: Final = 2**30
_DEEPEST: Final = 64
_MOST_COLUMNS: Final = 2_000


def read_cells(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a log's cells.

    Returns
    -------
    tuple
        A table of text, with :data:`RECORD`; and a problem for each record that is not in it.

    Raises
    ------
    FormatError
        If the file cannot be read at all; says what was expected.
    LimitError
        If it is too large to be read in one go, or too wide.
    """
    suffix = path.suffix.lower()
    if suffix in {".parquet", ".pq"}:
        return _parquet(path), []
    if suffix in {".xlsx", ".xlsm"}:
        return _excel(path), []
    text, notes = _text(path)
    if suffix in {".json", ".jsonl", ".ndjson"}:
        records, more = json_records(text, file=path.name)
        return to_cells(records), [*notes, *more]
    if suffix not in {".csv", ".tsv", ".tab", ".txt"}:
        raise FormatError("expected a log as .csv, .tsv, .json, .jsonl, .parquet or .xlsx", file=path.name)
    table, more = _csv(text, "\t" if suffix in {".tsv", ".tab"} else _delimiter(text), path.name)
    return table, [*notes, *more]


def log_text(path: Path) -> tuple[str, Encoding]:
    """Decode a log.

    Raises
    ------
    FormatError
        If it is binary.
    """
    data = read_bytes(path)
    try:
        return decode(data, file=path.name)
    except FormatError as error:
        msg = "expected text, and it holds bytes that no text has; save the log as CSV in UTF-8"
        raise FormatError(msg, file=path.name) from error


def _text(path: Path) -> tuple[str, list[Problem]]:
    text, encoding = log_text(path)
    if encoding.is_utf8:
        return text, []
    said = f"The file is not UTF-8; it was read as {encoding.name}"
    return text, [Problem("GB707", said, "Save it as UTF-8, and look whether accents are right", file=path.name)]


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=first.count) if any(mark in first for mark in ",;\t|") else ","


def _csv(text: str, delimiter: str, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    found: list[Problem] = []

    def skip(row: pa.csv.InvalidRow) -> str:
        said = f"Record {row.number} has {row.actual_columns} cells, and the header {row.expected_columns}"
        found.append(
            Problem("GB701", said, "Put quotes around a cell that holds the separator", file=file, line=row.number)
        )
        return "skip"

    if not text.strip():
        raise FormatError("the log is empty; it needs a header row and a row for each step", file=file)
    try:
        # one thread: only then does it say which record is bad
        table = pa.csv.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")),
            read_options=pa.csv.ReadOptions(use_threads=False, block_size=64 * 2**20),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip),
            convert_options=pa.csv.ConvertOptions(
                strings_can_be_null=False, quoted_strings_can_be_null=False, **_as_text(text, delimiter)
            ),
        )
    except pa.ArrowInvalid as error:
        raise FormatError(f"expected a table with a header row ({error})", file=file) from error
    cells = _pandas(table)
    bad = {problem.line for problem in found}
    numbers = (number for number in range(2, 2 + len(cells) + len(bad)) if number not in bad)
    cells[RECORD] = pd.Series(list(numbers), dtype="int64")
    return cells, found


def _as_text(text: str, delimiter: str) -> dict[str, Any]:
    import csv

    names = next(csv.reader(io.StringIO(text.split("\n", 1)[0].lstrip("\ufeff")), delimiter=delimiter), [])
    _not_too_wide(len(names))
    return {"column_types": dict.fromkeys(names, pa.string())}


def _not_too_wide(n: int) -> None:
    if n > _MOST_COLUMNS:
        raise LimitError(
            f"the log has more than {_MOST_COLUMNS:,} columns; keep those that say who was where, and when"
        )


def _pandas(table: pa.Table) -> pd.DataFrame:
    names = table.column_names
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError(f"two columns are called {twice!r}: rename one")
    return pd.DataFrame({name: table.column(name).cast(pa.string()).to_pandas() for name in names})


def _parquet(path: Path) -> pd.DataFrame:
    try:
        table = pa.parquet.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise FormatError(f"expected a Parquet file ({error})", file=path.name) from error
    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_nested(column.type):
            columns[name] = pd.Series(
                [None if each is None else json.dumps(each, default=str) for each in column.to_pylist()], dtype="str"
            )
        elif pa.types.is_timestamp(column.type):
            columns[name] = pc.strftime(
                column, format="%Y-%m-%dT%H:%M:%S" + ("Z" if column.type.tz else "")
            ).to_pandas()
        else:
            columns[name] = column.cast(pa.string()).to_pandas()
    cells = pd.DataFrame(columns)
    cells[RECORD] = range(1, 1 + len(cells))
    return cells


def _excel(path: Path) -> pd.DataFrame:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > _MOST_UNPACKED:
                raise LimitError(
                    f"{path.name}: unpacked it is larger than {_MOST_UNPACKED // 2**30} GiB; save it as CSV or Parquet"
                )
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = [
            [None if cell is None else _said(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise FormatError(f"expected an Excel workbook ({error})", file=path.name) from error
    if not rows:
        raise FormatError("the first sheet is empty; it needs a header row and a row for each step", file=path.name)
    header = [name or f"column {at}" for at, name in enumerate(rows[0], 1)]
    width = len(header)
    cells = pd.DataFrame([(row + [None] * width)[:width] for row in rows[1:]], columns=header, dtype="str")
    cells[RECORD] = range(2, 2 + len(cells))
    return cells


def _said(cell: object) -> str:
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def json_records(text: str, *, file: str) -> tuple[list[tuple[int, Mapping[str, Any]]], list[Problem]]:
    """Read JSON lines, or one JSON array of objects: each with its number, and a problem for what is none.

    Raises
    ------
    FormatError
        If nothing in it is a JSON object.
    """
    found: list[Problem] = []
    records: list[tuple[int, Mapping[str, Any]]] = []

    def take(number: int, value: object) -> None:
        if isinstance(value, dict):
            records.append((number, value))
        else:
            found.append(
                Problem(
                    "GB701", f"Record {number} is not a JSON object", "Write each step as {...}", file=file, line=number
                )
            )

    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "[":
        try:
            for number, value in enumerate(_parsed(text.lstrip("\ufeff")), 1):
                take(number, value)
        except ValueError as error:
            raise FormatError(f"expected a JSON array of objects ({error})", file=file) from error
    else:
        for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
            if line.strip():
                try:
                    take(number, _parsed(line))
                except ValueError as error:
                    found.append(
                        Problem(
                            "GB701",
                            f"Line {number} is not JSON: {error}",
                            "Write one object a line",
                            file=file,
                            line=number,
                        )
                    )
    if not records:
        raise FormatError("expected JSON objects, one a line or in an array, and there is none", file=file)
    return records, found


def _parsed(text: str) -> Any:
    if len(text) > MOST_CHARACTERS and not text.lstrip().startswith("["):
        raise ValueError(f"longer than {MOST_CHARACTERS:,} characters")
    try:
        value = json.loads(text)
        # half a character, as \ud800, is JSON and no text
        return _whole(value) if "\\ud" in text.lower() else value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(each) for name, each in value.items()}
    return value


def to_cells(records: Iterable[tuple[int, Mapping[str, Any]]]) -> pd.DataFrame:
    """Lay objects out as a table; what is inside of an object gets a name such as ``actor.name``."""
    rows, numbers = [], []
    names: set[str] = set()
    for number, record in records:
        row: dict[str, str] = {}
        _flatten(record, "", row, 0)
        names.update(row)
        _not_too_wide(len(names))
        rows.append(row)
        numbers.append(number)
    cells = pd.DataFrame(rows).astype("str") if rows else pd.DataFrame()
    cells[RECORD] = numbers
    return cells


def _flatten(value: object, name: str, row: dict[str, str], depth: int) -> None:
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, inner in value.items():
            _flatten(inner, f"{name}.{key}" if name else str(key), row, depth + 1)
    elif isinstance(value, (dict, list)):
        row[name] = json.dumps(value)
    elif value is not None:
        row[name] = value if isinstance(value, str) else json.dumps(value)
