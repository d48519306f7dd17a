"""Functions, arguments, results and errors as bytes, between the owner and its own workers only.

Pickle is quick with many small objects; cloudpickle takes what a notebook defines. Nothing that comes from a story's file
is ever unpickled.
"""

from __future__ import annotations

import pickle
from typing import Any

__all__ = ["pack", "unpack"]


def pack(thing: object) -> bytes:
    """Pickle, also functions and classes of a notebook or script; raises whatever a thing's pickling raises."""
    try:
        packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # the other one knows more
        packed = None
    # What pickle takes from __main__ by name is not there in a worker.
    if packed is None or b"__main__" in packed:
        import cloudpickle  # type: ignore[import-untyped]

        packed = bytes(cloudpickle.dumps(thing))
    return packed


def unpack(packed: bytes) -> Any:
    """Give back what was packed; raises whatever a thing's unpickling raises."""
    return pickle.loads(packed)  # noqa: S301  # from the other end of this pool
