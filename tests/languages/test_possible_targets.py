"""Literals that a computed target may come to are references: renaming follows them, and a check knows that they lead."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import EditError
from gamebook_lab.languages.registry import language

_BOTH = ["A", "B"]


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        ("harlowe", '(goto: (either: "A", "B"))', _BOTH),
        ("harlowe", "(link-goto: \"Go\", (cond: (visited: 'Z'), 'A', 'B'))", _BOTH),
        ("harlowe", '(display: 1st of (a: "A", "B"))', _BOTH),
        ("harlowe", '(goto: (nth: $n, "A", "B"))', _BOTH),
        ("harlowe", '[[Go->(print: (either: "A", "B"))]]', _BOTH),
        ("harlowe", '(click-goto: "Go", (either: ...(shuffled: "A", "B")))', _BOTH),
        ("harlowe", '(goto: "Room " + (str: $n))', []),
        ("harlowe", '(goto: (cond: $x is "Z", "A", $y))', ["A"]),
        ("sugarcube", "<<goto `either('A', 'B')`>>", _BOTH),
        ("sugarcube", "[[Go|either('A', 'B')]]", _BOTH),
        ("sugarcube", "[[Go|$x ? 'A' : 'B']]", _BOTH),
        ("sugarcube", "<<link 'Go' `['A', 'B'].random()`>><</link>>", _BOTH),
        ("sugarcube", "<<include `$x is 'Z' ? 'A' : 'B'`>>", _BOTH),
        ("sugarcube", "<<run Engine.play($x || 'A')>>", ["A"]),
        ("sugarcube", "<a @data-passage=\"$x ? 'A' : 'B'\">Go</a>", _BOTH),
        ("sugarcube", "<a data-passage=\"$x ? 'A' : 'B'\">Go</a>", _BOTH),
        ("sugarcube", "<<goto `'Room ' + $n`>>", []),
        ("sugarcube", "<<goto `{a: 'A', b: 'B'}[$x]`>>", _BOTH),
        ("sugarcube", "<<if $x is 'A'>><<goto $y>><</if>>", []),
        ("snowman", "<% story.show(s.x ? 'A' : 'B') %>", _BOTH),
        ("snowman", "[[Go|<%= either('A', 'B') %>]]", _BOTH),
        ("snowman", "<%= story.render(s.x ? 'A' : 'B') %>", _BOTH),
        ("chapbook", "{embed passage: cond ? 'A' : 'B'}", _BOTH),
        ("chapbook", "{link to: cond ? 'A' : 'B', label: 'Go'}", _BOTH),
        ("chapbook", "{reveal link: 'Go', passage: cond ? 'A' : 'B'}", _BOTH),
        ("chapbook", "[JavaScript]\ngo(x ? 'A' : 'B')", _BOTH),
    ],
)
def test_literals_that_a_computed_target_may_come_to_may_lead(name: str, text: str, names: list[str]):
    found = [each for each in language(name).parse(text).references if each.may_lead]
    assert [each.name for each in found] == names
    assert [text[slice(*each.slot.span)] for each in found] == names
    assert not any(each.is_required for each in found)


@pytest.mark.parametrize("name", ["harlowe", "sugarcube", "snowman", "chapbook"])
def test_a_visited_passage_may_not_lead(name: str):
    text = {"harlowe": '(if: (visited: "A"))[x]', "sugarcube": '<<if visited("A")>>x<</if>>'}.get(
        name, '<% if (hasVisited("A")) { %>x<% } %>' if name == "snowman" else "[if passage.name === 'A']\nx"
    )
    assert [(each.name, each.may_lead) for each in language(name).parse(text).references] == [("A", False)]


@pytest.mark.parametrize(
    ("fmt", "text", "new"),
    [
        ("Harlowe", '(goto: (either: "A", "B"))', '(goto: (either: "A\\"s", "B"))'),
        ("SugarCube", "<<goto `either('A', 'B')`>>", r"<<goto `either('A\x22s', 'B')`>>"),
        ("Harlowe", "[[Go->(print: (either: 'A', 'B'))]]", "[[Go->(print: (either: 'A\"s', 'B'))]]"),
        ("Snowman", "[[Go|<%= either('A', 'B') %>]]", None),
        ("Chapbook", "{embed passage: c ? 'A' : 'B'}", r"{embed passage: c ? 'A\x22s' : 'B'}"),
    ],
)
def test_renaming_follows_into_a_computed_target(fmt: str, text: str, new: str | None):
    story = gb.parse_twee(f':: StoryData\n{{"format": "{fmt}"}}\n\n:: Start\n{text}\n\n:: A\nHi.\n\n:: B\nHo.\n')
    if new is None:
        with pytest.raises(EditError):
            gb.edits.rename_passage(story, "A", 'A"s')
        assert gb.edits.rename_passage(story, "A", "Attic").text("Start").strip() == text.replace("A", "Attic")
    else:
        assert gb.edits.rename_passage(story, "A", 'A"s').text("Start").strip() == new


def test_a_name_that_would_end_the_link_around_it_is_refused():
    with pytest.raises(EditError):
        language("harlowe").encode("a]]b", "double-markup-in-link")


def test_storylets_and_those_who_offer_them():
    parse = language("harlowe").parse
    assert parse("(storylet: when $x > 1)").is_storylet
    assert parse('(link-storylet: 1, "")').offers_storylets
    assert parse("(for: each _s, ...(open-storylets:))[x]").offers_storylets
    assert not parse("(set: $x to 1)").is_storylet
