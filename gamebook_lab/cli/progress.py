"""How far an exploration is: on one line of a terminal, or now and then a line of a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gamebook_lab.engine.limits import Progress

__all__ = ["progress_line"]

LOGGED_SECONDS: Final = 10.0
"""Where there is no terminal, a line comes every so many seconds, so that short work says nothing."""


@contextmanager
def progress_line() -> Iterator[Callable[[Progress], None]]:
    """Show how far it is on one line of a terminal, and clear it; elsewhere write lines to standard error."""
    if not sys.stderr.isatty():
        yield _logged()
        return

    def show(progress: Progress) -> None:
        sys.stderr.write(f"\r\x1b[K{_said(progress)}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _logged() -> Callable[[Progress], None]:
    following = LOGGED_SECONDS

    def log(progress: Progress) -> None:
        nonlocal following
        if progress.seconds < following:
            return
        following = progress.seconds + LOGGED_SECONDS
        sys.stderr.write(f"gamebook: {_said(progress)}\n")
        sys.stderr.flush()

    return log


def _said(progress: Progress) -> str:
    return f"{progress.n_states:,} states, {progress.n_waiting:,} to look at, {progress.seconds:.0f} s"
