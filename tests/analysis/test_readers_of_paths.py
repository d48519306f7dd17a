"""Readers of the whole story, circles and all."""

from __future__ import annotations

import numpy as np
import pytest

import gamebook_lab as gb

LOOP = ':: StoryData\n{"format":"SugarCube"}\n\n:: Start\n[[Start]] [[End]]\n\n:: End\nDone.\n'


def test_simulate__goes_round_in_circles_as_often_as_readers_do():
    walks = gb.explore(gb.parse_twee(LOOP)).simulate(20_000, seed=3)
    assert walks.is_complete.all()
    lengths = np.diff(walks.offsets)  # geometric: half of the readers leave at each click
    assert lengths.mean() == pytest.approx(2.0, abs=0.05)
    assert (lengths == 1).mean() == pytest.approx(0.5, abs=0.02)


def test_simulate__is_the_same_for_the_same_seed():
    space = gb.explore(gb.parse_twee(LOOP))
    one, two = space.simulate(50, seed=1), space.simulate(100, seed=1).take(np.arange(50))
    assert one.edges.tolist() == two.edges.tolist()


def test_simulate__nobody_where_there_is_nowhere_to_begin():
    assert len(gb.explore(gb.parse_twee(":: A\nNo start here.\n")).simulate(10)) == 0
