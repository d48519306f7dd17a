"""``gamebook explore``: find all that a reader can come to, say it in short, and write it as tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pandas as pd

from gamebook_lab import formats
from gamebook_lab.analysis.endings import likeliest_first
from gamebook_lab.analysis.explored import TABLES, Explored, explore
from gamebook_lab.analysis.modelled import Modelled, left_open, modelled
from gamebook_lab.analysis.problems import space_problems
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.share import opened, share
from gamebook_lab.cli.terminal import counted, is_colored, painted, printable, say
from gamebook_lab.story.program import WAYS_ON

__all__ = ["run"]

_MOST_LISTED = 12


def run(
    path: Path,
    *,
    detail: Literal["choices", "text"],
    output: Path | None,
    suffix: str,
    overwrite: bool,
    memory: str,
    max_states: int | None,
    seconds: float | None,
    threads: int | None,
    title: str | None,
) -> int:
    """Explore a story; gives the exit status: 0, or 1 if a limit was reached before the end."""
    names = (*TABLES, "texts") if detail == "text" else TABLES
    files = {name: output / f"{name}.{suffix}" for name in names} if output is not None else {}
    refuse_to_replace(files.values(), overwrite=overwrite, made=output)
    story = formats.read_story(path, title=title)
    with progress_line() as show:
        space = explore(
            story, detail=detail, memory=memory, max_states=max_states, seconds=seconds, threads=threads, progress=show
        )
    for line in _report(space, modelled(story), is_colored=is_colored(sys.stdout)):
        say(line)
    for name, file in files.items():
        _write(getattr(space, name)(), file)
    if output is not None:
        say(f"Tables: {', '.join(str(file) for file in files.values())}")
    return 0 if space.is_complete else 1


def _report(space: Explored, found: Modelled, *, is_colored: bool) -> Iterator[str]:
    def bold(text: str) -> str:
        return painted(text, "bold", is_on=is_colored)

    passages, choices, endings = space.passages(), space.choices(), space.endings()
    title = printable(space.story.metadata.title) or "Untitled story"
    yield f"{bold(title)}: {counted(space.n_states, 'state')}, {_sureness(space)}"
    yield f"  Passages: {_verdicts(passages)}"
    yield f"  Choices:  {_verdicts(choices)}; {_classes(choices)}"
    leading = set(choices.loc[choices["kind"].isin(WAYS_ON), "passage_id"])
    yield from _endings(endings, leading, bold)
    yield from _names(passages, "unreachable", bold("Passages that no reader can come to"))
    locked = passages[(passages["n_soft_locked"] > 0) & (passages["verdict"] != "unreachable")]
    if len(locked):
        yield bold(f"No ending can be reached any more from some states of {counted(len(locked), 'passage')}")
        yield from _listed(locked["passage_id"].tolist())
    loops = space.loops()
    if len(loops):
        yield bold(f"Circles with no way out ({len(loops):,})")
        yield from _listed([", ".join(names[:4]) for names in loops["passages"]])
    yield from _problems(space_problems(space), bold)
    yield from share(found, is_colored=is_colored)
    yield from opened(left_open(space, found), is_colored=is_colored)


def _problems(problems: pd.DataFrame, bold: Callable[[str], str]) -> Iterator[str]:
    """List what exploring has found that an author should know."""
    if len(problems):
        yield f"{bold(f'Problems found by exploring ({len(problems):,})')}: gamebook check --explore tells the places and what to do"
        rows = zip(problems["code"].tolist(), problems["message"].tolist(), strict=True)
        yield from _listed([f"{code} {message}" for code, message in rows])


def _sureness(space: Explored) -> str:
    if space.limit is not None:
        return f"stopped at the limit of {space.limit}: what is not found yet is unknown"
    if not space.is_complete:
        return "not complete: what is not found is unknown"
    if space.is_exact:
        return "exact"
    n = sum(each.decides for each in space.unclear)
    return f"complete, an upper bound: {counted(n, 'decision')} could not be modelled and may go either way"


def _verdicts(table: pd.DataFrame) -> str:
    counts = table["verdict"].value_counts()
    return ", ".join(
        f"{counts.get(name, 0):,} {name}" for name in ("reachable", "unreachable", "unknown") if name == "reachable" or counts.get(name, 0)
    )  # fmt: skip


def _classes(choices: pd.DataFrame) -> str:
    counts = choices["class_"].value_counts()
    return ", ".join(f"{n:,} {name}" for name, n in counts.items())


def _endings(endings: pd.DataFrame, leading: set[str], bold: Callable[[str], str]) -> Iterator[str]:
    kinds = ", ".join(f"{n:,} {stop}" for stop, n in endings["stop"].value_counts().items())
    yield f"{bold(f'Where play stops ({len(endings):,})')}: {kinds}"
    n = len(set(endings.loc[endings["stop"] == "ending", "passage_id"]) & leading)
    if n:
        are = "is a passage that has ways on, and ends" if n == 1 else "are passages that have ways on, and end"
        yield f"  {n:,} of them {are} play where none is offered; gamebook check counts those that have none at all"
    likeliest = likeliest_first(endings)
    for row in likeliest.head(_MOST_LISTED).to_dict("records"):
        name = printable(row["passage_id"]) or "round in circles, for ever"
        chance = (
            f"{row['lower']:.4%} to {row['upper']:.4%}" if pd.isna(row["probability"]) else f"{row['probability']:.4%}"
        )
        yield f"  {chance:>12}  {row['stop']:<15} {name}"
    if len(endings) > _MOST_LISTED:
        yield f"  and {len(endings) - _MOST_LISTED:,} more"


def _names(passages: pd.DataFrame, verdict: str, title: str) -> Iterator[str]:
    found = passages.loc[passages["verdict"] == verdict, "passage_id"].tolist()
    if found:
        yield f"{title} ({len(found):,})"
        yield from _listed(found)


def _listed(names: list[str]) -> Iterator[str]:
    for name in names[:_MOST_LISTED]:
        yield f"  {printable(name)}"
    if len(names) > _MOST_LISTED:
        yield f"  and {len(names) - _MOST_LISTED:,} more"


def _write(table: pd.DataFrame, file: Path) -> None:
    """Write a table beside its place and put it there when it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    flat = table.copy()
    for name in flat.columns[[dtype.kind == "O" for dtype in flat.dtypes]]:
        # counts may be larger than any integer type, and names may be several
        flat[name] = pd.Series(map(_flat, flat[name]), index=flat.index, dtype=object)
    if file.suffix == ".parquet":
        flat.to_parquet(part, index=False)
    elif file.suffix == ".csv":
        flat.to_csv(part, index=False, lineterminator="\n")
    else:
        flat.to_json(part, orient="records", lines=True, force_ascii=False)
    part.replace(file)


def _flat(value: object) -> object:
    """Write numbers of any size as text, and tuples as lists of text."""
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return None if value is None or value is pd.NA else str(value)
