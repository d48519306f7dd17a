"""What an exploration says of a story, with something that saves states and without it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import gamebook_lab as gb
from gamebook_lab.story.language import Language
from tests.languages.driving import story_of

_OF_STATES = {"n_states", "n_alone", "state", "n_soft_locked", "class_", "n_playthroughs"}
"""Said of states, which are fewer where some are one: no answer about the story."""


def check_same_without(
    language: Language, passages: dict[str, str], drop: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Make sure that a story gets the same answers, of no more states, as where ``drop`` has taken out what saves them."""
    n_states, found = _answers(language, passages)
    with pytest.MonkeyPatch.context() as patch:
        drop(patch)
        n_plain, expected = _answers(language, passages)
    assert n_states <= n_plain
    for one, other in zip(found, expected, strict=True):
        by = [name for name in ("passage_id", "stop", "choice", "start", "label") if name in one.columns]
        pair = [each.sort_values(by, ignore_index=True) for each in (one, other)]
        if "is_luck_only" in one.columns:  # a draw of what makes no difference decides nothing any more
            fewer, more = (each.pop("is_luck_only") for each in pair)
            assert not (fewer & ~more).any()
        pd.testing.assert_frame_equal(*pair, rtol=1e-9, atol=1e-12)


def _answers(language: Language, passages: dict[str, str]) -> tuple[int, list[pd.DataFrame]]:
    space = gb.explore(story_of(language, passages), seconds=60)
    assert space.is_complete
    tables = [space.passages(), space.endings().drop(columns="shortest"), space.choices(), space.lengths()]
    return space.n_states, [table[[name for name in table.columns if name not in _OF_STATES]] for table in tables]
