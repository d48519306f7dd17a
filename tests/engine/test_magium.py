"""A real story of 1,329 passages and 271 variables, exactly; and again after an edit."""

from __future__ import annotations

import numpy as np

import gamebook_lab as gb
from gamebook_lab.engine import explorer


def test_explore__magium_exactly_and_again_after_an_edit(magium, monkeypatch):
    story = gb.read_story(magium)
    space = gb.explore(story)
    assert space.is_exact
    assert (space.n_states, space.n_edges, len(space.places)) == (65_638, 85_727, 1_141)
    for state in np.random.default_rng(7).integers(0, space.n_states, 3).tolist():
        assert gb.play(story, space.witness(state)).places[-1] == space.places[space.location[state]]
    played = []
    interpret = explorer.interpret
    monkeypatch.setattr(explorer, "interpret", lambda *given: (played.append(given[2]), interpret(*given))[1])
    edited = gb.edits.set_text(story, story.start_key, story.text(story.start_key) + "\nOne more line.")
    assert gb.explore(edited).n_states == space.n_states
    assert set(played) == {story.name(story.start_key)}
