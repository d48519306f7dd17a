"""A diff says what differs for readers, counted exactly, whatever names and labels do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamebook_lab as gb
from gamebook_lab.analysis.kept_ways import kept_ways
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.renames import pair_up
from gamebook_lab.engine.exploration import play
from tests.analysis.generated import all_walks, passages
from tests.analysis.stories import by_name, space_of

STORY = """
:: StoryData
{"format": "SugarCube", "start": "Hall"}

:: Hall
A long hall with two doors in it. [[Open the door|Cellar]] [[Take the key|Key]]

:: Key
<<set $key to true>>It is yours now, for good. [[Open the door|Cellar]] [[Open it slowly|Cellar]]

:: Cellar
<<if $key>>[[Unlock|Treasure]]<</if>> [[Give up|Street]]

:: Treasure
Gold, and more of it than you can carry.

:: Street
Home.
"""


def changed(*changes):
    text = STORY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return gb.compare(gb.parse_twee(STORY), gb.parse_twee(text))


def test_compare__the_same_story():
    diff = changed()
    assert diff.is_same
    assert (len(diff.passages), len(diff.choices), len(diff.endings)) == (0, 0, 0)
    assert (diff.playthroughs.n_before, diff.playthroughs.n_kept, diff.playthroughs.n_lost) == (5, 5, 0)
    assert "Nothing changes" in diff.to_markdown()


def test_compare__names_labels_and_words_are_no_change_of_play():
    diff = changed(("Treasure", "Hoard"), ("[[Give up|", "[[Go home|"), ("A long hall", "A short hall"))
    assert diff.is_same
    assert diff.pairing.renamed == {"Treasure": "Hoard"}
    assert set(by_name(diff.passages, "passage_after")["Hoard"]["changes"]) == {"renamed"}
    assert diff.choices["changes"].tolist() == [("relabelled",)]


def test_compare__what_became_unreachable_and_how_likely_endings_are():
    diff = changed(("<<set $key to true>>", ""))
    rows = by_name(diff.passages, "passage_after")
    assert "became unreachable" in rows["Treasure"]["changes"]
    ending = by_name(diff.endings)
    assert (ending["Treasure"]["probability_before"], ending["Treasure"]["probability_after"]) == (0.25, 0.0)
    assert ending["Street"]["difference"] == pytest.approx(0.25)
    kept = diff.playthroughs
    assert (kept.n_before, kept.n_after, kept.n_kept, kept.n_lost, kept.n_gained) == (5, 3, 3, 2, 0)
    assert kept.lost[0].labels in (
        ["Take the key", "Open the door", "Unlock"],
        ["Take the key", "Open it slowly", "Unlock"],
    )
    assert not diff.is_same


def test_compare__a_choice_that_turned_fake():
    diff = changed(("[[Give up|Street]]", "[[Give up|Treasure]]"))
    row = by_name(diff.choices, "label_after")["Unlock"]
    assert (row["class_before"], row["class_after"], row["changes"]) == ("divergent", "fake", ("turned fake",))
    assert "turned fake" in diff.to_markdown()


def test_compare__a_new_choice_and_one_that_is_gone():
    diff = changed(("[[Open it slowly|Cellar]]", "[[Throw it away|Street]]"))
    rows = {(row["label_before"], row["label_after"]): row["changes"] for row in diff.choices.to_dict("records")}
    changes = {change for each in rows.values() for change in each}
    assert changes == {"removed", "added", "turned divergent"}  # nothing else led elsewhere before
    kept = diff.playthroughs
    assert (kept.n_lost, kept.n_gained) == (2, 1)
    assert [way.labels for way in kept.gained] == [["Take the key", "Throw it away"]]


def test_compare__a_limit_leaves_playthroughs_uncounted():
    story = gb.parse_twee(STORY)
    diff = gb.compare(story, story, max_states=2)
    assert diff.playthroughs.n_kept is None
    assert "could not be counted" in diff.to_markdown()


def test_compare__other_things_are_refused():
    with pytest.raises(TypeError, match="two stories"):
        gb.compare(1, 2)
    with pytest.raises(TypeError, match="with a story"):
        gb.compare(gb.parse_twee(STORY), 2)


def test_to_markdown__the_storys_words_are_escaped():
    old = gb.parse_twee(":: Start\nOne. [[<script>a</script>|End]]\n\n:: End\nOver.\n")
    new = gb.parse_twee(
        ":: Start\nOne. [[<script>b</script> | c|Else]]\n\n:: Else\nAnother one entirely, quite long.\n"
    )
    assert "<script>" not in gb.compare(old, new).to_markdown().replace("\\<", "")


def spelled(space, pairing=None):
    """Every playthrough as what is the same in both versions."""
    graph = play_graph(space)
    names = dict(pairing.passages) if pairing else {}
    found = []
    for start, edges in all_walks(space):
        way = space.playthrough(start, edges)
        nodes = [start, *graph.indices[edges].tolist()]
        said = [way.start]
        for step in way.steps:
            spots = [(pick.place.passage, *pick.place.span) for pick in step.picks]
            spots = [pairing.choices.get(spot, ("gone", spot)) if pairing else spot for spot in spots]
            said.append((names.get(step.passage, step.passage), step.arrival, tuple(spots), step.answers))
        said.append(
            tuple(names.get(graph.passages[graph.passage[at]], graph.passages[graph.passage[at]]) for at in nodes)
        )
        found.append((*said, int(graph.stop[nodes[-1]])))
    return found


@st.composite
def edits(draw):
    """A story and the same with one choice changed, added or gone."""
    story = draw(passages())
    other = {
        name: {**said, "choices": [dict(each) for each in said.get("choices", ())]} for name, said in story.items()
    }
    name = draw(st.sampled_from([f"P{at}" for at in range(5)]))
    choices = other[name]["choices"]
    at = draw(st.integers(0, max(0, len(choices) - 1)))
    what = draw(st.sampled_from(["target", "if", "do", "gone", "new"]))
    to = f"P{draw(st.integers(int(name[1]) + 1, 5))}"
    if what == "new" or not choices:
        choices.append({"to": to, "if": [], "do": []})
    elif what == "gone":
        del choices[at]
    elif what == "target":
        choices[at]["to"] = to
    else:
        choices[at][what] = [("x", "==", 1)] if what == "if" else [("set", "x", 1)]
    return story, other


@settings(max_examples=30)
@given(edits())
def test_kept_ways__are_counted_as_one_by_one(pair):
    old, new = (space_of(story, "P0") for story in pair)
    pairing = pair_up(old.story, new.story)
    before, after = spelled(old, pairing), spelled(new)
    kept = kept_ways(old, new, pairing)
    assert (kept.n_before, kept.n_after) == (len(before), len(after))
    assert kept.n_kept == len(set(before) & set(after))
    assert bool(kept.lost) == bool(kept.n_lost)
    assert bool(kept.gained) == bool(kept.n_gained)
    for way in kept.lost:
        play(old.story, way)
    for way in kept.gained:
        play(new.story, way)


@settings(max_examples=20)
@given(passages(circles=True), passages(circles=True))
def test_kept_ways__circles_and_all(story, other):
    old, new = space_of(story, "P0"), space_of(other, "P0")
    kept = kept_ways(old, new, pair_up(old.story, new.story), longest=8)
    assert 0 <= kept.n_kept <= min(kept.n_before, kept.n_after)
    same = kept_ways(old, old, pair_up(old.story, old.story), longest=8)
    assert same.n_before == same.n_kept
    assert not same.lost
    for way in kept.lost:
        play(old.story, way)
