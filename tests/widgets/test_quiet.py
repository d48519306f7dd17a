"""The collector and the switch interval are left as they were found."""

from __future__ import annotations

import gc
import queue
import sys
import threading
from weakref import ref

import pytest

from gamebook_lab.widgets.checker import Checker
from gamebook_lab.widgets.quiet import IDLE_SECONDS, SWITCH_SECONDS, Quiet
from tests.patience import PATIENCE


def test_giving_way__ends_with_the_last_of_those_at_work():
    usual, quiet = sys.getswitchinterval(), Quiet()
    first, second = quiet.giving_way(), quiet.giving_way()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() == SWITCH_SECONDS
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == usual
    assert gc.isenabled()


def test_giving_way__leaves_a_collector_off_that_was_off():
    gc.disable()
    try:
        with Quiet().giving_way():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_settle__has_the_collector_pass_over_what_there_is_until_all_is_closed():
    quiet = Quiet()
    with quiet.keeping():
        with quiet.keeping():
            quiet.settle()
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0


class Ring:
    """Garbage that only the collector finds, once it is let go."""

    def __init__(self):
        self.own = self


def test_settle__collects_young_garbage_first():
    quiet, ring = Quiet(), Ring()
    seen = ref(ring)
    with quiet.keeping():
        gc.disable()  # or it might come upon it by itself
        try:
            assert gc.get_freeze_count() == 0
            del ring
            assert seen() is not None
            quiet.settle()
            assert seen() is None
        finally:
            gc.enable()


def test_settle__may_come_upon_something_whose_end_asks_for_an_answer():
    quiet, closed = Quiet(), threading.Event()

    class Closing(Ring):
        def __del__(self):
            with quiet.answering():
                closed.set()

    def work():
        gc.disable()  # or it might come upon it by itself
        try:
            with quiet.keeping():
                Closing()
                quiet.settle()
        finally:
            gc.enable()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert closed.wait(PATIENCE)
    thread.join(PATIENCE)  # it frees what it froze


@pytest.fixture
def frozen():
    """Garbage that was frozen while somebody still had it: what tells that it is gone."""
    quiet, ring, gone = Quiet(), Ring(), threading.Event()
    seen = ref(ring, lambda _: gone.set())
    with quiet.keeping():
        quiet.settle()
        del ring
        yield quiet, gone
        assert gone.is_set() == (seen() is None)
    for thread in threading.enumerate():
        if thread.name == "gamebook-tidy":  # it is told to end; what it froze, it frees
            thread.join(PATIENCE)


def test_settle__has_everything_collected_when_nobody_has_asked_for_a_while(monkeypatch, frozen):
    monkeypatch.setattr("gamebook_lab.widgets.quiet.IDLE_SECONDS", 0.001)
    monkeypatch.setattr("gamebook_lab.widgets.quiet.FULL_EVERY", 1)
    quiet, gone = frozen
    gc.collect()
    assert not gone.is_set(), "the collector passes over it"
    quiet._tidying.cancel()  # the one that waits for ten seconds
    quiet._tidying = None
    quiet.settle()
    assert gone.wait(PATIENCE)


def test_settle__does_not_collect_everything_while_somebody_is_answered(monkeypatch, frozen):
    quiet, gone = frozen
    quiet._tidying.cancel()
    begin, begun = quiet._tidy_after, queue.Queue()
    monkeypatch.setattr(quiet, "_tidy_after", lambda seconds: (begin(seconds), begun.put(seconds)))
    with quiet.answering():
        quiet._tidy_after(0)
        assert {begun.get(timeout=PATIENCE) for _ in range(2)} == {0, IDLE_SECONDS}, "it sees later"
        assert not gone.is_set()
    quiet._tidying.cancel()
    monkeypatch.setattr("gamebook_lab.widgets.quiet.IDLE_SECONDS", 0.0)
    quiet._tidy_after(0)
    assert gone.wait(PATIENCE)


def test_keeping__ends_what_would_be_collected_later():
    quiet = Quiet()
    with quiet.keeping():
        quiet.settle()
        waiting = quiet._tidying
    waiting.join(PATIENCE)
    assert quiet._tidying is None
    assert gc.get_freeze_count() == 0


def test_check__runs_giving_way_and_leaves_nothing_frozen(story):
    seen = []
    done = threading.Event()

    def check(_story, _rest):
        seen.append(sys.getswitchinterval())

    usual = sys.getswitchinterval()
    checker = Checker(check, debounce=0)
    stop = checker.watch(lambda checked: done.set() if checked.status == "done" else None)
    checker.want(story)
    assert done.wait(PATIENCE)
    stop()
    assert seen == [SWITCH_SECONDS]
    assert sys.getswitchinterval() == usual
    assert gc.get_freeze_count() == 0


def test_rest__lasts_until_the_answer_is_given(monkeypatch):
    monkeypatch.setattr("gamebook_lab.widgets.quiet.MOST_REST_SECONDS", 60.0)
    quiet, order = Quiet(), []
    begun, rested = threading.Event(), threading.Event()

    def work():
        begun.wait()
        quiet.rest()
        order.append("work")
        rested.set()

    thread = threading.Thread(target=work)
    thread.start()
    with quiet.answering():
        begun.set()
        order.append("answer")
    rested.wait()
    thread.join()
    assert order == ["answer", "work"]


def test_rest__is_none_while_nobody_asks_and_is_not_for_long_otherwise(monkeypatch):
    monkeypatch.setattr("gamebook_lab.widgets.quiet.MOST_REST_SECONDS", 0.001)
    quiet = Quiet()
    quiet.rest()
    with quiet.answering(), quiet.answering():
        quiet.rest()


def test_rest__lasts_from_when_a_message_has_come_until_it_is_answered(monkeypatch):
    monkeypatch.setattr("gamebook_lab.widgets.quiet.DUE_SECONDS", PATIENCE)
    monkeypatch.setattr("gamebook_lab.widgets.quiet.MOST_REST_SECONDS", PATIENCE)
    quiet, order = Quiet(), []
    quiet.rest()  # nobody has asked
    quiet.heard()

    def work():
        quiet.rest()
        order.append("worked")

    working = threading.Thread(target=work)
    working.start()
    working.join(0.05)
    with quiet.answering():
        order.append("answered")
    working.join(PATIENCE)
    assert order == ["answered", "worked"]


def test_rest__of_a_message_that_nobody_answers_is_short():
    quiet = Quiet()
    quiet.heard()
    quiet.rest()
