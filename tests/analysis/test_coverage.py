"""Coverage: what playthroughs meet, of all that can be met and of all that is written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import gamebook_lab as gb
from gamebook_lab.analysis.coverage import coverage, covered, way_to_item
from gamebook_lab.analysis.levels import level
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.walks import Walks, playthroughs
from gamebook_lab.engine.exploration import play
from tests.analysis.generated import all_walks, passages
from tests.analysis.stories import by_name, space_of, to


def gated():
    return space_of(
        {
            "Start": to("Left", "Right"),
            "Left": to("End"),
            "Right": {"choices": [{"to": "End"}, {"to": "Secret", "if": [["x", "==", 1]]}]},
            "Secret": to(),
            "End": to(),
        }
    )


def walks(space, *ways):
    return Walks.of(play_graph(space), ways)


def test_coverage__both_denominators():
    space = gated()
    graph = play_graph(space)
    table = by_name(coverage(space, walks(space, (0, [0, int(graph.indptr[1])]))), "level")
    passage = table["passage"]
    assert (passage["n_written"], passage["n_reachable"], passage["n_covered"]) == (5, 4, 3)
    assert (passage["of_reachable"], passage["of_written"]) == (0.75, 0.6)
    assert (table["ending"]["n_reachable"], table["ending"]["n_covered"]) == (1, 1)
    assert pd.isna(table["ending"]["n_written"])


def test_covered__what_is_missed_has_a_shortest_way_there():
    space = gated()
    table = covered(space, walks(space, (0, [0])), ["passage"], with_ways=True)
    rows = by_name(table)
    assert rows["Start"]["is_covered"]
    assert rows["Left"]["is_covered"]
    assert (rows["Right"]["way"], rows["Right"]["shortest"]) == ((":1",), 1)
    assert rows["Secret"]["verdict"] == "unreachable"
    assert pd.isna(rows["Secret"]["shortest"])
    with pytest.raises(ValueError, match="unreachable"):
        way_to_item(space, table[table["passage_id"] == "Secret"].iloc[0])


def test_coverage__no_playthroughs_cover_nothing():
    table = coverage(gated(), [])
    assert set(table["n_covered"]) == {0}
    assert set(table["n_playthroughs"]) == {0}


def test_coverage__playthroughs_do_as_well_as_walks():
    space = gated()
    some = walks(space, (0, [0]), (0, [1]))
    pd.testing.assert_frame_equal(coverage(space, some), coverage(space, playthroughs(space, some)))


def test_coverage__a_link_to_nothing_is_not_taken():
    space = space_of({"Start": to("End", "nowhere"), "End": to()})
    rows = by_name(coverage(space, walks(space, *all_walks(space))), "level")
    assert (rows["choice"]["n_reachable"], rows["choice"]["n_covered"]) == (1, 1)


def test_coverage__a_limit_is_said():
    space = space_of(
        {f"P{i}": to(f"P{i + 1}", "End") for i in range(200)} | {"P200": {}, "End": {}}, "P0", max_states=50
    )
    table = covered(space, [], ["passage"])
    assert "unknown" in set(table["verdict"])
    assert "limit" in coverage(space, [])["note"].iloc[0]


def test_coverage__an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="passage, choice"):
        coverage(gated(), [], ["word"])


STORY = """
:: StoryData
{"format": "SugarCube", "start": "Start"}

:: Start
<<link "Look">><<replace "#a">>Dark.<</replace>><</link>>
<<link "Search">><<set $key to true>><</link>>
[[On|Door]]

:: Door
<<if $key>><<goto "Room">><</if>>Locked.

