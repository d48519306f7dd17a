"""The command ``gamebook``: parse the command line, call one public function, print.

Exit status of every command: 0 all is well, 1 problems were found, 2 bad usage or a file that
cannot be read or written.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from gamebook_lab.cli.guard import guarded

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
    if arguments is not None:
        return guarded(list(arguments))
    status = guarded(sys.argv[1:])
    gc.freeze()  # the process ends: to look through all that it made once more takes as long as a quarter of the work
    return status
