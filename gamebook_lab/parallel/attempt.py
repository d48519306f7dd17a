"""What a worker process does with a shard: one attempt. It gives back plain bytes, or the cause why not.

An exception of the work's own is handed back as text: many cannot be unpickled, and such a one
would take down whatever reads it. Running out of memory is left to the pool, which knows the limit.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from gamebook_lab.errors import CodecError
from gamebook_lab.parallel.codecs import Codec

__all__ = ["Cause", "Failed", "Finished", "attempt"]

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

    content: bytes
    sha256: str
    n_rows: int
    seconds: float


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
    start = time.perf_counter()
    try:
        value = function(item, **parameters) if seed is None else function(item, seed=seed, **parameters)
        content = codec.encode(value)
        n_rows = codec.count(value)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # any: it is the shard's, and is named in the report
        return Failed(Cause.of(error), isinstance(error, CodecError), time.perf_counter() - start)
    return Finished(content, hashlib.sha256(content).hexdigest(), n_rows, time.perf_counter() - start)
