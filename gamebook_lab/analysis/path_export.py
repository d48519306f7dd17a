"""All paths as files: many shards by ranges of numbers, on the pool or in this process, which any crash may interrupt.

The folder then holds ``part-00000.parquet`` and so on, in the order of the paths' numbers, ``choices.parquet`` with what the
column ``choices`` counts, and ``paths.json``, which says what they are. Their bytes are the same whoever worked on them, and
however often it was killed. Until all are there, shards wait in ``.work``; the same call goes on with them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pyarrow as pa

from gamebook_lab.analysis.large_numbers import decimal
from gamebook_lab.analysis.numbering import Block
from gamebook_lab.analysis.path_rows import FORMATS, PATHS, rows, whole, written_rows
from gamebook_lab.analysis.path_saving import labels_of, save_source
from gamebook_lab.analysis.paths import Paths
from gamebook_lab.errors import ConflictError, JobStoppedError, LimitError
from gamebook_lab.parallel.durable import write_whole
from gamebook_lab.parallel.jobs import Effort, Job, JobReport, JobRun
from gamebook_lab.parallel.progress import Progress
from gamebook_lab.parallel.submits import Submits

__all__ = ["PathExport", "Suffix", "sized"]

Suffix = Literal["parquet", "csv", "jsonl"]
_ITEMS: Final = 1 << 20
"""Edges of the paths in a shard, about: a worker needs some 100 MB for them."""
_MOST_PATHS: Final = 1 << 17
_TRIED: Final = 256
"""Paths that are written to see how large they are, at each of three places."""
_SPARE: Final = 0.95
"""Part of the free disk that may be filled."""
_WORK: Final = ".work"
_MANIFEST: Final = "paths.json"


class _Ranges(Sequence[tuple[int, int, int]]):
    """Numbers of a range of any length, cut into shards; as first, stop and step."""

    def __init__(self, view: range, size: int, count: int) -> None:
        self._view, self._size, self._count = view, size, count

    def __len__(self) -> int:
        return (self._count + self._size - 1) // self._size

    def __getitem__(self, at: Any) -> Any:
        if not 0 <= at < len(self):
            raise IndexError(at)
        part = self._view[at * self._size : (at + 1) * self._size]
        return part.start, part.stop, part.step


@dataclass(frozen=True, eq=False)
class PathExport:
    """Paths on their way to a folder.

    :meth:`run` does it all. In a notebook, ``run = export.start(pool)`` returns at once, for
    :class:`~gamebook_lab.widgets.job_progress.JobProgress`; then ``export.finish(run.wait())``.

    Parameters
    ----------
    paths
        What to write.
    folder
        Where to; made if need be.
    suffix
        Format: ``parquet``, ``csv`` or ``jsonl``.
    sample, seed
        Write so many paths, drawn at random as by :meth:`Paths.sample <gamebook_lab.analysis.paths.Paths.sample>`, in place of
        all.
    most_bytes
        What they may take on the disk; as much as is free without.
    """

    paths: Paths[Any]
    folder: Path
    suffix: Suffix = "parquet"
    sample: int | None = None
    seed: int = 0
    most_bytes: int | None = None

    def __post_init__(self) -> None:
        if self.suffix not in get_args(Suffix):
            raise ValueError(f"expected a format, one of {', '.join(get_args(Suffix))}; not {self.suffix!r}")
        if self.sample is not None and self.sample < 0:
            raise ValueError(f"expected a size of the sample from 0 up, not {self.sample}")

    @property
    def n_paths(self) -> int:
        """How many are written."""
        return self.paths.count if self.sample is None else self.sample

    @cached_property
    def estimated_bytes(self) -> int:
        """What all of them take on the disk, about: some are written to see."""
        if not self.n_paths:
            return 0
        n = min(_TRIED, self.paths.count)
        labels = labels_of(self.paths.graph)
        size = tried = 0
        for low in {0, max(0, self.paths.count // 2 - n), self.paths.count - n}:
            walks = self.paths.take(range(low, low + n))
            ranks = [self.paths.view[each] for each in range(low, low + n)]
            table = rows([Block(walks.start, walks.offsets, walks.edges)], ranks, labels)
            empty = len(FORMATS[self.suffix].encode(table.slice(0, 0)))
            size += max(1, len(FORMATS[self.suffix].encode(table)) - empty)
            tried += n
        return size * self.n_paths // tried

    @cached_property
    def _place(self) -> tuple[Path, str]:
        drawn = None if self.sample is None else self.paths.sampled_rows(self.sample, self.seed)
        return save_source(self.paths, self.folder / _WORK, drawn)

    @cached_property
    def job(self) -> Job[Any]:
        """The work as a job."""
        place, identity = self._place
        edges = max(1.0, self.paths.mean_edges)
        size = max(1, min(_MOST_PATHS, int(_ITEMS / edges)))
        view = self.paths.view if self.sample is None else range(self.sample)
        return Job(
            f"paths-{self.suffix}",
            written_rows,
            _Ranges(view, size, self.n_paths),
            {"source": str(place), "identity": identity},
            codec=FORMATS[self.suffix],
            label=lambda item: f"paths from {decimal(item[0])}",
        )

    def check(self) -> None:
        """See whether there is room.

        Raises
        ------
        LimitError
            If not: with the exact number of paths, the bytes that they would take, and what to do instead.
        ConflictError
            If the folder holds other paths.
        """
        free = _free(self.folder)
        allowed = int(free * _SPARE) + _held(self.folder)
        if self.most_bytes is not None:
            allowed = min(allowed, self.most_bytes)
        if self.estimated_bytes > allowed:
            what = f"{sized(free)} are free" if self.most_bytes is None else f"{sized(allowed)} are allowed"
            raise LimitError(
                f"{decimal(self.n_paths, grouped=True)} paths take about {sized(self.estimated_bytes)} in {self.folder}, and"
                f" {what}. Write a sample in their place, say sample=100_000, or fewer of them: a slice, or by"
                " ending=, through=, avoiding=, max_choices="
            )
        there = self._there()
        if there is not None and there != self._header():
            raise ConflictError(
                f"{self.folder} holds other paths already ({there.get('title')!r}, {there.get('count')}): name another folder,"
                " or remove that one"
            )

    def start(self, pool: Submits | None = None) -> JobRun:
        """Start it, and return at once; raises as :meth:`check` does."""
        self.check()
        return self.job.start(pool, self.folder / _WORK, effort=Effort(in_flight=4))

    def finish(self, report: JobReport) -> Path:
        """Put the finished shards in their places.

        Raises
        ------
        JobStoppedError
            If some were set aside; says why.
        """
        if not report.is_complete:
            raise JobStoppedError(f"not all paths could be written; run it again to go on from there.\n{report}")
        width = max(5, len(str(len(report.keys))))
        number = 0
        table = report.shards
        for key in table.loc[table["status"] == "done", "key"].tolist():
            _link(report.path(key), self.folder / f"part-{number:0{width}d}.{self.suffix}")
            number += 1
        write_whole(self.folder / f"choices.{self.suffix}", _choices(self.paths.graph.offers, self.suffix))
        manifest = {**self._header(), "n_parts": number}
        write_whole(self.folder / _MANIFEST, json.dumps(manifest, indent=1).encode())
        return self.folder

    def run(self, pool: Submits | None = None, *, progress: Callable[[Progress], None] | None = None) -> Path:
        """Do it, and wait. After a crash the same call goes on from what is there."""
        run = self.start(pool)
        with contextlib.ExitStack() as stack:
            if progress is not None:
                stack.callback(run.watch(progress))
            try:
                return self.finish(run.wait())
            except KeyboardInterrupt:
                run.cancel()
                raise

    def _header(self) -> dict[str, Any]:
        return {
            "title": self.paths.title,
            "count": decimal(self.paths.count),
            "is_exact": self.paths.is_exact,
            "sample": self.sample,
            "seed": self.seed if self.sample is not None else None,
            "format": self.suffix,
            "columns": [asdict(column) for column in PATHS],
            "identity": self._place[1],
            "view": [decimal(each) for each in (self.paths.view.start, self.paths.view.stop, self.paths.view.step)],
        }

    def _there(self) -> dict[str, Any] | None:
        """What the folder says that it holds."""
        try:
            found = json.loads((self.folder / _MANIFEST).read_text(encoding="utf-8"))
            found.pop("n_parts")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, AttributeError):
            return {"title": "a damaged paths.json", "count": "?"}
        return dict(found)


def _choices(offers: Any, suffix: Suffix) -> bytes:
    """Write the table that the column ``choices`` points into."""
    flat = offers.copy()
    for name in ("passage_id", "label", "kind"):
        flat[name] = [whole(str(each)) for each in flat[name]]
    if suffix == "csv":
        return bytes(flat.to_csv(lineterminator="\n", index_label="row").encode("utf-8"))
    if suffix == "jsonl":
        return bytes(flat.to_json(orient="records", lines=True).encode("utf-8"))
    table = pa.Table.from_pandas(flat, preserve_index=False)
    return FORMATS["parquet"].encode(table)


def _link(shard: Path, place: Path) -> None:
    """Give a file a second name; where the system cannot, move it."""
    part = place.with_name(f".{place.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(shard, part)
    except OSError:
        shutil.copyfile(shard, part)
    part.replace(place)


def _free(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def _held(folder: Path) -> int:
    """Bytes of shards that are done."""
    return sum(file.stat().st_size for file in folder.glob(f"{_WORK}/*/shards/*"))


def sized(n_bytes: int) -> str:
    """Write a number of bytes for people."""
    power = 0
    units = ("bytes", "kB", "MB", "GB", "TB", "PB")
    while power < len(units) - 1 and n_bytes >= 1000 ** (power + 1):
        power += 1
    return f"{decimal(n_bytes // 1000**power, grouped=True)} {units[power]}"
