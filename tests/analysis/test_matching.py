"""What a log says is replayed on the state graph: what fits, what cannot be, and why."""

from __future__ import annotations

import pandas as pd
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.hidden_decisions import hidden_decisions
from gamebook_lab.analysis.matching import match
from gamebook_lab.formats.logs.events import tidy
from gamebook_lab.formats.logs.schema import Sessions

GATED = """:: StoryData
{"format":"SugarCube"}

:: Start
[[Take it->Key][$key to true]] [[Leave it->Door]]

:: Key
[[Door]]

:: Door
<<if $key>>[[Vault]]<</if>> [[Garden]]

:: Vault
Gold.

:: Garden
Roses.
"""


def sessions(routes, events=None, choices=None):
    rows = [
        (
            str(name),
            str(name),
            float(at),
            passage,
            None if choices is None else choices[name][at],
            "visit" if events is None else events[name][at],
        )
        for name, route in enumerate(routes)
        for at, passage in enumerate(route)
    ]
    table = pd.DataFrame(rows, columns=["session_id", "reader_id", "order", "passage_id", "choice_id", "event"])
    table["time"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]")
    table["dwell_seconds"] = float("nan")
    return Sessions(tidy(table), (), "events")


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(GATED))


def test_match__verdicts(space):
    matched = match(space, sessions([
        ["Start", "Key", "Door", "Vault"], ["Start", "Door", "Garden"], ["Start", "Key", "Start", "Door"], ["Start", "Door", "Vault"],
        ["Start", "Vault"], ["Start", "Cellar"], ["Start", "Door", "Garden", "Door"], ["Garden", "Door"],
    ]))  # fmt: skip
    rows = matched.table.set_index("session_id")
    assert rows["verdict"].tolist() == [
        "valid",
        "valid",
        "valid with undo",
        "impossible",
        "impossible",
        "impossible",
        "valid with undo",
        "impossible",
    ]
    assert rows["step"].fillna(-1).tolist() == [-1, -1, -1, 2, 1, 1, -1, 0]
    why = rows["why"].tolist()
    assert why[3] == "'Door' leads to 'Vault' only if $key, which does not hold there"
    assert why[4] == "no choice of 'Start' leads to 'Vault': just to 'Door', 'Key'"
    assert why[5] == "the story has no passage 'Cellar'"
    assert why[7] == "reading begins at 'Start'"
    assert matched.problems()["code"].tolist() == ["GB710"]


def test_match__after_play_has_stopped(space):
    matched = match(space, sessions([["Start", "Door", "Garden", "Vault"]]))
    assert matched.table["why"].tolist() == ["play has stopped at 'Garden'"]


def test_match__walks_are_playthroughs(space):
    matched = match(space, sessions([["Start", "Key", "Door", "Vault"], ["Start", "Key", "Start", "Door", "Garden"]]))
    assert [matched.walks.passages(at) for at in range(2)] == [
        ["Start", "Key", "Door", "Vault"],
        ["Start", "Door", "Garden"],
    ]
    assert matched.edge_counts().sum() == 6  # what was taken back counts, too


def test_match__names_spelt_otherwise_and_renamed(space):
    matched = match(space, sessions([["start", "DOOR", "Yard"]]), renames={"Yard": "Garden"})
    assert matched.table["verdict"].tolist() == ["valid"]


HIDDEN = """:: StoryData
{"format":"SugarCube"}

:: Start
[[Hall][$key to true]] [[A back way->Hall][$key to false]]

:: Hall
<<if $key>>[[Vault]]<</if>> [[Garden]]

:: Vault
Gold.

:: Garden
Roses.
"""


def test_match__hidden_state_is_inferred_from_what_comes_later():
    space = gb.explore(gb.parse_twee(HIDDEN))
    matched = match(space, sessions([["Start", "Hall", "Vault"], ["Start", "Hall", "Garden"]]))
    assert matched.table["verdict"].tolist() == ["valid", "ambiguous"]
    assert matched.table["n_fits"].tolist() == [1, 2]
    key = space.values(int(matched.node[1]))
    assert key["$key"] is True


def test_match__a_logged_choice_tells_states_apart():
    space = gb.explore(gb.parse_twee(HIDDEN))
    matched = match(space, sessions([["Start", "Hall", "Garden"]], choices=[["A back way", "Garden", None]]))
    assert matched.table["verdict"].tolist() == ["valid"]
    assert space.values(int(matched.node[1]))["$key"] is False


def test_match__sessions_that_begin_in_the_middle(space):
    log = sessions([["Door", "Vault"]])
    assert match(space, log).table["verdict"].tolist() == ["impossible"]
    assert match(space, log, resumed=True).table["verdict"].tolist() == ["valid"]


def hidden_story():
    """A response leads to one of two places, by what was chosen before; the map does not say so."""
    return gb.explore(gb.parse_twee(
        ":: StoryData\n{}\n\n:: Start\n[[Red]] [[Blue]]\n\n:: Red\n[[Mid]]\n\n:: Blue\n[[Mid]]\n\n:: Mid\n[[Tea->Inn]] [[Ale->Inn]]\n\n"
        ":: Inn\n[[Next->Sun]] [[Next->Rain]]\n\n:: Sun\n[[Road]]\n\n:: Rain\n[[Road]]\n\n:: Road\n[[Next->East]] [[Next->West]]\n\n:: East\nEnd.\n\n:: West\nEnd.\n"
    ))  # fmt: skip


def test_hidden_decisions__finds_what_decides_and_what_nothing_explains():
    routes = []
    for at in range(40):
        colour = "Red" if at % 2 else "Blue"
        routes.append(
            ["Start", colour, "Mid", "Inn", "Sun" if at % 2 else "Rain", "Road", "East" if (at * 7) % 5 < 2 else "West"]
        )
    found = hidden_decisions(match(hidden_story(), sessions(routes)))
    first, second = found.to_dict("records")
    assert (first["decisions"], first["choice_passage"], first["verdict"]) == (("Inn",), "Start", "decides")
    assert first["n_readers"] == (20, 20)
    assert (second["decisions"], second["verdict"]) == (("Road",), "no sign")


def test_agency_romance__all_readers_fit_and_two_hidden_variables_are_found(corpora):
    folder = corpora / "paths" / "agency-romance"
    space = gb.explore(gb.read_story_table(folder / "rom_story_map.csv"))
    free, yoked = (match(space, gb.read_sessions(folder / f"rom_readers_{group}.csv")) for group in ("free", "yoke"))
    assert (free.table["verdict"] == "valid").sum() == 100
    assert (yoked.table["verdict"] == "valid").sum() == 53
    routes = {tuple(free.walks.passages(at)) for at in range(100)}
    assert len(routes) == 100
    assert (min(map(len, routes)), max(map(len, routes))) == (366, 419)
    found = hidden_decisions(free)
    assert found["decisions"].tolist() == [("96", "322", "551", "593", "644"), ("763",)]
    assert found["n_readers"].tolist() == [(59, 34, 7), (51, 49)]
    assert found["choice_passage"].tolist()[0] == "14"
    assert found["verdict"].tolist() == ["decides", "no sign"]
