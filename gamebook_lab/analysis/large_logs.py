"""Reading logs larger than memory, counted in parts on the worker pool.

First every part of the files is laid out in numbers and dealt into buckets, so that all steps of a session are in one; then each bucket
is replayed on the state graph. Both are jobs: finished shards are files, so that a run that was killed goes on where it was, and
the counts are the same on any number of workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.analysis.following import Followed, Follower
from gamebook_lab.analysis.matching import passage_rows
from gamebook_lab.analysis.replaying import follow, solve
from gamebook_lab.engine.space import Space
from gamebook_lab.errors import FormatError
from gamebook_lab.formats.logs.columns import mapped
from gamebook_lab.kernels.accelerate import Longs
from gamebook_lab.parallel.codecs import ARRAYS
from gamebook_lab.parallel.jobs import Job, JobReport
from gamebook_lab.parallel.submits import Submits
from gamebook_lab.story.problems import Problem, to_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from gamebook_lab.parallel.running import JobRun

__all__ = ["LogCounts", "count_sessions"]

ROWS: Final = 500_000
"""Rows that one task reads: what bounds its memory."""
_BUCKET_ROWS: Final = 250_000
_VERDICTS: Final = ("valid", "valid with undo", "ambiguous", "impossible")
Arrays = Mapping[str, npt.NDArray[np.generic]]


class Part(NamedTuple):
    """Rows of one file."""

    path: str
    group: int
    """Row group."""
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class LogCounts:
    """What all sessions of a log did together."""

    space: Space
    n_events: int
    n_sessions: int
    verdicts: Mapping[str, int]
    """Sessions by verdict, as :func:`~gamebook_lab.analysis.matching.match` names them."""
    edge_counts: Longs
    """How often each edge of the space was taken: :meth:`ReaderModel.from_counts` takes it."""
    n_visits: Longs
    """Visits of each of the story's passages."""
    n_ended: Longs
    """Sessions whose last step is there, by passage."""
    passages: tuple[str, ...]
    found: tuple[Problem, ...]
    reports: tuple[JobReport, JobReport]

    def table(self) -> pd.DataFrame:
        """Visits and last steps by passage, in story order."""
        return pd.DataFrame({"passage_id": list(self.passages), "n_visits": self.n_visits, "n_ended": self.n_ended})

    def problems(self) -> pd.DataFrame:
        """List names that the story does not have, and how many rows were left out."""
        return to_table(self.found)


