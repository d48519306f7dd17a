"""Harlowe's links, clicks, inputs and what time brings."""

from __future__ import annotations

import pytest

from gamebook_lab.languages.harlowe.play.player import Player
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.play import Move
from gamebook_lab.story.program import ChoiceKind
from tests.languages.harlowe_play.driving import Driver, Reading, player_of, read

OTHERS = {"Next": "next", "Other": "other"}


@pytest.mark.parametrize(
    ("source", "label", "target"),
    [
        ("[[Next]]", "Next", "Next"),
        ("[[On->Next]]", "On", "Next"),
        ("[[Next<-On]]", "On", "Next"),
        ("[[On|Next]]", "On", "Next"),
        ("[[//On//->Next]]", "On", "Next"),
        ("(set: $p to 'Next')[[On->$p]]", "On", "Next"),
        ("(set: $p to 'On')[[$p->Next]]", "On", "Next"),
        ("(link-goto: 'Next')", "Next", "Next"),
        ("(link-goto: 'On', 'Next')", "On", "Next"),
        ("(link-goto: 'On', (either: 'Other', 'Next'))", "On", "Other"),
        ("(text-style: 'bold')[[On->Next]]", "On", "Next"),
        ("(if: true)[[On->Next]]", "On", "Next"),
        ("(link: 'On')[(goto: 'Next')]", "On", "Next"),
        ("(link-reveal-goto: 'On', 'Next')[(set: $x to 1)]", "On", "Next"),
        ("|a>[On](click-goto: ?a, 'Next')", "a", "Next"),
        ("|a>[On](click: ?a)[(goto: 'Next')]", "a", "Next"),
    ],
)
def test_links__lead_on(source: str, label: str, target: str) -> None:
    reading = read(source, OTHERS)
    assert reading.labels == [label]
    found = reading.player.click(reading.page, reading.page.offers[0], reading.driver)
    assert found == Move(target)


def test_links__stand_where_their_markup_does() -> None:
    source = "a (if: true)[[On->Next]] (link: 'x')[(goto: 'Next')]"
    offers = read(source, OTHERS).page.offers
    assert [source[offer.place.span.start : offer.place.span.stop] for offer in offers] == [
        "(if: true)[[On->Next]]",
        "(link: 'x')[(goto: 'Next')]",
    ]
    assert [offer.kind for offer in offers] == [ChoiceKind.LINK, ChoiceKind.LINK]


@pytest.mark.parametrize(
    ("source", "clicks", "expected", "labels"),
    [
        ("(link: 'a')[b]c", ["a"], "bc", []),
        ("(link-replace: 'a')[b]c", ["a"], "bc", []),
        ("(link-reveal: 'a')[b]c", ["a"], "abc", []),
        ("(link-append: 'a')[b]c", ["a"], "abc", []),
        ("(link-repeat: 'a')[b]c", ["a", "a"], "abbc", ["a"]),
        ("(link-rerun: 'a')[b]c", ["a", "a"], "abc", ["a"]),
        (
            "(set: $n to 0)(link-repeat: 'a')[(set: $n to it + 1)]|x>[$n](event: when $n is 2)[!]",
            ["a", "a"],
            "a0!",
            ["a"],
        ),
        ("(set: _n to 0)(link-repeat: 'a')[(set: _n to it + 1)_n]", ["a", "a"], "a11", ["a"]),
        ("(link: 'a')[(link: 'b')[c]]", ["a", "b"], "c", []),
        ("(link: 'a')[(replace: ?x)[b]]|x>[(link: 'gone')[]]", ["a"], "b", []),
        ("(link: 'a')+(if: true)[b]", ["a"], "b", []),
        ("(if: false)+(link: 'a')[b]c", [], "c", []),
        ("(link: 'a')[(show: ?x)]|x)[b [[Next]]]", ["a"], "b Next", ["Next"]),
        ("(link-show: 'a', ?x)|x)[b]", ["a"], "b", []),
        ("|x>[w](click: ?x)[b]", ["x"], "wb", []),
        ("|x>[w](click-replace: ?x)[b]", ["x"], "b", []),
        ("|x>[w](click-append: ?x)[b]", ["x"], "wb", []),
        ("|x>[w](click-prepend: ?x)[b]", ["x"], "bw", []),
        ("(click: ?x)[b]", [], "", []),
        ("(for: each _x, 'a', 'b')[(link: _x)[<_x>]]", ["b"], "a<b>", ["a"]),
        ("(after: 2s)[(link: 'a')[b]]c", ["(after a while)"], "ac", ["a"]),
        ("(live: 2s)[(set: $n to it + 1)$n(if: $n is 2)[(stop:)]]", ["(after a while)"] * 2, "2", []),
        ("(link: 'a')[(rerun: ?x)]|x>[(set: $n to it + 1)$n]", ["a"], "2", []),
        ("(link: 'a')[b(undo:)c]d", [], "ad", ["a"]),
        ("(if: true)[(link: 'a')[b]](else:)[c]", ["a"], "b", []),
        ("|x>[(link: 'a')[(append: ?x)[c]]]", ["a"], "c", []),
        ("(set: $m to (macro: str-type _s, [(output:)[(link: _s)[<_s>]]]))($m: 'a')", ["a"], "<a>", []),
        ("(set: $l to (link: 'a'))$l[b]", ["a"], "b", []),
        ("(display: 'D')(set: $q to 2)", ["in D"], "D2", []),
    ],
)
def test_clicks_that_stay(source: str, clicks: list[str], expected: str, labels: list[str]) -> None:
    reading = read(source, {**OTHERS, "D": "(link: 'in D')[D$q]"})
    for label in clicks:
        reading.click(label)
    assert reading.text == expected
    assert reading.labels == labels


