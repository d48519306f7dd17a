"""How far an exploration is, on one line of a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gamebook_lab.engine.limits import Progress

__all__ = ["progress_line"]


@contextmanager
def progress_line() -> Iterator[Callable[[Progress], None] | None]:
    """Show how far it is on one line of a terminal, and clear it."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(progress: Progress) -> None:
        sys.stderr.write(
            f"\r\x1b[K{progress.n_states:,} states, {progress.n_waiting:,} to look at, {progress.seconds:.0f} s"
        )
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
