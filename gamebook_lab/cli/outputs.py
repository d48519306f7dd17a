"""Files that a command writes replace nothing unasked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gamebook_lab.errors import ConflictError, FormatError

__all__ = ["refuse_to_replace", "require_folders"]


def require_folders(files: Iterable[Path]) -> None:
    """See that the folder of each file is there: a misspelt one is not made unasked.

    Raises
    ------
    FormatError
        If one is not.
    """
    for file in files:
        if not file.parent.is_dir():
            raise FormatError(f"there is no folder {file.parent}; make it first, or check the path", file=str(file))


def refuse_to_replace(files: Iterable[Path], *, overwrite: bool, made: Path | None = None) -> None:
    """See that none of some files is there yet, and that their folder is, before any work is done.

    Parameters
    ----------
    files, overwrite
        What will be written, and whether over what is there.
    made
        Folder of all of them that the command makes itself; the one that it is in must be there.

    Raises
    ------
    ConflictError
        If one is, and is not to be replaced.
    FormatError
        If the folder that one is to be in does not exist.
    """
    files = list(files)
    require_folders(files if made is None else [made])
    there = [] if overwrite else [str(file) for file in files if file.exists()]
    if there:
        verb, them = ("exists", "it") if len(there) == 1 else ("exist", "them")
        raise ConflictError(f"{', '.join(there)} {verb}; choose another name, or replace {them} with --overwrite")
