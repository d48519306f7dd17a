"""Playing SugarCube passages: what its documentation says of each macro."""

from __future__ import annotations

from typing import Any

import pytest

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.languages.sugarcube import LANGUAGE
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map
from gamebook_lab.story.play import PREVIOUS, Move, Player, visits_of
from tests.languages.driving import Reader, Table, play, story_of


def begun(passages: dict[str, str] | str, **options: Any) -> Reader:
    return play(LANGUAGE, passages, **options)


def test_player__is_one() -> None:
    assert isinstance(LANGUAGE.player(story_of(LANGUAGE, {"Start": "x"})), Player)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<<set $x to 2>>$x", "2"), ("<<set $a to [1, [2, 'b']]>>$a", "1, 2, b"), ("$nope", "$nope"), ("<<= $nope>>", ""),
        ("<<set $o to {a: {b: 5}}>>$o.a.b and $o['a']['b']", "5 and 5"), ("$$x", "$x"), ("<<= 1/3>>", "0.3333333333333333"),
        ("<<if 0>>a<<elseif ''>>b<<else>>c<</if>>", "c"), ("<<if []>>a<</if>>", "a"), ("<<if '0'>>a<</if>>", "a"),
        ("<<switch 2>><<case 1 2>>a<<case 2>>b<<default>>c<</switch>>", "a"), ("<<switch '2'>><<case 2>>a<<default>>c<</switch>>", "c"),
        ("<<for _i to 0; _i lt 3; _i++>>_i<</for>>", "012"), ("<<for _v range ['a', 'b']>>_v<</for>>", "ab"),
        ("<<for _k, _v range {x: 1, y: 2}>>_k:_v <</for>>", "x:1 y:2"), ("<<for _i range 3>>_i<</for>>", "012"),
        ("<<set $n to 3>><<for $n gt 0>>$n<<set $n -= 1>><</for>>", "321"),
        ("<<for _i to 0; _i lt 9; _i++>><<if _i is 1>><<continue>><</if>><<if _i is 3>><<break>><</if>>_i<</for>>", "02"),
        ("<<silently>>no<<set $x to 1>><</silently>>$x", "1"), ("<<nobr>>a<</nobr>>", "a"), ("<<set $x to 1>><<unset $x>>$x", "$x"),
        ("<<script>>State.variables.x = 4; variables().y = 5<</script>>$x $y", "4 5"), ("''bold'' //it//", "bold it"),
        ("{{{$x}}}", "$x"), ("<<print either('a')>>", "a"), ("<<= passage()>>", "Start"), ("<<= visited()>>", "1"),
        ("<<= tags().length>>", "0"), ("<<= turns()>>", "1"), ("<<set _t to 'x'>>_t", "x"), ("<<= $nope.x>>after", "Error: undefined has no member 'x'after"),
        ("<<set $s to '<<set $q to 7>>'>>$s $q", "7"), ("<<include 'Part'>>", "part of Start"), ("<<= 'a' + 1>>", "a1"),
        ("<<run $l = [3, 1]>><<run $l.push(2)>>$l", "3, 1, 2"), ("<<capture _x>>c<</capture>>", "c"), ("a<br>b", "a\nb"),
    ],
)  # fmt: skip
def test_words__as_sugarcube_shows_them(markup: str, text: str) -> None:
    assert begun({"Start": markup, "Part": "part of <<= passage()>>"}).text == text


