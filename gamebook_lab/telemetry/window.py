"""The last minutes in memory: what rules look at, once a second, without a file."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import Final

from gamebook_lab.telemetry.cell import Cell, merged
from gamebook_lab.telemetry.rules import Rule
from gamebook_lab.telemetry.snapshot import Kind, Labels

__all__ = ["Window", "evaluate", "evaluate_cells"]

_QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


class Window:
    """Cells of the last seconds, by series.

    Parameters
    ----------
    seconds
        For how long they are kept.
    """

    def __init__(self, seconds: float = 300.0) -> None:
        self._seconds = seconds
        self._cells: dict[str, dict[Labels, deque[tuple[float, Cell]]]] = defaultdict(dict)

    def add(self, now: float, cells: Iterable[tuple[tuple[str, Kind, Labels], Cell]]) -> None:
        """Take in the cells of the second that has just ended; ``now`` is of a monotonic clock."""
        for (name, _, labels), cell in cells:
            self._cells[name].setdefault(labels, deque()).append((now, cell))
        for by_labels in self._cells.values():
            for held in by_labels.values():
                while held and held[0][0] <= now - self._seconds:
                    held.popleft()

    def newest(
        self, name: str, wanted: Mapping[str, str], by: tuple[str, ...], after: float
    ) -> dict[Labels, list[Cell]]:
        """Cells after a moment, in order of time, of the series that have the labels; apart by some of their labels."""
        found: dict[Labels, list[tuple[float, Cell]]] = {}
        for labels, held in self._cells.get(name, {}).items():
            own = dict(labels)
            if wanted.items() <= own.items():
                key = tuple((label, own[label]) for label in by if label in own)
                for at, cell in reversed(held):
                    if at <= after:
                        break
                    found.setdefault(key, []).append((at, cell))
        return {key: [cell for _, cell in sorted(pairs, key=lambda pair: pair[0])] for key, pairs in found.items()}


def evaluate(rule: Rule, window: Window, now: float) -> dict[Labels, float | None]:
    """Value that a rule holds against its thresholds, by labels; None where there is too little to judge."""
    after = now - rule.window_seconds - 0.5  # looks are not exactly a second apart
    found = window.newest(rule.metric, rule.labels, rule.by, after)
    whole = window.newest(rule.over, {}, rule.by, after) if rule.over else {}
    keys = {**whole, **found} or {(): []}
    return {key: evaluate_cells(rule, found.get(key, []), whole.get(key, [])) for key in keys}


def evaluate_cells(rule: Rule, found: list[Cell], whole: list[Cell]) -> float | None:
    """Value of one set of labels, of its cells in the window and, for a ratio, of those that it is a part of."""
    if rule.stat == "ratio":
        part, total = _sum(found), _sum(whole)
        if not total and not part:
            return None
        return part / max(total, part) if part >= rule.least else 0.0
    if rule.stat == "rate":
        grown = _sum(found)
        return grown / rule.window_seconds if grown >= rule.least else 0.0
    return _stat(rule, merged(found))


def _sum(cells: list[Cell]) -> float:
    return math.fsum(cell.sum for cell in cells)


def _stat(rule: Rule, cell: Cell) -> float | None:
    if cell.n < max(1, rule.least):
        return None
    if rule.stat in _QUANTILES:
        return cell.quantile(_QUANTILES[rule.stat])
    return {"last": cell.last if not math.isnan(cell.last) else cell.mean, "mean": cell.mean, "max": cell.max}[
        rule.stat
    ]
