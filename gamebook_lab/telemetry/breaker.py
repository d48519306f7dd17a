"""Stops calls of a kind that keep failing, and tries a few again after a while.

Closed: calls go through, and a sliding window notes how they ended. Once at least ten calls are in
it and half of them failed or were slow, it opens: calls are refused at once. After half a minute
(jittered, so that many do not come back in the same instant) it is half open: three trials go through,
and close it if all of them succeed, or open it again.

Its lock is never held during a call. Own code, because no breaker that was tried has a sliding window
and concurrent calls.
"""

from __future__ import annotations

import functools
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Literal, ParamSpec, Self, TypeVar

from gamebook_lab.errors import CircuitOpenError
from gamebook_lab.telemetry.registry import Registry, metrics

__all__ = ["Breakers", "CircuitBreaker", "Permit", "Policy", "State", "breakers"]

State = Literal["closed", "half_open", "open"]
_LEVEL: Final[dict[State, int]] = {"closed": 0, "half_open": 1, "open": 2}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Policy:
    """When a breaker opens, and for how long."""

    window_calls: int = 50
    """Newest calls that count."""
    window_seconds: float = 60.0
    """Age from which a call counts no more."""
    least_calls: int = 10
    """Calls in the window before it can open."""
    failing_share: float = 0.5
    """Share of failed or slow calls in the window that opens it."""
    slow_seconds: float = float("inf")
    """Duration from which a call counts as failed."""
    open_seconds: float = 30.0
    jitter: float = 0.2
    """Part of ``open_seconds`` by which the time open varies, up or down."""
    trials: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.least_calls <= self.window_calls:
            raise ValueError("least_calls is between 1 and window_calls: it could never open otherwise")
        if not (0 < self.failing_share <= 1 and 0 <= self.jitter <= 1 and self.trials >= 1):
            raise ValueError("failing_share is in (0, 1], jitter in [0, 1], trials at least 1")


class CircuitBreaker:
    """Breaker for one kind of call.

    Parameters
    ----------
    kind
        What it is about; label of its metrics ``breaker_state`` (0 closed, 1 half open, 2 open),
        ``breaker_transitions_total`` and ``breaker_refused_total``.
    policy
        When it opens.
    is_failure
        Tells which exceptions count; by default each :class:`Exception`. Others, say
        ``KeyboardInterrupt``, say nothing about the call and are never counted.
    clock, now, draw, registry
        Monotonic seconds, wall clock, random number from 0 to 1, and where metrics go; given by tests.

    Examples
    --------
    >>> breaker = CircuitBreaker("font service")
    >>> breaker.call(len, "abc")
    3
    >>> with breaker.permit():
    ...     pass
    >>> @breaker
    ... def fetch(): ...
    """

    def __init__(
        self,
        kind: str,
        *,
        policy: Policy | None = None,
        is_failure: Callable[[Exception], bool] = lambda _: True,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        draw: Callable[[], float] = random.random,
        registry: Registry = metrics,
    ) -> None:
        self.kind, self.policy, self.is_failure, self.clock = kind, policy or Policy(), is_failure, clock
        self._now, self._draw, self._registry = now, draw, registry
        self._lock = threading.Lock()
        self._state: State = "closed"
        self._era = 0  # counts the transitions, so that a call is judged only in the state that it began in
        self._window: deque[tuple[float, bool]] = deque(maxlen=self.policy.window_calls)
        self._until = 0.0
        self._trials = self._successes = 0
        self._level = registry.gauge("breaker_state", kind=kind)
        self._level.set(0)
        self._refused = registry.counter("breaker_refused_total", kind=kind)

    @property
    def state(self) -> State:
        """State now; an open one becomes half open with the first call after its time."""
        return self._state

    def call(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function, or refuse to.

        Raises
        ------
        CircuitOpenError
            If calls are refused now; says until when.
        """
        with self.permit():
            return function(*args, **kwargs)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function: each call of it goes through :meth:`call`."""

        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            return self.call(function, *args, **kwargs)

        return guarded

    def permit(self) -> Permit:
        """Allow one call; enter it as a context, or :meth:`Permit.settle` it when a future is done.

        Raises
        ------
        CircuitOpenError
            If calls are refused now; says until when.
        """
        with self._lock:
            now = self.clock()
            if self._state != "closed" and now >= self._until:
                # Also from half open: trials that never came back must not keep it so for ever.
                self._turn("half_open", now)
            if self._state == "closed":
                return Permit(self, self._era, now)
            if self._state == "half_open" and self._trials < self.policy.trials:
                self._trials += 1
                return Permit(self, self._era, now)
            left = self._until - now
        self._refused.add()
        until = (self._now() + timedelta(seconds=left)).isoformat(timespec="seconds")
        raise CircuitOpenError(self.kind, left, until)

    def _settle(self, era: int, started: float, error: BaseException | None) -> None:
        """Judge a call that ended."""
        counts = error is None or isinstance(error, Exception)
        failed = isinstance(error, Exception) and self.is_failure(error)
        with self._lock:
            if era != self._era:
                return
            now = self.clock()
            failed |= counts and now - started >= self.policy.slow_seconds
            if self._state == "closed" and counts:
                self._window.append((now, failed))
                if self._is_failing(now):
                    self._turn("open", now)
            elif self._state == "half_open" and not counts:
                self._trials -= 1
            elif self._state == "half_open" and failed:
                self._turn("open", now)
            elif self._state == "half_open":
                self._successes += 1
                if self._successes >= self.policy.trials:
                    self._turn("closed", now)

    def _is_failing(self, now: float) -> bool:
        policy, window = self.policy, self._window
        while window and window[0][0] <= now - policy.window_seconds:
            window.popleft()
        n_failed = sum(failed for _, failed in window)
        return len(window) >= policy.least_calls and n_failed >= policy.failing_share * len(window)

    def _turn(self, state: State, now: float) -> None:
        """Change the state, with the lock held."""
        policy = self.policy
        if state != self._state:
            self._registry.counter("breaker_transitions_total", kind=self.kind, to=state).add()
            self._level.set(_LEVEL[state])
        self._state = state
        self._era += 1
        self._trials = self._successes = 0
        self._window.clear()
        self._until = now + policy.open_seconds * (1 + policy.jitter * (2 * self._draw() - 1))


class Permit:
    """Leave to make one call. Used up by its first end, so settling it twice does no harm."""

    __slots__ = ("_breaker", "_era", "_is_settled", "_started")

    def __init__(self, breaker: CircuitBreaker, era: int, started: float) -> None:
        self._breaker, self._era, self._started, self._is_settled = breaker, era, started, False

    def settle(self, error: BaseException | None = None) -> None:
        """Say how the call ended."""
        if not self._is_settled:
            self._is_settled = True
            self._breaker._settle(self._era, self._started, error)  # noqa: SLF001  # the other half of the breaker

    def abandon(self) -> None:
        """Say that the call was never made, or that its end means nothing."""
        self.settle(GeneratorExit())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle(error)


class Breakers:
    """One breaker for each kind of call.

    Parameters
    ----------
    make
        Makes the breaker of a kind that is asked for first.
    """

    def __init__(self, make: Callable[[str], CircuitBreaker] = CircuitBreaker) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._known: dict[str, CircuitBreaker] = {}

    def of(self, kind: str) -> CircuitBreaker:
        """Breaker of a kind; always the same one."""
        with self._lock:
            if kind not in self._known:
                self._known[kind] = self._make(kind)
            return self._known[kind]


breakers: Final = Breakers()
"""The process's own breakers."""
