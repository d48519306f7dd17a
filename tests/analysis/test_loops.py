import pytest

from gamebook_lab.analysis.loops import endless_loops
from tests.analysis.stories import space_of, to


def test_endless_loops__those_with_no_way_out_nearest_first():
    passages = {"Start": to("Open", "Far", "Trap"), "Open": to("Open", "End"), "Far": to("Ring"), "Ring": to("Round"),
                "Round": to("Ring"), "Trap": to("Trap"), "End": {}}  # fmt: skip
    table = endless_loops(space_of(passages))
    assert table["passages"].tolist() == [("Trap",), ("Ring", "Round")]
    assert table["shortest"].tolist() == [1, 2]
    assert table["probability"].tolist() == pytest.approx([1 / 3, 1 / 3])


def test_endless_loops__none():
    assert endless_loops(space_of({"Start": to("End"), "End": {}})).empty
