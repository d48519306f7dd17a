from __future__ import annotations

import threading

import pytest

from gamebook_lab.telemetry.delivery import Courier, Watchers
from gamebook_lab.telemetry.notices import Notice
from gamebook_lab.telemetry.relief import Reliefs
from gamebook_lab.telemetry.settings import NoticeSettings
from tests.patience import PATIENCE

NOTICE = Notice("firing", "memory", "maximum", "maximum: 85 %", "maximum: 85 % (memory)", (1,), 1.8e9)


class Target:
    """A target that fails as often as it is told."""

    def __init__(self, *, fails=0, blocks=None):
        self.fails, self.blocks = fails, blocks
        self.calls, self.got = 0, threading.Event()

    def __call__(self, target, title, text):
        self.calls += 1
        if self.blocks is not None:
            self.blocks.wait(PATIENCE)
        if self.calls <= self.fails:
            raise ConnectionError("not now")
        self.got.set()


@pytest.fixture
def courier(registry):
    made = []

    def make(send, **settings):
        watchers = Watchers()
        chosen = NoticeSettings(targets=("toy://secret",), **settings)
        made.append(Courier(chosen, watchers, registry=registry, send=send, sleep=lambda _: False))
        return made[-1], watchers

    yield make
    for one in made:
        one.close()


def test_target__gets_the_notice(courier, registry):
    target = Target()
    taken, _ = courier(target)
    taken.take(NOTICE)
    assert target.got.wait(PATIENCE)
    taken.close()
    assert registry.snapshot().value("notices_total", target="0", result="sent") == 1


def test_target__is_tried_again(courier, registry):
    target = Target(fails=2)
    taken, _ = courier(target)
    taken.take(NOTICE)
    assert target.got.wait(PATIENCE)
    assert target.calls == 3


def test_target__that_stays_broken_is_left_alone_for_a_while(courier, registry):
    target = Target(fails=1_000)
    taken, _ = courier(target)
    for _ in range(8):
        taken.take(NOTICE)
    taken.close(PATIENCE)
    assert target.calls == 4, "its breaker opens"
    assert registry.snapshot().value("notices_total", target="0", result="refused") == 7


def test_target__that_hangs_holds_up_no_watcher(courier):
    free = threading.Event()
    taken, watchers = courier(Target(blocks=free))
    told = []
    seen = threading.Event()
    watchers.add(lambda notice: (told.append(notice), seen.set() if len(told) == 3 else None))
    for _ in range(3):
        taken.take(NOTICE)
    assert seen.wait(PATIENCE)
    free.set()


def test_target__is_not_told_of_what_is_less_than_it_asked_for(courier, registry):
    target = Target()
    taken, watchers = courier(target, least_level="maximum")
    told = threading.Event()
    watchers.add(lambda _: told.set())
    taken.take(Notice("firing", "cpu", "critical", "", "", (1,), 1.8e9))
    assert told.wait(PATIENCE)
    taken.close()
    assert target.calls == 0


def test_watcher__that_raises_stops_no_other(courier, caplog):
    taken, watchers = courier(Target())
    seen = threading.Event()
    watchers.add(lambda _: 1 / 0)
    end = watchers.add(lambda _: seen.set())
    taken.take(NOTICE)
    assert seen.wait(PATIENCE)
    end()
    end()
    assert "a watcher of alerts failed" in caplog.text


def test_flood__is_dropped_and_counted(courier, registry):
    free, held = threading.Event(), threading.Event()
    taken, watchers = courier(Target())
    watchers.add(lambda _: (held.set(), free.wait(PATIENCE)))
    taken.take(NOTICE)
    assert held.wait(PATIENCE)
    for _ in range(250):
        taken.take(NOTICE)
    assert registry.snapshot().value("notices_total", target="gamebook-notices", result="dropped") == 50
    free.set()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise on Python 3.11
def test_apprise__takes_a_notice():
    apprise = pytest.importorskip("apprise")
    from gamebook_lab.telemetry.delivery import _send_by_apprise

    got = []

    @apprise.decorators.notify(on="gamebooktest")
    def heard(body, title, *args, **kwargs):
        got.append((title, body))
        return True

    _send_by_apprise("gamebooktest://", "title", "text")
    assert got == [("title", "text")]
    with pytest.raises(ValueError, match="does not know"):
        _send_by_apprise("nonsense", "title", "text")


def test_relief__calls_all_and_survives_one_that_fails(registry, caplog):
    reliefs = Reliefs(registry)
    seen = []
    reliefs.offer("memory", lambda: 1 / 0)
    end = reliefs.offer("memory", lambda: seen.append(1))
    reliefs.ask("memory").join()
    assert seen == [1]
    assert registry.snapshot().value("relief_total", kind="memory", result="failed") == 1
    end()
    reliefs.ask("memory").join()
    assert seen == [1]
    assert reliefs.ask("workers") is None


def test_relief__of_a_kind_that_no_rule_asks_for_is_refused(registry):
    with pytest.raises(ValueError, match="relief is memory or workers, not 'memroy'"):
        Reliefs(registry).offer("memroy", bool)


def test_relief__of_one_kind_is_under_way_once(registry):
    reliefs = Reliefs(registry)
    free = threading.Event()
    reliefs.offer("memory", lambda: free.wait(PATIENCE))
    thread = reliefs.ask("memory")
    assert reliefs.ask("memory") is None
    free.set()
    thread.join()
    assert reliefs.ask("memory") is not None
