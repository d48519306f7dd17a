"""Levels of a value over time: pure, so that series made by hand show exactly when what is reached and left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gamebook_lab.telemetry.rules import AlertLevel, Rule

__all__ = ["Standing", "is_at", "judge"]

_GAP_SECONDS: Final = 5.0
"""A look that comes later than this after the one before says nothing of the time between."""

_JITTER_SECONDS: Final = 0.25
"""Looks a second apart are not exactly so; three of them shall be 3 s all the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a value between two looks. Times are of a monotonic clock."""

    level: AlertLevel = AlertLevel.NORMAL
    since: tuple[float | None, float | None, float | None] = (None, None, None)
    """Since when each threshold was reached without a break."""
    better_since: float | None = None
    better_level: AlertLevel = AlertLevel.NORMAL
    """Since when the value is that of a lower level, with the margin, and the highest of those since then."""
    seen_at: float | None = None
    """When there last was a value; before the first, when it was first looked for."""
    has_seen: bool = False
    is_missing: bool = False


def judge(rule: Rule, before: Standing, value: float | None, now: float) -> Standing:
    """Take in a value, or that there is none.

    Time counts from the last look at which a threshold was *not* reached, so a value that is over it at three looks in a row,
    a second apart, was over it for 3 s at the third.
    """
    if value is None:
        return _missing(rule, before, now)
    if before.is_missing or not before.has_seen:
        before = Standing()
    near = before.seen_at is not None and now - before.seen_at <= _GAP_SECONDS
    earlier = before.seen_at if near and before.seen_at is not None else now
    since: list[float | None] = []
    reached = AlertLevel.NORMAL
    for level, (threshold, seconds) in enumerate(zip(rule.thresholds, rule.for_seconds, strict=True), 1):
        start = before.since[level - 1]
        if threshold is None or not is_at(rule, value, threshold):
            start = None
        elif start is None:
            start = earlier
        since.append(start)
        if start is not None and now - start >= seconds - _JITTER_SECONDS:
            reached = AlertLevel(level)
    made = replace(before, since=(since[0], since[1], since[2]), seen_at=now, has_seen=True)
    return _settled(rule, made, reached, value, (earlier, now))


def _settled(rule: Rule, standing: Standing, reached: AlertLevel, value: float, times: tuple[float, float]) -> Standing:
    earlier, now = times
    level = standing.level
    if reached >= level:
        if reached > level:
            return replace(standing, level=reached, better_since=None, better_level=AlertLevel.NORMAL)
        return replace(standing, better_since=None, better_level=AlertLevel.NORMAL)
    held = max(
        (one for one in AlertLevel if 0 < one <= level and _is_held(rule, value, one)), default=AlertLevel.NORMAL
    )
    if held == level:
        return replace(standing, better_since=None, better_level=AlertLevel.NORMAL)
    start = standing.better_since if standing.better_since is not None else earlier
    best = max(held, reached, standing.better_level)
    if now - start >= rule.hold_seconds - _JITTER_SECONDS:
        return replace(standing, level=best, better_since=None, better_level=AlertLevel.NORMAL)
    return replace(standing, better_since=start, better_level=best)


def _missing(rule: Rule, before: Standing, now: float) -> Standing:
    seen_at = now if before.seen_at is None else before.seen_at
    if rule.no_data_seconds:
        if now - seen_at < rule.no_data_seconds:
            return replace(before, seen_at=seen_at)
        return Standing(seen_at=seen_at, has_seen=before.has_seen, is_missing=True)
    # Where nothing is measured, as of responses when nobody clicks, nothing is wrong: after the hold all is forgotten.
    if now - seen_at >= max(rule.hold_seconds, _GAP_SECONDS):
        return Standing()
    return replace(before, seen_at=seen_at)


def is_at(rule: Rule, value: float, threshold: float) -> bool:
    """Tell whether a value is at a threshold, or beyond."""
    return value <= threshold if rule.is_below else value >= threshold


def _is_held(rule: Rule, value: float, level: AlertLevel) -> bool:
    threshold = rule.threshold(level)
    if threshold is None:
        return False
    return value < threshold + rule.clear if rule.is_below else value > threshold - rule.clear
