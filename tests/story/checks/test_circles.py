"""What never comes to an end, as the text alone says so; against what exploring says of the same stories."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamebook_lab as gb
from gamebook_lab.engine.exploration import explore
from gamebook_lab.engine.stops import Stop
from gamebook_lab.languages.registry import for_format
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import worst_first
from gamebook_lab.story.story import Story, passage_rows


def story_of(format_, passages, start=None):
    """Make a story; ``Name [tag]`` gives a passage its tags."""
    language = for_format(format_)
    rows = []
    for header, text in passages.items():
        name, _, tags = header.partition(" [")
        listed = tuple(tags.rstrip("]").split())
        is_start = name == start if start else not rows
        rows.append(Passage(name, text, listed, language.kind(name, listed), is_start=is_start))
    return Story(passage_rows(rows), language)


def found(format_, passages):
    """Passages with the text at the places that are reported."""
    story = story_of(format_, passages)
    table = story.problems()
    table = table[table["code"] == "GB605"]
    texts = dict(zip(story.table["passage_id"], story.table["text"], strict=True))
    return [
        (name, texts[name][start:stop])
        for name, start, stop in zip(table["passage_id"], table["start"], table["stop"], strict=True)
    ]


@pytest.mark.parametrize(
    ("format_", "passages", "places"),
    [
        ("SugarCube", {"A": '[[End]] <<include "A">>'}, [("A", '<<include "A">>')]),
        ("SugarCube", {"A": "<<nobr>><<display [[B]]>><</nobr>>", "B": "<b><<include A>></b>"}, [("A", "<<display [[B]]>>"), ("B", "<<include A>>")]),
        ("SugarCube", {"A": '<<goto "B">>', "B": '<<goto "A">> [[End]]'}, [("A", '<<goto "B">>'), ("B", '<<goto "A">>')]),
        ("SugarCube", {"A": '<<goto "A">>'}, [("A", '<<goto "A">>')]),
        ("SugarCube", {"A": "<<w>>", "W [widget]": "<<widget w>>x<<w 1 $y>><</widget>>"}, [("W", "<<w 1 $y>>")]),
        ("SugarCube", {"W [widget]": "<<widget v>><<w>><</widget>>", "X [widget]": "<<widget w>><<v>><</widget>>"}, [("W", "<<w>>"), ("X", "<<v>>")]),
        # what is behind it is never come to
        ("SugarCube", {"A": "<<include 'B'>><<goto 'End'>>", "B": "<<include 'A'>>"}, [("A", "<<include 'B'>>"), ("B", "<<include 'A'>>")]),
        ("Harlowe", {"A": '(display: "B")', "B": "{[''(display: 'A')'']}"}, [("A", '(display: "B")'), ("B", "(display: 'A')")]),
        ("Harlowe", {"A": '(go-to: "B")', "B": '(goto: "A")'}, [("A", '(go-to: "B")'), ("B", '(goto: "A")')]),
        ("Harlowe", {"A": "(set: $m to (macro: [(output-data: ($m:))]))"}, [("A", "($m:)")]),
        ("Chapbook", {"A": "x: 1\n--\n[cont]\n{embed passage: 'B'}", "B": "{embed passage named: 'A'}"}, [("A", "{embed passage: 'B'}"), ("B", "{embed passage named: 'A'}")]),
        ("Snowman", {"A": '<% s.x = 1 %><%= s.x %><%= story.render("A") %>'}, [("A", 'story.render("A")')]),
    ],
)  # fmt: skip
def test_circles__are_told_with_their_places(format_, passages, places):
    assert found(format_, {**passages, "End": "The end."}) == places


@pytest.mark.parametrize(
    ("format_", "passages"),
    [
        ("SugarCube", {"A": '<<if $x>><<include "A">><</if>>'}),
        ("SugarCube", {"A": '<<for $i to 0; $i lt 2; $i++>><<include "A">><</for>>'}),
        ("SugarCube", {"A": '<<link "x">><<include "A">><</link>>'}),
        ("SugarCube", {"A": '<<linkreplace "x">><<goto "A">><</linkreplace>>'}),
        ("SugarCube", {"A": '<<timed 2s>><<goto "A">><</timed>>'}),
        ("SugarCube", {"A": "<<include $x>>", "B": '<<include `"B"`>>', "C": "<<include [[$x]]>>"}),
        ("SugarCube", {"A": '<<script>>Engine.play("End")<</script>><<include "A">>'}),
        ("SugarCube", {"A": '<<unknown>><<include "A">>'}),
        ("SugarCube", {"A": '<<goto "B">>', "B": '<<goto "A">><<if $x>><<goto "End">><</if>>'}),
        ("SugarCube", {"A": '<<goto "A">><<include "B">>', "B": '<<if $x>><<goto "End">><</if>>'}),
        ("SugarCube", {"A": '<<goto "A">>', "PassageReady": '<<if $x>><<goto "End">><</if>>'}),
        ("SugarCube", {"A": '<<include "B">><<include "A">>', "B": '<<goto "End">>'}),
        ("SugarCube", {"A": '/* <<include "A">> */ {{{<<include "A">>}}} <nowiki><<goto "A">></nowiki>'}),
        ("SugarCube", {"A": '<<if $x>><<include "A">>'}),
        ("SugarCube", {"W [widget]": "<<widget w>><<if _args[0]>><<w 1>><</if>><</widget>>"}),
        ("SugarCube", {"W [widget]": "<<widget w>><<w `f()`>><</widget>>"}),
        ("SugarCube", {"W": "<<widget w>><<w>><</widget>>"}),
        ("SugarCube", {"W [widget]": "<<widget w>><<w>><</widget>>", "X [widget]": "<<widget w>>x<</widget>>"}),
        ("SugarCube", {"W [widget]": "<<widget w>><<w>><</widget>>", "X [script]": 'Macro.add("w", {})'}),
        ("Harlowe", {"A": '(if: $x)[(display: "A")]'}),
        ("Harlowe", {"A": '|h)[(display: "A")]'}),
        ("Harlowe", {"A": '(link: "x")[(goto: "A")]'}),
        ("Harlowe", {"A": '(goto: "End")(display: "A")'}),
        ("Harlowe", {"A": "(display: $x)(goto: (either: 'A', 'End'))"}),
        ("Harlowe", {"A": "(set: $m to (macro: [($m:)]))(set: $m to (macro: [(output-data: 1)]))"}),
        ("Harlowe", {"A": "(set: $m to (macro: bool-type _b, [(if: _b)[($m: false)]]))"}),
        ("Chapbook", {"A": "x: y\n--\n{embed passage: 'A'}"}),
        ("Chapbook", {"A": "[if x]\n{embed passage: 'A'}"}),
        ("Chapbook", {"A": "[JavaScript]\nengine.go('End')\n[cont]\n{embed passage: 'A'}"}),
        ("Chapbook", {"A": "{reveal link: 'x', passage: 'A'}"}),
        ("Chapbook", {"A": "{embed passage: x}"}),
        ("Snowman", {"A": '<% if (s.x) { %><%= story.render("A") %><% } %>'}),
        ("Snowman", {"A": '<% f() %><%= story.render("A") %>'}),
        ("Snowman", {"A": "<%= story.render(s.x) %>"}),
        ("Snowman", {"A": '[[<%= s.x.y %>->B]]<%= story.render("A") %>'}),
    ],
)  # fmt: skip
def test_circles__nothing_that_may_end_is_told(format_, passages):
    assert found(format_, {**passages, "End": "The end."}) == []


def test_circles__the_message_names_the_way_round():
    chain = {f"P{at}": f'<<include "P{(at + 1) % 6}">>' for at in range(6)}
    table = story_of("SugarCube", {**chain, "In": '<<include "P3">>'}).problems()
    messages = table.loc[table["code"] == "GB605", "message"].tolist()
    assert len(messages) == 6
    assert messages[0] == (
        "'P0' never comes to an end: it shows 'P1', which shows 'P2', which shows 'P3', which shows 'P4', and so on (6 in a circle), "
        "whatever happens"
    )


def test_circles__long_chains_take_linear_time():
    chain = {f"P{at}": f'<<include "P{at + 1}">><<include "P{at + 2}">>' for at in range(5_000)}
    story = story_of("SugarCube", {**chain, "P5000": "End.", "P5001": "End."})
    assert "GB605" not in story.problems()["code"].tolist()


def test_circles__exploring_does_not_tell_them_again():
    story = story_of("SugarCube", {"A": "[[B]] [[End]]", "B": '<<goto "C">>', "C": '<<goto "B">>', "End": "The end."})
    table = gb.explore(story).problems()
    assert table.loc[table["code"] == "GB605", "start"].notna().tolist() == [True, True]
    none = story.problems().iloc[:0]
    assert worst_first(none, none).empty
    pd.testing.assert_frame_equal(worst_first(table, none), table)


PIECES = {
    "SugarCube": [
        '<<include "{0}">>', '<<goto "{0}">>', "<<if $x>>{1}<</if>>", "<<set $x to 1>>", "[[{0}]]", "<<{2}>>", "{1}{1}",
        "<<nobr>>{1}<</nobr>>", '<<link "x">>{1}<</link>>', "words",
    ],
    "Harlowe": [
        '(display: "{0}")', '(go-to: "{0}")', "(if: $x is 1)[{1}]", "(set: $x to 1)", "[[{0}]]", "[{1}]", "''{1}''", "{1}{1}",
        '(link: "x")[{1}]', "words",
    ],
    "Chapbook": ["{{embed passage: '{0}'}}", "\n[if x > 0]\n{1}\n[cont]\n", "[[{0}]]", "{1}\n{1}", "words"],
    "Snowman": [
        '<%= story.render("{0}") %>', "<% if (s.x) {{ %>{1}<% }} %>", "<% s.x = 1 %>", "[[{0}]]", "{1}{1}", "words",
    ],
}  # fmt: skip


@st.composite
def stories(draw):
    """Draw a story in which passages and macros show, call and lead to each other."""
    format_ = draw(st.sampled_from(sorted(PIECES)))

    def piece(depth=0):
        given = draw(st.sampled_from(PIECES[format_] if depth < 3 else PIECES[format_][:1]))
        inner = piece(depth + 1) if "{1}" in given else ""
        return given.format(draw(st.sampled_from("ABC")), inner, draw(st.sampled_from(["v", "w"])))

    passages = {name: piece() + draw(st.sampled_from(["", "[[End]]"])) for name in "ABC"}
    if format_ == "SugarCube":
        passages["W [widget]"] = f"<<widget v>>{piece()}<</widget>><<widget w>>{piece()}<</widget>>"
    return format_, {**passages, "End": "The end."}


@settings(max_examples=40)
@given(stories())
def test_circles__what_is_told_is_endless_when_it_is_explored(drawn):
    format_, passages = drawn
    names = {name for name, _ in found(format_, passages)} & set("ABC")
    for name in sorted(names):
        space = explore(story_of(format_, passages, start=name), max_states=50)
        assert [Stop(each) for each in space.stop[space.initial]] == [Stop.ENDLESS] * len(space.initial), name
