"""Summaries of SugarCube passages, which are kept from one version of a story to the next."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.languages.sugarcube import LANGUAGE
from gamebook_lab.languages.sugarcube.play.player import SugarCubePlayer
from gamebook_lab.languages.sugarcube.play.summaries import summary_of
from gamebook_lab.languages.sugarcube.play.unit import unit_of
from tests.languages.driving import story_of

NAMES = ("Start", "Hall", "PassageHeader", "PassageFooter", "StoryInit", "StoryInterface", "Parts")
PIECES = (
    "words", "<<set $x to 1>>", "<<set $x to $y>>", "<<if $x>>[[Hall]]<</if>>", "<<w>>", '<<include "Parts">>', "<<include $x>>",
    '<<widget "w">><<set $y to 2>><</widget>>', '<<widget "w">>$x [[Start]]<</widget>>', "<<if visited() > 2>>[[Start]]<</if>>",
    '<<set $x to "[[Hall]]">>', "<<set _t to $y>><<if _t>>[[Hall]]<</if>>", "<<if visited($x)>>more<</if>>", "<<strange $y>>",
    '<div data-passage="Parts"></div>', '<div data-passage="Hall"></div>',
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
STORIES = st.dictionaries(st.sampled_from(NAMES[1:]), TEXTS).flatmap(
    lambda rest: TEXTS.map(lambda text: {"Start": text, **rest})
)


@settings(max_examples=150)
@given(STORIES)
def test_summary__kept_from_another_story_is_as_made_anew(passages: dict[str, str]) -> None:
    player = LANGUAGE.player(story_of(LANGUAGE, passages))
    assert isinstance(player, SugarCubePlayer)
    for name in [None, *passages]:
        assert player.summary(name) == summary_of(player, name)


def test_effect__of_code_that_stands_in_several_places_is_the_same_in_each() -> None:
    texts = ("<<set $x to $y + strange()>>", "<<link 'Go'>><<set $x to $y + strange()>><</link>>")
    for text in (*texts, *texts):
        unit = unit_of(f"{text} ")
        assert (unit.effect.writes, unit.effect.wild) == ({"$x"}, True)
        ((what, span),) = unit.opaques
        assert (what, text[span.start : span.stop]) == ("strange()", "$x to $y + strange()")
    assert unit_of("<<if $y>>[[Hall]]<</if>>").effect.habits != unit_of("<<= $y>>").effect.shown_habits
