"""The commands and their options. Each imports what it needs when it runs, so that all start quickly."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from gamebook_lab import __version__
from gamebook_lab.cli.terminal import say

__all__ = ["FailOn", "ReportFormat", "app"]

app = typer.Typer(
    help="GameBook Lab: analytics and authoring for branching stories.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_STORY = "Story file, or a folder of Twee files."
_TITLE = "Which story of an archive that holds several."


class ReportFormat(StrEnum):
    """How problems are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class FailOn(StrEnum):
    """The least severe problem that makes ``check`` end with status 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Detail(StrEnum):
    """How much ``explore`` keeps."""

    CHOICES = "choices"
    TEXT = "text"


class Level(StrEnum):
    """What a suite covers."""

    PASSAGE = "passage"
    CHOICE = "choice"
    CONDITION = "condition"
    PAIR = "pair"
    ENDING = "ending"


class PlainFormat(StrEnum):
    """How differences are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class TableFormat(StrEnum):
    """How tables are written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSON = "json"


@app.callback(invoke_without_command=True)
def base(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version, and end.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler for long work, tls://host:port, instead of this machine."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: ARG001  # taken out by guard, here for --help
) -> None:
    """GameBook Lab: analytics and authoring for branching stories."""
    if version:
        say(f"gamebook {__version__}")
        raise typer.Exit
    if scheduler is not None:
        from gamebook_lab.cli.scheduler import use

        use(scheduler)
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(2)


@app.command()
def check(  # noqa: PLR0917  # options, all of them by name
    path: Annotated[Path, typer.Argument(help=_STORY)],
    report_format: Annotated[ReportFormat, typer.Option("--format", help="How to write.")] = ReportFormat.TEXT,
    fail_on: Annotated[FailOn, typer.Option(help="End with status 1 from this severity on.")] = FailOn.ERROR,
    output: Annotated[Path | None, typer.Option(help="File to write to, instead of the screen.")] = None,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as pay off without.")] = None,
    explores: Annotated[
        bool, typer.Option("--explore", help="Run the story too: what conditions keep readers from (GB6xx).")
    ] = False,
    memory: Annotated[str, typer.Option(help="With --explore: most memory that the states may take.")] = "2GB",
    seconds: Annotated[float | None, typer.Option(min=0, help="With --explore: stop after so many seconds.")] = None,
) -> int:
    """List a story's problems: broken links, dead ends, unused variables and more."""
    from gamebook_lab.cli.check import run

    return run(
        path, report_format=report_format, fail_on=fail_on, output=output, title=title, workers=workers or "auto",
        explores=explores, memory=memory, seconds=seconds,
    )  # fmt: skip


@app.command()
def explore(  # noqa: PLR0917  # options, all of them by name
    path: Annotated[Path, typer.Argument(help=_STORY)],
    detail: Annotated[
        Detail, typer.Option(help="Keep what can be chosen, or each variant of the text too.")
    ] = Detail.CHOICES,
    output: Annotated[Path | None, typer.Option(help="Folder to write the tables to.")] = None,
    table_format: Annotated[TableFormat, typer.Option("--format", help="Format of the tables.")] = TableFormat.PARQUET,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace tables that are there.")] = False,
    memory: Annotated[str, typer.Option(help="Most memory that the states may take.")] = "2GB",
    max_states: Annotated[int | None, typer.Option(min=1, help="Stop after so many states.")] = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="Stop after so many seconds.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; one for each processor without.")] = None,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
) -> int:
    """Find what a reader can come to: passages, choices and endings, with how likely, and proof."""
    from gamebook_lab.cli.explore import run

    return run(
        path, detail=detail.value, output=output, suffix=table_format.value, overwrite=overwrite,
        memory=memory, max_states=max_states, seconds=seconds, threads=threads, title=title,
    )  # fmt: skip


