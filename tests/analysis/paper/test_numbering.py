"""Section numbers: all different, the start is 1, and no two linked sections stand beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.analysis.paper.numbering import numbers


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 30))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=3 * n))
    return [frozenset(to for source, to in pairs if source == section) for section in range(n)]


@given(graphs(), st.integers(0, 1000))
def test_numbers__keep_linked_sections_apart(links, seed):
    found = numbers(links, seed)
    assert found[0] == 1
    assert len(set(found.values())) == len(found) == len(links)
    for section, targets in enumerate(links):
        assert all(to == section or abs(found[to] - found[section]) > 1 for to in targets)


def test_numbers__need_no_gaps_in_a_usual_book():
    links = [frozenset({(n * 7 + 3) % 400, (n * 11 + 1) % 400}) for n in range(400)]
    assert sorted(numbers(links, 5).values()) == list(range(1, 401))


def test_numbers__two_linked_sections_get_a_gap():
    assert numbers([frozenset({1}), frozenset()], 0) == {0: 1, 1: 3}
