"""The exploring process from inside: what it says when it is told to stop, whatever it is at."""

from __future__ import annotations

import gc
import io
import pickle
import threading

import pytest

from gamebook_lab.analysis import findings
from gamebook_lab.engine import exploration
from gamebook_lab.formats import read_story
from gamebook_lab.languages.sugarcube import SugarCube
from gamebook_lab.widgets import exploring

HEAD = """:: StoryData
{"ifid": "8C1F4B5E-0000-4000-8000-000000000000", "format": "SugarCube", "start": "P0"}
"""


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.twee"
    line = [f":: P{at}\nOn. [[Go on->P{at + 1}]] [[Give up->End]]\n" for at in range(60)]
    path.write_text("\n".join([HEAD, *line, ":: P60\nThe end.\n", ":: End\nAnd so it ends.\n"]), encoding="utf-8")
    return read_story(path)


class Process(exploring._Process):
    """One that is told what to do by calls."""

    def __init__(self):
        self.answers = io.BytesIO()
        super().__init__(io.BytesIO(), self.answers)

    def stop(self):
        self._stop.set()

    def explore(self, number, story):
        """Explore a story; gives the answers."""
        self._stop = threading.Event()
        begin = self.answers.tell()
        self._explore(number, exploring.packed(story))
        self.answers.seek(begin)
        said = []
        while self.answers.tell() < len(self.answers.getbuffer()):
            said.append(pickle.load(self.answers))
        return said


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (SugarCube, "parse"),
        (exploration, "relevance"),
        (exploration.Explorer, "run"),
        *(
            (findings, name)
            for name in ("passage_verdicts", "choice_classes", "ending_probabilities", "shortest_so_far")
        ),
    ],
    ids=lambda what: what if isinstance(what, str) else "",
)
def test_explore__stops_whatever_it_is_at(of, name, story, monkeypatch):
    process = Process()
    before = getattr(of, name)
    n_calls = []

    def stopping(*args, **kwargs):
        process.stop()
        n_calls.append(1)
        return before(*args, **kwargs)

    monkeypatch.setattr(exploring, "MOST_STATES", 40)
    monkeypatch.setattr(of, name, stopping)
    assert process.explore(7, story) == [("stopped", 7)]
    assert len(n_calls) == 1
    monkeypatch.setattr(of, name, before)
    ((kind, number, found, is_last),) = process.explore(8, story)
    assert (kind, number, found.limit, is_last) == ("found", 8, "max_states", True)


def test_explore__keeps_to_itself_that_nothing_is_known_yet(story, monkeypatch):
    monkeypatch.setattr(exploring, "SECONDS", (0.0, 20.0))
    ((kind, _, found, is_last),) = Process().explore(1, story)
    assert (kind, found.n_states, is_last) == ("found", 62, True)
    monkeypatch.setattr(exploring, "SECONDS", (0.0, 0.0))
    ((kind, _, found, is_last),) = Process().explore(1, story)
    assert (kind, found.n_states, found.limit, is_last) == ("found", 0, "seconds", True)


def test_tidy__looks_through_everything_only_when_much_is_new(monkeypatch):
    calls = []
    monkeypatch.setattr(gc, "collect", lambda: calls.append(1))
    for rounds in (exploring._MANY_ROUNDS - 1, exploring._MANY_ROUNDS):
        monkeypatch.setattr(gc, "get_count", lambda rounds=rounds: (0, 0, rounds))
        exploring._tidy()
    assert calls == [1]
