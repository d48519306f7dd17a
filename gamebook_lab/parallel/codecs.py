"""How a shard's result becomes the bytes of a file, and comes back. Never pickle: files may be a stranger's.

Equal values give equal bytes with the same versions of the libraries.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from gamebook_lab.errors import CodecError

__all__ = ["ARRAYS", "JSON", "TABLE", "Codec"]

_DEPTH: Final = 200
"""Of nested JSON values; Python's own parser stops at about 1,000."""


@runtime_checkable
class Codec(Protocol):
    """Turns results into bytes and back; picklable, and known by its name."""

    @property
    def name(self) -> str:
        """Name, and suffix of the files."""

    def encode(self, value: Any) -> bytes:
        """Bytes of a value; :class:`CodecError` if it has none."""

    def decode(self, data: bytes) -> Any:
        """Value of bytes; :class:`CodecError` if they are not what ``encode`` makes."""

    def count(self, value: Any) -> int:
        """Number of rows, as far as it has rows; else 1."""


@dataclass(frozen=True, slots=True)
class _Json:
    name: str = "json"

    def encode(self, value: Any) -> bytes:
        _check_json(value, 0)
        try:
            return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
        except (ValueError, TypeError) as error:
            raise CodecError(f"the result cannot be written as JSON: {error}") from error

    def decode(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise CodecError(f"the file is not JSON: {error}") from error

    def count(self, value: Any) -> int:
        return len(value) if isinstance(value, list | tuple | dict) else 1


def _check_json(value: Any, depth: int) -> None:
    """Refuse what JSON would change quietly: keys that are no text, NaN, types that it does not know."""
    if depth > _DEPTH:
        raise CodecError(f"expected a result nested at most {_DEPTH} deep")
    match value:
        case None | bool() | int() | str():
            return
        case float() if math.isfinite(value):
            return
        case list() | tuple():
            for part in value:
                _check_json(part, depth + 1)
            return
        case dict() if all(isinstance(key, str) for key in value):
            for part in value.values():
                _check_json(part, depth + 1)
            return
    raise CodecError(
        "expected text, finite numbers, true, false, none, lists, and dicts with text as keys,"
        f" not {type(value).__name__}; return a table or arrays and name their codec, or plain values"
    )


@dataclass(frozen=True, slots=True)
class _Table:
    name: str = "parquet"

    def encode(self, value: Any) -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not isinstance(value, pd.DataFrame):
            raise CodecError(f"expected a DataFrame, not {type(value).__name__}")
        buffer = io.BytesIO()
        try:
            pq.write_table(pa.Table.from_pandas(value), buffer, compression="zstd")
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise CodecError(f"the table cannot be written as Parquet: {error}") from error
        return buffer.getvalue()

    def decode(self, data: bytes) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(io.BytesIO(data)).to_pandas()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise CodecError(f"the file is not Parquet: {error}") from error

    def count(self, value: Any) -> int:
        return len(value)


@dataclass(frozen=True, slots=True)
class _Arrays:
    name: str = "npz"

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise CodecError(f"expected arrays by name, not {type(value).__name__}")
        arrays = {key: np.asarray(value[key]) for key in sorted(value)}
        buffer = io.BytesIO()
        # an archive written by hand: np.savez takes names such as "file" for its own arguments
        with zipfile.ZipFile(buffer, "w") as archive:
            for key, array in arrays.items():
                with archive.open(zipfile.ZipInfo(f"{key}.npy"), "w", force_zip64=True) as file:
                    try:
                        np.lib.format.write_array(file, array, allow_pickle=False)
                    except ValueError as error:
                        raise CodecError(f"the array {key!r} holds Python objects; give it a type") from error
        return buffer.getvalue()

    def decode(self, data: bytes) -> Any:
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as archive:
                return {key: archive[key] for key in archive.files}
        except (ValueError, OSError, EOFError, zipfile.BadZipFile, AttributeError) as error:
            raise CodecError(f"the file does not hold arrays: {error}") from error

    def count(self, value: Any) -> int:
        return max((len(array) for array in map(np.asarray, value.values()) if array.ndim), default=1)


JSON: Final[Codec] = _Json()
"""Plain values. A tuple comes back as a list."""
TABLE: Final[Codec] = _Table()
"""A DataFrame, as Parquet."""
ARRAYS: Final[Codec] = _Arrays()
"""NumPy arrays by name."""
