"""What went wrong, in words for an author, from any widget to whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gamebook_lab.errors import ConflictError, GamebookError


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the author.

    ``kind`` ``conflict`` means that the file changed on disk, and asks what to do; ``where`` asks for a path, and
    ``which`` for one of the ``stories`` of an archive.
    """

    text: str
    kind: Literal["error", "conflict", "where", "which", "info"] = "error"
    stories: tuple[str, ...] = ()


def notice_of(error: GamebookError | OSError) -> Notice:
    """Put an error into words."""
    if isinstance(error, ConflictError):
        return Notice(
            "The file was changed on disk since it was opened or saved here. Nothing was written.", "conflict"
        )
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return Notice(f"{error.strerror or error}{place}")
    return Notice(str(error.args[0]) if error.args else type(error).__name__)
