"""A story explored with less of its past gives the same answers as one that keeps all of it in variables."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.lengths import playthrough_lengths
from gamebook_lab.analysis.verdicts import choice_verdicts, passage_verdicts
from gamebook_lab.engine.exploration import explore
from gamebook_lab.engine.space import Space
from tests.languages.harlowe_play.driving import story_of

NAMES = ("A", "B", "C")
KEPT = {
    "(history:)": "$past",
    "visits": "$visits",
    "turns": "$turns",
}
"""What the short stories say, and the long ones, whose header has put everything into variables."""
STEPS = 4
NUMBERS = st.integers(-1, 3)
COMPARISONS = st.builds(
    "{} {} {}".format,
    st.sampled_from(["visits", "turns", "(history:)'s length"]),
    st.sampled_from(["is", "is not", "<", ">", "<=", ">="]),
    NUMBERS,
)
TESTS = st.one_of(
    st.builds("(history:) {} '{}'".format, st.sampled_from(["contains", "does not contain"]), st.sampled_from(NAMES)),
    st.builds("'{}' {} (history:)".format, st.sampled_from(NAMES), st.sampled_from(["is in", "is not in"])),
    st.builds("(history:) contains {} of (a: '{}', '{}')".format, st.sampled_from(["any", "all"]), *[st.sampled_from(NAMES)] * 2),
    st.builds("turns > 1 and (history:)'s last is '{}'".format, st.sampled_from(NAMES)),
    COMPARISONS,
    st.builds("{} or {}".format, COMPARISONS, NUMBERS),
    st.builds("$flag and {}".format, COMPARISONS),
    st.builds("$flag or (history:) contains '{}'".format, st.sampled_from(NAMES)),
    st.builds("not ({})".format, COMPARISONS),
)  # fmt: skip
LINKS = st.builds("(if: {})[[[{}]]]".format, TESTS, st.sampled_from(NAMES))
TEXTS = st.builds("{}{}".format, st.sampled_from(["", "(set: $flag to (random: 1, 2) is 1)"]), st.lists(LINKS, min_size=1, max_size=3).map("".join))  # fmt: skip


def explored(texts: list[str], *, is_long: bool) -> Space:
    keep = "(set: $past to (history:))(set: $visits to visits)(set: $turns to turns)" if is_long else ""
    header = f"(set: $steps to it + 1){keep}"
    passages: list[tuple[str, tuple[str, ...], str]] = [
        ("H", ("header",), header),
        ("S", ("startup",), "(set: $flag to false)"),
    ]
    for name, text in zip(NAMES, texts, strict=True):
        kept = text
        for short, long in KEPT.items() if is_long else ():
            kept = kept.replace(short, long)
        passages.append((name, (), f"(if: $steps < {STEPS})[{kept}]"))
    return explore(story_of(passages, start="A"))


def answers(space: Space) -> list[object]:
    def rows(table: pd.DataFrame, *columns: str) -> list[object]:
        return [tuple(row) for row in table[[*columns]].round(9).itertuples(index=False)]

    choices = choice_verdicts(space).sort_values(["passage_id", "start"])
    return [
        sorted(rows(passage_verdicts(space), "passage_id", "verdict", "expected_visits")),
        rows(choices, "passage_id", "verdict", "expected_visits"),
        sorted(rows(ending_probabilities(space), "passage_id", "stop", "probability", "n_playthroughs")),
        sorted(rows(playthrough_lengths(space), "passage_id", "stop", "shortest_choices")),
    ]


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=3, max_size=3))
def test_a_reduced_past__gives_the_same_answers(texts: list[str]) -> None:
    short, long = explored(texts, is_long=False), explored(texts, is_long=True)
    assert short.is_exact
    assert long.is_exact
    assert short.n_states <= long.n_states
    assert answers(short) == answers(long)


def test_a_way_back__no_longer_means_states_without_end() -> None:
    texts = "(if: visits > 3 or (history:) contains 'C')[[[B]]][[C]]", "[[A]]", "(if: turns is 7)[[[B]]][[A]]"
    passages = [(name, (), text) for name, text in zip(NAMES, texts, strict=True)]
    space = explore(story_of(passages), max_states=10_000)
    assert space.is_exact
    assert space.n_states < 200


def test_what_was_explored_before__is_not_used_where_another_passage_counts_further() -> None:
    for most in (1, 3):
        texts = "(if: visits > 1)[[[B]]][[A]][[C]]", "", f"(if: visits > {most})[[[B]]][[C]]"
        space = explore(story_of([(name, (), text) for name, text in zip(NAMES, texts, strict=True)]))
        assert space.is_exact
        assert max(value for value in space.values_by_field["visits of C"] if isinstance(value, int)) == most + 1
