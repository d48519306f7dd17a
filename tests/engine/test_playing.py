"""A person's playthrough: going on, back, another way; chance and what nobody knows; what is hidden; edits."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gamebook_lab.engine.exploration import explore
from gamebook_lab.engine.playing import Playing
from gamebook_lab.engine.stops import Stop
from gamebook_lab.formats import parse_twee, read_story
from gamebook_lab.story import edits
from gamebook_lab.story.play import visits_of

DATA = ':: StoryData\n{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Hall"}\n\n'
HOUSE = (
    DATA
    + """\
:: StoryInit
<<set $gold to 3>>

:: Hall
You have $gold. <<if $gold gte 2>>[[Buy a key|Shop]]<</if>>
<<if $key>>[[Open the door|End]]<<else>>[[Wait|Hall]]<</if>>

:: Shop
<<set $gold -= 2>><<set $key to true>>A key.
[[Back|Hall]] [[Nowhere|Gone]]

:: End
Out.
"""
)
DICE = (
    DATA
    + """\
:: Hall
<<set $roll to random(1, 4)>>[[On|Next]]

:: Next
Rolled $roll. [[Again|Hall]]
"""
)
BOX = (
    DATA
    + """\
:: Hall
<<textbox "$name" "">>[[On|Next]]

:: Next
<<if $name is "Ann">>[[Left|End]]<<else>>[[Right|End]]<</if>>

