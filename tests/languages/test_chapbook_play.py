"""Playing Chapbook: the vars section, modifiers, inserts and links do what Chapbook's own code does with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.languages.chapbook import LANGUAGE
from gamebook_lab.story.frozen import UNKNOWN, Map
from gamebook_lab.story.play import PREVIOUS, TURNS
from tests.languages.driving import Reader, play, story_of


def read(*texts: str, detail: str = "text", **options: object) -> Reader:
    names = ["Start", "Two", "Three", "Four"]
    return play(LANGUAGE, dict(zip(names, texts, strict=False)), detail=detail, **options)


def test_vars__are_set_in_order_under_their_conditions() -> None:
    reader = read(
        "gold: 2\ngold (gold > 1): gold * 3\ngold (gold > 9): 0\nname: 'Ann'\nbag.size: 4\n--\n{gold} {name} {bag.size}"
    )
    assert reader.text == "6 Ann 4"
    assert reader.turn.written["bag"] == Map((("size", 4),))


def test_vars__array_is_frozen_and_an_index_is_shown() -> None:
    reader = read("list: [1, 'b']\nsize: list.length\n--\n{list[1]} {size}")
    assert reader.turn.written["list"] == (1, "b")
    assert reader.text == "b 2"


def test_vars__error_leaves_a_doubt_and_no_offers_on_one_way() -> None:
    shown = read("x: missing + 1\n--\n[[Go->Two]]", "")
    assert shown.turn.decided == [(2, "an error: missing is not defined")]
    assert shown.labels == []


@pytest.mark.parametrize(
    ("value", "shown"), [(3, ["If", "Always"]), (1, ["Else", "Always"])]
)  # fmt: skip
def test_modifiers__if_and_else_choose(value: int, shown: list[str]) -> None:
    text = f"x: {value}\n--\n[if x > 2]\n[[If->Two]]\n[else]\n[[Else->Two]]\n[unless true]\n[[No->Two]]\n[continue]\n[[Always->Two]]"
    assert read(text, "").labels == shown


def test_modifiers__ifnever_note_and_css_hide_links_but_a_note_is_run() -> None:
    reader = read(
        "[ifnever now]\n[[a->Two]]\n\n[note]\n[[b->Two]] {embed passage: 'Two'}\n\n[CSS]\n[[c->Two]]\n\n[after 2 seconds; append]\nd",
        "x: 1\n--\n",
    )
    assert reader.labels == []
    assert reader.turn.written["x"] == 1
    assert reader.text == "d"


def test_modifiers__else_is_asked_though_its_if_is_inert() -> None:
    reader = read("[if key]\nwords\n[else]\n[[In->Two]]", "", detail="choices", values={"key": False})
    assert reader.labels == ["In"]
    assert "key" in reader.turn.read_names


def test_choices__inert_parts_read_nothing() -> None:
    reader = read(
        "x: y\n--\n[if z]\n{random.d6} {x}\n[continue]\n[[On->Two]]", "", detail="choices", ignored=frozenset({"x"})
    )
    assert reader.labels == ["On"]
    assert not {"y", "z"}.intersection(reader.turn.read_names)
    assert reader.turn.weights == []


def test_random__first_and_last_number_come_half_as_often() -> None:
    reader = read("x: random.d4\ny: random.coinFlip\n--\n{x} {y}", draws=[3, 1])
    assert reader.turn.weights == [(1, 2, 2, 1), (1, 1)]
    assert reader.text == "4 false"


def test_unknown_condition__goes_either_way() -> None:
    for way, labels in ((0, ["A"]), (1, ["B"])):
        reader = read("[if k]\n[[A->Two]]\n[else]\n[[B->Two]]", "", values={"k": UNKNOWN}, ways=[way])
        assert reader.labels == labels


def test_passage__visits_trail_and_from() -> None:
    reader = read(
        "{passage.name} {passage.visits} {trail.length}\n[if trail.includes('Two')]\nback\n[continue]\n[[Two]]",
        "{passage.from} {passage.visits}\n{back link}",
    )
    assert reader.text == "Start 1 1\nTwo"
    assert reader.click("Two").text == "Start 1\nBack"
    assert reader.click("Back").text == "Start 2 3\nback\nTwo"
    assert reader.turn.values[PREVIOUS] == "Two"
    assert reader.turn.values[TURNS] == 3


def test_embed__runs_vars_and_offers_in_place() -> None:
    reader = read("x: 1\n--\n[[A->Two]]\n{embed passage: 'Two'}\n[[C->Two]] {x}", "x: x + 1\n--\n[[B->Three]]", "")
    assert reader.labels == ["A", "B", "C"]
    assert reader.text.endswith("C 2")
    assert reader.page.offers[1].place.passage == "Two"


def test_embed__of_itself_ends() -> None:
    with pytest.raises(EndlessPassageError):
        read("{embed passage: 'Start'}\n[[On->Two]]", "")


def test_reveal__text_and_passage_take_the_place_of_the_link() -> None:
    reader = read(
        "a {reveal link: 'b', text: 'c [[d->Two]]'} {reveal link: 'e', passage: 'Two'} [[f->Three]]", "x: 5\n--\ng", ""
    )
    assert reader.labels == ["b", "e", "f"]
    assert reader.click("b").text == "a\nc d e f"
    assert reader.labels == ["d", "e", "f"]
    start, stop = reader.page.offers[0].place.span
    source = "a {reveal link: 'b', text: 'c [[d->Two]]'}"
    assert source[start:stop] == "[[d->Two]]"
    reader.click("e")
    assert reader.turn.written["x"] == 5
    assert reader.labels == ["d", "f"]


def test_menu__sets_its_first_value_and_offers_each() -> None:
    reader = read(
        "{cycling link for: 'hat', choices: ['red', 'blue']} {dropdown menu for: 'n', choices: [1, 2]}\n[[On->Two]]",
        "{hat} {n}",
    )
    assert reader.turn.written["hat"] == "red"
    assert reader.labels == ["red", "blue", "1", "2", "On"]
    reader.click("blue")
    reader.click("2")
    assert reader.click("On").text == "blue 2"


def test_text_input__is_unknown_when_the_reader_moves_on() -> None:
    reader = read("name: 'x'\n--\n{text input for: 'name'}\n[[On->Two]]", "")
    reader.click("On")
    assert reader.turn.values["name"] is UNKNOWN


def test_link__target_of_an_insert_is_computed() -> None:
    reader = read(
        "to: 'Two'\n--\n[[On->{to}]] {link to: to, label: 'Also'} [[out->https://example.com]] {restart link}", "here"
    )
    assert [str(offer.kind) for offer in reader.page.offers] == ["computed", "computed", "external", "restart"]
    assert reader.click("On").text == "here"


def test_link__in_double_quotes_is_made_before_the_insert() -> None:
    assert read('{reveal link: "b", text: "c [[d->Two]]"}', "").labels == ["d"]


def test_script__that_can_be_followed_is() -> None:
    reader = read(
        "x: 2\n--\n[JavaScript]\nlet y = engine.state.get('x');\nif (y > 1) { x = y * 5; write(`${x}!`); }\n[continue]\n{x}"
    )
    assert reader.text == "10!\n10"
    assert reader.player.opaques("Start") == ()


def test_script__that_cannot_be_followed_may_write_what_it_mentions_and_go_where_it_says() -> None:
    reader = read("x: 2\n--\n[JavaScript]\nfoo(); x = 3; setTimeout(() => go('Two'), 9);", "", ways=[1])
    assert reader.turn.values["x"] is UNKNOWN
    assert reader.page.goto == "Two"
    assert [what for what, _ in reader.player.opaques("Start")] == ["[JavaScript]"]


def test_script__passage_makes_what_it_sets_unknown() -> None:
    reader = play(LANGUAGE, {"Code [script]": "engine.state.set('x', 1); window.f = () => 2;", "Start": "{x}"})
    assert reader.turn.values["x"] is UNKNOWN


def test_go__in_the_vars_section_moves_on() -> None:
    assert read("x: go('Two')\n--\n", "").page.goto == "Two"


def test_header__is_shown_on_every_page_with_its_links() -> None:
    reader = read("config.header.left: '[[Map->Two]] {gold}'\ngold: 3\n--\nHello", "There")
    assert reader.labels == ["Map"]
    assert reader.click("Map").text == "There\nMap 3"
    assert "gold" in reader.player.summary("Two").shows


def test_summary__names_what_decides_and_what_flows() -> None:
    player = LANGUAGE.player(
        story_of(
            LANGUAGE,
            {"Start": "a: 1\nb (c): d\n--\n{e}\n[if f]\n[[On->Start]] {embed passage: 'Two'}", "Two": "g: h\n--\n"},
        )
    )
    summary = player.summary("Start")
    assert "f" in summary.decides
    assert "e" not in summary.decides
    assert {"e", "f"} <= summary.shows
    assert {("d", "b"), ("c", "b"), ("h", "g"), ("f", "g")} <= summary.flows
    assert {"a", "b", "g"} <= summary.writes
    assert summary.kills == {"a"}
    assert player.sources("Start") == {"Start", "Two"}


@given(st.text(alphabet="[]{}()<>|-=:;,.'\"\\\n` aifelsx[if x]{embed passage: 'S'}12$_/!&", max_size=120))
def test_any_text__is_played_without_an_error(text: str) -> None:
    for detail in ("choices", "text"):
        reader = play(LANGUAGE, {"Start": text, "S": "x: 1\n--\n" + text}, detail=detail)
        hash(reader.page)
        reader.player.summary("Start")
        for offer in reader.page.offers:
            if offer.kind not in {"external", "restart"}:
                reader.player.click(reader.page, offer, reader.turn)