:: Room
A room.
"""


def test_choices__moves_by_itself_and_reveals_count():
    space = gb.explore(gb.parse_twee(STORY))
    graph = play_graph(space)
    table = covered(space, walks(space, *_simple(graph)), ["choice"])
    rows = by_name(table, "what")
    assert rows["Room"]["is_covered"]  # the goto
    assert rows["Search"]["is_covered"]
    assert table["is_covered"].all()


def _simple(graph):
    """Every walk that visits no node twice."""

    def on(node, seen):
        yield []
        for edge in range(graph.indptr[node], graph.indptr[node + 1]):
            target = int(graph.indices[edge])
            if target >= 0 and target not in seen:
                for rest in on(target, {*seen, target}):
                    yield [edge, *rest]

    return [(start, way) for start in graph.starts.tolist() for way in on(start, {start})]


@settings(max_examples=30)
@given(passages())
def test_coverage__all_playthroughs_cover_all_that_is_reachable(story):
    space = space_of(story, "P0")
    graph = play_graph(space)
    everything = Walks.of(graph, all_walks(space))
    table = coverage(space, everything)
    assert table["n_covered"].tolist() == table["n_reachable"].tolist()
    verdicts = by_name(space.passages() if hasattr(space, "passages") else covered(space, [], ["passage"]))
    seen = {name for at in range(len(everything)) for name in everything.passages(at)}
    assert seen == {name for name, row in verdicts.items() if row["verdict"] == "reachable"}


@settings(max_examples=10)
@given(passages(circles=True))
def test_covered__every_way_replays_and_meets_what_it_is_for(story):
    space = space_of(story, "P0")
    table = covered(space, [])
    for at, row in table[table["shortest"].notna()].iterrows():
        way = way_to_item(space, row)
        assert len(way) == row["shortest"]
        play(space.story, way)
        assert covered(space, [way])["is_covered"].iloc[at]


@settings(max_examples=10)
@given(passages())
def test_coverage__counts_playthroughs_as_one_by_one(story):
    space = space_of(story, "P0")
    ways = all_walks(space)[:20]
    together = covered(space, Walks.of(play_graph(space), ways))
    alone = [covered(space, Walks.of(play_graph(space), [way]))["is_covered"].to_numpy() for way in ways]
    assert together["n_playthroughs"].tolist() == np.sum(alone, axis=0).tolist()


def test_levels__items_are_in_the_storys_order():
    space = gb.explore(gb.parse_twee(STORY))
    items = level(space, "choice").items
    assert items["passage_id"].tolist() == sorted(items["passage_id"], key=["Start", "Door", "Room"].index)
    starts = items.loc[items["passage_id"] == "Start", "start"].tolist()
    assert starts == sorted(starts)


CONDITIONS = """
:: StoryData
{"format": "SugarCube", "start": "Hall"}

:: Hall
<<if $lamp>>[[Go down|Cellar]]<<else>>[[Take the lamp|Lamp]]<</if>>
<<if $never is 3>>[[Fly|Sky]]<</if>>

:: Lamp
<<set $lamp to true>>A lamp. [[Back|Hall]]

:: Cellar
<<if $lamp>>It is bright.<<else>>It is dark.<</if>>

