"""Shows a job's progress in the terminal."""

from __future__ import annotations

import threading
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from gamebook_lab.parallel.progress import Progress
from gamebook_lab.parallel.report import JobReport
from gamebook_lab.parallel.running import JobRun

__all__ = ["drawn", "show"]

_BAR: Final = 30
_REFRESH_SECONDS: Final = 0.25


def drawn(progress: Progress) -> Table:
    """Bar and words for a moment of a job."""
    line = Table.grid(padding=(0, 1))
    share = progress.share
    # a bar without a total pulses while the job runs
    total = 1.0 if share is not None or progress.is_over else None
    bar = ProgressBar(total=total, completed=share or 0.0, width=_BAR, pulse=total is None)
    # as text, not markup: a job may be named after a story
    line.add_row(bar, Text(progress.line()))
    return line


def show(run: JobRun, console: Console | None = None) -> JobReport:
    """Show a job until its end; an interrupt cancels it, with what is finished kept.

    Where the output is no terminal, only the last line is printed.

    Raises
    ------
    JobStoppedError
        As :meth:`JobRun.wait`.
    """
    console = console or Console(stderr=True)
    changed = threading.Event()
    stop = run.watch(lambda _: changed.set())
    try:
        with Live(drawn(run.progress), console=console, auto_refresh=False) as live:
            while not run.progress.is_over:
                # time left changes without any news, too
                changed.wait(_REFRESH_SECONDS)
                changed.clear()
                live.update(drawn(run.progress), refresh=console.is_terminal)
            live.update(drawn(run.progress))
    except KeyboardInterrupt:
        run.cancel()
        raise
    finally:
        stop()
    return run.wait()
