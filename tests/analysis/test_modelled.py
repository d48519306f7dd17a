"""How much of a story is modelled, and of every story in the corpora."""

from __future__ import annotations

from collections import defaultdict

import gamebook_lab as gb
from benchmarks.modelled_share import share, shares, table
from gamebook_lab.analysis.modelled import NotModelled, modelled

TWEE = """:: StoryData
{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "Start"}

:: Start
[[Next]] <<nobodys>><<nobodys>>

:: Next
<<nobodys>><<set $x to 1>>

:: Last
The end.
"""


def test_modelled__counts_passages_and_keeps_every_place():
    found = modelled(gb.parse_twee(TWEE))
    assert (found.n_passages, found.n_modelled, found.share) == (3, 1, 1 / 3)
    assert found.constructs == (("<<nobodys>>", 2),)
    assert found.places[0] == NotModelled("Start", 9, 20, "<<nobodys>>")
    assert [each.passage_id for each in found.places] == ["Start", "Start", "Next"]


def test_modelled__a_story_without_passages():
    assert modelled(gb.parse_twee("")).share == 1.0


def test_modelled__nine_tenths_of_harlowe_and_sugarcube_in_the_corpora(corpora, show):
    rows = list(shares(corpora))
    show("modelled completely, story by story", table(rows))
    by_language = defaultdict(list)
    for _, language, found in rows:
        by_language[language].append(found)
    for language, least in (("harlowe", 700), ("sugarcube", 1_700)):
        assert sum(each.n_passages for each in by_language[language]) >= least
        assert share(by_language[language]) >= 0.9
