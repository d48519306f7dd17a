"""Thresholds that fit what was recorded."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import apsw
import pandas as pd

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.cell import Cell, merged
from gamebook_lab.telemetry.home import folder_of
from gamebook_lab.telemetry.judging import Standing, judge
from gamebook_lab.telemetry.moments import When, epoch_of
from gamebook_lab.telemetry.reading import opened
from gamebook_lab.telemetry.rules import AlertLevel, Rule
from gamebook_lab.telemetry.settings import Settings
from gamebook_lab.telemetry.snapshot import Labels
from gamebook_lab.telemetry.stored import Span, cells, default_resolution, find
from gamebook_lab.telemetry.window import evaluate_cells

__all__ = ["tune"]

_LEAST_SECONDS: Final = 600
"""Recorded time below which nothing is proposed."""
Values = list[tuple[float, float]]
"""Times and values, in order."""


def tune(
    *,
    since: When = "1d",
    until: When | None = None,
    folder: str | Path | None = None,
    quiet: float = 0.999,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Propose thresholds for the alerts from recorded data, and show what they would have done.

    Parameters
    ----------
    since, until, folder
        As in :func:`read`.
    quiet
        Share of the time in which values shall be better than the least level's threshold; the others follow it in halves
        of what is left.
    settings
        Whose rules they are; by default those of the folder.

    Returns
    -------
    pandas.DataFrame
        A row for each rule, series and level: ``rule``, ``labels`` (dict), ``level``, ``threshold`` (now), ``fired`` (times
        that the recorded data reach the level under it, with all of ``for``, hysteresis and hold), ``proposed`` (NaN if
        too little was recorded), ``would_fire``, ``n`` (seconds behind it).
        Nothing is changed: put what you like into the settings file.
    """
    if not 0.5 <= quiet < 1:
        raise ValueError(f"quiet is a share of the time from 0.5 to below 1, such as 0.999, not {quiet!r}")
    wanted = settings if settings is not None else Settings.read(folder_of(folder))
    now = time.time()
    stop = now + 1 if until is None else epoch_of(until, now)
    start = epoch_of(since, now)
    rows: list[dict[str, object]] = []
    with opened(folder) as connection:
        if connection is not None:
            span = Span(start, stop, default_resolution(start, now, wanted.retention))
            for name, rule in wanted.rules.items():
                for labels, values in _recorded(connection, rule, span).items():
                    rows += _tuned(name, rule, labels, values, quiet)
    columns = ["rule", "labels", "level", "threshold", "fired", "proposed", "would_fire", "n"]
    types = {
        "rule": "str", "labels": "object", "level": "str", "threshold": "float64", "fired": "int64",
        "proposed": "float64", "would_fire": "int64", "n": "int64",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(types)


def _recorded(connection: apsw.Connection, rule: Rule, span: Span) -> dict[Labels, Values]:
    """What the rule would have seen, at the resolution that is kept."""
    parts = _by_labels(connection, rule, rule.metric, rule.labels, span)
    wholes = _by_labels(connection, rule, rule.over, {}, span) if rule.over else {}
    found = {}
    for key in {**wholes, **parts} if rule.over else parts:
        part, whole = parts.get(key, {}), wholes.get(key, {})
        times = sorted({*part, *whole})
        values = [
            (at, value)
            for at in times
            if (value := evaluate_cells(rule, _behind(part, at, rule), _behind(whole, at, rule))) is not None
        ]
        if values:
            found[key] = values
    return found


def _by_labels(
    connection: apsw.Connection, rule: Rule, metric: str, wanted: Mapping[str, str], span: Span
) -> dict[Labels, dict[float, Cell]]:
    try:
        series = find(connection, metric, wanted)
    except TelemetryError:  # never recorded
        return {}
    apart: dict[Labels, dict[float, list[Cell]]] = {}
    for labels, by_time in cells(connection, series, span).items():
        key = tuple(pair for pair in labels if pair[0] in rule.by)
        for at, cell in by_time.items():
            apart.setdefault(key, {}).setdefault(at, []).append(cell)
    return {key: {at: merged(found) for at, found in sorted(by_time.items())} for key, by_time in apart.items()}


def _behind(by_time: Mapping[float, Cell], at: float, rule: Rule) -> list[Cell]:
    """Cells of the window that ends at a moment."""
    n_back = max(1, int(rule.window_seconds))
    if n_back == 1:
        return [by_time[at]] if at in by_time else []
    return [by_time[time] for time in (at - back for back in range(n_back - 1, -1, -1)) if time in by_time]


def _tuned(name: str, rule: Rule, labels: Labels, values: Values, quiet: float) -> Iterator[dict[str, object]]:
    step = min((later - earlier for (earlier, _), (later, _) in pairwise(values)), default=1.0)
    n_seconds = round(len(values) * step)
    proposed = _proposed(rule, [value for _, value in values], quiet) if n_seconds >= _LEAST_SECONDS else None
    fired, would_fire = _fired(rule, values), _fired(proposed, values) if proposed is not None else [0, 0, 0]
    for level in (AlertLevel.WARNING, AlertLevel.CRITICAL, AlertLevel.MAXIMUM):
        threshold = rule.threshold(level)
        if threshold is not None:
            new = proposed.threshold(level) if proposed is not None else None
            yield {
                "rule": name, "labels": dict(labels), "level": level.word, "threshold": threshold,
                "fired": fired[level - 1], "proposed": math.nan if new is None else new,
                "would_fire": would_fire[level - 1], "n": n_seconds,
            }  # fmt: skip


def _proposed(rule: Rule, values: list[float], quiet: float) -> Rule:
    """The rule with thresholds that so many of the values keep to; each the more, the worse its level is."""
    ordered = sorted(values, reverse=rule.is_below)
    new = []
    for place, old in enumerate(rule.thresholds):
        share = 1 - (1 - quiet) / 2**place
        value = ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]
        new.append(None if old is None else _round_off(value + (-1 if rule.is_below else 1) * rule.clear, rule))
    return replace(rule, warning=new[0], critical=new[1], maximum=new[2])


def _round_off(value: float, rule: Rule) -> float:
    """Two digits, away from what was seen; a share is at most 1."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    rounded = (math.floor if rule.is_below else math.ceil)(round(value / unit, 6)) * unit
    return round(min(rounded, 1.0) if rule.unit == "%" else rounded, 12)


def _fired(rule: Rule, values: Values) -> list[int]:
    """How often each level is reached."""
    counts = [0, 0, 0]
    standing = Standing()
    for at, value in values:
        before, standing = standing.level, judge(rule, standing, value, at)
        if standing.level > before:
            counts[standing.level - 1] += 1
    return counts
