"""What became of a job: each shard with its status, effort and cause, and the results from their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from gamebook_lab.errors import ManifestError
from gamebook_lab.parallel.codecs import Codec
from gamebook_lab.parallel.manifest import ShardRecord, read_shard
from gamebook_lab.parallel.progress import Progress

__all__ = ["JobReport"]


@dataclass(frozen=True)
class JobReport:
    """What became of a job.

    Parameters
    ----------
    progress
        Its last state.
    folder
        Where its files are.
    keys
        Its shards in the order of the items; parts of a split one are found through its record.
    """

    progress: Progress
    folder: Path
    keys: tuple[str, ...] = field(repr=False)
    records: Mapping[str, ShardRecord] = field(repr=False)
    codec: Codec = field(repr=False)

    @property
    def is_complete(self) -> bool:
        """Every shard was tried and has a result."""
        return self.progress.state == "done" and not self.n_set_aside

    @property
    def n_done(self) -> int:
        """Number of shards that have a result."""
        return sum(record.status == "done" for record in self._in_order())

    @property
    def n_set_aside(self) -> int:
        """Number of shards that failed for good in this run. The next run tries them again."""
        return sum(record.status == "set aside" for record in self._in_order())

    @property
    def shards(self) -> pd.DataFrame:
        """Table of shards, in order.

        Columns ``key``, ``label``, ``status``, ``attempts``, ``seconds``, ``size_bytes``, ``n_rows``, ``cause``
        (class and message of the exception, or missing) and ``traceback``.
        """
        rows = [
            (
                record.key, record.label, record.status, record.attempts, record.seconds, record.size_bytes, record.n_rows,
                None if record.cause is None else f"{record.cause.type}: {record.cause.message}",
                None if record.cause is None else record.cause.traceback,
            )
            for record in self._in_order()
        ]  # fmt: skip
        columns = ["key", "label", "status", "attempts", "seconds", "size_bytes", "n_rows", "cause", "traceback"]
        types = dict.fromkeys(("key", "label", "status", "cause", "traceback"), "str")
        types |= {"attempts": "int64", "seconds": "float64", "size_bytes": "int64", "n_rows": "int64"}
        return pd.DataFrame(rows, columns=columns).astype(types)

    def results(self) -> Iterator[Any]:
        """Read each result from its file, in order, one at a time; those set aside have none.

        Raises
        ------
        ManifestError
            If a file was damaged since; running the job again mends it.
        """
        for record in self._in_order():
            if record.status != "done":
                continue
            content = read_shard(self.path(record.key), record)
            if content is None:
                raise ManifestError(
                    f"the file of shard {record.label} is damaged or gone; run the job again to mend it"
                )
            yield self.codec.decode(content)

    def path(self, key: str) -> Path:
        """File of a shard's result."""
        return self.folder / "shards" / f"{key}.{self.codec.name}"

    def __str__(self) -> str:
        lines = [self.progress.line()]
        causes = Counter(
            f"{record.cause.type}: {record.cause.message}" for record in self._in_order()
            if record.status == "set aside" and record.cause is not None
        )  # fmt: skip
        lines += [f"  {count} set aside for {cause[:200]}" for cause, count in causes.most_common(5)]
        return "\n".join([*lines, f"  files in {self.folder}"])

    def _in_order(self) -> Iterator[ShardRecord]:
        left = list(reversed(self.keys))
        while left:
            record = self.records.get(left.pop())
            if record is not None:
                yield record
                left.extend(reversed(record.parts))
