import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits.splice import splice


def test_splice__rewrites_spans_in_any_order():
    assert splice("go north", [((3, 8), "south"), ((0, 2), "run")]) == "run south"


def test_splice__the_same_edit_twice_counts_once():
    assert splice("abc", [((0, 1), "x"), ((0, 1), "x")]) == "xbc"


@pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(0, 9)], [(2, 1)], [(-1, 0)]])
def test_splice__refuses_spans_that_overlap_or_are_outside(spans):
    with pytest.raises(EditError, match="cannot be rewritten"):
        splice("abc", [(span, "x") for span in spans])


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=3), st.text(max_size=5)), max_size=5))
def test_splice__keeps_every_character_between_the_spans(pieces):
    text, edits, expected = "", [], ""
    for before, old, new in pieces:
        text += before + "|"
        edits.append(((len(text), len(text) + len(old)), new))
        text += old
        expected += before + "|" + new
    assert splice(text, edits) == expected
