"""Find and replace, as the Studio shows it: a page of the preview, then the deed."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from gamebook_lab.errors import EditError, LimitError
from gamebook_lab.story import search
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.studio_messages import Previewed, PreviewRow, ReplaceQuery

MOST_ROWS: Final = 200
"""Rows of a preview that are sent; the counts are of all."""


def previewed(story: Story, view: str, query: ReplaceQuery) -> Previewed:
    """Say what a replacement would do."""
    if not query["find"]:
        return _answer(view, query)
    try:
        found = search.preview(story, query["find"], query["replace"], **_options(query))
    except (EditError, LimitError) as error:
        return _answer(view, query, error=str(error))
    return _answer(view, query, found)


def replaced(session: StorySession, view: str, query: ReplaceQuery, *, origin: object) -> Previewed:
    """Replace everywhere, and say what was done."""
    found = search.preview(session.story, query["find"], query["replace"], **_options(query))
    session.apply(
        lambda story: search.replace(story, query["find"], query["replace"], **_options(query)),
        label="Replace all", origin=origin,
    )  # fmt: skip
    return _answer(view, query, found, is_done=True)


def _options(query: ReplaceQuery) -> dict[str, Any]:
    return {
        "regex": query["is_regex"],
        "case_sensitive": query["is_case_sensitive"],
        "whole_word": query["is_whole_word"],
        "within": query["within"],
    }


def _answer(
    view: str,
    query: ReplaceQuery,
    found: pd.DataFrame | None = None,
    *,
    error: str | None = None,
    is_done: bool = False,
) -> Previewed:
    rows = [] if found is None else [_row(record) for record in found.head(MOST_ROWS).to_dict("records")]
    return Previewed(
        type="previewed", view=view, query=query, n=0 if found is None else len(found),
        n_passages=0 if found is None else int(found["key"].nunique()), rows=rows, error=error, is_done=is_done,
    )  # fmt: skip


def _row(record: Any) -> PreviewRow:
    return PreviewRow(
        key=int(record["key"]), name=safe_text(record["passage_id"]), where=record["where"],
        before=safe_text(record["before"]), old=safe_text(record["match"]), new=safe_text(record["replacement"]),
        after=safe_text(record["after"]), start=int(record["start"]), stop=int(record["stop"]),
    )  # fmt: skip
