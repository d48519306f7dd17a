"""Files that a command writes replace nothing unasked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gamebook_lab.errors import ConflictError

__all__ = ["refuse_to_replace"]


def refuse_to_replace(files: Iterable[Path], *, overwrite: bool) -> None:
    """See that none of some files is there yet, before any work is done.

    Raises
    ------
    ConflictError
        If one is, and is not to be replaced.
    """
    there = [] if overwrite else [str(file) for file in files if file.exists()]
    if there:
        verb, them = ("exists", "it") if len(there) == 1 else ("exist", "them")
        raise ConflictError(f"{', '.join(there)} {verb}; choose another name, or replace {them} with --overwrite")
