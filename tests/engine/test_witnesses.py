"""A thousand ways, drawn from all over the corpora, are played back click by click, and each ends where it says."""

from __future__ import annotations

import numpy as np

import gamebook_lab as gb
from gamebook_lab.engine.playthrough import replay
from gamebook_lab.story.frozen import UNSET

N_WAYS = 1_000
SMALL = (
    "cookbook-sugarcube", "cookbook-harlowe", "cookbook-chapbook", "snowman-e2e-stories", "chapbook-demo",
    "tiny-qbn-storylets",
)  # fmt: skip


def spaces(corpora, magium_space):
    yield magium_space
    for folder in SMALL:
        for file in sorted((corpora / "twine" / folder).rglob("*")):
            if file.suffix in {".twee", ".tw"} or file.name.endswith("_twee.txt"):
                yield gb.explore(gb.read_story(file), max_states=300, seconds=1, threads=1)


def test_witnesses__a_thousand_play_back(corpora, magium_space):
    chance = np.random.default_rng(11)
    all_spaces = list(spaces(corpora, magium_space))
    # a fifth of the ways in the one long story, where each has some hundred steps
    states = [(0, int(state)) for state in chance.integers(0, all_spaces[0].n_states, N_WAYS // 5)]
    others = [(number, state) for number, space in enumerate(all_spaces[1:], 1) for state in range(space.n_states)]
    states += [others[at] for at in chance.integers(0, len(others), N_WAYS - len(states)).tolist()]
    played = 0
    for number, space in enumerate(all_spaces):
        plan = space.explorer.plan
        for state in (state for each, state in states if each == number):
            played += 1
            found = replay(plan.player, plan.names, space.relevance, space.witness(state))
            assert found.places[-1] == space.places[space.location[state]]
            if not space.is_exact:
                continue  # what nobody knows may be narrowed down by what was decided on the way
            assert {name: found.values[-1].get(name, UNSET) for name in space.values(state)} == space.values(state)
    assert played == N_WAYS
