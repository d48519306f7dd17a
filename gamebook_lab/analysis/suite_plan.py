"""A suite as people read it: a test plan to be followed step by step."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.joined_level import joined
from gamebook_lab.analysis.levels import level
from gamebook_lab.analysis.play_graph import STOPS
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story import schema

if TYPE_CHECKING:
    from gamebook_lab.analysis.suites import Suite

__all__ = ["PLAN", "plain", "plan", "to_html", "to_markdown"]

PLAN: Final = (
    schema.Column("playthrough", "int64", "its number, from 1 on"),
    schema.Column("step", "int64", "its number in the playthrough, from 1 on"),
    schema.Column("passage_id", "str", "passage where the reader is"),
    schema.Column("choose", "object", "tuple of labels to click, in order; empty: the story moves on by itself"),
    schema.Column("leads_to", "str", "passage where the reader then is"),
    schema.Column("needs_luck", "bool", "what happens is drawn by chance: try again until it goes this way"),
    schema.Column("n_new", "int64", "things that this step is the first of the suite to meet"),
    schema.Column("ends", "str", "how play stops after this step, as in the table of endings; empty: it goes on"),
)
"""Columns of :func:`plan`."""
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
h2 {{ margin: 2rem 0 .4rem; font-size: 1.1rem; }}
ol {{ list-style: none; padding: 0; }}
li {{ padding: .25rem 0; border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); }}
label {{ display: flex; gap: .6rem; align-items: baseline; }}
small, .soft {{ opacity: .75; }}
@media print {{ section {{ break-inside: avoid; }} }}
</style>
<h1>{title}</h1>
<p>{intro}</p>
{body}
</html>
"""


def plan(suite: Suite) -> pd.DataFrame:
    """Write a suite down step by step.

    Returns
    -------
    pandas.DataFrame
        A row for each step of each playthrough, in order; a playthrough without steps has none. Columns in :data:`PLAN`.
    """
    graph, walks = suite.walks.graph, suite.walks
    n_new = _new(suite)
    rows: list[tuple[Any, ...]] = []
    for number, way in enumerate(suite, 1):
        first = int(walks.offsets[number - 1])
        node = int(walks.start[number - 1])
        for at, step in enumerate(way.steps):
            edge = first + at
            taken = int(walks.edges[edge])
            to = int(graph.indices[taken])
            here = step.passage or graph.passages[graph.passage[node]]
            ends = STOPS[Stop(int(graph.stop[to]))] if graph.ends[to] else ""
            labels = tuple(pick.label for pick in step.picks)
            rows.append(
                (
                    number, at + 1, here, labels, graph.passages[graph.passage[to]],
                    bool(graph.by_chance[taken]), int(n_new[edge]), ends,
                )
            )  # fmt: skip
            node = to
    return schema.build(PLAN, {column.name: [row[at] for row in rows] for at, column in enumerate(PLAN)})


def _new(suite: Suite) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Of each edge taken: how much it, or where it leads, is the first to meet. What starts meet is new to no step."""
    what = joined([level(suite.space, name) for name in suite.levels])
    step, walk, item = what.met_at(suite.walks)
    order = np.lexsort((step, walk, item))
    first = order[np.flatnonzero(np.diff(item[order], prepend=-1))]
    return np.bincount(step[first][step[first] >= 0], minlength=suite.walks.edges.size)


def to_markdown(suite: Suite) -> str:
    """Write a suite as a list of playthroughs, each a numbered list of steps; the story's own words are escaped."""
    lines = [f"# {plain(_title(suite))}", "", _intro(suite), ""]
    for number, steps in _playthroughs(suite):
        lines += [f"## Playthrough {number:,}", ""]
        lines += [f"{row['step']}. {_said(row, plain, ('**', '**'), ('*', '*'))}" for row in steps]
        lines += ["", f"{_end(steps)}", ""]
    return "\n".join(lines)


def to_html(suite: Suite) -> str:
    """Write a suite as one page with boxes to tick, that loads nothing; the story's own words are escaped."""
    parts = []
    for number, steps in _playthroughs(suite):
        items = "\n".join(
            f'<li><label><input type="checkbox"><span>{_said(row, html.escape, ("<b>", "</b>"), ("<i>", "</i>"))}</span></label></li>'
            for row in steps
        )
        parts.append(
            f"<section><h2>Playthrough {number:,}</h2>\n<ol>\n{items}\n</ol>\n<p class=soft>{_end(steps)}</p></section>"
        )
    title = html.escape(_title(suite))
    return _PAGE.format(title=title, intro=html.escape(_intro(suite)), body="\n".join(parts))


def _playthroughs(suite: Suite) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    rows = suite.plan.to_dict("records")
    for number, steps in groupby(rows, key=lambda row: row["playthrough"]):
        yield int(number), [{str(name): value for name, value in row.items()} for row in steps]


def _title(suite: Suite) -> str:
    return f"Test plan for {suite.space.story.metadata.title or 'an untitled story'}"


def _intro(suite: Suite) -> str:
    what = " and ".join(suite.levels)
    few = "No fewer would do." if suite.is_optimal else f"At least {suite.lower_bound:,} are needed."
    return (
        f"{len(suite):,} playthroughs that meet {suite.n_covered:,} of {suite.n_items:,} things at level {what}. {few} "
        "Begin each from the start of the story, without saved games."
    )


def _said(row: dict[str, Any], escape: Any, strong: tuple[str, str], soft: tuple[str, str]) -> str:
    here, there = escape(row["passage_id"]), escape(row["leads_to"])
    clicks = ", then ".join(
        f"{strong[0]}{escape(label or '(a link without words)')}{strong[1]}" for label in row["choose"]
    )
    does = f"choose {clicks}" if clicks else "the story moves on by itself"
    arrow = f", and come to {soft[0]}{there}{soft[1]}" if there != here or not clicks else ""
    luck = " (by chance: try until it goes so)" if row["needs_luck"] else ""
    return f"In {soft[0]}{here}{soft[1]} {does}{arrow}{luck}."


def _end(steps: list[dict[str, Any]]) -> str:
    ends = steps[-1]["ends"]
    return f"Here play stops: {ends}." if ends else "Nothing more is needed; play could go on."


def plain(text: str) -> str:
    """Text that Markdown takes as it stands."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
