"""Splices between texts, and tokens as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.story.program import TOKEN_KINDS, Span, Token
from gamebook_lab.widgets.documents import Splice, apply_splices, flat_code, flat_tokens, safe_text, splices_between


@given(st.text(alphabet="ab [\n🕯", max_size=60), st.text(alphabet="ab [\n🕯", max_size=60))
def test_splices_between__make_the_new_text_of_the_old(old, new):
    assert apply_splices(old, splices_between(old, new)) == new


def test_splices_between__leaves_what_is_between_two_changes_alone():
    old, new = "To [[Cellar]] or the [[Cellar]]!", "To [[Vault]] or the [[Vault]]!"
    splices = splices_between(old, new)
    assert splices == [Splice(5, 11, "Vault"), Splice(23, 29, "Vault")]


def test_splices_between__a_long_difference_is_one():
    (splice,) = splices_between("x" * 9000, "y" * 9000)
    assert splice == Splice(0, 9000, "y" * 9000)


@pytest.mark.parametrize("splices", [[Splice(2, 1, "")], [Splice(0, 9, "")], [Splice(1, 2, ""), Splice(0, 1, "")]])
def test_apply_splices__rejects_what_does_not_fit(splices):
    with pytest.raises(ValueError, match="splice"):
        apply_splices("abc", splices)


def test_flat_tokens__counts_gaps_and_skips_unknown_kinds():
    tokens = [Token(2, 4, "link"), Token(4, 9, "nonsense"), Token(10, 11, "target")]
    assert flat_tokens(tokens) == [2, 2, TOKEN_KINDS.index("link"), 6, 1, TOKEN_KINDS.index("target")]


def test_safe_text__keeps_every_offset():
    assert safe_text("a\ud83db🕯") == "a\ufffdb🕯"


def test_flat_code__is_all_but_the_prose():
    assert flat_code([], 4) == [0, 4]
    assert flat_code([], 0) == []
    assert flat_code([Span(0, 3), Span(3, 5), Span(8, 9)], 12) == [5, 3, 1, 3]
