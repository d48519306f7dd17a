"""Paths are all the playthroughs there are, in order, each with its number."""

from __future__ import annotations

import itertools
import random
import sys

import numpy as np
import pytest
from json_language import json_story
from scipy import stats

import gamebook_lab as gb
from gamebook_lab.analysis.explored import Explored, explore
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.walks import playthroughs
from gamebook_lab.errors import LimitError, PlayError, UnknownPassageError
from gamebook_lab.kernels.counts import CircleError
from tests.analysis.stories import to
from tests.analysis.written_stories import LANGUAGES, in_toy_language, made, played, written

MOST = 7


def story_of(passages, start="Start"):
    return json_story({name: {"says": "and so it went", **said} for name, said in passages.items()}, start)


def space_of(passages, start="Start"):
    return explore(story_of(passages, start), threads=1)


def diamonds(n):
    """A row of diamonds: 2**n paths."""
    passages = {f"D{i}": to(f"D{i + 1}", f"D{i + 1}") for i in range(n)}
    return space_of({**passages, f"D{n}": {}}, "D0")


def seen(paths):
    walks = paths.walks()
    return [walks.passages(at) for at in range(len(walks))]


def explored_in(language, story) -> Explored:
    if language == "toy":
        return explore(json_story(*in_toy_language(story)), threads=1)
    return explore(written(story, language), threads=1)


@pytest.mark.parametrize("circles", [False, True])
@pytest.mark.parametrize("language", ["toy", *LANGUAGES])
def test_paths__are_those_of_playing_everything(language, circles):
    for seed in range(50):
        story = made(seed, circles=circles)
        space = explored_in(language, story)
        assert space.is_exact
        expected = [[f"P{at}" for at in way] for way in played(story, MOST)]
        paths = space.paths(max_choices=MOST)
        assert paths.count == len(expected)
        assert seen(paths) == expected
        assert [paths.rank(paths[k]) for k in range(0, len(paths), 17)] == [*range(0, len(paths), 17)]
        counts = paths.by_choices()
        lengths = [len(way) - 1 for way in expected]
        assert counts["n_playthroughs"].tolist() == [lengths.count(n) for n in counts["n_choices"]]
        if not circles:
            assert space.paths().count == len(expected)


def fits(way, *, ending=None, through=(), avoiding=(), max_choices=MOST):
    through, avoiding = ({names} if isinstance(names, str) else set(names) for names in (through, avoiding))
    return ending in {None, way[-1]} and through <= {*way} and not avoiding & {*way} and len(way) <= max_choices + 1


@pytest.mark.parametrize("circles", [False, True])
def test_filters__leave_what_filtering_leaves(circles):
    for seed in range(60):
        story = made(1_000 + seed, circles=circles)
        space = explored_in("toy", story)
        everything = [[f"P{at}" for at in way] for way in played(story, MOST)]
        draw = random.Random(seed)
        one, two, three = draw.sample([f"P{at}" for at in range(1, 6)], 3)
        for asked in (
            {"ending": one},
            {"through": one},
            {"through": {one, two}},
            {"avoiding": {one, two}},
            {"through": one, "avoiding": two, "ending": three},
            {"max_choices": 3},
        ):
            paths = space.paths(**{"max_choices": MOST, **asked})
            assert seen(paths) == [way for way in everything if fits(way, **asked)], asked
            assert paths.by_ending()["n_playthroughs"].sum() == paths.count


def test_simple__are_those_without_a_state_twice():
    for seed in range(60):
        space = explored_in("toy", made(seed, circles=True))
        graph = play_graph(space)
        walks = space.paths(max_choices=graph.n).walks() if graph.n < 12 else None
        paths = space.paths(simple=True)
        if walks is None:
            continue
        offsets, nodes = walks.nodes()
        bounds = list(itertools.pairwise(offsets))
        without = [at for at, (a, b) in enumerate(bounds) if len(set(nodes[a:b])) == b - a]
        expected = [walks.edges[walks.offsets[at] : walks.offsets[at + 1]].tolist() for at in without]
        found = paths.walks()
        assert [
            found.edges[a:b].tolist() for a, b in zip(found.offsets[:-1], found.offsets[1:], strict=True)
        ] == sorted(expected)
        assert [paths.rank(way) for way in paths] == list(range(paths.count))
        assert paths.by_choices()["n_playthroughs"].sum() == paths.by_ending()["n_playthroughs"].sum() == paths.count


def test_link_paths__follow_links_whatever_they_ask_for():
    for seed in range(40):
        story = made(seed, circles=False)
        free = [passage._replace(links=[link._replace(needs=None) for link in passage.links]) for passage in story]
        paths = gb.link_paths(written(story, "SugarCube"))
        assert [way.passages for way in paths] == [tuple(f"P{at}" for at in way) for way in played(free, 99)]
        assert [paths.rank(way) for way in paths] == list(range(len(paths)))


