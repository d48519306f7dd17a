"""What a worker process does with a shard: one attempt. It gives back the result, or the cause why not.

An exception of the work's own is handed back as text: many cannot be unpickled, and such a one
would take down whatever reads it. Running out of memory is left to the pool, which knows the limit.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from gamebook_lab.errors import CodecError, SchemaError
from gamebook_lab.parallel.codecs import Codec
from gamebook_lab.parallel.schema import Schema, n_bytes, n_rows

__all__ = ["Cause", "Failed", "Finished", "attempt", "attempt_checked"]

_MESSAGE: Final = 2_000
_TRACEBACK: Final = 8_000


class Cause(NamedTuple):
    """Why a shard failed."""

    type: str
    """Name of the exception's class."""
    message: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> Cause:
        """Cause that an exception tells, cut to a bearable length."""
        try:
            message = str(error)
        except Exception:  # noqa: BLE001  # somebody else's __str__ failed; its class is known
            message = ""
        try:
            lines = "".join(traceback.format_exception(error))
        except Exception:  # noqa: BLE001  # as above
            lines = ""
        return cls(type(error).__qualname__, message[:_MESSAGE], lines[-_TRACEBACK:])


class Finished(NamedTuple):
    """An attempt that has a result."""

    content: Any
    """Bytes of a file, or the value itself."""
    n_rows: int
    n_bytes: int
    seconds: float
    sha256: str | None
    """Of a file."""


class Failed(NamedTuple):
    """An attempt that raised."""

    cause: Cause
    is_final: bool
    """Would fail in the same way again."""
    seconds: float


def attempt(
    function: Callable[..., Any], item: Any, parameters: Mapping[str, Any], seed: int | None, codec: Codec
) -> Finished | Failed:
    """Run a function over one item, and encode what it returns.

    Parameters
    ----------
    function
        Called as ``function(item, **parameters)``, with ``seed=`` if there is one.
    """

    def work() -> tuple[Any, int, int, str | None]:
        value = function(item, **parameters) if seed is None else function(item, seed=seed, **parameters)
        content = codec.encode(value)
        return content, codec.count(value), len(content), hashlib.sha256(content).hexdigest()

    return _judged(work)


def attempt_checked(
    function: Callable[..., Any], item: Any, parameters: Mapping[str, Any], takes: Schema, gives: Schema
) -> Finished | Failed:
    """Run a function over one item, and check both the item and what it returns."""

    def work() -> tuple[Any, int, int, str | None]:
        takes.check(item)
        value = function(item, **parameters)
        gives.check(value)
        return value, n_rows(value), n_bytes(value), None

    return _judged(work)


def _judged(work: Callable[[], tuple[Any, int, int, str | None]]) -> Finished | Failed:
    start = time.perf_counter()
    try:
        content, rows, size, sha256 = work()
    except (MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001  # any: it is the shard's, a SystemExit too, and is named in the report
        is_final = isinstance(error, CodecError | SchemaError)
        return Failed(Cause.of(error), is_final, time.perf_counter() - start)
    return Finished(content, rows, size, time.perf_counter() - start, sha256)
