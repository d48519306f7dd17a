"""Words of a story: in all, by tag, and on the way to each ending."""

from __future__ import annotations

import math
from typing import Any, Literal

from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.facts_pane import FactRow, FactsPane
from gamebook_lab.widgets.open_sessions import Shown

__all__ = ["WordsPane", "words_by_tag"]


class WordsPane(FactsPane):
    """Shows how much there is to read.

    Parameters
    ----------
    story
        Of what: a session, a story, or a path to open.
    """

    def __init__(self, story: Shown) -> None:
        super().__init__(story, "words_pane")

    def content(self, explored: Explored | None) -> dict[str, Any]:
        """Give words in all, by tag and by ending."""
        story = self.session.story
        prose = story.passages[story.passages["kind"] == "story"]["n_words"]
        paths = _by_ending(story, explored)
        return {
            "n_words": int(prose.sum()), "n_passages": len(prose), "longest": int(prose.max()) if len(prose) else 0,
            "median": float(prose.median()) if len(prose) else 0.0, "tags": words_by_tag(story), "paths": paths,
            "extent": _extent(explored),
        }  # fmt: skip


def _extent(explored: Explored | None) -> Literal["begun", "part", "whole", "none"]:
    """How far the ways are known that the table of endings is about."""
    findings = explored.findings if explored is not None else None
    if findings is None:
        return "none" if explored is not None and explored.status in {"failed", "unavailable"} else "begun"
    if findings.is_complete:
        return "whole"
    return "part" if explored is not None and explored.status == "done" else "begun"


def words_by_tag(story: Story) -> list[FactRow]:
    """Rows of tag, passages, words and words a passage, in the order in which tags first appear; untagged last."""
    table = story.passages[story.passages["kind"] == "story"]
    counts: dict[str, list[int]] = {}
    for tags, words in zip(table["tags"].tolist(), table["n_words"].tolist(), strict=True):
        for tag in tags or ("",):
            counts.setdefault(tag, []).append(words)
    untagged = counts.pop("", None)
    rows = [*counts.items(), *([("", untagged)] if untagged else [])]
    return [
        FactRow(
            id=tag,
            key=None,
            cells=[safe_text(tag) or "(no tag)", len(words), sum(words), round(sum(words) / len(words))],
        )
        for tag, words in rows
    ]


def _by_ending(story: Story, explored: Explored | None) -> list[FactRow]:
    """Rows of where play stops, and the fewest, expected and most words on a way there."""
    findings = explored.findings if explored is not None else None
    if findings is None or findings.lengths is None:
        return []
    rows = []
    for each in findings.lengths.to_dict("records"):
        name = each["passage_id"]
        numbers = [each[f"{which}_words"] for which in ("shortest", "expected", "longest")]
        cells = [None if math.isnan(value) else -1 if math.isinf(value) else round(value) for value in numbers]
        key = story.keys_by_name[name][0] if name in story.keys_by_name else None
        rows.append(FactRow(id=name, key=key, cells=[safe_text(name), each["stop"], *cells]))
    return rows
