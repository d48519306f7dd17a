"""Wherever an interpreter gives up, nothing may be called proven: a false *no* is the worst that could be said."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.problems import space_problems
from gamebook_lab.analysis.verdicts import passage_verdicts
from gamebook_lab.engine.exploration import explore
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.languages.shared.canvas import MAX_OFFERS
from gamebook_lab.story.play import Detail
from gamebook_lab.story.story import Story

VERSIONS = {"Harlowe": "3.3.9", "SugarCube": "2.37.3", "Chapbook": "2.2.0", "Snowman": "2.0.2"}


def story_of(format_: str, passages: dict[str, str]) -> Story:
    """Make a story that starts at ``Start``; other passages than those given: ``End`` and ``Other``."""
    data = f'{{"format": "{format_}", "format-version": "{VERSIONS[format_]}", "start": "Start"}}'
    texts = {"StoryData": data, "End": "x", "Other": "y", **passages}
    return gb.parse_twee("".join(f":: {name}\n{text}\n\n" for name, text in texts.items()))


def explored(format_: str, text: str | dict[str, str]) -> Space:
    return explore(story_of(format_, {"Start": text} if isinstance(text, str) else text))


def reached(space: Space) -> set[str]:
    """Passages that are found, those that the story only passes through among them."""
    found = {place for place in space.places if isinstance(place, str)}
    situations = space.explorer.table.situations
    return found.union(*(branch.passages for each in situations for branch in each.branches))


def stops(space: Space) -> set[int]:
    return set(space.stop.tolist())


def nested(opening: str, closing: str, n: int, inside: str = "[[End]]") -> str:
    return opening * n + inside + closing * n


CHAIN = {f"P{at}": f'(display: "P{at + 1}")' for at in range(1, 40)}
INCLUDES = {f"P{at}": f'<<include "P{at + 1}">>' for at in range(1, 100)}
EMBEDS = {f"P{at}": f"{{embed passage: 'P{at + 1}'}}" for at in range(1, 40)}
RENDERS = {f"P{at}": f'<%= story.render("P{at + 1}") %>' for at in range(1, 40)}
WIDGET = '<<widget "down">><<if _args[0] is 0>>[[End]]<<else>><<down `_args[0] - 1`>><</if>><</widget>>'


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("Harlowe", "(set: $a to 1)" + nested("(if: $a is 1)[", "]", 12)),
        ("Harlowe", "(set: $a to 1)" + nested("(if: $a is 1)[", "]", 100)),
        ("Harlowe", "(set: $a to 1)" + nested("(if: $a is 2)[no](else:)[", "]", 14)),
        ("Harlowe", nested("|h>[", "]", 14)),
        ("Harlowe", {"Start": '(display: "P1")', **CHAIN, "P40": "[[End]]"}),
        ("Harlowe", "(set: $n to 0)(for: each _i, ...(range: 1, 2000))[(set: $n to it + 1)](if: $n is 2000)[[[End]]]"),
        ("Harlowe", "(set: $a to " + nested("(", ")", 100, "1") + ")(if: $a is 1)[[[End]]]"),
        ("SugarCube", "<<set $a to 1>>" + nested("<<if $a is 1>>", "<</if>>", 100)),
        ("SugarCube", {"Start": "<<down 40>>", "Widgets [widget]": WIDGET}),
        ("SugarCube", {"Start": '<<include "P1">>', **INCLUDES, "P100": "[[End]]"}),
        ("SugarCube", "<<set $a to " + nested("(", ")", 100, "1") + ">><<if $a is 1>>[[End]]<</if>>"),
        ("SugarCube", "<<for _i range 2000>><<set $n to _i>><</for>><<if $n is 1999>>[[End]]<</if>>"),
        ("Chapbook", {"Start": "{embed passage: 'P1'}", **EMBEDS, "P40": "[[End]]"}),
        ("Snowman", {"Start": '<%= story.render("P1") %>', **RENDERS, "P40": "[[End]]"}),
    ],
)
def test_depth__that_real_stories_may_have_is_followed(format_: str, text: str | dict[str, str]) -> None:
    space = explored(format_, text)
    assert space.is_exact
    assert "End" in reached(space)
    assert "Other" not in reached(space)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("Harlowe", "(set: $a to 1)" + nested("(if: $a is 1)[", "]", 300)),
        ("Harlowe", "(set: $a to 1)" + nested("(if: $a is 2)[no](else:)[", "]", 500)),
        ("Harlowe", "(set: $a to " + nested("(", ")", 500, "1") + ")(if: $a is 1)[[[End]]]"),
        ("SugarCube", "<<set $a to 1>>" + nested("<<if $a is 1>>", "<</if>>", 500)),
        ("SugarCube", "<<set $a to " + nested("(", ")", 500, "1") + ">><<if $a is 1>>[[End]]<</if>>"),
        ("SugarCube", "<<set $a to 1>><<if " + nested("(", ")", 500, "$a is 1") + ">>[[End]]<</if>>"),
        ("Chapbook", "a: " + nested("(", ")", 500, "1") + "\n--\n[if a === 1]\n[[End]]"),
        ("Snowman", "<% s.a = " + nested("(", ")", 500, "1") + " %><% if (s.a === 1) { %>[[End]]<% } %>"),
        ("Snowman", nested("<% if (true) { %>", "<% } %>", 300)),
    ],
)
def test_depth__beyond_what_is_read_is_told_and_leaves_everything_open(format_: str, text: str) -> None:
    story = story_of(format_, {"Start": text})
    space = explore(story)
    assert not space.is_exact
    assert "End" in reached(space) or not space.is_complete
    assert story.language.player(story).opaques("Start")
    assert "GB201" not in set(story.problems()["code"])
    assert len(story.problems()) < 6


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        (
            "Harlowe",
            "(set: $n to 0)(for: each _i, ...(range: 1, 20000))[(set: $n to it + 1)](if: $n is 20000)[[[End]]]",
        ),
        (
            "Harlowe",
            "(set: $n to 0)(for: each _i, ...(my-own: 1))[(set: $n to it + 1)(if: $n is 7)[[[End]]]]",
        ),
        ("SugarCube", "<<for _i range unknowable()>><<set $n to _i>><<if $n is 7>>[[End]]<</if>><</for>>"),
        ("SugarCube", "<<for $n to 0; $n lt unknowable(); $n++>><<if $n is 7>>[[End]]<</if>><</for>>"),
        ("Snowman", "<% s.n = 0; while (s.n < unknowable) { s.n += 1; if (s.n === 90) { %>[[End]]<% } } %>"),
    ],
)
def test_loop__that_turns_nobody_knows_how_often_leaves_open_what_it_comes_to(format_: str, text: str) -> None:
    space = explored(format_, text)
    assert not space.is_exact
    assert "End" in reached(space) or not space.is_complete


@pytest.mark.parametrize(
    ("format_", "way"),
    [("Snowman", "<% $('x').on('y', () => story.show('End')) %>"), ("Chapbook", "[[End]]")],
)
def test_ways__for_which_a_page_has_no_room_are_left_open(format_: str, way: str) -> None:
    assert "End" in reached(explored(format_, way))
    space = explored(format_, "[[Other]]\n" * MAX_OFFERS + way)
    assert not space.is_complete


@pytest.mark.parametrize(
    ("format_", "passages"),
    [
        ("SugarCube", {"Start": '<<include "Start">> [[End]]'}),
        ("SugarCube", {"Start": "<<one>> [[End]]", "W [widget]": "<<widget one>><<two>><</widget>><<widget two>><<one>><</widget>>"}),
        ("SugarCube", {"Start": '<<goto "Other">>', "Other": '<<goto "Start">>'}),
        ("Harlowe", {"Start": '(display: "Other") [[End]]', "Other": '(display: "Start")'}),
        ("Harlowe", {"Start": "(set: $m to (macro: num-type _n, [(output: ($m: _n + 1))]))(print: ($m: 1)) [[End]]"}),
        ("Chapbook", {"Start": "{embed passage: 'Start'}\n\n[[End]]"}),
        ("Snowman", {"Start": '<%= story.render("Start") %> [[End]]'}),
    ],
)  # fmt: skip
def test_endless__circle_is_found(format_: str, passages: dict[str, str]) -> None:
    space = explored(format_, passages)
    assert Stop.ENDLESS in stops(space)


def test_endless__loop_is_ended_by_sugarcube_after_its_most_turns() -> None:
    space = explored("SugarCube", "<<for $a to 0; $a gte 0; $a++>><<if $a gt 999>>[[End]]<</if>><</for>>[[Other]]")
    assert space.is_exact
    assert reached(space) == {"Start", "Other"}


def test_endless__loop_is_not_taken_for_proven_where_a_script_has_a_say() -> None:
    script = {"Code [script]": "Config.macros.maxLoopIterations = 1e9"}
    for loop in (
        "<<for $a to 0; $a gte 0; $a++>><<if $a gt 1e9>>[[End]]<</if>><</for>>",
        "<<for $a to 0; $a gte 0; $a++>>x<</for>>",
        "<<for $a to 0; $a lt 5; $b++>>x<</for>>",
        "<<for>>x<</for>>",
        "<<for $a to 0; $a lt 5; $a++>>x<<include 'Other'>><</for>>",
    ):
        space = explored("SugarCube", {"Start": f"{loop} [[End]]", "Other": "<<set $a to 0>>", **script})
        assert Stop.ENDLESS in stops(space), loop
        assert not space.is_complete


def test_endless__loop_that_only_shows_words_ends_too() -> None:
    for loop in (
        "<<for $a to 0; $a gte 0; $a++>>x<</for>>",
        "<<for $a to 0; $a lt 5; $b++>>x<</for>>",
        "<<for>>x<</for>>",
        "<<for $a to 0; $a lt 5 or true; $a++>>x<</for>>",
        "<<for $a to 0; $a lt $a + 1; $a++>>x<</for>>",
        "<<for $a to 0; $a lt Infinity; $a++>>x<</for>>",
        "<<for $a to 0; $a lt 5; $a++>>x<<include 'Other'>><</for>>",
    ):
        space = explored("SugarCube", {"Start": f"{loop} [[End]]", "Other": "<<set $a to 0>>"})
        assert space.is_exact, loop
        assert "End" in reached(space), loop
    for loop in (
        "<<for _a to 0; _a lt 5; _a++>>x<</for>>",
        "<<for $a to 9; $a gte $b; $a -= 2>>x<</for>>",
        "<<for $a to 9; 0 lt $a; $a to $a - 1>>x<</for>>",
    ):
        space = explored("SugarCube", f"{loop} [[End]]")
        assert space.is_exact, loop
        assert "$a" not in space.relevance.variables, loop


@pytest.mark.parametrize("detail", ["choices", "text"])
@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("SugarCube", '<<set $s to "[[End]]">>$s'),
        ("SugarCube", '<<set $s to "[[End]]">><<if true>><<= $s>><</if>>'),
        ("SugarCube", '<<set $s to "<<goto \'End\'>>">><<print $s>>'),
        ("Harlowe", '(set: $s to "[[End]]")$s'),
        ("Snowman", '<% s.s = "[[End]]" %><%= s.s %>'),
        ("Snowman", '<% s.s = "[[End" %><%= s.s + "]]" %>'),
        ("Snowman", "<% s.s = '<a data-passage=\"End\">' %><% if (true) { %><%= s.s %>x</a><% } %>"),
    ],
)  # fmt: skip
def test_markup__that_a_variable_holds_leads_on(format_: str, text: str, detail: Detail) -> None:
    space = explore(story_of(format_, {"Start": text}), detail=detail)
    assert "End" in reached(space)
    assert space.is_exact


@pytest.mark.parametrize(
    ("format_", "code"),
    [
        ("SugarCube", "<<script>>while (true) { }<</script>>"),
        ("SugarCube", "<<script>>let i = 0; while (i < 5) { }<</script>>"),
        ("SugarCube", "<<script>>for (let i = 0; i < 5; i++) { i = 0 }<</script>>"),
        ("SugarCube", "<<script>>for (let i = 0; i < 5; i++) { [i] = [0] }<</script>>"),
        ("SugarCube", "<<script>>let a = [1]; for (const x of a) { a.push(x) }<</script>>"),
        ("SugarCube", "<<script>>let a = [1], b = a; for (let i = 0; i < a.length; i++) { b.push(1) }<</script>>"),
        ("SugarCube", "<<set $a to [1, 2].filter(function (x) { while (true) { } })>>"),
        ("SugarCube", '<<include "Other">>'),
        ("SugarCube", "<<if $x is 1>><<include 'Other'>><</if>><<set $x to 1>><<if $x is 1>><<include 'Other'>><</if>>"),
        ("Chapbook", "[JavaScript]\nwhile (true) { }\n[cont]\n"),
        ("Chapbook", "x: 1\n--\n[JavaScript]\nfor (let i = 0; i < 5; i++) { write('x'); i = 0 }\n[cont]\n"),
        ("Chapbook", "{embed passage: 'Other'}"),
        ("Snowman", "<% while (true) { %> x <% } %>"),
        ("Snowman", "<% for (var i = 0; i < 5; i++) { %><%= i-- %><% } %>"),
        ("Snowman", "<% s.n = 0; for (; s.n < 5; s.n++) { %><%= story.render('Zero') %><% } %>"),
        ("Snowman", "<% var a = [1]; for (var x of a) { a.push(x) } %>"),
        ("Snowman", "<%= story.render('Other') %>"),
    ],
)  # fmt: skip
def test_endless__what_only_shows_words_is_not_skipped_where_it_may_not_end(
    format_: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gamebook_lab.engine.recording.MOST_STEPS", 50_000)  # as endless, and sooner
    shows = {
        "SugarCube": '<<include "Other">>',
        "Chapbook": "{embed passage: 'Other'}",
        "Snowman": "<%= story.render('Other') %>",
    }
    texts = {"Start": f"{code} [[End]]", "Other": shows[format_], "Zero": "<% s.n = 0 %>"}
    space = explored(format_, texts)
    assert not space.is_exact


@pytest.mark.parametrize(
    ("format_", "code"),
    [
        ("SugarCube", "<<script>>for (let i = 0; i < 5; i++) { console.log(i) }<</script>>"),
        ("SugarCube", "<<script>>for (const x of [1, 2]) { console.log(x) }<</script>>"),
        ("SugarCube", "<<set $a to [1, 2].filter(function (x) { for (let i = 9; i > x; i--) { let j = i } return true })>>"),
        ("Chapbook", "n: 5\n--\n[JavaScript]\nfor (let i = 0; i < n; i++) { write('x') }\n[cont]\n"),
        ("Snowman", "<% for (var i = 0; i < 5; i++) { %> x <%= i %> <% } %>"),
    ],
)  # fmt: skip
def test_endless__loops_that_surely_end_are_skipped(format_: str, code: str) -> None:
    space = explored(format_, f"{code} [[End]]")
    assert space.is_exact
    assert not space.relevance.variables


def test_endless__passages_shown_in_conditions_leave_room_to_say_so() -> None:
    inside = "<%= story.render('Start') %>"
    for _ in range(15):
        inside = f"<% if (!s.x) {{ %>{inside}<% }} %>"
    assert Stop.ENDLESS in stops(explored("Snowman", f"{inside} [[End]]"))


def test_endless__passages_are_told_though_the_rest_is_open() -> None:
    space = explored("SugarCube", {"Start": '<<include "Start">> [[End]]'})
    assert space_problems(space)["code"].tolist() == ["GB605"]
    circle = explored("SugarCube", {"Start": "[[Round]]", "Round": '<<goto "Other">>', "Other": '<<goto "Round">>'})
    assert circle.is_exact
    assert {"Round", "Other"} <= reached(circle)


def test_included__start_is_a_passage_all_the_same() -> None:
    space = explored("SugarCube", {"Start": "hi [[B]]", "B": '<<include "Start">> [[End]]'})
    assert set(passage_verdicts(space)["passage_id"]) == {"Start", "B", "End", "Other"}


def test_max_states__are_never_exceeded() -> None:
    wide = {"Start": "".join(f"[[W{at}]]" for at in range(30)), **{f"W{at}": "[[End]] [[Start]]" for at in range(30)}}
    for most in (1, 5, 10, 31, 32):
        space = explore(story_of("SugarCube", wide), max_states=most)
        assert space.n_states <= most
        assert len(space.target) == space.indptr[-1]
    assert explore(story_of("SugarCube", wide), max_states=33).limit is None


def test_play__of_what_is_no_playthrough_says_what_was_expected() -> None:
    with pytest.raises(TypeError, match="expected a Playthrough"):
        gb.play(story_of("SugarCube", {"Start": "x"}), ["x"])  # type: ignore[arg-type]


def test_sample__of_a_negative_number_says_what_was_expected() -> None:
    paths = gb.explore(gb.parse_twee(":: Start\n[[End]]\n\n:: End\n")).paths()
    with pytest.raises(ValueError, match="0 or more"):
        paths.sample(-1)
