"""Counters and numbers of Chapbook and Snowman stop where the story's code can tell no more, and nothing that it can tell is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamebook_lab as gb
from gamebook_lab.analysis.values import variable_values
from gamebook_lab.languages.chapbook import LANGUAGE as CHAPBOOK
from gamebook_lab.languages.shared.numbers import Numbers
from gamebook_lab.languages.snowman import LANGUAGE as SNOWMAN
from gamebook_lab.story.play import TURNS, visits_of
from tests.languages.answers import check_same_without
from tests.languages.driving import story_of

UP = "n: n + 1\n--\n[if n > 5]\n[[Hall]]\n[cont]\n"
GROWS = "<% s.n += 1 %><% if (s.n > 5) { %>[[Hall]]<% } %>"


def numbers(language: Any, text: str, **more: str) -> Numbers:
    found = language.player(story_of(language, {"Start": text, **more})).numbers
    assert isinstance(found, Numbers)
    return found


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        (UP, (None, 6)),
        ("n: 2 + n\n--\n[if 3 <= n && n < 2.5]\n[[Hall]]", (None, 4)),
        ("n (n < 4): n + 1\n--\n", (None, 5)),
        ("n: n - 0.5\nm: 1\n--\n[unless n <= -2.5]\n[[Hall]]", (-4, None)),
        ("n: n + 1\n--\n[if n]\n[[Hall]]", (None, 1)),
        ("--\n[JavaScript]\nn++; if (!n) { m = 1 }\n[cont]\n", (None, 1)),
        (UP + "{n}", (None, 6)),
        (UP + "{reveal link: 'x', text: '{n}'}", (None, 6)),
        ("m: n\n" + UP, None),
        ("n: n - 1\n" + UP, None),
        ("n: n * 2\n" + UP, None),
        ("n: 5 - n\n" + UP, None),
        ("m: [n]\n" + UP, None),
        ("n.x: 1\n" + UP, None),
        ("config.header.left: m\n" + UP, None),
        *(
            (UP + each, None)
            for each in (
                "[if n > m]\n[[Hall]]", "[if n % 2]\n[[Hall]]", "[if n === '5']\n[[Hall]]", "{embed passage: n}", "[[On->{n}]]",
                "{cycling link for: 'n', choices: [1, 2]}", "{reveal link: 'x', text: m}",
                "[JavaScript]\nm = engine.state.get('n')\n[cont]", "[JavaScript]\nm = window\n[cont]", "[JavaScript]\nm = n++\n[cont]",
                "[JavaScript]\nfor (let i = 0; i < n; i++) { m = i }\n[cont]", "{reveal link: 'x', text: '{embed passage: n}'}",
            )
        ),
    ],
)  # fmt: skip
def test_bounds__of_chapbook(text: str, bounds: tuple[int | None, int | None] | None) -> None:
    assert numbers(CHAPBOOK, text).bounds("choices").get("n") == bounds


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        (GROWS, (None, 6)),
        ("<% s.n++ %><% if (3 <= s.n && s.n < 2.5) { %>[[Hall]]<% } %>", (None, 4)),
        ("<% s.n = s.n + 2; while (s.n < 9) { s.n += 1 } %>", (None, 10)),
        ("[[On->Hall][s.n -= 0.5]]<% if (s.n <= -2.5) { %>[[Hall]]<% } %>", (-4, None)),
        ("<% story.state.n += 1; if (!s.n) { %>[[Hall]]<% } %>", (None, 1)),
        (GROWS + "<%= s.n %>", (None, 6)),
        (GROWS + "[[<%= s.n %>->Hall]]", (None, 6)),
        *(
            (GROWS + each, None)
            for each in (
                "<% s.m = s.n %>", "<% var k = s.n %>", "<% s.n -= 1 %>", "<% s.n *= 2 %>", "<% if (s.n > s.m) { %>[[Hall]]<% } %>",
                "<%= s.n++ %>", "[[On-><%= s.n %>]]", "<%= story.render(s.n) %>", "<% s.m = [s.n] %>", "<% s.m = s %>",
                "<% if (s.n === '5') { %>[[Hall]]<% } %>", "[[On->Hall][s.m = s.n]]", "<% s.m = '[[Hall]]' %><%= s.n %>",
            )
        ),
    ],
)  # fmt: skip
def test_bounds__of_snowman(text: str, bounds: tuple[int | None, int | None] | None) -> None:
    assert numbers(SNOWMAN, text).bounds("choices").get("n") == bounds


def test_bounds__what_is_shown_counts_where_words_are_wanted() -> None:
    assert "n" not in numbers(CHAPBOOK, UP + "{n}").bounds("text")
    assert "n" in numbers(CHAPBOOK, UP).bounds("text")
    assert "n" not in numbers(SNOWMAN, GROWS + "<%= s.n %>").bounds("text")


def test_cap__of_counts_of_visits_and_turns() -> None:
    found = numbers(
        CHAPBOOK,
        "[if passage.visits > 2]\n[[Hall]]",
        Hall="[if trail.includes('Start') && trail.length < 9]\n[[Start]]",
    )
    caps = [found.cap("choices", name) for name in (visits_of("Start"), visits_of("Hall"), TURNS)]
    assert caps == [3, 3, 10]
    assert numbers(CHAPBOOK, "m: passage.visits\n--\n").cap("choices", visits_of("Start")) is None
    asks = '<% if (visited("Hall") > 2 && hasVisited("Start") && story.history.length > 4) { %>[[Hall]]<% } %>'
    found = numbers(SNOWMAN, asks)
    caps = [found.cap("choices", name) for name in (visits_of("Hall"), visits_of("Start"), TURNS)]
    assert caps == [3, 1, 5]
    assert numbers(SNOWMAN, '<% s.m = visited("Hall") %>').cap("choices", visits_of("Hall")) is None


@pytest.mark.parametrize(
    ("language", "passages"),
    [
        (CHAPBOOK, {"Begin": "n: 0\n--\n[[Start]]", "Start": "n: n + 1\n--\n[[Start]]\n\n[if n > 5]\n[[End]]", "End": ""}),
        (SNOWMAN, {"Begin": "<% s.n = 0 %>[[Start]]", "Start": "<% s.n += 1 %>[[Start]]<% if (s.n > 5) { %>[[End]]<% } %>", "End": ""}),
    ],
)  # fmt: skip
def test_exploring__a_counter_that_only_grows_comes_to_an_end(language: Any, passages: dict[str, str]) -> None:
    space = gb.explore(story_of(language, passages), seconds=60)
    assert space.is_exact
    assert space.n_states == 9
    assert space.endings()["probability"].tolist() == [1.0]
    values = variable_values(space).set_index("passage_id")["values"]
    assert values["Start"] == ("0", "1", "2", "3", "4", "5", "6 or more")
    way = space.way_to("End")
    assert len(way.steps) == 7
    assert gb.play(space.story, way)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (CHAPBOOK, "[[Start]]\n\n[if passage.visits > 3]\n[[End]]"),
        (CHAPBOOK, "[[Start]]\n\n[if trail.length > 3]\n[[End]]"),
        (SNOWMAN, '[[Start]]<% if (visited("Start") > 3) { %>[[End]]<% } %>'),
    ],
)
def test_exploring__a_story_that_counts_visits_comes_to_an_end(language: Any, text: str) -> None:
    space = gb.explore(story_of(language, {"Start": text, "End": ""}), seconds=60)
    assert space.is_exact
    assert space.n_states < 9


def test_exploring__another_passages_edit_may_change_the_bounds() -> None:
    story = {
        "Begin": "n: 0\n--\n[[Start]]",
        "Start": "n: n + 1\n--\n[[Start]]\n\n[[Hall]]",
        "Hall": "[if n > 2]\n[[End]]",
        "End": "",
    }
    assert gb.explore(story_of(CHAPBOOK, story), seconds=60).n_states == 9
    story["Hall"] = "[if n > 4]\n[[End]]"
    assert gb.explore(story_of(CHAPBOOK, story), seconds=60).n_states == 13


# ---- nothing is lost

CONDITIONS = [
    "{up} > 2",
    "2.5 <= {up}",
    "{up} === 1",
    "{down} < 0",
    "!{up}",
    "{down}",
    "{both} > 1",
    "{up} + {down} > 1",
    "{up} && {both} < 2",
]
EFFECTS = ["{up} += 1", "{up}++", "{up} = 1 + {up}", "{down} -= 0.5", "{down}--", "{both} += 2", "{both} = {both} - 1", "{up} = 0", "{both} = {down}"]  # fmt: skip
NAMES = st.sampled_from(["Start", "Hall", "Cellar"])


def _named(text: str, owner: str) -> str:
    return text.format(**{name: f"{owner}{name}" for name in ("up", "down", "both")})


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Draw a passage of Snowman."""
    parts = ["<% s.k += 1 %>"]
    for _ in range(draw(st.integers(1, 4))):
        name, effect = draw(NAMES), _named(draw(st.sampled_from(EFFECTS)), "s.")
        condition = _named(draw(st.sampled_from([*CONDITIONS, 'visited("Hall") > 1', 'hasVisited("Cellar")'])), "s.")
        parts.append(
            draw(
                st.sampled_from(
                    [
                        f"<% {effect} %>",
                        f"<% if (s.k < 4 && {condition}) {{ %>[[If->{name}]]<% }} %>",
                        f"<% if (s.k < 4) {{ %>[[On->{name}][{effect}]]<% }} %>",
                    ]
                )
            )
        )
    return "".join(parts)


