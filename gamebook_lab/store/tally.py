"""One digest over all rows of a table, kept up to date by each write: a row that vanished is missed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Self

__all__ = ["Sum", "Tally"]


@dataclass(slots=True)
class Sum:
    """Checksums of rows, joined so that their order does not count."""

    value: int = 0
    n: int = 0

    def change(self, old: bytes | None, new: bytes | None) -> None:
        """One row was written, in place of another if there was one."""
        for check, by in ((old, -1), (new, 1)):
            if check is not None:
                self.value ^= int.from_bytes(check)
                self.n += by


@dataclass(slots=True)
class Tally:
    """Digests of the tables, and the number of the last transaction."""

    revision: int = 1
    passages: Sum = field(default_factory=Sum)
    edits: Sum = field(default_factory=Sum)

    @classmethod
    def of(cls, data: bytes | None) -> Self:
        """Read what :meth:`written` gave."""
        revision, *sums = json.loads(data or b"[1,0,0,0,0]")
        return cls(revision, Sum(*sums[:2]), Sum(*sums[2:]))

    def next(self) -> Self:
        """Begin the next transaction."""
        self.revision += 1
        return self

    def written(self) -> bytes:
        """Write it."""
        return json.dumps(
            [self.revision, self.passages.value, self.passages.n, self.edits.value, self.edits.n]
        ).encode()
