"""How often a difference is invented where there is none: measured on simulated logs, for what tests many things at once."""

from __future__ import annotations

import numpy as np
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.group_differences import group_differences
from gamebook_lab.analysis.hidden_decisions import hidden_decisions
from gamebook_lab.analysis.matching import match
from gamebook_lab.analysis.simulated_readers import simulate_readers
from tests.analysis.logs import sessions_of

FORKS = 6
STORY = "".join(
    f":: P{at}\n[[L->L{at}]] [[R->R{at}]]\n\n:: L{at}\n[[P{at + 1}]]\n\n:: R{at}\n[[P{at + 1}]]\n\n"
    for at in range(FORKS)
)
STORY = f':: StoryData\n{{"start":"P0"}}\n\n{STORY}:: P{FORKS}\n[[Next->Sun]] [[Next->Rain]]\n\n:: Sun\nEnd.\n\n:: Rain\nEnd.\n'
RUNS = 40
MOST = 6
"""Of 40 runs without a true difference 5 % are 2; more than 6 come up once in 300 times."""


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(STORY))


def test_group_differences__invents_no_more_than_it_says(space):
    wrong = 0
    for seed in range(RUNS):
        matched = match(space, simulate_readers(space, 60, seed=seed))
        group = {name: at % 2 for at, name in enumerate(matched.table["session_id"])}
        wrong += bool((group_differences(matched, group, n_permutations=199, seed=seed)["q_value"] <= 0.05).any())
    assert wrong <= MOST, f"{wrong} of {RUNS} runs invented a difference between groups"


def test_hidden_decisions__invents_no_more_than_it_says(space):
    wrong = 0
    for seed in range(RUNS):
        found = hidden_decisions(match(space, simulate_readers(space, 60, seed=seed)), n_permutations=199, seed=seed)
        wrong += set(found["verdict"]) != {"no sign"}
    assert wrong <= MOST, f"{wrong} of {RUNS} runs invented what decides"


def test_hidden_decisions__finds_what_was_planted_nearly_always(space):
    found = 0
    for seed in range(RUNS):
        rng = np.random.default_rng(seed)
        routes = []
        for _ in range(60):
            sides = rng.choice(["L", "R"], FORKS)
            steps = [name for at, side in enumerate(sides) for name in (f"P{at}", f"{side}{at}")]
            routes.append([*steps, f"P{FORKS}", "Sun" if sides[2] == "L" else "Rain"])
        table = hidden_decisions(match(space, sessions_of(routes)), n_permutations=199, seed=seed)
        found += table["choice_passage"].tolist() == ["P2"] and table["verdict"].tolist() == ["decides"]
    assert found >= 0.95 * RUNS, f"{found} of {RUNS}"
