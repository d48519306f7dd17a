"""What went wrong, in words for an author, from any widget to whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gamebook_lab.errors import ConflictError, EditError, GamebookError, GoneError, UnknownPassageError


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the author.

    ``kind`` ``refused`` is about an edit that could not be made: it is over when something else is done. ``conflict``
    means that the file changed on disk, and asks what to do, ``gone`` that it is not there any more, ``unsaved`` that it
    could not be written otherwise; the next save ends all three, and ``settled`` the first two, and is not shown itself. ``exists`` means that another file is where one was to
    be written, and ``written`` says what was; ``where`` asks for a path, and ``which`` for one of the ``stories`` of an
    archive.
    """

    text: str
    kind: Literal[
        "error", "refused", "conflict", "gone", "settled", "unsaved", "exists", "written", "where", "which", "info"
    ] = "error"
    stories: tuple[str, ...] = ()


def notice_of(error: GamebookError | OSError) -> Notice:
    """Put an error into words."""
    if isinstance(error, GoneError):
        gone = "The story's file is not there any more: it was deleted, moved or renamed. Nothing was written."
        return Notice(gone, "gone")
    if isinstance(error, ConflictError):
        return Notice(
            "The file was changed on disk since it was opened or saved here. Nothing was written.", "conflict"
        )
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return Notice(f"{error.strerror or error}{place}")
    text = str(error.args[0]) if error.args else type(error).__name__
    if isinstance(error, (EditError, UnknownPassageError)):
        return Notice(f"{text[:1].upper()}{text[1:]}", "refused")
    return Notice(text)


def unsaved(error: GamebookError | OSError) -> Notice:
    """Put into words why a story was not written to its file."""
    notice = notice_of(error)
    return notice if notice.kind in ("conflict", "gone") else Notice(notice.text, "unsaved")
