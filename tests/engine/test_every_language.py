"""In every language, verdicts are what a naive exploration finds that knows neither the language nor any way to save states.

The long form is ``make soak-languages``.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_suite import LANGUAGES, check_however, check_plain, stories


@pytest.mark.parametrize("name", LANGUAGES)
def test_verdicts__are_those_of_a_naive_exploration(name):
    @settings(max_examples=40)
    @given(stories(**LANGUAGES[name][2]))
    def check(passages):
        check_plain(passages, name)

    check()


@pytest.mark.parametrize("name", LANGUAGES)
def test_verdicts__are_the_same_however_a_story_is_written(name):
    @settings(max_examples=6)
    @given(stories(**LANGUAGES[name][2], hows=st.integers(0, 10_000)))
    def check(passages):
        check_however(passages, name)

    check()