:: Sky
Blue.
"""


def test_conditions__each_outcome_is_told_by_what_is_offered():
    space = gb.explore(gb.parse_twee(CONDITIONS))
    rows = by_name(covered(space, space.test_suite()), "what")
    assert rows["$lamp (holds)"]["is_covered"]
    assert rows["$lamp (fails)"]["is_covered"]
    assert rows["$never is 3 (fails)"]["is_covered"]
    assert rows["$never is 3 (holds)"]["verdict"] == "unreachable"
    first = covered(space, walks(space, (0, [])), ["condition"])
    assert dict(zip(first["what"], first["is_covered"], strict=True)) == {
        "$lamp (holds)": False, "$lamp (fails)": True, "$never is 3 (holds)": False, "$never is 3 (fails)": True,
    }  # fmt: skip
    row = first[first["what"] == "$lamp (holds)"].iloc[0]
    assert way_to_item(space, row).labels == ["Take the lamp", "Back"]


def test_texts__every_variant_is_counted_where_texts_were_kept():
    story = gb.parse_twee(
        CONDITIONS.replace(
            "[[Back|Hall]]", "[[Back|Hall]] [[Jump|Cellar]] <<link 'Drop it' 'Cellar'>><<set $lamp to false>><</link>>"
        )
    )
    table = by_name(gb.explore(story).coverage([]), "level")
    assert (table["text"]["n_reachable"], table["text"]["note"]) == (0, "explore with detail='text' to count it")
    space = gb.explore(story, detail="text")
    suite = space.test_suite("text")
    found = covered(space, suite, ["text"])
    assert found["is_covered"].all()
    assert set(found.loc[found["passage_id"] == "Cellar", "what"]) == {"It is bright.", "It is dark."}


def test_conditions__inside_a_link_are_told_by_where_it_leads():
    story = gb.parse_twee(
        ':: StoryData\n{"format": "Harlowe", "start": "Start"}\n\n:: Start\n(set: $bus to (random: 1, 3))'
        '(link: "Wait")[(if: $bus is 1)[(goto: "A")](else-if: $bus is 2)[(goto: "B")](else:)[(goto: "C")]]\n\n'
        ":: A\nOne.\n\n:: B\nTwo.\n\n:: C\nThree.\n"
    )
    space = gb.explore(story)
    table = covered(space, space.test_suite("ending"), ["condition"])
    assert set(table["what"]) == {f"$bus is {n} ({outcome})" for n in (1, 2) for outcome in ("holds", "fails")}
    assert table["is_covered"].all()


LAMPS = {
    "SugarCube": (
        "<<set $lamp to true>>[[Cellar]]", "[[Cellar]]",
        "<<if $lamp>>It is bright.<<elseif $never is 3>>Odd.<<else>>It is dark.<</if>> [[End]]",
    ),
    "Harlowe": (
        "(set: $lamp to true)[[Cellar]]", "[[Cellar]]",
        "(if: $lamp is true)[It is bright.](else-if: $never is 3)[Odd.](else:)[It is dark.] [[End]]",
    ),
    "Chapbook": (
        "lamp: true\nnever: 1\n--\n[[Cellar]]", "lamp: false\nnever: 1\n--\n[[Cellar]]",
        "[if lamp]\nIt is bright.\n\n[else]\nIt is dark.\n\n[if never === 3]\nOdd.\n\n[cont]\n[[End]]",
    ),
    "Snowman": (
        "<% s.lamp = true %>[[Cellar]]", "[[Cellar]]",
        "<% if (s.lamp) { %>It is bright.<% } else if ( s.never === 3 ) { %>Odd.<% } else { %>It is dark.<% } %> [[End]]",
    ),
}  # fmt: skip


def lamps(language, detail):
    lit, dark, cellar = LAMPS[language]
    version = ', "format-version": "3.3.9"' if language == "Harlowe" else ""
    story = gb.parse_twee(
        f':: StoryData\n{{"format": "{language}"{version}, "start": "Hall"}}\n\n:: Hall\n[[Lit]]\n[[Dark]]\n\n:: Lit\n{lit}\n\n'
        f":: Dark\n{dark}\n\n:: Cellar\n{cellar}\n\n:: End\nOver.\n"
    )
    return gb.explore(story, detail=detail)


@pytest.mark.parametrize("language", LAMPS)
def test_conditions__that_only_decide_words_are_covered_where_texts_are_kept(language):
    space = lamps(language, "text")
    cellar = LAMPS[language][2]
    dark = next(way for way in space.paths() if "Dark" in way.labels)
    found = {row["what"]: row for row in covered(space, [dark], ["condition"]).to_dict("records")}
    texts = {cellar[row["start"] : row["stop"]] for row in found.values()}
    assert {what.rsplit(" (", 1)[0] for what in found} == texts
    lamp, never = sorted(texts, key=lambda text: "never" in text)
    covers = {what: bool(row["is_covered"]) for what, row in found.items()}
    assert covers == {
        f"{lamp} (holds)": False, f"{lamp} (fails)": True, f"{never} (holds)": False, f"{never} (fails)": True,
    }  # fmt: skip
    assert {what for what, row in found.items() if row["verdict"] == "unreachable"} == {f"{never} (holds)"}
    assert by_name(space.test_suite("condition").coverage(), "level")["condition"]["of_reachable"] == 1.0


@pytest.mark.parametrize("language", LAMPS)
def test_conditions__what_control_flow_cannot_see_is_said_and_not_called_unreachable(language):
    space = lamps(language, "choices")
    assert not len(covered(space, [], ["condition"]))
    row = coverage(space, [], ["condition"]).iloc[0]
    assert (row["n_written"], row["n_reachable"]) == (4, 0)
    assert "4 more outcomes only decide words" in row["note"]
    assert "detail='text'" in row["note"]


def test_conditions__chance_that_comes_to_the_same_is_no_playthroughs_doing():
    story = gb.parse_twee(
        ':: StoryData\n{"format": "SugarCube", "start": "A"}\n\n:: A\n<<if random(1, 2) is 1>>Rain.<<else>>Rain.<</if>> [[B]]\n\n'
        ":: B\nOver.\n"
    )
    space = gb.explore(story, detail="text")
    assert not len(covered(space, [], ["condition"]))
    assert "cannot be told" in coverage(space, [], ["condition"])["note"].iloc[0]
