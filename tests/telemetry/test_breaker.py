from __future__ import annotations

import pickle
import threading
from datetime import UTC, datetime

import pytest

from gamebook_lab.errors import CircuitOpenError
from gamebook_lab.telemetry import Registry
from gamebook_lab.telemetry.breaker import Breakers, CircuitBreaker, Policy
from tests.patience import PATIENCE


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def breaker(clock, registry):
    return CircuitBreaker(
        "fonts", policy=Policy(slow_seconds=5), clock=clock, registry=registry, draw=lambda: 0.5,
        now=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC),
    )  # fmt: skip


def fail(error=KeyError):
    raise error


def broken(breaker, times=10):
    for _ in range(times):
        with pytest.raises(KeyError):
            breaker.call(fail)


def test_breaker__opens_at_half_of_ten_and_not_before(breaker):
    for _ in range(4):
        breaker.call(int)
        broken(breaker, 1)
    broken(breaker, 1)
    assert breaker.state == "closed"
    breaker.call(int)
    assert breaker.state == "open"


def test_breaker__stays_closed_below_half(breaker):
    for n in range(60):
        broken(breaker, 1) if n % 5 in {1, 3} else breaker.call(int)
    assert breaker.state == "closed"


def test_breaker__slow_calls_count_as_failed(breaker, clock):
    for _ in range(10):
        with breaker.permit():
            clock.now += 5
    assert breaker.state == "open"


def test_breaker__old_calls_count_no_more(breaker, clock):
    broken(breaker, 9)
    clock.now += 61
    broken(breaker, 1)
    assert breaker.state == "closed"


def test_breaker__open_refuses_and_says_until_when(breaker, clock, registry):
    broken(breaker)
    clock.now += 10
    called = []
    with pytest.raises(CircuitOpenError, match=r"'fonts' failed; none is made until 2026-11-24T12:00:20") as caught:
        breaker.call(called.append, 1)
    assert not called
    assert caught.value.seconds == pytest.approx(20)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    snapshot = registry.snapshot()
    assert snapshot.value("breaker_state", kind="fonts") == 2
    assert snapshot.value("breaker_refused_total", kind="fonts") == 1
    assert snapshot.value("breaker_transitions_total", kind="fonts", to="open") == 1


def test_breaker__three_good_trials_close_it(breaker, clock, registry):
    broken(breaker)
    clock.now += 30
    for state in ("half_open", "half_open", "closed"):
        breaker.call(int)
        assert breaker.state == state
    assert registry.snapshot().value("breaker_state", kind="fonts") == 0
    broken(breaker, 9)
    assert breaker.state == "closed", "the window starts anew"


def test_breaker__one_bad_trial_opens_it_again(breaker, clock):
    broken(breaker)
    clock.now += 30
    breaker.call(int)
    broken(breaker, 1)
    assert breaker.state == "open"


def test_breaker__no_fourth_trial_at_a_time(breaker, clock):
    broken(breaker)
    clock.now += 30
    permits = [breaker.permit() for _ in range(3)]
    with pytest.raises(CircuitOpenError):
        breaker.permit()
    permits[0].abandon()
    permits.append(breaker.permit())
    for permit in permits:
        permit.settle()
        permit.settle(ValueError())
    assert breaker.state == "closed"


def test_breaker__trials_that_never_end_do_not_block_it(breaker, clock):
    broken(breaker)
    clock.now += 30
    lost = [breaker.permit() for _ in range(3)]
    clock.now += 30
    breaker.call(int)
    for permit in lost:
        permit.settle(ValueError())
    assert breaker.state == "half_open", "what began in an earlier time is not judged"


def test_breaker__call_from_before_it_opened_is_not_a_trial(breaker, clock):
    early = breaker.permit()
    broken(breaker)
    clock.now += 30
    breaker.call(int)
    early.settle(ValueError())
    assert breaker.state == "half_open"


def test_breaker__interrupts_say_nothing(breaker):
    for _ in range(20):
        with pytest.raises(KeyboardInterrupt):
            breaker.call(fail, KeyboardInterrupt)
    assert breaker.state == "closed"


def test_breaker__only_chosen_errors_count(clock, registry):
    breaker = CircuitBreaker("x", is_failure=lambda error: isinstance(error, OSError), clock=clock, registry=registry)
    broken(breaker, 20)
    assert breaker.state == "closed"


def test_breaker__holds_no_lock_during_the_call(breaker):
    meet = threading.Barrier(4, timeout=PATIENCE)  # broken unless four calls are under way at once
    threads = [threading.Thread(target=breaker.call, args=(meet.wait,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not meet.broken


def test_breaker__jitter_spreads_the_time_open(clock, registry):
    waits = []
    for draw in (0.0, 1.0):
        breaker = CircuitBreaker("x", clock=clock, registry=registry, draw=lambda draw=draw: draw)
        broken(breaker)
        with pytest.raises(CircuitOpenError) as caught:
            breaker.permit()
        waits.append(caught.value.seconds)
    assert waits == pytest.approx([24, 36])


def test_breaker__as_a_decorator_keeps_name_and_result(breaker):
    @breaker
    def double(x: int) -> int:
        return 2 * x

    assert double(4) == 8
    assert double.__name__ == "double"


def test_breakers__one_for_each_kind(registry):
    known = Breakers(lambda kind: CircuitBreaker(kind, registry=registry))
    assert known.of("a") is known.of("a")
    assert known.of("a") is not known.of("b")


@pytest.mark.parametrize("bad", [{"least_calls": 60}, {"failing_share": 0}, {"jitter": 2}, {"trials": 0}])
def test_policy__that_could_never_work(bad):
    with pytest.raises(ValueError, match=r"at least 1|could never open"):
        Policy(**bad)
