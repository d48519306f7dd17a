"""Numbers of variables that stop one beyond what they are compared with, and that nothing that a story can tell is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamebook_lab as gb
from gamebook_lab.analysis.values import variable_values
from gamebook_lab.languages.harlowe import LANGUAGE
from gamebook_lab.languages.harlowe.play import world
from gamebook_lab.languages.harlowe.play.bounding import bounds_of
from tests.languages.answers import check_same_without
from tests.languages.driving import story_of

GROWS = "(set: $n to it + 1)(if: $n > 5)[[[Hall]]]"


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        (GROWS, (None, 6)),
        ("(set: $n to $n + 1)(if: 3 <= $n and $n < 2.5)[[[Hall]]]", (None, 4)),
        ("(put: 2 + $n into $n)(set: $n to 0)(if: $n is not 3)[[[Hall]]]", (None, 4)),
        ("(set: $n += 1, $m to (cond: $n > 3, 1, 2))", (None, 4)),
        ("(set: $n to $m)(set: $n to it - 0.5)(if: $n <= -2.5)[[[Hall]]]", (-4, None)),
        ("(set: $n to it + -1)(link: 'On')[(if: ($n) < (1))[[[Hall]]]]", (0, None)),
        (GROWS + "You have $n. //$n// (if: $n > 1)[more: $n]", (None, 6)),
        *(
            (GROWS + more, None)
            for more in (
                "(set: $n to it - 1)", "(set: $n to $m - $n)", "(set: $m to $n)", "(if: $n > $m)[[[Hall]]]", "(set: $n to it * 2)",
                "(if: $n % 2 is 1)[[[Hall]]]", "(print: $n)", "(link-goto: 'x', $n)", "[[On $n->Hall]]", "(set: $m to '$n')",
                "(set: $m to '$' + 'n')", "(if: $n > 3 and it < 5)[[[Hall]]]", "(if: $n is 2 or 3)[[[Hall]]]", "(if: it > 3)[[[Hall]]]",
                "(input-box: bind $n)", "(move: $n into $m)", "(set: $m to (a: $n))", "(if: $n is '5')[[[Hall]]]", "(if: $n's length > 1)[x]",
                "(set: (a: $n) to (a: 1))", "(for: each _i, ...(range: 1, $n))[x]", "<script>$n</script>", "(set: $m to it + $n)",
                "(set: $m to [(set: $n to it + 1)])", "$n[x]",
            )
        ),
    ],
)  # fmt: skip
def test_bounds__are_one_beyond_what_a_number_is_compared_with(
    text: str, bounds: tuple[int | None, int | None] | None
) -> None:
    assert bounds_of([text, "other"])["choices"].get("$n") == bounds


def test_bounds__what_is_shown_counts_where_words_are_wanted() -> None:
    assert bounds_of([GROWS]) == {"choices": {"$n": (None, 6)}, "text": {"$n": (None, 6)}}
    assert bounds_of([GROWS, "You have $n."]) == {"choices": {"$n": (None, 6)}, "text": {}}


def test_bounds__another_passage_may_tell_more() -> None:
    assert bounds_of([GROWS, "(if: $n is 9)[[[Hall]]]"])["choices"]["$n"] == (None, 10)
    assert bounds_of([GROWS, "(set: $m to $n)"])["choices"] == {}


asks = st.sampled_from(["$up > 2", "2.5 <= $up", "$up is 1", "$down < 0", "$up is not 2", "$both > 1", "$up + $down > 1", "$up > 1 and it < 3"])  # fmt: skip
does = st.sampled_from(
    ["$up to it + 1", "$up += 2", "$up to 1 + $up", "$down to it - 0.5", "$down -= 1", "$both to it + 2", "$both to it - 1",
     "$up to 0", "$both to $down", "$up to (either: 0, 3)"]
)  # fmt: skip
parts = st.one_of(
    does.map(lambda each: f"(set: {each})"),
    st.tuples(asks, st.sampled_from(("Start", "Hall", "Cellar"))).map(
        lambda each: f"(if: {each[0]})[(if: $n < 4)[[[If|{each[1]}]]]]"
    ),
    st.tuples(st.sampled_from(("Start", "Hall", "Cellar")), does).map(
        lambda each: f'(if: $n < 4)[(link: "On")[(set: {each[1]})(goto: "{each[0]}")]]'
    ),
)
texts = st.lists(parts, min_size=1, max_size=4).map(lambda each: "(set: $n to $n * 1 + 1)" + "".join(each))


@settings(max_examples=15, deadline=None)
@given(texts, texts, texts)
def test_exploring__finds_the_same_with_and_without_bounds(start: str, hall: str, cellar: str) -> None:
    passages = {"Start": start + "[[On|Hall]]", "Hall": hall, "Cellar": cellar}
    check_same_without(
        LANGUAGE, passages, lambda patch: patch.setattr(world, "bounds_of", lambda _: {"choices": {}, "text": {}})
    )


def test_exploring__a_counter_that_only_grows_comes_to_an_end() -> None:
    space = gb.explore(story_of(LANGUAGE, {"Start": "(set: $n to it + 1)[[Start]](if: $n > 5)[[[End]]]", "End": ""}))
    assert space.is_exact
    assert space.n_states == 8
    values = variable_values(space).set_index("passage_id")["values"]
    assert values["Start"][-1] == "6 or more"
    assert gb.play(space.story, space.way_to("End"))