@pytest.mark.parametrize(
    ("markup", "label", "target", "kind"),
    [
        ("[[Hall]]", "Hall", "Hall", "link"), ("[[Go|Hall]]", "Go", "Hall", "link"), ("[[Go->Hall]]", "Go", "Hall", "link"),
        ("[[Hall<-Go]]", "Go", "Hall", "link"), ("<<set $t to 'Hall'>>[[Go|$t]]", "Go", "Hall", "computed"),
        ("<<link 'Go' 'Hall'>><</link>>", "Go", "Hall", "link"), ("<<link [[Go|Hall]]>><</link>>", "Go", "Hall", "link"),
        ("<<button 'Go' `'Ha' + 'll'`>><</button>>", "Go", "Hall", "computed"), ("<<link 'Go'>><<goto 'Hall'>><</link>>", "Go", "Hall", "reveal"),
        ("<a data-passage='Hall'>Go</a>", "Go", "Hall", "link"), ("<a @data-passage=\"'Ha' + 'll'\">Go</a>", "Go", "Hall", "computed"),
        ("<<actions 'Hall'>>", "Hall", "Hall", "link"), ("<<choice 'Hall' 'Go'>>", "Go", "Hall", "link"),
        ("<<set $n to 2>><<link 'Go $n' 'Hall'>><</link>>", "Go 2", "Hall", "link"), ("<<= '[[Go|Hall]]'>>", "Go", "Hall", "link"),
        ("<<return 'Go' 'Hall'>>", "Go", "Hall", "return"), ("[img[pic.png][Hall]]", "", "Hall", "link"),
        ("<<link 'Go'>><<script>>Engine.play('Hall')<</script>><</link>>", "Go", "Hall", "reveal"),
    ],
)  # fmt: skip
def test_links__of_every_kind_lead_there(markup: str, label: str, target: str, kind: str) -> None:
    reader = begun({"Start": markup, "Hall": ""})
    (offer,) = reader.page.offers
    assert (offer.label, offer.kind) == (label, kind)
    assert reader.player.click(reader.page, offer, reader.turn) == Move(target)


@pytest.mark.parametrize(
    ("markup", "kind"),
    [("<<back>>", "undo"), ("<<link 'x'>><<run Engine.restart()>><</link>>", "restart"), ("[[x|https://a.b]]", "external"),
     ("<<link 'x'>><<script>>UI.saves()<</script>><</link>>", "load")],
)  # fmt: skip
def test_links__that_are_no_step(markup: str, kind: str) -> None:
    (offer,) = begun(markup).page.offers
    assert (offer.kind, offer.token[1]) == (kind, None)


def test_setter__runs_on_the_click() -> None:
    reader = begun({"Start": "[[Go|Hall][$x to 1, $y to $x + 1]]", "Hall": ""})
    assert "$x" not in reader.turn.written
    reader.click("Go")
    assert (reader.turn.values["$x"], reader.turn.values["$y"]) == (1, 2)


def test_goto__lets_the_rest_of_the_passage_run() -> None:
    reader = begun({"Start": "<<goto 'Hall'>><<set $x to 1>>[[Never|Hall]]", "Hall": ""})
    assert (reader.page.goto, reader.page.offers) == ("Hall", ())
    assert reader.turn.values["$x"] == 1
    assert reader.turn.values[PREVIOUS] == "Start"


def test_return__goes_to_the_last_other_passage() -> None:
    reader = begun({"Start": "[[Hall]]", "Hall": "<<return>> [[Again|Hall]]"})
    reader.click("Hall")
    reader.click("Again")
    assert reader.click("Return").passage == "Start"
    assert reader.turn.values[visits_of("Hall")] == 2


def test_reveals__happen_once_and_stand_where_the_link_was() -> None:
    reader = begun(
        "[[A]]<<linkreplace 'r'>><<set $x to 1>>[[B]]<</linkreplace>>[[C]]<<linkappend 'p'>>[[D]]<</linkappend>>"
    )
    assert reader.labels == ["A", "r", "C", "p"]
    reader.click("r")
    assert (reader.labels, reader.turn.values["$x"]) == (["A", "B", "C", "p"], 1)
    reader.click("p")
    assert reader.labels == ["A", "B", "C", "D"]


def test_link__without_a_passage_stays_and_shows_nothing() -> None:
    reader = begun("<<set _n to 0>><<link 'more'>><<set _n += 1>><<set $n to _n>>[[Hidden]]<</link>>")
    reader.click("more")
    reader.click("more")
    assert (reader.labels, reader.turn.values["$n"]) == (["more"], 2)


def test_replace__takes_what_stood_in_the_element() -> None:
    reader = begun(
        "<span id='a'>[[Old]]</span><<link 'x'>><<replace '#a'>>[[New]]<</replace>><</link>><<link 'y'>><<append '#none'>>[[No]]<</append>><</link>>"
    )
    reader.click("x")
    assert sorted(reader.labels) == ["New", "x", "y"]
    reader.click("y")
    assert sorted(reader.labels) == ["New", "x", "y"]


