"""Exploring beside the kernel: its own process, newest story only, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from gamebook_lab.formats import read_story
from gamebook_lab.story.edits import set_text
from gamebook_lab.widgets.session import StorySession
from tests.patience import PATIENCE

STORY = """:: StoryData
{"ifid": "8C1F4B5E-0000-4000-8000-000000000000", "format": "SugarCube", "start": "Start"}

:: Start
<<set $key to false>>You wake. [[Go down->Cellar]]

:: Cellar
A chest. <<if $key>>[[Open the chest->Treasure]]<</if>> [[Leave->End]]

:: Treasure
Gold! [[Leave->End]]

:: End
And so it ends.
"""


class Heard:
    """Collects what a watcher is told, and waits for some of it."""

    def __init__(self):
        self.told = []
        self._changed = threading.Condition()

    def __call__(self, what):
        with self._changed:
            self.told.append(what)
            self._changed.notify_all()

    def wait(self, is_wanted):
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(is_wanted, self.told)), PATIENCE), self.told
            return next(each for each in self.told if is_wanted(each))


@pytest.fixture
def sugarcube(tmp_path):
    path = tmp_path / "story.twee"
    path.write_text(STORY, encoding="utf-8")
    return read_story(path)


@pytest.fixture
def session(sugarcube):
    return StorySession(sugarcube, debounce=0, pause=0)


@pytest.fixture
def heard(session):
    heard = Heard()
    stop = session.watch_verdicts(heard)
    yield heard
    stop()


def done(session):
    return lambda explored: explored.status == "done" and explored.story is session.story


def verdicts(explored):
    table = explored.findings.passages
    return dict(zip(table["passage_id"], table["verdict"], strict=True))


def test_watch_verdicts__tells_what_was_found_and_follows_edits(session, heard):
    first = heard.wait(done(session))
    assert first.findings.is_exact
    assert verdicts(first) == {
        "Start": "reachable",
        "Cellar": "reachable",
        "Treasure": "unreachable",
        "End": "reachable",
    }
    assert first.problems["code"].tolist() == ["GB602", "GB601"]
    assert first.problems["file"].notna().all()

    session.apply(lambda story: set_text(story, "Start", "<<set $key to true>>[[Go down->Cellar]]"), label="Edit")
    second = heard.wait(done(session))
    assert verdicts(second)["Treasure"] == "reachable"
    assert second.problems.empty
    assert [each.status for each in heard.told if each.story is session.story] == ["exploring", "done"]


def test_why__is_answered_by_the_same_process(session, heard):
    assert not session.why("Treasure", heard), "nothing is known before the first answer"
    heard.wait(done(session))
    reasons = Heard()
    assert session.why("Treasure", reasons)
    found = reasons.wait(lambda why: why.passage == "Treasure")
    assert found.verdict == "unreachable"
    assert [blocked.passage for blocked in found.blocked] == ["Cellar"]
    assert session.why("End", reasons)
    found = reasons.wait(lambda why: why.passage == "End")
    assert [stage.passage for stage in found.way] == ["Start", "Cellar", "End"]


def test_process__that_dies_is_told_of_and_started_again(session, heard):
    heard.wait(done(session))
    companion = session._explorer._companion
    companion._process.kill()
    companion._process.wait()
    session.apply(lambda story: set_text(story, "End", "Over."), label="Edit")
    heard.wait(done(session))
    assert session._explorer._companion is not companion


def test_process__ends_with_the_last_watcher(session):
    heard = Heard()
    stop = session.watch_verdicts(heard)
    heard.wait(done(session))
    companion = session._explorer._companion
    assert session.n_watchers == 2, "of verdicts, and of the checks for them"
    stop()
    assert not companion.is_running
    assert session.n_watchers == 0


def test_language__that_no_other_process_knows_is_not_explored(story):
    session = StorySession(story, debounce=0, pause=0)
    heard = Heard()
    stop = session.watch_verdicts(heard)
    heard.wait(lambda explored: explored.status == "unavailable")
    assert session._explorer._companion is None
    stop()


def test_explorer__gives_up_what_a_newer_story_has_overtaken(sugarcube):
    session = StorySession(sugarcube, debounce=0, pause=0)
    heard = Heard()
    stop = session.watch_verdicts(heard)
    heard.wait(lambda explored: explored.status == "exploring")
    for number in range(5):
        session.apply(lambda story, number=number: set_text(story, "End", f"Over {number}."), label="Edit")
    last = heard.wait(done(session))
    assert last.findings.is_exact
    assert len([each for each in heard.told if each.status == "done" and each.story is session.story]) == 1
    assert {each.status for each in heard.told} <= {"exploring", "done"}
    stop()


@pytest.mark.parametrize("left", [b"", b"\x80\x05\x95"], ids=["between messages", "in the middle of one"])
def test_process__ends_when_whoever_started_it_is_gone(left):
    command = [sys.executable, "-m", "gamebook_lab.widgets.exploring"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    process.communicate(left, timeout=PATIENCE)
    assert process.returncode == 0


def test_want__is_told_once_though_an_earlier_pause_ended_just_then(session, heard):
    """A timer that has begun to run can be cancelled no more."""
    heard.wait(done(session))
    explorer, told = session._explorer, []
    explorer._companion.tell = lambda *what: told.append(what)
    overtaken, newest = (set_text(session.story, "End", text) for text in ("Over.", "All over."))
    explorer._pause = PATIENCE
    explorer.want(overtaken)
    late = explorer._timer
    explorer.want(newest)
    for timer in (late, explorer._timer):
        timer.function(*timer.args)
    assert [kind for kind, *_ in told] == ["explore"]
    explorer.give_up()
