"""Checksums of rows: SQLite's own check sees few damaged bytes, these see nearly all."""

from __future__ import annotations

import hashlib
from typing import Final

__all__ = ["checksum"]

_SIZE: Final = 8


def checksum(*values: bytes | str | float | None) -> bytes:
    """Digest of a row's values, told apart by kind and length."""
    parts = []
    for value in values:
        data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogatepass")
        parts += [b"%d:" % len(data), data]
    return hashlib.blake2b(b"".join(parts), digest_size=_SIZE).digest()