def test_link_paths__simple_and_bounded_where_links_go_round():
    story = gb.parse_twee(
        ":: Start\n[[Hall]]\n\n:: Hall\n[[Start]] [[Hall]] [[Cellar]]\n\n:: Cellar\n[[Hall]] [[Out]]\n\n:: Out\nOut.\n"
    )
    with pytest.raises(CircleError, match=r"'Start', 'Hall'.*max_choices=.*simple=True"):
        gb.link_paths(story)
    assert [way.passages for way in gb.link_paths(story, simple=True)] == [("Start", "Hall", "Cellar", "Out")]
    assert gb.link_paths(story, max_choices=5).by_choices().to_numpy().tolist() == [[3, 1], [4, 1], [5, 3]]
    with pytest.raises(PlayError, match="step 2"):
        gb.link_paths(story, simple=True).rank(
            gb.link_paths(story, simple=True)[0]._replace(passages=("Start", "Hall", "Start", "Out"))
        )


def test_sequence__behaves_as_a_tuple_does():
    paths = diamonds(5).paths()
    ways = tuple(paths)
    assert len(paths) == len(ways) == 32
    assert paths[-1] == ways[-1]
    for part in (slice(3, 9), slice(None, None, -1), slice(30, 2, -7), slice(40, 50), slice(-3, None)):
        assert tuple(paths[part]) == ways[part]
        assert paths[part].count == len(ways[part])
    assert tuple(reversed(paths)) == ways[::-1]
    assert paths[4:20][3:][2] == ways[9]
    assert paths[4:20].rank(ways[9]) == 5
    assert ways[3] in paths
    assert ways[3] not in paths[4:]
    assert "something else" not in paths
    assert paths.index(ways[7]) == paths.index(ways[7], 5) == 7
    with pytest.raises(IndexError, match="there are 32"):
        paths[32]
    assert not paths[5:5]


def test_sequence__larger_than_len_can_say():
    paths = diamonds(300).paths()
    assert paths.count == 2**300
    with pytest.raises(OverflowError):
        len(paths)
    draw = random.Random(3)
    numbers = [draw.randrange(2**300) for _ in range(50)] + [0, 2**300 - 1, 2**64 - 1, 2**64]
    assert paths.ranks(paths.take(numbers)) == numbers
    assert [paths.rank(paths[k]) for k in numbers[:5]] == numbers[:5]
    part = paths[2**200 :: 2**90]
    assert part.count == (2**300 - 2**200) // 2**90
    assert paths.rank(part[10**50]) == 2**200 + 10**50 * 2**90
    assert next(iter(paths[2**299 :])) == paths[2**299]
    with pytest.raises(LimitError, match=r"paths\.sample"):
        paths.walks()
    assert paths.walks(2**299, 2**299 + 3).edges.tolist() == paths.take([2**299, 2**299 + 1, 2**299 + 2]).edges.tolist()
    assert sys.getsizeof(paths.batches()) < 1_000


def test_rank__says_why_a_playthrough_is_not_one():
    space = space_of({"Start": to("A", "B"), "A": to("End"), "B": to("End"), "End": {}})
    paths = space.paths(avoiding="B")
    with pytest.raises(PlayError, match="filters"):
        paths.rank(space.paths()[1])
    with pytest.raises(PlayError, match="'A', where play goes on"):
        space.paths().rank(space.witness(1))


def test_filters__name_what_there_is():
    space = space_of({"Start": to("A", "nowhere"), "A": {}, "Alone": {}})
    with pytest.raises(UnknownPassageError, match="'Cellar'"):
        space.paths(through="Cellar")
    with pytest.raises(ValueError, match="dead end"):
        space.paths(stop="death")
    with pytest.raises(ValueError, match="max_choices"):
        space.paths(max_choices=-1)
    assert space.paths(ending="Alone").count == 0
    assert list(space.paths(ending="Alone")) == []
    with pytest.raises(ValueError, match="no paths"):
        space.paths(ending="Alone").sample(1)


def test_paths__circles_have_no_number():
    space = space_of({"Start": to("Ring"), "Ring": to("Start", "End"), "End": {}})
    with pytest.raises(CircleError, match="max_choices="):
        space.paths()
    assert space.paths(max_choices=2_001).count == 1_000
    assert space.paths(simple=True).count == 1


def test_simple__gives_up_at_its_limit():
    n = 12  # all passages lead to all others
    passages = {f"P{i}": to(*(f"P{j}" for j in range(n) if j != i), "End") for i in range(n)}
    space = space_of({**passages, "End": {}}, "P0")
    with pytest.raises(LimitError, match="search_steps="):
        _ = space.paths(simple=True, search_steps=100_000).count


def test_paths__more_memory_than_allowed_is_refused():
    passages = {f"P{i}": to(f"P{(i + 1) % 50}", f"P{(i * 7 + 1) % 50}", "End") for i in range(50)}
    with pytest.raises(LimitError, match="memory"):
        space_of({**passages, "End": {}}, "P0").paths(max_choices=1_000, memory="1MB")


