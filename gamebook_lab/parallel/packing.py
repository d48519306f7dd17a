"""Functions, arguments, results and errors as bytes, between the owner and its own workers only.

Pickle is quick with many small objects; cloudpickle takes what a notebook defines. Nothing that comes from a story's file
is ever unpickled.
"""

from __future__ import annotations

import pickle
from typing import Any

__all__ = ["Parcel", "pack", "unpack"]


class Parcel:
    """What was packed, on its way through Dask, which hands it on as it is instead of copying it at every stop."""

    __slots__ = ("content",)

    def __init__(self, content: bytes | memoryview) -> None:
        self.content = content

    def __reduce_ex__(self, protocol: Any) -> tuple[type[Parcel], tuple[bytes | pickle.PickleBuffer]]:
        """Travel beside the stream of bytes, where both ends speak protocol 5."""
        return Parcel, (pickle.PickleBuffer(self.content) if protocol >= 5 else bytes(self.content),)

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + len(self.content)


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


def unpack(packed: bytes | memoryview) -> Any:
    """Give back what was packed; raises whatever a thing's unpickling raises."""
    return pickle.loads(packed)  # noqa: S301  # from the other end of this pool