def test_capture__keeps_values_for_the_click() -> None:
    reader = begun(
        {
            "Start": "<<for _i range ['a', 'b']>><<capture _i>><<link _i 'Hall'>><<set $x to _i>><</link>><</capture>><</for>>",
            "Hall": "",
        }
    )
    assert reader.labels == ["a", "b"]
    reader.click("a")
    assert reader.turn.values["$x"] == "a"


def test_actions__are_gone_once_taken() -> None:
    reader = begun({"Start": "<<actions 'Hall' 'Cellar'>>", "Hall": "[[Start]]", "Cellar": ""})
    reader.click("Hall")
    reader.click("Start")
    assert reader.labels == ["Cellar"]


def test_choice__one_takes_all_of_its_passage() -> None:
    reader = begun({"Start": "<<choice 'Hall'>><<choice 'Cellar'>>[[Hall2|Hall]]", "Hall": "[[Start]]", "Cellar": ""})
    reader.click("Hall")
    reader.click("Start")
    assert reader.labels == ["Hall2"]


@pytest.mark.parametrize(
    ("markup", "first", "label", "then"),
    [
        ("<<cycle '$x'>><<option 'one' 1>><<option 'two' 2>><</cycle>>", 1, "two", 2),
        ("<<listbox '$x'>><<optionsfrom ['a', 'b']>><</listbox>>", "a", "b", "b"),
        ("<<set $x to 'b'>><<listbox '$x' autoselect>><<optionsfrom ['a', 'b']>><</listbox>>", "b", "a", "a"),
        ("<<checkbox '$x' 'off' 'on'>>", "off", "on", "on"), ("<<checkbox '$x' 'off' 'on' checked>>", "on", "off", "off"),
        ("<<radiobutton '$x' 'a' checked>><<radiobutton '$x' 'b'>>", "a", "b", "b"),
    ],
)  # fmt: skip
def test_inputs__from_a_list_are_offered_and_stay(markup: str, first: object, label: str, then: object) -> None:
    reader = begun(markup)
    assert reader.turn.values["$x"] == first
    before = reader.labels
    reader.click(label)
    assert (reader.turn.values["$x"], reader.labels) == (then, before)


def test_inputs__typed_are_unknown() -> None:
    reader = begun("<<textbox '$name' 'Ann'>><<numberbox '$n' 1>>")
    assert (reader.turn.values["$name"], reader.turn.values["$n"]) == (UNKNOWN, UNKNOWN)


def test_timed__may_be_waited_for() -> None:
    reader = begun({"Start": "<<timed 2s>>[[A]]<<next 1s>><<goto 'Hall'>><</timed>>", "Hall": ""})
    assert reader.labels == ["(after a while)"]
    reader.click("(after a while)")
    assert reader.labels == ["A", "(after a while)"]
    assert reader.click("(after a while)").passage == "Hall"


def test_repeat__goes_on_until_it_is_stopped() -> None:
    reader = begun("<<set $n to 0>><<repeat 1s>><<set $n += 1>><<if $n gt 1>><<stop>><</if>><</repeat>>")
    reader.click("(after a while)")
    assert reader.labels == ["(after a while)"]
    reader.click("(after a while)")
    assert (reader.labels, reader.turn.values["$n"]) == ([], 2)


def test_widgets__have_arguments_and_contents() -> None:
    story = {"Start": "<<give $g 'two words' `1 + 1`>> <<box 'T'>>in<<box 'U'>>ner<</box>><</box>>",
             "StoryInit": "<<set $g to 5>>",
             "W [widget]": "<<widget 'give'>>_args[0]|_args[1]|$args[2]|<<= _args.length>><</widget>>"
                           "<<widget 'box' container>>(_args[0]:_contents)<</widget>>"}  # fmt: skip
    assert begun(story).text == "5|two words|2|3 (T:in(U:ner))"


def test_special_passages__run_around_every_passage() -> None:
    story = {"Start": "$x", "StoryInit": "<<set $x to 1>>", "PassageReady": "<<set $x += 1>>no words",
             "PassageHeader": "head ", "PassageFooter": " foot", "PassageDone": "<<set $d to $x>>",
             "StoryMenu": "[[Help]]", "Help": "", "Extra [init]": "<<set $i to 1>>"}  # fmt: skip
    reader = begun(story)
    assert reader.text == "head 2 foot\nHelp"
    assert (reader.labels, reader.turn.values["$d"], reader.turn.values["$i"]) == (["Help"], 2, 1)
    assert reader.player.sources("Start") == {
        "Start",
        "PassageReady",
        "PassageHeader",
        "PassageFooter",
        "PassageDone",
        "StoryMenu",
    }


