"""Who looks is kept up to date; when nobody does, nothing runs."""

from __future__ import annotations

import threading

from gamebook_lab.errors import TelemetryError
from gamebook_lab.widgets.following import FORGET_SECONDS, Followers
from tests.patience import PATIENCE


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "gamebook-follow"]


def test_followers__are_told_until_the_last_one_rests():
    ticks = threading.Semaphore(0)
    ends = []
    followers = Followers(ticks.release, 0.001, end=lambda: ends.append(1))
    followers.watch("a")
    followers.watch("b")
    assert len(threads()) == 1
    for _ in range(3):
        assert ticks.acquire(timeout=PATIENCE)
    followers.rest("a")
    assert len(followers) == 1
    (thread,) = threads()
    followers.rest("b")
    thread.join(PATIENCE)
    assert not threads()
    assert ends == [1]
    followers.watch("a")
    assert len(threads()) == 1
    followers.close()
    assert not threads()


def test_follower__that_says_nothing_more_is_forgotten():
    now = [0.0]
    ticked = threading.Event()
    followers = Followers(ticked.set, 0.001, clock=lambda: now[0])
    followers.watch("a")
    assert ticked.wait(PATIENCE)
    (thread,) = threads()
    now[0] = FORGET_SECONDS + 1
    thread.join(PATIENCE)
    assert not threads()
    assert not len(followers)


def test_followers__go_on_after_an_error(caplog):
    told = threading.Semaphore(0)

    def fail():
        told.release()
        raise TelemetryError("the file is gone")

    followers = Followers(fail, 0.001)
    followers.watch("a")
    assert told.acquire(timeout=PATIENCE)
    assert told.acquire(timeout=PATIENCE)
    followers.close()
    assert "the file is gone" in caplog.text
