"""What is written beside a story, and is not its file: pages to print, and the whole story in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.studio_messages import Written

__all__ = ["place_of", "written"]

_MOST_LOST: Final = 3


def place_of(session: StorySession, what: Written) -> Path:
    """Where it is written: ``NAME.proof.html``, ``NAME.json``; ``NAME.copy.twee`` where the story itself is ``NAME.twee``.

    That is beside the story's file, or in the current folder.
    """
    path = session.path or Path("story")
    if what in {"proof", "paper"}:
        return path.with_suffix(f".{what}.html")
    place = path.with_suffix(f".{what}")
    return path.with_suffix(f".copy.{what}") if place == session.path else place


def written(session: StorySession, what: Written, *, overwrite: bool = False) -> list[str]:
    """Write a page, replacing the one written before, or the story as it is now in another format.

    Parameters
    ----------
    session
        Its story, as it is now, saved or not; its own file stays as it is.
    what
        ``proof``, ``paper``, or the suffix of a format.
    overwrite
        Write the story even over a file that is there already.

    Returns
    -------
    list of str
        What the format cannot hold, in sentences.

    Raises
    ------
    ConflictError
        If there is such a file already; nothing was written.
    FormatError
        If the format cannot hold the story.
    PaperError
        If the story cannot be played on paper.
    OSError
        If the file cannot be written.
    """
    from gamebook_lab import formats
    from gamebook_lab.analysis.paper import paper
    from gamebook_lab.analysis.proof import proofing_copy

    story, place = session.story, place_of(session, what)
    if what in {"proof", "paper"}:
        (paper(story) if what == "paper" else proofing_copy(story)).save(place)
        return []
    saved = formats.save_story(story, place, overwrite=overwrite)
    assert saved.source is not None
    lost = formats.unrepresentable(story, saved.source.format)
    more = [f"And {len(lost) - _MOST_LOST} more."] if len(lost) > _MOST_LOST else []
    return [f"{problem.message.rstrip('.')}." for problem in lost[:_MOST_LOST]] + more