def test_chance__is_exact() -> None:
    reader = begun("<<set $d to random(1, 6)>><<set $e to either('a', 'b', 'a')>>", draws=[4, 1])
    assert (reader.turn.values["$d"], reader.turn.values["$e"]) == (5, "b")
    assert reader.turn.weights == [(1,) * 6, (1, 1, 1)]


def test_choices__what_only_shows_reads_and_draws_nothing() -> None:
    turn = {"detail": "choices", "ignored": frozenset({"$r"})}
    reader = begun(
        "$name <<if $mood>>glad<</if>> <<set $r to random(1, 6)>><<= either('a', 'b')>> <<if $door>>[[Out]]<</if>>",
        **turn,
    )
    assert [name for name in reader.turn.read_names if name[0] == "$"] == ["$door"]
    assert (reader.turn.weights, reader.turn.decided, reader.page.text) == ([], [], None)


def test_unknown__a_condition_goes_either_way() -> None:
    story = "<<if $u>>[[A]]<<else>>[[B]]<</if>>"
    assert begun(story, values={"$u": UNKNOWN}, ways=[0]).labels == ["A"]
    assert begun(story, values={"$u": UNKNOWN}, ways=[1]).labels == ["B"]


def test_strange_macros__may_do_anything() -> None:
    reader = begun({"Start": "<<set $x to 1>><<mystery>>", "Hall": ""}, ways=[2])
    assert (reader.page.goto, reader.turn.values["$x"]) == ("Hall", UNKNOWN)
    assert reader.player.opaques("Start")[0][0] == "<<mystery>>"
    assert reader.player.summary("Start").reads_all


def test_values__are_frozen_as_they_are_at_the_end() -> None:
    reader = begun("<<set $a to [1]>><<set $b to $a>><<run $a.push(2)>><<set $o to {k: 1.0}>><<set $h to 0.5 + 0.5>>")
    assert (reader.turn.values["$a"], reader.turn.values["$b"], reader.turn.values["$o"]) == (
        (1, 2),
        (1, 2),
        Map((("k", 1),)),
    )
    assert type(reader.turn.values["$h"]) is int


def test_values__changed_inside_are_written() -> None:
    reader = begun("<<run $a.push(2)>>$b", values={"$a": (1,), "$b": (3,)})
    assert reader.turn.values["$a"] == (1, 2)
    assert "$b" not in reader.turn.written


def test_unset__is_a_value() -> None:
    assert begun("<<unset $x>>", values={"$x": 1}).turn.values["$x"] is UNSET


def test_recursion__ends() -> None:
    for passages in ("<<include 'Start'>>", {"Start": "<<a>>", "W [widget]": "<<widget a>>x<<a>><</widget>>"}):
        with pytest.raises(EndlessPassageError):
            begun(passages)


def test_summary__tells_what_decides_and_flows() -> None:
    text = "<<set _t to $a>><<if _t gt 1>>[[A]]<</if>><<if $b>><<set $c to $d>><</if>>$e"
    summary = LANGUAGE.player(story_of(LANGUAGE, {"Start": text})).summary("Start")
    assert summary.decides == {"$a"}
    assert {("$b", "$c"), ("$d", "$c")} <= summary.flows
    assert {"$b", "$e"} <= summary.shows
    assert "$c" in summary.writes
    assert not summary.reads_all


def test_player__after_an_edit_compiles_one_passage() -> None:
    from gamebook_lab.languages.sugarcube.play.unit import unit_of

    texts = {f"P{index}": f"edit {index} [[P0]]" for index in range(5)}
    for text in (texts, {**texts, "P3": "other [[P1]]"}):
        before = unit_of.cache_info().misses
        player = LANGUAGE.player(story_of(LANGUAGE, text))
        for name in text:
            player.enter(name, Table())
        made = unit_of.cache_info().misses - before
    assert made == 1
