"""The command ``gamebook``: parse the command line, call one public function, print.

Exit status of every command: 0 all is well, 1 problems were found, 2 bad usage or a file that
cannot be read or written.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence

from gamebook_lab.cli.guard import collect_seldom, guarded

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        What follows ``gamebook``; the process's own without.

    Returns
    -------
    int
        Exit status.
    """
    if arguments is None:
        # what the system takes back anyway is not looked through for cycles, neither after the command nor at exit
        collect_seldom()
        atexit.register(gc.freeze)
        arguments = sys.argv[1:]
    return guarded(list(arguments))