@st.composite
def passages(draw: st.DrawFn) -> str:
    """Draw a passage of Chapbook."""
    assigned = ["k: k + 1"]
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        name, effect = draw(NAMES), _named(draw(st.sampled_from(EFFECTS)), "")
        asks = [*CONDITIONS, "passage.visits > 1", "trail.includes('Cellar')", "trail.length === 2"]
        condition = _named(draw(st.sampled_from(asks)), "")
        target, _, value = effect.partition(" = ")
        kind = draw(st.integers(0, 2))
        if kind == 0 and value:
            assigned.append(f"{target}: {value}")
        elif kind == 1:
            parts.append(f"[JavaScript]\n{effect}\n[cont]\n")
        else:
            parts.append(f"[if k < 4 && ({condition})]\n[[If->{name}]]\n[cont]\n")
    return "\n".join([*assigned, "--", *parts])


def without(patch: pytest.MonkeyPatch) -> None:
    """Let every number count."""
    patch.setattr(Numbers, "bounds", lambda self, detail: {})
    patch.setattr(Numbers, "cap", lambda self, detail, counter: None)


@settings(max_examples=10)
@given(templates(), templates(), templates())
def test_exploring__snowman_finds_the_same_with_and_without_bounds(start: str, hall: str, cellar: str) -> None:
    begin = "<% s.k = 0; s.up = 0; s.down = 1; s.both = 0 %>[[Start]]"
    check_same_without(
        SNOWMAN, {"Begin": begin, "Start": start + "[[On->Hall]]", "Hall": hall, "Cellar": cellar}, without
    )


@settings(max_examples=10)
@given(passages(), passages(), passages())
def test_exploring__chapbook_finds_the_same_with_and_without_bounds(start: str, hall: str, cellar: str) -> None:
    begin = "k: 0\nup: 0\ndown: 1\nboth: 0\n--\n[[Start]]"
    check_same_without(
        CHAPBOOK, {"Begin": begin, "Start": start + "\n[[On->Hall]]", "Hall": hall, "Cellar": cellar}, without
    )
