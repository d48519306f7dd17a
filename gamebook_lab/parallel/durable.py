"""Files that are there whole or not at all, whatever dies in between."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

__all__ = ["sweep", "sync_folder", "write_whole"]

_TEMPORARY: Final = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file: under another name, onto the disk, renamed, and the name onto the disk.

    Once this returns, the file survives a power cut; until then the old one, if any, is untouched.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's names onto the disk, where the system can."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what was being written when its writer died; only while nobody else writes there."""
    for left in folder.glob(f".*{_TEMPORARY}"):
        left.unlink(missing_ok=True)
