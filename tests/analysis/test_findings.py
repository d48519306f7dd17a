"""All answers at once: the same as one by one, and it can be stopped between any two."""

from __future__ import annotations

import pandas as pd
import pytest

from gamebook_lab.analysis.choice_classes import choice_classes
from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.findings import findings
from gamebook_lab.analysis.lengths import playthrough_lengths, shortest_so_far
from gamebook_lab.analysis.verdicts import choice_verdicts, passage_verdicts
from gamebook_lab.errors import GamebookError, StoppedError
from tests.analysis.stories import space_of, to

RING = {"Start": to("Ring", "End", "Trap"), "Ring": to("Start", "Ring", "End"), "Trap": to("Trap"), "End": {}}
LINE = {f"P{at}": to(f"P{at + 1}", "End") for at in range(50)} | {"P50": {}, "End": {}}
GUESS = {
    "Start": {
        "enter": [["guess", "x", 2]],
        "choices": [{"to": "End", "if": [["x", "==", 0]]}, {"to": "Bad", "if": [["x", "==", 1]]}],
    },
    "End": {},
    "Bad": {},
}
SPACES = {
    "complete": lambda: space_of(RING),
    "cut off": lambda: space_of(LINE, "P0", max_states=20),
    "not exact": lambda: space_of(GUESS),
}


class LooksOnce:
    """Is set from the look of a number on."""

    def __init__(self, nth=None):
        self.nth, self.n = nth, 0

    def is_set(self):
        self.n += 1
        return self.n == self.nth


@pytest.mark.parametrize("make", SPACES.values(), ids=SPACES)
def test_findings__are_the_answers_asked_for_one_by_one(make):
    space = make()
    found = findings(space)
    for table, by_itself in (
        (found.passages, passage_verdicts),
        (found.choices, choice_verdicts),
        (found.classes, choice_classes),
        (found.endings, ending_probabilities),
        (found.lengths, playthrough_lengths if space.is_complete else shortest_so_far),
    ):
        pd.testing.assert_frame_equal(table, by_itself(space))


@pytest.mark.parametrize("make", SPACES.values(), ids=SPACES)
def test_findings__can_be_stopped_between_any_two_answers(make):
    looks = LooksOnce()
    findings(make(), stop=looks)
    assert looks.n > 15
    space = make()
    for nth in range(1, looks.n + 1):
        with pytest.raises(StoppedError, match="stopped before all verdicts") as stopped:
            findings(space, stop=LooksOnce(nth))
        assert isinstance(stopped.value, GamebookError)
    assert findings(space, stop=LooksOnce()).n_states == space.n_states