def count_sessions(
    paths: str | Path | Sequence[str | Path],
    space: Space,
    workspace: str | Path,
    *,
    pool: Submits | None = None,
    columns: Mapping[str, str] | None = None,
    renames: Mapping[str, str] | None = None,
    watch: Callable[[JobRun], object] | None = None,
) -> LogCounts:
    """Replay a log of any size.

    Parameters
    ----------
    paths
        Parquet files, or a folder of them: a row for each step.
    space
        The story's state graph.
    workspace
        Folder for the jobs' finished shards. The same call with the same folder goes on from them.
    pool
        A :class:`~gamebook_lab.parallel.WorkerPool`; in this process by default.
    columns
        Meaning to column, as for ``read_sessions``; a session or reader, a passage, and a time or step if there is one.
    renames
        Name in the log to name in the story.
    watch
        Called with each of the two runs as it starts: they show progress, rate and time left, pause and cancel.

    Raises
    ------
    FormatError
        If there is no Parquet file, or its columns are not known.
    JobStoppedError
        If a part could not be read.

    Notes
    -----
    Memory is bounded by :data:`ROWS`, not by the log. Steps that need a decision between states are counted by the likeliest.
    """
    files = _files(paths)
    names, parts = _parts(files)
    known = mapped(names, columns, file=files[0].name)
    if "passage_id" not in known or not {"session_id", "reader_id"} & known.keys():
        raise FormatError(
            'say which columns hold passages and sessions: columns={"passage_id": ..., "session_id": ...}',
            file=files[0].name,
        )
    who = known.get("session_id", known.get("reader_id"))
    n_rows = sum(part.stop - part.start for part in parts)
    rows, found = passage_rows(space.story, _distinct(files, known["passage_id"]), renames or {})
    numbered = {
        "who": who,
        "passage": known["passage_id"],
        "order": known.get("step") or known.get("time"),
        "rows": rows,
    }
    first = Job("log-parts", number_part, items=parts, parameters=numbered, codec=ARRAYS, version=2)
    dealt = _run(first, pool, workspace, watch)
    left_out = np.sum([arrays["left_out"] for arrays in dealt.results()], axis=0).tolist() if parts else [0, 0]
    found = (*found, *_left_out(left_out, files[0].name))
    n_buckets = max(1, -(-n_rows // _BUCKET_ROWS))
    shards = [str(dealt.path(key)) for key in dealt.shards["key"]]
    followed = Followed.of(space)
    second = Job(
        "log-sessions", replay_bucket, items=range(n_buckets),
        parameters={"shards": shards, "n_buckets": n_buckets, "followed": followed, "n_passages": len(followed.graph.passages)}, codec=ARRAYS,
    )  # fmt: skip
    replayed = _run(second, pool, workspace, watch)
    total = reduce(_added, replayed.results())
    return LogCounts(
        space, n_rows, int(total["verdicts"].sum()), dict(zip(_VERDICTS, total["verdicts"].tolist(), strict=True)),
        total["edges"], total["visits"], total["ended"], followed.graph.passages, found, (dealt, replayed),
    )  # fmt: skip


def _run(
    job: Job[Any], pool: Submits | None, workspace: str | Path, watch: Callable[[JobRun], object] | None
) -> JobReport:
    run = job.start(pool, workspace)
    if watch is not None:
        watch(run)
    try:
        report = run.wait()
    except KeyboardInterrupt:
        run.cancel()
        raise
    if not report.is_complete:
        raise FormatError(f"{report.n_set_aside} parts of the log could not be counted: {report}")
    return report


def _files(paths: str | Path | Sequence[str | Path]) -> list[Path]:
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    files = [
        file for each in map(Path, given) for file in (sorted(each.glob("**/*.parquet")) if each.is_dir() else [each])
    ]
    if not files:
        raise FormatError("expected Parquet files, or a folder of them, and there is none")
    return files


def _parts(files: Iterable[Path]) -> tuple[list[str], list[Part]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts: list[Part] = []
    names: list[str] = []
    for file in files:
        try:
            said = pq.ParquetFile(file)
        except (OSError, pa.ArrowException) as error:
            raise FormatError(f"expected a Parquet file ({error})", file=file.name) from error
        names = names or said.schema_arrow.names
        for group in range(said.num_row_groups):
            n = said.metadata.row_group(group).num_rows
            parts += [Part(str(file), group, start, min(start + ROWS, n)) for start in range(0, n, ROWS)]
    return names, parts


def _distinct(files: Iterable[Path], column: str) -> list[str]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: dict[str, None] = {}
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(columns=[column]):
            found |= dict.fromkeys(
                str(name) for name in pc.unique(batch.column(0)).to_pylist() if name is not None and str(name).strip()
            )
    return list(found)


def number_part(item: Part, *, who: str, passage: str, order: str | None, rows: Mapping[str, int]) -> Arrays:
    """Lay one part out in numbers: a hash of each session, the passage's row, and what puts its steps in order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = [name for name in dict.fromkeys((who, passage, order)) if name is not None]
    table = (
        pq.ParquetFile(item.path).read_row_group(item.group, columns=wanted).slice(item.start, item.stop - item.start)
    )
    # rows that name no session would all be one session, and those without a passage a step to nowhere
    has_passage, has_session = (_named(table.column(name)) for name in (passage, who))
    left_out = np.array([(~has_passage).sum(), (has_passage & ~has_session).sum()], np.int64)
    table = table.filter(pa.array(has_passage & has_session))
    session = pd.util.hash_array(table.column(who).to_pandas().astype("str").to_numpy(dtype=object), categorize=True)
    names = table.column(passage).to_pandas().astype("str")
    found = names.map(dict(rows)).fillna(-1).to_numpy(np.int32)
    when = np.zeros(len(table), np.float64)
    if order is not None:
        said = table.column(order).to_pandas()
        if pd.api.types.is_datetime64_any_dtype(said):
            said = said.astype("datetime64[us, UTC]" if getattr(said.dtype, "tz", None) else "datetime64[us]").astype(
                "int64"
            )
        when = pd.to_numeric(said, errors="coerce").fillna(np.inf).to_numpy(np.float64)
    return {"session": session, "passage": found, "order": when, "left_out": left_out}


def _named(column: Any) -> npt.NDArray[np.bool_]:
    """Tell which rows say something."""
    said = column.to_pandas()
    named: npt.NDArray[np.bool_] = (said.notna() & (said.astype("str").str.strip() != "")).to_numpy(np.bool_)
    return named


def _left_out(counts: Sequence[int], file: str) -> list[Problem]:
    words = (("GB702", "name no passage"), ("GB703", "name neither session nor reader"))
    return [
        Problem(code, f"{n:,} rows {said}; they were left out", file=file)
        for n, (code, said) in zip(counts, words, strict=True)
        if n
    ]


def replay_bucket(item: int, *, shards: Sequence[str], n_buckets: int, followed: Followed, n_passages: int) -> Arrays:
    """Replay the sessions of one bucket."""
    session, passage = _gathered(shards, item, n_buckets)
    follower = Follower(followed)
    edges = np.zeros(followed.graph.indices.size, np.int64)
    visits, ended = np.zeros(n_passages, np.int64), np.zeros(n_passages, np.int64)
    verdicts = np.zeros(len(_VERDICTS), np.int64)
    for route in _sessions(session, passage):
        done = follow(follower, route, [None] * len(route), ["visit"] * len(route), resumed=False)
        solved = solve(follower, done)
        for taken in solved.edges:
            for edge in taken:
                edges[edge] += 1
        verdicts[3 if done.failed is not None else 2 if solved.n_fits > 1 else 1 if done.n_back else 0] += 1
        if route[-1] >= 0:
            ended[route[-1]] += 1
    np.add.at(visits, passage[passage >= 0], 1)
    return {"edges": edges, "visits": visits, "ended": ended, "verdicts": verdicts}


def _gathered(
    shards: Sequence[str], bucket: int, n_buckets: int
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """Steps of a bucket, sessions together and each in order."""
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    for path in shards:
        arrays = ARRAYS.decode(Path(path).read_bytes())
        rows = np.flatnonzero(arrays["session"] % np.uint64(n_buckets) == bucket)
        parts.append((arrays["session"][rows], arrays["passage"][rows], arrays["order"][rows]))
    session, passage, order = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    by = np.lexsort((np.arange(session.size), order, session))
    return session[by], passage[by]


def _sessions(session: npt.NDArray[np.uint64], passage: npt.NDArray[np.int32]) -> Iterator[list[int]]:
    bounds = np.flatnonzero(np.diff(session)) + 1
    return (route.tolist() for route in np.split(passage, bounds) if route.size)


def _added(one: Arrays, other: Arrays) -> Arrays:
    return {name: one[name] + other[name] for name in one}  # type: ignore[operator]
