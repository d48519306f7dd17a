"""``gamebook paths``: count the playthroughs, show some, and write them to files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from gamebook_lab import formats
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.large_numbers import decimal
from gamebook_lab.analysis.link_paths import LinkPath, link_paths
from gamebook_lab.analysis.path_export import PathExport, sized
from gamebook_lab.analysis.path_filters import Asks
from gamebook_lab.analysis.paths import Paths
from gamebook_lab.cli.outputs import require_folders
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.terminal import is_colored, painted, printable, say
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.counts import CircleError
from gamebook_lab.parallel.pool import SCHEDULER_VARIABLE, WorkerPool
from gamebook_lab.parallel.progress import Progress, duration

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["run"]

_OPTIONS: Final = {
    "sample=100_000": "--sample 100000", "a slice, or by ": "by ", "simple=True": "--simple", "max_choices=": "--max-choices",
    "ending=": "--ending", "through=": "--through", "avoiding=": "--avoiding", "search_steps=": "a longer search in Python",
}  # fmt: skip
_MOST_LISTED = 12
_MOST_PASSAGES = 40


def run(
    path: Path,
    *,
    links: bool,
    filters: Asks,
    number: int | None,
    sample: int | None,
    seed: int,
    output: Path | None,
    suffix: Literal["parquet", "csv", "jsonl"],
    workers: int,
    title: str | None,
) -> int:
    """Say how many playthroughs there are, show or write some; gives the exit status."""
    if output is not None:
        require_folders([output])
    story = formats.read_story(path, title=title)
    try:
        return _run(story, links, filters, number, sample, seed, output, suffix, workers)
    except (CircleError, LimitError) as error:
        raise type(error)(_as_options(str(error))) from error


def _as_options(message: str) -> str:
    """Name the command's options in place of the functions' arguments."""
    for argument, option in _OPTIONS.items():
        message = message.replace(argument, option)
    return message


def _run(  # noqa: PLR0917 -- one caller
    story: Story,
    links: bool,
    filters: Asks,
    number: int | None,
    sample: int | None,
    seed: int,
    output: Path | None,
    suffix: Literal["parquet", "csv", "jsonl"],
    workers: int,
) -> int:
    paths: Paths[Any]
    if links:
        paths = link_paths(story, **filters)
    else:
        with progress_line() as show:
            space = explore(story, memory=filters.get("memory", "2GB"), progress=show)
        paths = space.paths(**filters)
    if output is not None:
        return _write(PathExport(paths, output, suffix, sample, seed), workers)
    if number is not None:
        lines: Iterable[str] = _shown(paths, number)
    elif sample is not None:
        walks = paths.sample(sample, seed)
        lines = (_chain(walks.passages(at)) for at in range(len(walks)))
    else:
        lines = _counts(paths, is_colored=is_colored(sys.stdout))
    for line in lines:
        say(line)
    return 0


def _counts(paths: Paths[Any], *, is_colored: bool) -> Iterator[str]:
    def bold(text: str) -> str:
        return painted(text, "bold", is_on=is_colored)

    kind = "" if paths.is_exact else " (not exact: what is not modelled may go either way)"
    yield f"{bold(printable(paths.title))}: {decimal(paths.count, grouped=True)} playthroughs{kind}"
    if not paths.count:
        yield "No way that was asked for comes to where play stops: see 'gamebook explore' for what can be reached"
    table = paths.by_ending()
    if len(table):
        yield bold(f"By where play stops ({len(table):,})")
    for row in table.head(_MOST_LISTED).to_dict("records"):
        share = row["n_playthroughs"] * 1_000_000 // paths.count / 10_000
        yield f"  {share:>9.4f}%  {row['stop']:<15} {printable(row['passage_id'])}: {decimal(row['n_playthroughs'], grouped=True)}"
    if len(table) > _MOST_LISTED:
        yield f"  and {len(table) - _MOST_LISTED:,} more"
    lengths = paths.by_choices()
    if len(lengths):
        least, most = int(lengths["n_choices"].min()), int(lengths["n_choices"].max())
        yield f"Choices: {least:,} to {most:,}"


def _shown(paths: Paths[Any], number: int) -> Iterator[str]:
    """Tell one playthrough step by step."""
    way: Playthrough | LinkPath = paths[number]
    yield f"Number {decimal(paths.rank(way), grouped=True)} of {decimal(paths.count, grouped=True)}"
    if isinstance(way, LinkPath):
        yield _chain(list(way.passages), len(way.passages))
        return
    for step in way.steps:
        taken = " / ".join(repr(pick.label) for pick in step.picks) or "goes on by itself"
        yield f"  {printable(step.passage)}: {printable(taken)}"
    yield f"  {printable(paths.take([number]).passages(0)[-1])}: play stops"


def _chain(names: list[str], most: int = _MOST_PASSAGES) -> str:
    shown = (
        names if len(names) <= most else [*names[: most // 2], f"({len(names) - most:,} more)", *names[-most // 2 :]]
    )
    return " > ".join(map(printable, shown))


def _write(export: PathExport, workers: int) -> int:
    export.check()
    say(f"{decimal(export.n_paths, grouped=True)} playthroughs, about {sized(export.estimated_bytes)}", to=sys.stderr)
    with ExitStack() as stack:
        is_spread = workers > 1 or bool(os.environ.get(SCHEDULER_VARIABLE))  # a scheduler is given to be used
        pool = stack.enter_context(WorkerPool(minimum=workers, maximum=workers, cpu_limit=1.0)) if is_spread else None
        show = stack.enter_context(_progress(export))
        folder = export.run(pool, progress=show)
    say(f"Written to {printable(str(folder))}; in Python: gb.read_paths({printable(repr(str(folder)))})")
    return 0


@contextmanager
def _progress(export: PathExport) -> Iterator[Callable[[Progress], None] | None]:
    """Show a bar with the paths done, their rate and the time left, where there is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(at: Progress) -> None:
            n_shards = max(1, at.total or 1)
            each = export.n_paths / n_shards
            left = "" if at.seconds_left is None else f", {duration(at.seconds_left)} left"
            text = f"{at.done * each:,.0f} of {export.n_paths:,} paths, {at.rate * each:,.0f} a second{left}"
            bar.update(task, total=n_shards, completed=at.done, description=text)

        yield show
