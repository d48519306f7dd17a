"""Pages to print, written beside the story that they are of."""

from __future__ import annotations

from pathlib import Path

from gamebook_lab.widgets.session import StorySession

__all__ = ["written"]


def written(session: StorySession, what: str) -> Path:
    """Write a page of the session's story, replacing the one written before.

    Parameters
    ----------
    session
        Its story, as it is now.
    what
        ``proof`` or ``paper``.

    Returns
    -------
    Path
        ``NAME.proof.html`` or ``NAME.paper.html``, beside the story's file or in the current folder.

    Raises
    ------
    PaperError
        If the story cannot be played on paper.
    OSError
        If the file cannot be written.
    """
    from gamebook_lab.analysis.paper import paper
    from gamebook_lab.analysis.proof import proofing_copy

    story, path = session.story, session.path
    page = paper(story) if what == "paper" else proofing_copy(story)
    place = (path or Path("story")).with_suffix(f".{what}.html")
    page.save(place)
    return place