class PathFormat(StrEnum):
    """How playthroughs are written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


@app.command()
def paths(  # noqa: PLR0917  # options, all of them by name
    path: Annotated[Path, typer.Argument(help=_STORY)],
    ending: Annotated[list[str] | None, typer.Option(help="Only those that stop in this passage; repeatable.")] = None,
    stop: Annotated[list[str] | None, typer.Option(help="Only those that stop so: ending, 'dead end' ...")] = None,
    through: Annotated[list[str] | None, typer.Option(help="Only those through this passage; all, if several.")] = None,
    avoiding: Annotated[list[str] | None, typer.Option(help="Only those that avoid this passage; repeatable.")] = None,
    max_choices: Annotated[int | None, typer.Option(min=0, help="Only those with at most so many choices.")] = None,
    simple: Annotated[bool, typer.Option("--simple", help="Only those that come to nothing twice.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Follow links alone, whatever conditions say.")] = False,
    number: Annotated[int | None, typer.Option(help="Show this one, step by step; counted from 0.")] = None,
    sample: Annotated[int | None, typer.Option(min=0, help="Show (or write) so many at random.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the sample: the same seed draws the same ones.")] = 0,
    output: Annotated[Path | None, typer.Option(help="Folder to write them to; goes on after an interruption.")] = None,
    path_format: Annotated[PathFormat, typer.Option("--format", help="Format of the files.")] = PathFormat.PARQUET,
    workers: Annotated[int, typer.Option(min=1, help="Processes that write.")] = 1,
    memory: Annotated[str, typer.Option(help="Most memory for states and numbers.")] = "2GB",
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
) -> int:
    """Count all playthroughs exactly, show any of them by its number, and write them to files."""
    from gamebook_lab.cli.paths import run

    return run(
        path, links=links, number=number, sample=sample, seed=seed, output=output, suffix=path_format.value,
        workers=workers, title=title,
        filters={
            "ending": ending or None, "stop": stop or None, "through": through or (), "avoiding": avoiding or (),
            "max_choices": max_choices, "simple": simple, "memory": memory,
        },
    )  # fmt: skip


@app.command()
def suite(  # noqa: PLR0917  # options, all of them by name
    path: Annotated[Path, typer.Argument(help=_STORY)],
    level: Annotated[list[Level] | None, typer.Option(help="What to cover; may be given several times.")] = None,
    output: Annotated[
        list[Path] | None, typer.Option(help="File to write: .json to test with, .md, .html or .csv for people.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    memory: Annotated[str, typer.Option(help="Most memory that the states may take.")] = "2GB",
    seconds: Annotated[float | None, typer.Option(min=0, help="Explore for so many seconds at most.")] = None,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
) -> int:
    """Find few playthroughs that cover every choice (or what --level says) that can be covered."""
    from gamebook_lab.cli.suite import run

    levels: list[Literal["passage", "choice", "condition", "text", "pair", "ending"]] = [
        each.value for each in level or [Level.CHOICE]
    ]
    return run(
        path, levels=levels, output=output or [], overwrite=overwrite, memory=memory, seconds=seconds, title=title
    )


@app.command("test")
def retest(
    path: Annotated[Path, typer.Argument(help=_STORY)],
    saved: Annotated[Path, typer.Argument(metavar="SUITE", help="Suite that 'gamebook suite' wrote as .json.")],
    report_format: Annotated[PlainFormat, typer.Option("--format", help="How to write.")] = PlainFormat.TEXT,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
) -> int:
    """Play a suite again after an edit; status 1 if something is not offered, leads elsewhere or ends otherwise."""
    from gamebook_lab.cli.retest import run

    return run(path, saved, report_format=report_format.value, title=title)


@app.command()
def diff(  # noqa: PLR0917  # options, all of them by name
    old: Annotated[Path, typer.Argument(help="The story as it was: a file, or a folder of Twee files.")],
    new: Annotated[Path, typer.Argument(help="The story as it is.")],
    report_format: Annotated[PlainFormat, typer.Option("--format", help="How to write.")] = PlainFormat.TEXT,
    memory: Annotated[str, typer.Option(help="Most memory that the states of each may take.")] = "2GB",
    seconds: Annotated[float | None, typer.Option(min=0, help="Explore each for so many seconds at most.")] = None,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
) -> int:
    """Compare two versions of a story: reachable passages, choices' worth, endings, playthroughs; status 1 if play differs."""
    from gamebook_lab.cli.diff import run

    return run(old, new, report_format=report_format.value, memory=memory, seconds=seconds, title=title)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(help=_STORY)],
    target: Annotated[Path, typer.Argument(help="File to write; its suffix says the format.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
    recorder: Annotated[
        bool, typer.Option("--recorder", help="With a script that lets readers save which passages they came to.")
    ] = False,
) -> int:
    """Write a story in another file format."""
    from gamebook_lab.cli.convert import run

    return run(source, target, overwrite=overwrite, title=title, recorder=recorder)


@app.command()
def readers(  # noqa: PLR0917  # options, all of them by name
    log: Annotated[
        Path, typer.Argument(help="Reading log: .csv .tsv .json .jsonl .parquet .xlsx, or SugarCube saves.")
    ],
    story: Annotated[
        Path, typer.Option("--story", help="The story that was read, or its table of scenes (.csv, .xlsx).")
    ],
    columns: Annotated[
        list[str] | None, typer.Option("--columns", help="Meaning and column, as passage_id=slide; may be given again.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="events, routes, wikispeedia, xapi, matomo, ga4 or saves; told by default.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Of times that name none.")] = "UTC",
    hash_key: Annotated[str | None, typer.Option("--hash-key", help="Replace readers and sessions by digests.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder for the tables, as CSV.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace tables that are there.")] = False,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
    max_states: Annotated[
        int | None, typer.Option(min=1, help="Stop exploring the story after so many states.")
    ] = None,
) -> int:
    """Compare what readers did with all that they could have done; 1 if a session cannot have happened."""
    from gamebook_lab.cli.readers import run

    return run(
        log, story, columns=columns or [], kind=kind, timezone=timezone, hash_key=hash_key, output=output,
        overwrite=overwrite, title=title, max_states=max_states,
    )  # fmt: skip


@app.command()
def proof(
    path: Annotated[Path, typer.Argument(help=_STORY)],
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    code: Annotated[bool, typer.Option("--code/--no-code", help="With scripts, styles and special passages.")] = True,
) -> int:
    """Print a proofing copy: every passage numbered, with its links."""
    from gamebook_lab.cli.printing import proof as run

    return run(path, output, overwrite=overwrite, code=code)


@app.command()
def paper(  # noqa: PLR0917  # options, all of them by name
    path: Annotated[Path, typer.Argument(help=_STORY)],
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    seed: Annotated[int, typer.Option(help="Shuffles the section numbers.")] = 0,
    memory: Annotated[str, typer.Option(help="Most memory that the story's states may take.")] = "2GB",
    max_states: Annotated[int | None, typer.Option(min=1, help="Give up after so many states.")] = None,
) -> int:
    """Make a gamebook to read on paper: numbered sections that play as the story does, or say why it cannot be."""
    from gamebook_lab.cli.printing import paper as run

    return run(path, output, overwrite=overwrite, seed=seed, memory=memory, max_states=max_states)


@app.command()
def lab(
    path: Annotated[Path | None, typer.Argument(help=_STORY)] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="TCP port; the first free one without.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a web browser.")] = False,
) -> int:
    """Open JupyterLab, on a story's Studio if one is given."""
    from gamebook_lab.lab.launch import launch

    return launch(path, port=port, browser=not no_browser)


@app.command()
def backup(path: Annotated[Path, typer.Argument(help=_STORY)]) -> int:
    """Copy what is kept of a story, and try that copy out; backups are also made by themselves."""
    from gamebook_lab.cli.workspace import backup as run

    return run(path)


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help=_STORY)],
    revision: Annotated[
        str | None, typer.Argument(help="Number or name of a revision, or name of a backup; lists them without.")
    ] = None,
    passage: Annotated[list[str] | None, typer.Option(help="Only this passage; may be given several times.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the story's file too.")] = False,
) -> int:
    """Bring an earlier state of a story back, as an edit that can be undone."""
    from gamebook_lab.cli.workspace import restore as run

    return run(path, revision, passages=passage, write=write)