:: End
Done.
"""
)


def house(text: str = HOUSE, **options: object) -> Playing:
    return Playing(parse_twee(text), **options)


def labels(playing: Playing) -> list[str]:
    return [offer.label for offer in playing.page.offers]


def choose(playing: Playing, label: str) -> None:
    playing.choose(labels(playing).index(label))


def changed(playing: Playing) -> dict[str, tuple[object, object]]:
    return {each.variable: each[1:] for each in playing.moment.changes if each.variable.startswith("$")}


def test_playing__shows_words_offers_and_what_changed():
    playing = house()
    assert "You have 3." in playing.page.text
    assert labels(playing) == ["Buy a key", "Wait"]
    choose(playing, "Buy a key")
    assert playing.moment.passage == "Shop"
    assert changed(playing)["$gold"] == (3, 1)
    assert playing.values["$gold"] == 1
    choose(playing, "Back")
    assert labels(playing) == ["Open the door"]
    choose(playing, "Open the door")
    assert (playing.moment.stop, playing.moment.message) == (Stop.ENDING, "The playthrough ends here.")


def test_back__is_exact_and_forward_comes_again():
    playing = house()
    choose(playing, "Buy a key")
    choose(playing, "Back")
    there = playing.moment
    for _ in range(2):
        playing.back()
    assert (playing.at, playing.values["$gold"], labels(playing)) == (0, 3, ["Buy a key", "Wait"])
    playing.forward()
    playing.forward()
    assert playing.moment is there
    playing.go_to(0)
    choose(playing, "Buy a key")  # the same click keeps what came after
    assert len(playing.moments) == 3
    playing.go_to(0)
    choose(playing, "Wait")
    assert len(playing.moments) == 2
    assert playing.values[visits_of("Hall")] == 2


def test_what_cannot_be_done__is_a_notice():
    playing = house()
    playing.back()
    assert playing.notice
    playing.choose(99)
    assert playing.notice
    playing.answer(0)
    assert playing.notice
    playing.go_to(0)
    assert not playing.notice


def test_click_that_stays__keeps_the_words():
    playing = house(DATA + ':: Hall\nWords. <<set $x to 1>><<link "Look">><<set $x to 2>><</link>>\n')
    choose(playing, "Look")
    assert (playing.moment.passages, playing.moment.passage) == ((), "Hall")
    assert "Words." in playing.moment.text
    assert playing.values["$x"] == 2


def test_missing_passage__is_a_stop_that_one_can_leave():
    playing = house()
    choose(playing, "Buy a key")
    choose(playing, "Nowhere")
    assert (playing.moment.stop, playing.moment.passage, playing.page) == (Stop.MISSING, "Gone", None)
    assert "Gone" in playing.moment.message
    assert playing.hidden() == []
    playing.choose(0)
    assert playing.notice
    playing.back()
    assert labels(playing) == ["Back", "Nowhere"]


def test_endless_passage__is_a_stop():
    playing = house(DATA + ':: Hall\n[[On|Loop]]\n\n:: Loop\n<<goto "Loop">>\n')
    playing.choose(0)
    assert playing.moment.stop is Stop.ENDLESS
    assert playing.moment.message
    playing.back()
    assert labels(playing) == ["On"]


def test_stuck__is_told_from_an_ending():
    playing = house(DATA + ":: Hall\n<<if $never>>[[On|Hall]]<</if>>\n")
    assert playing.moment.stop is Stop.STUCK
    (hidden,) = playing.hidden()
    assert hidden.conditions[0].holds is False


def test_hidden__says_the_condition_and_the_values_now():
    playing = house()
    (hidden,) = playing.hidden()
    assert (hidden.label, hidden.target, hidden.why) == ("Open the door", "End", "condition")
    (blocking,) = hidden.conditions
    assert (str(blocking.condition), blocking.holds) == ("$key", False)
    assert [reading.variable for reading in blocking.readings] == ["$key"]


def test_hidden__looks_into_included_passages_and_counts_visits():
    playing = house(
        DATA + ':: Hall\n[[Go|Attic]]<<include "More">>\n\n:: Attic\n[[Down|Hall]]\n\n'
        ':: More\n<<if visited("Attic") gt 1>>[[Again|Attic]]<</if>>\n'
    )
    choose(playing, "Go")
    choose(playing, "Down")
    (hidden,) = playing.hidden()
    assert (hidden.place.passage, hidden.label) == ("More", "Again")
    assert [(each.variable, each.value) for each in hidden.conditions[0].readings] == [(visits_of("Attic"), 1)]


def test_hidden__conditions_that_others_show_to_hold_are_marked():
    playing = house(
        DATA
        + ":: Hall\n<<if $gold is 0>>[[A|Hall]]<<if $key>>[[B|Hall]]<</if>><</if>>\n:: StoryInit\n<<set $gold to 0>>"
    )
    (hidden,) = playing.hidden()
    assert [(str(each.condition), each.holds) for each in hidden.conditions] == [("$gold is 0", True), ("$key", False)]


def test_chance__is_the_same_for_the_same_seed_and_clicks():
    rolls = []
    for seed in (1, 1, 2, 3, 4):
        playing = house(DICE, seed=seed)
        for _ in range(6):
            playing.choose(0)
        rolls.append(tuple(each.values["$roll"] for each in playing.moments))
    assert rolls[0] == rolls[1]
    assert len(set(rolls)) > 1
    assert set(rolls[0]) <= {1, 2, 3, 4}
    before = playing.moments
    playing.restart()
    for _ in range(6):
        playing.choose(0)
    assert [each.values for each in playing.moments] == [each.values for each in before]


def test_chance__can_be_asked_of_the_reader():
    playing = house(DICE, dice="asked")
    assert (playing.moment, playing.page, playing.at) == (None, None, -1)
    question = playing.waiting.question
    assert [each.effect for each in question.alternatives] == ["$roll = 1", "$roll = 2", "$roll = 3", "$roll = 4"]
    assert {each.probability for each in question.alternatives} == {Fraction(1, 4)}
    playing.choose(0)
    assert playing.notice
    playing.answer(2)
    assert playing.values["$roll"] == 3
    playing.choose(0)
    playing.choose(0)
    assert playing.waiting is not None
    playing.back()  # leaves it undecided
    assert (playing.waiting, playing.moment.passage) == (None, "Next")


def test_unknown__is_asked_with_what_each_way_brings():
    playing = house(BOX)
    choose(playing, "On")
    question = playing.waiting.question
    assert question.asked.kind == "either"
    assert question.asked.place.passage == "Next"
    assert {each.effect for each in question.alternatives} == {"offers “Left”", "offers “Right”"}
    right = [each.effect for each in question.alternatives].index("offers “Right”")
    playing.answer(right)
    assert labels(playing) == ["Right"]


def test_question__says_where_each_way_leads_and_what_was_not_tried():
    playing = house(DATA + ":: Hall\n[[On|Fork]]\n\n:: Fork\n<<nonsense>>\n\n:: Cellar\nDark.\n\n:: Attic\nDusty.\n")
    choose(playing, "On")
    effects = [each.effect for each in playing.waiting.question.alternatives]
    assert {"to “Cellar”", "to “Attic”"} <= set(effects)
    assert len(effects) == len(playing.waiting.question.asked.weights)
    playing.answer(effects.index("to “Attic”"))
    assert (playing.moment.passage, playing.moment.passages) == ("Attic", ("Fork", "Attic"))


def test_question__of_very_many_ways_lists_the_first():
    playing = house(DATA + ":: Hall\n<<set $x to random(1, 500)>>$x\n", dice="asked")
    question = playing.waiting.question
    assert (len(question.alternatives), len(question.asked.weights)) == (24, 500)
    playing.answer(499)
    assert playing.values["$x"] == 500


def test_offers_that_nobody_clicks__are_done_here_or_refused():
    playing = house(
        DATA
        + ":: Hall\n[[On|Next]]\n\n:: Next\n<<link 'Again'>><<run Engine.restart()>><</link>>\n[[Web|https://example.org]]\n"
    )
    choose(playing, "On")
    choose(playing, "Web")
    assert "web" in playing.notice
    assert playing.moment.passage == "Next"


def test_steps__are_bounded(monkeypatch):
    monkeypatch.setattr("gamebook_lab.engine.playing.MOST_MOMENTS", 3)
    playing = house()
    for _ in range(5):
        choose(playing, "Wait")
    assert playing.at == 3
    assert playing.notice


def test_edited__goes_on_from_the_same_clicks():
    playing = house()
    choose(playing, "Buy a key")
    choose(playing, "Back")
    playing.back()
    playing.edited(edits.set_text(playing.story, "StoryInit", "<<set $gold to 10>>"))
    assert (playing.at, len(playing.moments), playing.notice) == (1, 3, "")
    assert playing.values["$gold"] == 8
    hall = playing.story.text("Hall")
    playing.edited(edits.set_text(playing.story, "Hall", f"[[New|End]] {hall}"))
    assert playing.values["$gold"] == 8


def test_edited__says_where_a_click_is_gone():
    playing = house()
    choose(playing, "Buy a key")
    choose(playing, "Back")
    playing.edited(edits.set_text(playing.story, "Shop", "Closed. [[Away|Hall]]"))
    assert (playing.at, playing.moment.passage) == (1, "Shop")
    assert "“Back”" in playing.notice
    assert "“Shop”" in playing.notice
    playing.edited(edits.set_text(playing.story, "Hall", "Nothing."))
    assert (playing.at, playing.moment.stop) == (0, Stop.ENDING)


def test_edited__asks_what_is_new():
    playing = house()
    choose(playing, "Buy a key")
    text = '<<textbox "$name" "">>' + playing.story.text("Hall")
    playing.edited(edits.set_text(playing.story, "Hall", text))
    shop = playing.story.text("Shop")
    playing.edited(edits.set_text(playing.story, "Shop", f"<<if $name>><<set $x to 1>><</if>>{shop}"))
    assert playing.waiting is not None
    playing.answer(0)
    assert playing.moment.passage == "Shop"


@pytest.mark.parametrize("detail", ["choices", "text"])
@pytest.mark.parametrize("text", [HOUSE, DICE, BOX], ids=["house", "dice", "box"])
def test_follow__every_witness_ends_where_it_says(text, detail):
    story = parse_twee(text)
    space = explore(story, detail=detail)
    for state in range(min(space.n_states, 40)):
        playing = Playing(story, seed=5)
        way = space.witness(state)
        playing.follow(way)
        assert not playing.notice
        assert [each.pick.label for each in playing.moments if each.pick] == way.labels


def test_follow__finds_the_decisions_among_those_of_the_words():
    text = DATA + (
        ':: Hall\n<<print either("a", "b")>> <<print either("a", "b")>> <<if random(0, 1) is 1>>[[On|End]]<</if>>'
        '<<print either("x", "y")>>\n[[Wait|Hall]]\n\n:: End\nDone. [[Back|Hall]]\n'
    )  # fmt: skip
    story = parse_twee(text)
    space = explore(story, detail="choices")
    for state in range(space.n_states):
        for seed in range(5):
            playing = Playing(story, seed=seed)
            playing.follow(space.witness(state))
            assert not playing.notice


def test_follow__what_does_not_fit_is_followed_as_far_as_it_goes():
    story = parse_twee(HOUSE)
    space = explore(story)
    way = max((space.witness(state) for state in range(space.n_states)), key=len)
    playing = Playing(edits.set_text(story, "Shop", "Closed."))
    playing.follow(way)
    assert playing.notice
    assert playing.moment is not None


def test_sample__plays_to_an_end(request):
    story = read_story(request.config.rootpath / "data" / "lighthouse.twee")
    playing = Playing(story, seed=1)
    taken = 0
    while not playing.moment.stop and taken < 400:
        playing.choose(taken * 7 % len(playing.page.offers))
        taken += 1
    assert playing.moment.stop is Stop.ENDING
    playing.edited(story)
    assert playing.moment.stop is Stop.ENDING
