"""Counters and arrays in one form: what the story's code can tell, and that nothing that it can tell is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamebook_lab as gb
from gamebook_lab.analysis.values import variable_values
from gamebook_lab.languages.sugarcube import LANGUAGE
from gamebook_lab.languages.sugarcube.play.forms import forms_of
from gamebook_lab.languages.sugarcube.play.player import SugarCubePlayer
from gamebook_lab.story.frozen import UNKNOWN, shown
from gamebook_lab.story.play import TURNS, visits_of
from tests.languages.answers import check_same_without
from tests.languages.driving import Table, story_of


def forms(text: str, detail: Any = "choices", **more: str) -> Any:
    return SugarCubePlayer(story_of(LANGUAGE, {"Start": text, **more})).forms(detail)


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        ('<<if visited("Hall")>>[[Hall]]<</if>>', 1),
        ('<<if not visited("Hall")>>[[Hall]]<</if>>', 1),
        ('<<if visited("Hall") is 1>>[[Hall]]<</if>>', 2),
        ('<<if 3 lte visited("Hall") and visited("Hall", "Start") lt 2.5>>[[Hall]]<</if>>', 4),
        ('<<set $x to hasVisited("Hall")>><<if $x>>[[Hall]]<</if>>', 1),
        ('<<set $x to visited("Hall") gt 2 ? 1 : 0>>', 3),
        ("<<if visited($x) gt 4>>[[Hall]]<</if>>", 5),
        ('<<if visitedTags("t") gt 1>>[[Hall]]<</if>>', 2),
        ('<<set $x to visited("Hall")>>', None),
        ('<<if visited("Hall") % 2>>[[Hall]]<</if>>', None),
        ('<<if visited("Hall") gt $x>>[[Hall]]<</if>>', None),
        ('<<if visited("Hall")>><</if>><<box `visited("Hall")`>>', None),
        ("<<set $x to visited>>", None),
        ('<<if visited("Hall") gt 1 and visited(passage()) + 1>>[[Hall]]<</if>>', None),
        ('<<if visited("Hall")>><<set $x to "<<if visited(" + $y + ")>>">><</if>>', None),
        ("<<if visited()>>[[Hall]]<</if>>", None),
    ],
)
def test_cap__is_one_above_what_a_count_is_compared_with(text: str, cap: int | None) -> None:
    assert forms(text).cap(visits_of("Hall")) == cap


def test_cap__of_the_place_where_the_reader_is() -> None:
    asks = "<<if visited() gt 1>>[[Hall]]<</if>>"
    assert forms(asks).cap(visits_of("Start")) == 2
    included = forms('<<include "Hall">>', Hall=asks, Attic="")
    assert [included.cap(visits_of(name)) for name in ("Start", "Hall", "Attic")] == [2, 2, 2]
    assert forms("", PassageHeader=asks).cap(visits_of("Start")) == 2
    assert forms("<<if turns() gt 9>>[[Hall]]<</if>>").cap(TURNS) == 10
    assert forms("<<if State.turns gt 9>>[[Hall]]<</if>>").cap(TURNS) == 10
    assert forms("<<if turns() + 1 gt 9>>[[Hall]]<</if>>").cap(TURNS) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('<<run $a.push("x")>><<if $a.includes("x")>>[[Hall]]<</if>>', "set"),
        ('<<run $a.pushUnique("x")>><<run $a.delete("y")>>', "set"),
        ('<<set $a to $a.concat("x")>><<if $a.includesAny("x", "y")>>[[Hall]]<</if>>', "set"),
        ('<<set $a to ["x"]>><<if $a and State.variables.a.contains("x")>>[[Hall]]<</if>>', "set"),
        ('<<run $a.push("x")>><<if $a.length gt 1>>[[Hall]]<</if>>', "bag"),
        ('<<if $a.count("x") gt 1>>[[Hall]]<</if>>', "bag"),
        ('<<set $b to $a.push("x")>>', "bag"),
        ('<<run $a.push("x")>><<= $a.first()>>', "set"),
        ('<<run $a.push("x")>>$a', "set"),
        *(
            (f'<<run $a.push("x")>>{each}', "list")
            for each in (
                "<<if $a[0]>>[[Hall]]<</if>>", "<<if $a.first() is 1>>[[Hall]]<</if>>", "<<set $b to $a.random()>>",
                "<<for _x range $a>>[[Hall]]<</for>>", "<<set $b to $a>>", "<<set $b to {list: $a}>>", "<<box $a>>",
                "<<if $a.includes('x', 1)>>[[Hall]]<</if>>", "<<set $b to $a.delete('x', 'y')>>", "<<set $a.length to 1>>",
                "<<set $b to $a + ['x']>>", "<<set $b to $a.concat('x')>>", "<<set $b to State.variables>>",
                "<<set $b to State.getVar('$a')[0]>>", "<<run setup.f($a)>>", "<<capture $a>>[[Hall]]<</capture>>",
                "[[Go|$a]]", "<<set $b to ($a to $a.concat('x'))>>", "<<set $b to '$a.first()'>>", "<<set $b to `${$a}`>>",
                "<<run $a.push(...$a)>>", "<<set $b to () => $a>>", "<<set $b to window['State']>>", "<<if $a is 1>>x<</if>>[[$a|Hall]]",
                '<<link "$a" "Hall">><</link>>',
            )
        ),
    ],
)  # fmt: skip
def test_form__of_an_array_is_what_code_can_tell(text: str, form: str) -> None:
    found = forms(text)
    assert ("set" if "$a" in found.sets else "bag" if "$a" in found.bags else "list") == form


def test_form__what_is_shown_counts_where_words_are_wanted() -> None:
    text = '<<run $a.push("x")>>$a'
    assert "$a" in forms(text).sets
    assert "$a" not in forms(text, "text").sets


def test_forms__write_the_same_for_the_same() -> None:
    found = forms_of(forms('<<run $a.push("x"), $b.push("x")>><<if $b.length>>[[Hall]]<</if>>').habits)
    assert found.write("$a", ("y", "x", 1, True, "y")) == found.write("$a", (True, 1, "x", "y"))
    assert found.write("$b", ("y", "x", "y")) == ("x", "y", "y")
    assert found.write("$c", ("y", "x")) == ("y", "x")
    assert found.write("$a", UNKNOWN) is UNKNOWN
    kinds = [type(each) for each in found.write("$a", (1, True, 1.5))]  # type: ignore[union-attr]
    assert sorted(kind.__name__ for kind in kinds) == ["bool", "float", "int"]


def test_markup_put_together_while_running__that_could_tell_more_may_do_anything() -> None:
    text = '<<run $a.push("y", "x")>><<set $m to "<" + "<if $" + "a[0] is \'y\'>" + ">[" + "[Hall]]<" + "</if>" + ">">><<= $m>>'
    turn = Table(detail="text")
    SugarCubePlayer(story_of(LANGUAGE, {"Start": text, "Hall": ""})).enter("Start", turn)
    assert turn.written["$a"] in (UNKNOWN, ("y", "x"))


# ---- nothing is lost

asked = st.sampled_from(
    ['visited("Hall")', "visited() gt 1", 'not visited("Cellar")', 'visited("Hall", "Cellar") is 2', "turns() gt 2",
     '$a.includes("x")', "$a.length gte 2", '$b.count("y") is 1', '$b.includesAll("x", "y")', "$b[0] is 'x'", "$a", "visited() % 2",
     "$c.first() is 'y'", "hasVisited('Start')", "$up gt 2", "2.5 lte $up", "$up is 1", "$down lt 0", "not $up", "$down", "$both gt 1",
     "$up + $down gt 1"]
)  # fmt: skip
done = st.sampled_from(
    ['$a.push("x")', '$a.pushUnique("y")', '$b.push("y")', '$b.push("x", "y")', '$a.delete("x")', "$c to $a", "$b to []",
     "$up += 1", "$up++", "$up to 1 + $up", "$down -= 0.5", "$down--", "$both += 2", "$both to $both - 1", "$up to 0", "$both to $down",
     '$b to $b.concat("x")', "$c.push(random(1, 2))", "$a.push(either('x', 'y'))"]
)  # fmt: skip
parts = st.one_of(
    done.map(lambda each: f"<<run {each}>>"),
    st.tuples(asked, st.sampled_from(("Start", "Hall", "Cellar"))).map(
        lambda each: f"<<if {each[0]} and $n lt 4>>[[If|{each[1]}]]<</if>>"
    ),
    st.tuples(st.sampled_from(("Start", "Hall", "Cellar")), done).map(
        lambda each: f"<<if $n lt 4>>[[On|{each[0]}][{each[1]}]]<</if>>"
    ),
)
texts = st.lists(parts, min_size=1, max_size=4).map(lambda each: "<<set $n += 1>>" + "".join(each))


@settings(max_examples=20, deadline=None)
@given(texts, texts, texts)
def test_exploring__finds_the_same_with_and_without_forms(start: str, hall: str, cellar: str) -> None:
    passages = {
        "Start": start + "[[On|Hall]]",
        "Hall": hall,
        "Cellar": cellar,
        "StoryInit": "<<set $n to 0, $a to [], $b to [], $c to [], $up to 0, $down to 1, $both to 0>>",
    }
    plain = forms_of(frozenset())
    check_same_without(
        LANGUAGE, passages, lambda patch: patch.setattr(SugarCubePlayer, "forms", lambda self, detail: plain)
    )


def test_exploring__a_story_that_goes_round_in_circles_comes_to_an_end() -> None:
    ways = '[[Hall]] [[Cellar]] <<if visited("Hall") gt 2 and $a.includes("x")>>[[End]]<</if>>'
    passages = {
        "Start": "<<set $a to []>>" + ways, "Hall": '<<run $a.push("x")>>' + ways, "Cellar": '<<run $a.push("y")>>' + ways,
        "End": "",
    }  # fmt: skip
    space = gb.explore(story_of(LANGUAGE, passages), seconds=60)
    assert space.is_exact
    assert space.n_states < 40


def test_exploring__another_passages_edit_may_change_the_forms() -> None:
    grown = {
        "Start": '<<run $a.push("y", "x")>>[[Hall]]',
        "Hall": '<<if $a.includes("x")>>[[End]]<</if>>',
        "End": "",
        "StoryInit": "<<set $a to []>>",
    }
    assert gb.explore(story_of(LANGUAGE, grown), seconds=60).is_exact
    grown["Hall"] = "<<if $a[0] is 'y'>>[[End]]<</if>>"
    found = gb.explore(story_of(LANGUAGE, grown), seconds=60).passages().set_index("passage_id")
    assert found.loc["End", "verdict"] == "reachable"


@pytest.mark.parametrize(
    ("asks", "kept"),
    [
        ('$a.includes("x")', ("x",)),
        ('$a.includesAny("x", "z") or $a.containsAll(["y"])', ("x", "y")),
        ('$a.includes("z")', ()),
        ('$a.includes("x") and $a.includes($b)', ("w", "x", "y")),
        ('$a.includesAny("x", $b)', ("w", "x", "y")),
        ('$a.includes("x") and $a.length gt 1', ("w", "x", "y")),
    ],
)
def test_form__an_array_is_without_what_nobody_asks_for(asks: str, kept: tuple[str, ...]) -> None:
    text = f'<<run $a.push("y")>><<run $a.pushUnique("x", "w")>><<if {asks}>>[[Hall]]<</if>>'
    assert forms(text).write("$a", ("y", "x", "w")) == kept
    assert forms(text, "text").write("$a", ("y", "x", "w")) == ("w", "x", "y")


def test_form__what_is_not_known_stays_in_an_array() -> None:
    found = forms('<<run $a.push($b)>><<if $a.includes("x")>>[[Hall]]<</if>>')
    assert set(found.write("$a", ("y", UNKNOWN, 3))) == {UNKNOWN, 3}


def test_form__code_that_asks_for_more_is_not_covered() -> None:
    found = forms('<<run $a.push("y")>><<if $a.includes("x")>>[[Hall]]<</if>>')
    assert found.covers(set(forms('<<if $a.includes("x")>>[[Hall]]<</if>>').habits))
    assert not found.covers(set(forms('<<if $a.includes("y")>>[[Hall]]<</if>>').habits))
    assert not found.covers(set(forms("<<if $a.includes($b)>>[[Hall]]<</if>>").habits))


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("<<set $n += 1>><<if $n gt 5>>[[Hall]]<</if>>", (None, 6)),
        ("<<set $n++>><<if 3 lte $n and $n lt 2.5>>[[Hall]]<</if>>", (None, 4)),
        ("<<set $n to $n + 2>><<if $n>>[[Hall]]<</if>>", (None, 1)),
        ("<<set $n to 2 + $n>><<set $n to 0>><<if not $n>>[[Hall]]<</if>>", (None, 1)),
        ("<<set $n to $m>><<set $n += 1>><<if $n is 3>>[[Hall]]<</if>>", (None, 4)),
        ("[[On|Hall][$n -= 0.5]]<<if $n lte -2.5>>[[Hall]]<</if>>", (-4, None)),
        ("<<set $n += -1>><<if $n lt 1>>[[Hall]]<</if>>", (0, None)),
        *(
            (f"<<set $n += 1>><<if $n gt 5>>[[Hall]]<</if>>{each}", None)
            for each in (
                "<<set $n -= 1>>", "<<set $n -= $m>>", "<<set $m to $n>>", "<<if $n gt $m>>[[Hall]]<</if>>", "<<set $n *= 2>>",
                "<<set $m to $n++>>", "<<if $n % 2>>[[Hall]]<</if>>", "<<box $n>>", "[[Go|$n]]", "<<set $m to State.variables>>",
                "<<set $m to State.getVar('$n')>>", "<<set $m to '$n'>><<= $m>>", "<<set $m to `${$n}`>>", "<<run $n.push(1)>>",
                "<<capture $n>>[[Hall]]<</capture>>", "<<run setup.f($n)>>", "<<switch $n>><<case 3>>[[Hall]]<</switch>>",
                '<<cycle "$n" autoselect>><<option 1>><<option 2>><</cycle>>', "<<set $n to -$n>>", "<<set $n to 5 - $n>>",
                "<<set $m to [$n]>>", "<<if $n is '5'>>[[Hall]]<</if>>", "<<for _i to 0; _i lt $n; _i++>>[[Hall]]<</for>>",
            )
        ),
    ],
)  # fmt: skip
def test_bounds__are_one_beyond_what_a_number_is_compared_with(
    text: str, bounds: tuple[int | None, int | None] | None
) -> None:
    assert forms(text).bounds.get("$n") == bounds


def test_bounds__only_numbers_beyond_them_are_written_as_others() -> None:
    found = forms("<<set $n += 1>><<if $n gt 5>>[[Hall]]<</if>>")
    assert [found.write("$n", value) for value in (5, 5.5, 60, -7, "60", True, UNKNOWN)] == [
        5,
        6,
        6,
        -7,
        "60",
        True,
        UNKNOWN,
    ]
    assert shown(found.write("$n", 60)) == "6 or more"
    assert found.write("$m", 60) == 60


def test_bounds__what_is_shown_counts_where_words_are_wanted() -> None:
    text = "<<set $n += 1>><<if $n gt 5>>[[Hall]]<</if>>$n"
    assert "$n" in forms(text).bounds
    assert "$n" not in forms(text, "text").bounds


def test_bounds__code_that_asks_for_more_is_not_covered() -> None:
    found = forms("<<set $n += 1>><<if $n gt 5>>[[Hall]]<</if>>")
    assert found.covers(set(forms("<<if $n gt 2>>[[Hall]]<</if>><<set $n++>>").habits))
    for more in (
        "<<if $n gt 7>>[[Hall]]<</if>>",
        "<<set $n -= 1>>",
        "<<set $m to $n>>",
        "<<set $m to State.variables>>",
    ):
        assert not found.covers(set(forms(more).habits))


def test_exploring__a_counter_that_only_grows_comes_to_an_end() -> None:
    passages = {
        "StoryInit": "<<set $n to 0>>",
        "Start": "<<set $n += 1>>[[Start]] <<if $n gt 5>>[[End]]<</if>>",
        "End": "",
    }
    space = gb.explore(story_of(LANGUAGE, passages), seconds=60)
    assert space.is_exact
    assert space.n_states == 8
    assert space.endings()["probability"].tolist() == [1.0]
    values = variable_values(space).set_index("passage_id")["values"]
    assert values["Start"] == ("0", "1", "2", "3", "4", "5", "6 or more")
    way = space.way_to("End")
    assert len(way.steps) == 6
    assert gb.play(space.story, way)
