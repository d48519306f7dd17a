"""Draws one connected part of a story in layers: where each choice leads down the page.

Layers come from the strongly connected components: between components the longest path
counts, so arrows point down; inside one (a loop, a hub) the steps from its entrance do. So
no edge needs reversing, and a cycle cannot stretch the drawing. All steps are linear in
passages and links, but for sorting within a layer.

Rows are ordered by the mean of their neighbours (Sugiyama's barycentre sweeps), then
placed as near to them as the gaps allow (isotonic regression by pooling, exact and linear).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

GAP_X: Final = 30.0
GAP_Y: Final = 50.0
ASPECT: Final = 1.6
"""Width to height that a drawing is folded towards, about that of a screen."""
_SWEEPS: Final = 4
_ROWS_PER_STRIP: Final = 8
_STRIP_GAP: Final = 2 * GAP_X

Lists = list[list[int]]


class Block(NamedTuple):
    """A drawing whose top left corner is at 0, 0."""

    x: list[float]
    y: list[float]
    width: float
    height: float


def layered(out: Lists, width: Sequence[float], height: Sequence[float], start: int | None = None) -> Block:
    """Draw one connected graph.

    Parameters
    ----------
    out
        Targets of each node, by index; no self-links, no duplicates.
    width, height
        Size of each node's box, in pixels.
    start
        Node to begin with, where a loop has no other entrance.
    """
    into: Lists = [[] for _ in out]
    for source, targets in enumerate(out):
        for target in targets:
            into[target].append(source)
    level = _levels(out, start)
    for node, sources in enumerate(into):
        if not sources and node != start and out[node]:  # nothing leads here: stand just above what it leads to
            level[node] = max(0, min(level[target] for target in out[node]) - 1)
    rows = _ordered(_rows(level), out, into)
    rows = _wrapped(rows, limit=max(24, int(2 * len(out) ** 0.5)))
    x = _columns(rows, out, into, width)
    return _folded(rows, x, width, height)


def strong_components(out: Lists) -> Lists:
    """Return the strongly connected components, each before those that lead to it (Tarjan, without recursion)."""
    index: list[int] = [-1] * len(out)
    low = [0] * len(out)
    on_stack = [False] * len(out)
    stack: list[int] = []
    found: Lists = []
    count = 0
    for root in range(len(out)):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
                on_stack[node] = True
            targets = out[node]
            while at < len(targets):
                target = targets[at]
                at += 1
                if index[target] < 0:
                    work += [(node, at), (target, 0)]
                    break
                if on_stack[target]:
                    low[node] = min(low[node], index[target])
            else:
                if low[node] == index[node]:
                    found.append(_pop_until(node, stack, on_stack))
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return found


def _pop_until(node: int, stack: list[int], on_stack: list[bool]) -> list[int]:
    members = []
    while True:
        member = stack.pop()
        on_stack[member] = False
        members.append(member)
        if member == node:
            return sorted(members)


def _levels(out: Lists, start: int | None) -> list[int]:
    level = [-1] * len(out)
    entrance = [-1] * len(out)  # lowest level that links from earlier components allow
    for members in reversed(strong_components(out)):
        base = max(0, *(entrance[node] for node in members)) if len(members) > 1 else max(0, entrance[members[0]])
        inside = set(members)
        front = [node for node in members if entrance[node] >= 0]
        if not front:
            front = [start if start in inside else members[0]] if start is not None else [members[0]]
        for node in front:
            level[node] = base
        while front:
            after = []
            for node in front:
                for target in out[node]:
                    if target not in inside:
                        continue
                    if level[target] < 0:
                        level[target] = level[node] + 1
                        after.append(target)
            front = after
        for node in members:
            for target in out[node]:
                if target not in inside:
                    entrance[target] = max(entrance[target], level[node] + 1)
    return level


def _rows(level: list[int]) -> Lists:
    rows: Lists = [[] for _ in range(max(level, default=-1) + 1)]
    for node, at in enumerate(level):
        rows[at].append(node)
    return [row for row in rows if row]


def _ordered(rows: Lists, out: Lists, into: Lists) -> Lists:
    place = [0.0] * len(out)
    for row in rows:
        _settle(row, place)
    for sweep in range(_SWEEPS):
        neighbours = out if sweep % 2 else into
        for row in reversed(rows) if sweep % 2 else rows:
            mean = {node: _mean(neighbours[node], place, place[node]) for node in row}
            row.sort(key=lambda node: (mean[node], place[node]))
            _settle(row, place)
    return rows


def _settle(row: list[int], place: list[float]) -> None:
    middle = (len(row) - 1) / 2
    for at, node in enumerate(row):
        place[node] = at - middle


def _mean(nodes: list[int], place: list[float], otherwise: float) -> float:
    return sum(place[node] for node in nodes) / len(nodes) if nodes else otherwise


def _wrapped(rows: Lists, limit: int) -> Lists:
    parts: Lists = []
    for row in rows:
        n_parts = -(-len(row) // limit)
        size = -(-len(row) // n_parts)
        parts += [row[at : at + size] for at in range(0, len(row), size)]
    return parts


def _columns(rows: Lists, out: Lists, into: Lists, width: Sequence[float]) -> list[float]:
    """Find the centre of each node, near the mean of those that it is linked with."""
    centre = [0.0] * len(out)
    for row in rows:
        total = sum(width[node] + GAP_X for node in row)
        at = -total / 2
        for node in row:
            centre[node] = at + (width[node] + GAP_X) / 2
            at += width[node] + GAP_X
    for neighbours, order in ((into, rows), (out, rows[::-1]), (into, rows)):
        for row in order:
            wanted = [_mean(neighbours[node], centre, centre[node]) for node in row]
            for node, x in zip(row, spread(wanted, [width[node] + GAP_X for node in row]), strict=True):
                centre[node] = x
    return centre


def spread(wanted: Sequence[float], size: Sequence[float]) -> list[float]:
    """Place intervals side by side in their order, as near as can be (least squares) to where they want their centres.

    Parameters
    ----------
    wanted
        Centre that each would like.
    size
        Width of each, gap included.
    """
    offsets, offset = [], 0.0
    for at, own in enumerate(size):
        offset += (size[at - 1] + own) / 2 if at else 0.0
        offsets.append(offset)
    pools: list[tuple[float, int]] = []  # sum and number of members that move as one
    for target, shift in zip(wanted, offsets, strict=True):
        total, n = target - shift, 1
        while pools and pools[-1][0] * n > total * pools[-1][1]:
            before, n_before = pools.pop()
            total, n = total + before, n + n_before
        pools.append((total, n))
    means = [total / n for total, n in pools for _ in range(n)]
    return [mean + shift for mean, shift in zip(means, offsets, strict=True)]


def _folded(rows: Lists, centre: list[float], width: Sequence[float], height: Sequence[float]) -> Block:
    """Give each row its height, and fold a drawing that is much higher than wide into strips, as a newspaper does."""
    tall = [max(height[node] for node in row) + GAP_Y for row in rows]
    extents = [(centre[row[0]] - width[row[0]] / 2, centre[row[-1]] + width[row[-1]] / 2) for row in rows]
    size = _strip_length(extents, tall)
    x, y = [0.0] * len(centre), [0.0] * len(centre)
    left = bottom = 0.0
    for first in range(0, len(rows), size):
        low, high = _reach(extents[first : first + size])
        top = 0.0
        for at in range(first, min(first + size, len(rows))):
            for node in rows[at]:
                x[node] = left + centre[node] - width[node] / 2 - low
                y[node] = top
            top += tall[at]
        left += high - low + _STRIP_GAP
        bottom = max(bottom, top - GAP_Y)
    return Block(x, y, left - _STRIP_GAP, bottom)


def _strip_length(extents: list[tuple[float, float]], tall: list[float]) -> int:
    """Choose how many rows a strip has: as many as leave the drawing about as wide as a screen."""
    size, total = len(extents), sum(tall)
    while size > _ROWS_PER_STRIP:
        reaches = [_reach(extents[first : first + size]) for first in range(0, len(extents), size)]
        across = sum(high - low + _STRIP_GAP for low, high in reaches)
        if across > ASPECT * total * size / len(extents) or (size == len(extents) and 2 * across > total):
            break
        size = max(_ROWS_PER_STRIP, round(size * 0.8))
    return size


def _reach(extents: list[tuple[float, float]]) -> tuple[float, float]:
    return min(low for low, _ in extents), max(high for _, high in extents)