def test_paths__story_moves_through_passages_by_itself():
    passages = {
        "Start": {"enter": [["roll", "x", 2]], "goto": [[["x", "==", 1]], "Yard"], **to("End")},
        "Yard": to("End"),
        "End": {},
    }
    space = space_of(passages)
    assert space.paths().count == 2
    assert space.paths(through="Yard").count == 1
    assert space.paths(avoiding="Yard").count == 1
    assert space.paths(through="Start").count == 2


def test_sample__every_path_is_as_likely():
    story = made(3, circles=True)
    paths = explored_in("toy", story).paths(max_choices=9)
    assert 10 < paths.count < 500
    numbers = np.array(paths.ranks(paths.sample(40 * paths.count, seed=11)))
    assert stats.chisquare(np.bincount(numbers, minlength=paths.count)).pvalue > 0.001
    part = paths[5:60:3]
    numbers = np.array(part.ranks(part.sample(100 * part.count, seed=11)))
    assert stats.chisquare(np.bincount(numbers, minlength=part.count)).pvalue > 0.001


def test_sample__of_paths_found_by_search_too():
    passages = {"Start": to("A", "B"), "A": to("B", "End"), "B": to("A", "Start", "End"), "End": {}}
    paths = space_of(passages).paths(simple=True)
    numbers = np.array(paths.ranks(paths.sample(100 * paths.count, seed=5)))
    assert stats.chisquare(np.bincount(numbers, minlength=paths.count)).pvalue > 0.001


def test_sample__the_high_bits_are_as_random_as_the_low_ones():
    paths = diamonds(200).paths()
    walks = paths.sample(4_000, seed=2)
    left = (walks.edges % 2 == 0).reshape(4_000, 200).sum(axis=0)
    assert stats.chisquare(left, np.full(200, left.mean())).pvalue > 0.001
    assert abs(left.mean() / 4_000 - 0.5) < 0.005


def test_sample__is_the_same_on_any_number_of_threads(monkeypatch):
    paths = diamonds(70).paths()
    walks = paths.sample(20_000, seed=4)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert (paths.sample(20_000, seed=4).edges == walks.edges).all()
    assert (paths.sample(9_000, seed=4).edges == walks.edges[: 70 * 9_000]).all()
    assert (paths.sample(9_000, seed=5).edges != walks.edges[: 70 * 9_000]).any()


def test_simulate__readers_come_sooner_to_what_is_near():
    passages = {"Start": to("Near", "Wide"), "Wide": to(*["Far"] * 9), "Near": {}, "Far": {}}
    paths = space_of(passages).paths()
    near = lambda walks: np.mean([walks.passages(at)[-1] == "Near" for at in range(len(walks))])  # noqa: E731
    assert near(paths.sample(4_000)) == pytest.approx(1 / 10, abs=0.02)
    assert near(paths.simulate(4_000)) == pytest.approx(1 / 2, abs=0.03)


def test_simulate__given_that_the_playthrough_fits():
    passages = {
        "Start": to("A", "B"),
        "A": to("Goal", "Other"),
        "B": to("Goal", *["Other"] * 8),
        "Goal": {},
        "Other": {},
    }
    paths = space_of(passages).paths(ending="Goal")
    walks = paths.simulate(8_000, seed=1)
    # by Bayes: 1/2 * 1/2 over A against 1/2 * 1/9 over B
    assert np.mean([walks.passages(at)[1] == "A" for at in range(8_000)]) == pytest.approx(9 / 11, abs=0.02)
    with pytest.raises(ValueError, match="slice"):
        paths[1:].simulate(3)


def test_playthroughs__of_samples_replay():
    space = explored_in("SugarCube", made(8, circles=True))
    paths = space.paths(max_choices=8)
    for way in playthroughs(space, paths.sample(20, seed=1)):
        assert gb.play(space.story, way)
        assert paths[paths.rank(way)] == way


def test_paths__of_a_real_story(magium_space):
    space = magium_space
    paths = space.paths()
    assert paths.count == 13572234717611145269097232468771409404930306313363309086616286825064593815073582273
    draw = random.Random(1)
    numbers = [draw.randrange(paths.count) for _ in range(1_000)]
    assert paths.ranks(paths.take(numbers)) == numbers
    assert [paths.rank(paths[k]) for k in numbers[:20]] == numbers[:20]
    assert gb.play(space.story, paths[numbers[0]])
    walks = paths.sample(2_000, seed=7)
    assert walks.is_complete.all()
    ending, n = paths.by_ending()[["passage_id", "n_playthroughs"]].iloc[0]
    share = np.mean([paths.graph.passages[paths.graph.passage[node]] == ending for node in walks.last.tolist()])
    assert share == pytest.approx(n / paths.count, abs=0.05)
    assert paths.by_ending()["n_playthroughs"].sum() == paths.count == space.endings()["n_playthroughs"].sum()
