"""Playing Snowman: templates are run from top to bottom; code that is not plain is opaque, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.engine.exploration import explore
from gamebook_lab.languages.snowman import LANGUAGE
from gamebook_lab.story.frozen import UNKNOWN
from tests.languages.driving import Reader, play, story_of


def read(*texts: str, detail: str = "text", **options: object) -> Reader:
    names = ["Start", "Two", "Three", "Four"]
    return play(LANGUAGE, dict(zip(names, texts, strict=False)), detail=detail, **options)


def test_state__is_written_and_shown_by_all_its_names() -> None:
    reader = read(
        "<% s.a = 1; window.story.state.b = 'x'; s.list = [1, 2]; s.list.push(3) %><%= s.a %> <%= story.state.b %> <%= s.list.length %>"
    )
    assert reader.text == "1 x 3"
    assert reader.turn.written["list"] == (1, 2, 3)
    assert reader.player.opaques("Start") == ()


@pytest.mark.parametrize(("apples", "shown"), [(0, "none"), (1, "one"), (5, "some")])
def test_if__over_several_snippets_chooses(apples: int, shown: str) -> None:
    text = (
        f"<% s.n = {apples} %><% if (s.n === 0) {{ %>none<% }} else if (s.n < 2) {{ %>one<% }} else {{ %>some<% }} %>"
    )
    assert read(text).text == shown


def test_loops__offer_a_link_for_each_round() -> None:
    reader = read(
        "<% for (let i = 0; i < 2; i++) { %>[[go <%= i %>->Two]]\n<% } %><% for (const x of ['a', 'b']) { %>[[<%= x %>|Three]]<% } %>",
        "", "",
    )  # fmt: skip
    assert reader.labels == ["go 0", "go 1", "a", "b"]
    assert len({offer.place for offer in reader.page.offers}) == 2


def test_loop__on_what_nobody_knows_ends() -> None:
    reader = read("<% while (s.k) { %>[[a->Two]]<% } %>", "", values={"k": UNKNOWN})
    assert len(reader.page.offers) <= 20


def test_locals__decide_and_are_forgotten() -> None:
    reader = read(
        "<% var hour = window.story.history.length; if (hour < 2) { %>[[early->Two]]<% } else { %>late<% } %>",
        "[[Start]]",
        detail="choices",
    )
    assert reader.labels == ["early"]
    reader.click("early")
    assert reader.click("Start").offers == ()
    assert not reader.player.summary("Start").decides.isdisjoint({"turns so far"})


def test_choices__inert_parts_read_nothing() -> None:
    reader = read(
        "<% if (s.z) { %>words <%= _.random(1, 6) %><% } %><% s.x = s.y %>[[On->Two]]",
        "",
        detail="choices",
        ignored=frozenset({"x"}),
    )
    assert reader.labels == ["On"]
    assert not {"y", "z"}.intersection(reader.turn.read_names)
    assert reader.turn.weights == []


def test_visits__of_snowman_two() -> None:
    reader = read(
        "<%= visited('Start') %> <% if (hasVisited('Two')) { %>[[again->Two]]<% } else { %>[[first->Two]]<% } %>",
        "[[Start]]",
    )
    assert reader.labels == ["first"]
    reader.click("first")
    assert reader.click("Start").text == "2 again"


def test_chance__is_exact() -> None:
    reader = read("<%= _.random(1, 6) %> <%= either('a', 'b', 'c') %> <%= Utils.randomInt(0, 4) %>", draws=[5, 1, 3])
    assert reader.turn.weights == [(1,) * 6, (1,) * 3, (1,) * 4]
    assert reader.text == "6 b 3"


def test_render__shows_another_passage_in_place() -> None:
    reader = read("a <%= window.story.render('Two') %> c", "<% s.b = 2 %>b [[On->Three]]", "")
    assert reader.text == "a b On c"
    assert reader.turn.written["b"] == 2
    assert reader.player.sources("Start") == {"Start", "Two"}


def test_setter__runs_when_the_link_is_clicked() -> None:
    reader = read("[[Take->Two][s.has = true]]", "<% if (s.has) { %>yes<% } %>")
    assert "has" not in reader.turn.written
    assert reader.click("Take").text == "yes"


def test_data_passage__is_a_link() -> None:
    reader = read('<a data-passage="Two">go</a> <a href="https://example.com">out</a>', "there")
    assert [str(offer.kind) for offer in reader.page.offers] == ["link", "external"]
    after = reader.player.click(reader.page, reader.page.offers[0], reader.turn)
    assert after == ("Two",)


def test_jquery__may_write_what_it_mentions_and_its_ways_are_offered() -> None:
    reader = read(
        "<% $(function() { $('.k').click(function() { s.key = true; story.show('Two'); }); }); %>[[On->Two]]", ""
    )
    assert reader.turn.values["key"] is UNKNOWN
    way = reader.page.offers[0]
    assert str(way.kind) == "computed"
    assert reader.player.click(reader.page, way, reader.turn) == reader.page
    reader.turn.ways.append(1)
    assert reader.player.click(reader.page, way, reader.turn) == ("Two",)
    assert len(reader.player.opaques("Start")) == 1


def test_unread_template__shows_each_piece_or_not() -> None:
    reader = read("<% switch (s.x) { case 1: %>[[a->Two]]<% break; } %>", "", ways=[1])
    assert reader.labels == []
    assert read("<% switch (s.x) { case 1: %>[[a->Two]]<% break; } %>", "").labels == ["a"]
    assert [what for what, _ in reader.player.opaques("Start")] == ["<% %>"]


def test_setup__outside_of_the_state_is_unknown_and_said_to_be() -> None:
    reader = read("<% if (window.setup.x) { %>[[a->Two]]<% } %>", "")
    assert reader.turn.decided == [(2, "if")]
    assert ("setup" in {what for what, _ in reader.player.opaques("Start")}) is True


def test_any_value__that_holds_a_link_makes_one() -> None:
    reader = read("<%= '[[go->Two]]' %>", "", detail="choices")
    assert reader.labels == ["go"]


@given(st.text(alphabet="[]{}()<>|-=:;,.'\"\\\n` if(s.x){%><%<%=for 12$_/!&", max_size=120))
def test_any_text__is_played_without_an_error(text: str) -> None:
    for detail in ("choices", "text"):
        reader = play(LANGUAGE, {"Start": text, "S": "<% s.x = 1 %>" + text}, detail=detail)
        hash(reader.page)
        reader.player.summary("Start")
        for offer in reader.page.offers:
            if offer.kind not in {"external", "restart"}:
                reader.player.click(reader.page, offer, reader.turn)


def test_summary__names_what_decides_and_what_flows() -> None:
    texts = {"Start": "<% if (s.f) { s.g = s.h %>[[On->Start]]<% } %><%= s.e %>"}
    summary = LANGUAGE.player(story_of(LANGUAGE, texts)).summary("Start")
    assert "f" in summary.decides
    assert "e" not in summary.decides
    assert {"e", "f"} <= summary.shows
    assert {("h", "g"), ("f", "g")} <= summary.flows


def test_snippets__end_a_statement_where_they_end() -> None:
    space = explore(
        story_of(
            LANGUAGE,
            {
                "Start": "<% s.a = 1 %><% s.b = 2 %><% if (s.a + s.b > 2) { %>[[End]]<% } %><% else { %>x<% } %>",
                "End": "",
            },
        )
    )
    assert space.is_exact
    assert space.n_states == 2
