"""Names what work is about by its content: the same function, parameters and item have the same key for ever.

Pickle cannot do this: equal values may pickle to different bytes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import PurePath
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = ["content_hash", "name_of", "seed_of"]

_DEPTH: Final = 64


def content_hash(*values: Any) -> str:
    """Hash plain values, containers, dataclasses, arrays and tables of them.

    Returns
    -------
    str
        64 hexadecimal digits (SHA-256).

    Raises
    ------
    TypeError
        For anything whose content is not known, such as an open file or a function's closure.
    ValueError
        If it is nested more than 64 deep.
    """
    digest = hashlib.sha256()
    _feed(digest.update, values, 0)
    return digest.hexdigest()


def name_of(function: Callable[..., Any]) -> str:
    """Name a function so that another process, and tomorrow's, finds the same one: ``module:name``.

    Raises
    ------
    TypeError
        If it has no such name, as a lambda or a function within a function.
    """
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if not module or not name or "<" in name:
        raise TypeError(
            f"expected a function with a name of its own at the top of a module or notebook, not {function!r}:"
            " a job must find the same one again; pass what it closes over as parameters"
        )
    return f"{module}:{name}"


def seed_of(seed: int, key: str) -> int:
    """Seed for one shard, below 2**63: the same for the same shard, independent between shards."""
    return int(content_hash("seed", seed, key)[:16], 16) >> 1


def _feed(update: Callable[[bytes], None], value: Any, depth: int) -> None:
    if depth > _DEPTH:
        raise ValueError(f"expected values nested at most {_DEPTH} deep")
    tag, content = _parts(value)
    # tag and length in front of everything: ("ab", "c") is not ("a", "bc")
    update(tag.encode() + b"\0")
    if isinstance(content, bytes):
        update(struct.pack("<q", len(content)) + content)
        return
    update(struct.pack("<q", len(content)))
    for part in content:
        _feed(update, part, depth + 1)


def _parts(value: Any) -> tuple[str, bytes | list[Any]]:
    """Kind of a value, and either its bytes or the values that it is made of."""
    match value:
        case Enum():
            return f"enum {_type_name(value)}", value.name.encode()
        case None | bool():
            return type(value).__name__, str(value).encode()
        case int():
            return "int", hex(value).encode()  # decimal digits are limited to 4,300
        case float():
            return "float", struct.pack("<d", value)
        case str():
            return "str", value.encode("utf-8", "surrogatepass")
        case bytes():
            return "bytes", value
        case PurePath():
            return "path", value.as_posix().encode("utf-8", "surrogateescape")
        case tuple() | list():
            # a NamedTuple is known by its class too
            return ("list" if isinstance(value, list) else _type_name(value)), list(value)
        case set() | frozenset():
            return "set", sorted(content_hash(part) for part in value)
        case Mapping():
            return "mapping", sorted((content_hash(key), content_hash(part)) for key, part in value.items())
    return _of_library(value)


def _of_library(value: Any) -> tuple[str, bytes | list[Any]]:
    if isinstance(value, np.generic):
        return _parts(value.item())
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return "array", [value.dtype.str, value.shape, np.ascontiguousarray(value).tobytes()]
    if isinstance(value, pd.DataFrame):
        hashes = pd.util.hash_pandas_object(value, index=True).to_numpy()
        return "table", [[str(name) for name in value.columns], [str(dtype) for dtype in value.dtypes], hashes]
    if is_dataclass(value) and not isinstance(value, type):
        return f"record {_type_name(value)}", [(field.name, getattr(value, field.name)) for field in fields(value)]
    raise TypeError(
        f"expected plain values, containers, dataclasses, arrays or tables, not {type(value).__name__}:"
        " a job's parameters and items are known by their content"
    )


def _type_name(value: object) -> str:
    return f"{type(value).__module__}:{type(value).__qualname__}"