def test_clicks__do_the_same_where_choices_alone_count() -> None:
    source = "(set: $n to 0)(link-repeat: 'a')[(set: $n to it + 1)(if: $n is 2)[[[Next]]]]"
    reading = read(source, OTHERS, detail="choices")
    assert reading.click("a").labels == ["a"]
    assert reading.click("a").labels == ["a", "Next"]


def test_pages__are_equal_where_they_behave_equally() -> None:
    source = "(link-rerun: 'a')[(set: _b to $x)words](set: _unread to $x)"
    pages = [read(source, detail="choices", values={"$x": x}, hidden=frozenset()).page for x in (1, 2)]
    assert pages[0] == pages[1]
    assert len({*pages}) == 1


def test_pages__tell_values_apart_that_python_does_not() -> None:
    source = "(set: _x to $x)(link: 'a')[(set: $y to _x)]"
    pages = [read(source, values={"$x": x}).page for x in (1, True)]
    assert pages[0] != pages[1]


def test_pages__hold_no_text_of_passages() -> None:
    source = "(link: 'a')[" + "words " * 1000 + "]|x>[b](link: 'c')[(replace: ?x)[d]]"
    reading = read(source, detail="choices")
    assert len(repr(reading.page)) < 1_500
    assert len(reading.click("a").labels) == 1


def test_pages__keep_nothing_where_no_click_stays() -> None:
    assert read("(set: _a to 1)|x>[a][[Next]]", OTHERS).page.token is None


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(link-undo: 'Back')", ChoiceKind.UNDO),
        ("(link: 'Back')[(undo:)]", ChoiceKind.UNDO),
        ("(link: 'Again')[(restart:)]", ChoiceKind.RESTART),
        ("(link: 'Load')[(load-game: 'A')]", ChoiceKind.LOAD),
        ("(icon-restart:)", ChoiceKind.RESTART),
    ],
)
def test_undo_and_its_like__are_offered_without_a_token(source: str, kind: ChoiceKind) -> None:
    (offer,) = read(source).page.offers
    assert (offer.kind, offer.token) == (kind, None)


# ---- inputs


def test_cycling_link__takes_the_next_value() -> None:
    reading = read("(cycling-link: bind $x, 'one', 'two')")
    found = [reading.driver.values["$x"]]
    for label in ("one", "two"):
        reading.click(label)
        found.append(reading.driver.values["$x"])
    assert found == ["one", "two", "one"]


def test_cycling_link__bound_both_ways_starts_at_the_variable() -> None:
    assert read("(set: $x to 'two')(cycling-link: 2bind $x, 'one', 'two')").labels == ["two"]


def test_seq_link__ends_at_its_last_value() -> None:
    reading = read("(seq-link: bind $x, 'one', 'two')").click("one")
    assert (reading.labels, reading.text, reading.driver.values["$x"]) == ([], "two", "two")


def test_dropdown__offers_every_value() -> None:
    reading = read("(dropdown: bind $x, 'one', 'two')")
    assert reading.labels == ["one", "two"]
    assert reading.click("two").driver.values["$x"] == "two"
    assert reading.click("one").driver.values["$x"] == "one"


def test_checkbox__turns_a_boolean() -> None:
    reading = read("(checkbox: bind $x, 'on?')")
    assert reading.driver.values["$x"] is False
    (offer,) = reading.page.offers
    reading.player.click(reading.page, offer, reading.driver)
    assert reading.driver.values["$x"] is True


@pytest.mark.parametrize(
    "source", ["(input-box: bind $x, 'X=')", "(input: bind $x)", "(force-input-box: bind $x, 'X', 'w')"]
)
def test_free_input__is_unknown(source: str) -> None:
    assert read(source).driver.values["$x"] is UNKNOWN


# ---- storylets

STORYLETS = {
    "A": "(storylet: when $x > 0)a",
    "B": "(storylet: when true)(urgency: 2)b",
    "C": "(storylet: when visits is 0)c",
}


def test_link_storylet__offers_those_that_are_open() -> None:
    source = "(link-storylet: 1)(link-storylet: 'second', 2)(link-storylet: 3, 'none')"
    reading = read(source, STORYLETS, values={"$x": 0})
    assert reading.labels == ["B", "second"]
    assert reading.text == "Bsecondnone"
    assert reading.click("second").text == "c"


def test_open_storylets__are_a_list_of_passages() -> None:
    source = "(set: $n to (open-storylets:)'s length)(for: each _s, ...(open-storylets:))[(link-goto: _s's name)]"
    reading = read(source, STORYLETS, values={"$x": 1})
    assert reading.driver.values["$n"] == 3
    assert reading.labels == ["B", "A", "C"]


def test_exclusivity__shuts_the_others() -> None:
    others = {**STORYLETS, "D": "(storylet: when true)(exclusivity: 1)d"}
    assert read("(link-storylet: 1)(link-storylet: 2)", others).labels == ["D"]


# ---- determinism


def test_player__is_made_again_after_an_edit_without_reading_all_again() -> None:
    first = player_of("(link: 'a')[b]", OTHERS)
    again: Player = player_of("(link: 'a')[c]", OTHERS)
    page = Reading(first).page
    assert Reading(first, Driver()).page == page
    assert Reading(again).click("a").text == "c"