@app.command()
def verify(path: Annotated[Path, typer.Argument(help=_STORY)]) -> int:
    """Look whether all that is kept of a story is sound, and each of its backups."""
    from gamebook_lab.cli.workspace import verify as run

    return run(path)


@app.command()
def dashboard(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="TCP port; the first free one without.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a web browser.")] = False,
) -> int:
    """Open JupyterLab on the live dashboard: processor, memory, response times, frames, errors."""
    from gamebook_lab.lab.launch import launch_dashboard

    return launch_dashboard(port=port, browser=not no_browser)


@app.command()
def report(  # noqa: PLR0917  # options, all but the first by name
    path: Annotated[Path | None, typer.Argument(help=f"Story to report on: {_STORY[0].lower()}{_STORY[1:]}")] = None,
    telemetry: Annotated[
        bool, typer.Option("--telemetry", help="Report what was measured while the lab worked.")
    ] = False,
    since: Annotated[str, typer.Option(help="Length of the time to report, up to now: 2h, 7d, 30d.")] = "1d",
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")] = Path("report.html"),
    folder: Annotated[Path | None, typer.Option(help="Folder of a recorded run; the lab's own without.")] = None,
    memory: Annotated[str, typer.Option(help="Most memory that the story's states may take.")] = "2GB",
    seconds: Annotated[float | None, typer.Option(min=0, help="Explore for so many seconds at most.")] = None,
    title: Annotated[str | None, typer.Option(help=_TITLE)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
) -> int:
    """Write a report as one HTML file that opens in any browser, without a network: on a story, or on the lab itself."""
    if (path is None) != telemetry:
        raise typer.BadParameter("say what to report: a story's path, or --telemetry")
    if path is not None:
        from gamebook_lab.cli.story_report import run as run_story

        return run_story(path, output=output, overwrite=overwrite, title=title, memory=memory, seconds=seconds)
    from gamebook_lab.cli.telemetry_report import run

    return run(since=since, output=output, folder=folder, overwrite=overwrite)


@app.command()
def explain(
    code: Annotated[str | None, typer.Argument(help="Code or name of a problem; all are listed without.")] = None,
) -> int:
    """Tell what a problem code means, and what to do about it."""
    from gamebook_lab.cli.explain import run

    return run(code)
