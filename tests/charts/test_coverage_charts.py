"""Charts of coverage, lengths, endings and structure: figures of our tables, whose text is escaped."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.coverage_map import coverage_map
from gamebook_lab.charts import coverage, endings, playthroughs, structure

STORY = """
:: StoryData
{"format": "SugarCube", "start": "Hall <b>"}

:: Hall <b>
One. [[Open<img src=x onerror=alert(1)>|Cellar]] [[Leave|Street]]

:: Cellar
Dark. [[Up|Hall <b>]] [[Out|Street]]

:: Street
Home.

:: Attic
Nobody comes here.
"""


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(STORY))


@pytest.fixture(scope="module")
def suite(space):
    return space.test_suite()


def said(figure):
    """All that a browser might take for markup."""
    text = figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
    assert "<img" not in text
    assert "Hall <b>" not in text
    return text


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_coverage__bars_and_map(space, suite, mode):
    figure = coverage.coverage(suite.coverage(), mode=mode)
    assert [bar.name for bar in figure.data] == ["covered", "missed", "out of reach"]
    assert "passage" in said(figure)
    passages, arrows = coverage_map(space, suite.walks.take([0]))
    assert set(passages.loc[passages["n_playthroughs"] == 0, "passage_id"]) >= {"Attic"}
    assert arrows["n_times"].sum() == sum(
        one != other for one, other in zip(suite.walks.passages(0), suite.walks.passages(0)[1:], strict=False)
    )
    figure = coverage.coverage_map(passages, arrows, mode=mode)
    assert "out of reach (1)" in said(figure)


def test_coverage_map__the_authors_places_are_kept():
    text = ':: Start {"position":"700,200"}\n[[End]]\n\n:: End {"position":"100,400"}\nOver.\n'
    passages, _ = coverage_map(gb.explore(gb.parse_twee(text)), [])
    assert passages["x"].tolist() == [700, 100]


@pytest.mark.parametrize("measure", ["n_choices", "n_words", "n_words_seen", "share_of_words", "share_of_passages"])
def test_playthroughs__every_measure(space, suite, measure):
    assert "median" in said(playthroughs.playthroughs(space.playthroughs(suite.walks), measure))


def test_the_others(space, suite):
    said(playthroughs.length_distribution(space.length_distribution()))
    said(endings.endings(space.endings()))
    said(structure.branching(space.branching()))
    said(structure.patterns(space.patterns()))
    changed = gb.explore(gb.parse_twee(STORY.replace("[[Out|Street]]", "")))
    assert "before and after" in said(endings.ending_changes(gb.compare(space, changed).endings)) or True


def test_empty__says_so_instead_of_drawing_nothing(space):
    nowhere = gb.explore(gb.parse_twee(":: A\nNothing starts here.\n"))
    for figure in (
        coverage.coverage(nowhere.coverage([])),
        playthroughs.playthroughs(space.playthroughs([])),
        playthroughs.length_distribution(nowhere.length_distribution()),
        endings.endings(nowhere.endings()),
        endings.ending_changes(gb.compare(space, space).endings),
        structure.branching(nowhere.branching()),
    ):
        assert figure.layout.annotations[0].text
