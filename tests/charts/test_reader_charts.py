"""Charts of readers: figures of our tables, whose text is escaped, and that say why they are empty."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.coverage_map import coverage_map
from gamebook_lab.analysis.dropoff import funnel, survival
from gamebook_lab.analysis.flow import flow
from gamebook_lab.analysis.matching import match
from gamebook_lab.analysis.readership import choice_shares, ending_shares, passage_readership
from gamebook_lab.analysis.route_alignment import align_routes
from gamebook_lab.charts import dropoff, readership
from gamebook_lab.charts.flow import flow as flow_chart
from gamebook_lab.charts.route_alignment import route_alignment
from tests.analysis.logs import sessions_of

HALL = "Hall <b>"
STORY = f""":: StoryData
{{"format": "SugarCube", "start": "{HALL}"}}

:: {HALL}
One. [[Open<img src=x onerror=alert(1)>|Cellar]] [[Leave|Street]]

:: Cellar
Dark. [[Out|Street]]

:: Street
Home. [[Bed]] [[Sofa]]

:: Bed
Sleep.

:: Sofa
Sleep.
"""
ROUTES = [[HALL, "Cellar", "Street", "Bed"]] * 5 + [[HALL, "Street", "Bed"]] * 3 + [[HALL]] * 2 + [[HALL, "Bed"]]


@pytest.fixture(scope="module")
def matched():
    return match(gb.explore(gb.parse_twee(STORY)), sessions_of(ROUTES))


def said(figure):
    """All that a browser might take for markup."""
    text = figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
    assert "<img" not in text
    assert HALL not in text
    return text


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_flow__sums_up_and_keeps_those_who_give_up_apart(matched, mode):
    table = flow(matched)
    assert table.loc[table["goes_on"] & (table["step"] == 0), "n_sessions"].tolist() == [5, 3]
    gone = table[~table["goes_on"] & ~table["is_end"]]
    assert gone["n_sessions"].tolist() == [3]  # two stopped, and one cannot have gone on
    assert "given up" in said(flow_chart(table, mode=mode))


def test_flow__rare_passages_count_together_and_nothing_is_lost(matched):
    table = flow(matched, most=1)
    second = table[table["goes_on"] & (table["step"] == 0)]
    assert second["n_sessions"].sum() == 8
    assert second["target"].isna().sum() == 1
    assert "other passages" in said(flow_chart(table))
    assert flow(matched, start="Street")["n_sessions"].tolist() == [8, 8]
    with pytest.raises(gb.errors.UnknownPassageError):
        flow(matched, start="Nowhere")


def test_route_alignment__the_same_passages_in_one_column(matched):
    table = align_routes(matched, ["0", "5", "8"])
    by_row = table.groupby("row")["column"].apply(list).tolist()
    assert by_row == [[0, 1, 2, 3], [0, 2, 3], [0]]
    assert table["is_common"].all()
    assert "side by side" in said(route_alignment(table))
    longer = align_routes(matched, ["5", "0"])
    assert longer.groupby("row")["column"].apply(list).tolist() == [[0, 2, 3], [0, 1, 2, 3]]
    assert longer.loc[~longer["is_common"], "passage_id"].tolist() == ["Cellar"]
    assert len(align_routes(matched)) > 0
    with pytest.raises(ValueError, match="no session"):
        align_routes(matched, ["nobody"])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_shares_and_map(matched, mode):
    for table in (choice_shares(matched), passage_readership(matched), ending_shares(matched)):
        assert "the model" in said(readership.shares(table, mode=mode))
    said(readership.readership_map(*coverage_map(matched.space, matched.walks), mode=mode))


def test_survival_and_funnel(matched):
    assert "still reading" in said(dropoff.survival(survival(matched)))
    assert "8 (" in said(dropoff.funnel(funnel(matched, [HALL, "Street"])))


def test_empty__says_so_instead_of_drawing_nothing():
    nobody = match(gb.explore(gb.parse_twee(STORY)), sessions_of([]))
    for figure in (
        flow_chart(flow(nobody)),
        route_alignment(align_routes(nobody)),
        readership.shares(choice_shares(nobody)),
        dropoff.survival(survival(nobody)),
        dropoff.funnel(funnel(nobody, [])),
    ):
        assert figure.layout.annotations[0].text
