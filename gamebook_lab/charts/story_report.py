"""What there is to know of a story as one HTML file: for those who want to see the answers and not the tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from gamebook_lab.analysis.coverage_map import coverage_map as map_tables
from gamebook_lab.analysis.explored import Explored
from gamebook_lab.analysis.large_numbers import decimal
from gamebook_lab.analysis.printed import escaped
from gamebook_lab.charts import html_page
from gamebook_lab.charts.coverage import coverage_map
from gamebook_lab.charts.endings import endings
from gamebook_lab.charts.playthroughs import length_distribution
from gamebook_lab.charts.structure import branching, patterns
from gamebook_lab.story.words import word_counts

__all__ = ["report"]

_STYLE: Final = """
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; margin: 1.2rem 0; }
.facts div { border: 1px solid #e3e6ea; border-radius: 6px; padding: 8px 12px; } .facts b { display: block; font-size: 1.25rem; }
.facts span { color: #5b6570; font-size: 12px; } td { vertical-align: top; overflow-wrap: anywhere; }
"""
_MOST_ROWS: Final = 50
_DIGITS: Final = 12
_CLASSES: Final = {
    "never available": "is never offered",
    "fake": "leads where the others lead, and changes nothing",
    "flavour": "leads where the others lead; what it changes makes no difference later",
}
_HEADS: Final = {"Probability", "Playthroughs", "Fewest choices", "On average", "Line"}


def report(space: Explored, problems: pd.DataFrame, *, n_readers: int = 1_000, seed: int = 0) -> str:
    """Write down what a reader can come to, how likely, and what to look at.

    Parameters
    ----------
    space
        The explored story.
    problems
        Of ``story.problems()``, or with those that exploring found.
    n_readers, seed
        Readers by the space's model who are let play for the map.

    Returns
    -------
    str
        HTML, some 5 MB, nearly all of it Plotly's script.
    """
    title = " ".join(space.story.metadata.title.split()) or "Untitled story"
    found = space.endings()
    readers = space.simulate(n_readers, seed)
    places, arrows = map_tables(space, readers)
    figures = [
        (endings(found), "For a reader who takes all offers alike."),
        (
            length_distribution(space.length_distribution()),
            "Steps until play stops: what readers choose, and what the story does by itself.",
        ),
        (
            branching(space.branching()),
            "How many passages branch, lead straight on and end, by distance from the start.",
        ),
        (patterns(space.patterns()), "Of patterns that others have named (Ashwell 2015), how well each fits."),
    ]
    parts = [
        f"<h1>{escaped(title)}</h1><p class='soft'>{escaped(_sureness(space))}</p>",
        f"<div class='facts'>{''.join(_facts(space, found))}</div>",
        "<h2>What to look at</h2>", *_problems(problems), *_choices(space),
        f"<h2>Where {len(readers):,} readers come</h2>",
        html_page.charts([(coverage_map(places, arrows), "Readers who take all offers alike; out of reach: no reader ever.")], is_wide=True),
        "<h2>Shape</h2>", html_page.charts(figures),
        "<h2>Where play stops</h2>", _endings(space, found),
    ]  # fmt: skip
    return html_page.document(title, parts, style=_STYLE)


def _sureness(space: Explored) -> str:
    states = f"{space.n_states:,} states were looked through"
    if space.limit is not None or not space.is_complete:
        return (
            f"{states}, and there are more: what was not found by then is unknown, and numbers are of what was found."
        )
    if space.is_exact:
        return f"{states}: what is said here is exact."
    return f"{states}. Some decisions are not modelled and may go either way: numbers are upper bounds."


def _facts(space: Explored, found: pd.DataFrame) -> Iterator[str]:
    story = space.story
    passages, choices = space.passages(), space.choices()
    is_story = (story.table["kind"] == "story").to_numpy()
    n_words = int(word_counts(story).to_numpy()[is_story].sum())
    ends = found[found["stop"] == "ending"]
    counts = found["n_playthroughs"]
    is_counted = space.is_complete and not counts.isna().any() and len(counts)
    yield _fact(_reached(passages["verdict"]), "passages that a reader can come to")
    yield _fact(_reached(choices["verdict"]), "choices that a reader can take")
    yield _fact(f"{len(ends):,}", "endings that are reached")
    yield _fact(f"{n_words:,}", "words")
    yield _fact(_shortened(int(sum(counts))) if is_counted else "endlessly many", "playthroughs")
    lengths = space.lengths()["shortest_choices"].dropna()
    yield _fact(f"{lengths.min():,.0f}" if len(lengths) else "\u2013", "fewest choices to an end")


def _fact(value: str, about: str) -> str:
    return f"<div><b>{escaped(value)}</b><span>{escaped(about)}</span></div>"


def _reached(verdicts: pd.Series[Any]) -> str:
    return f"{int((verdicts == 'reachable').sum()):,} of {len(verdicts):,}"


def _shortened(number: int) -> str:
    """A number of any size, told by its digits where it has many."""
    digits = decimal(number)
    return f"{number:,}" if len(digits) <= _DIGITS else f"{digits[0]}.{digits[1:3]} \u00b7 10^{len(digits) - 1:,}"


def _problems(problems: pd.DataFrame) -> Iterator[str]:
    if problems.empty:
        yield "<p>No problems were found.</p>"
        return
    shown = problems.head(_MOST_ROWS).astype(object)
    rows = (
        (_cell(f"{row['severity']} {row['code']}"), _cell(_said(row["passage_id"])), _number(_said(row["line"])), _cell(row["message"]))
        for row in shown.where(shown.notna(), None).to_dict("records")
    )  # fmt: skip
    yield html_page.table(_heads("Problem", "Passage", "Line", "What"), rows)
    yield _more(len(problems))


def _choices(space: Explored) -> Iterator[str]:
    choices = space.choices()
    weak = choices[choices["class_"].isin(list(_CLASSES))]
    if weak.empty:
        return
    yield "<h2>Choices that make no difference</h2>"
    rows = (
        (_cell(row["passage_id"]), _cell(_said(row["label"])), _cell(_CLASSES[row["class_"]]))
        for row in weak.head(_MOST_ROWS).to_dict("records")
    )
    yield html_page.table(_heads("Passage", "Choice", "What it is"), rows)
    yield _more(len(weak))


def _endings(space: Explored, found: pd.DataFrame) -> str:
    table = found.merge(space.lengths(), on=["passage_id", "stop"], how="left")
    likeliest = table.sort_values("upper", ascending=False, kind="stable").head(_MOST_ROWS)
    rows = (
        (
            _cell(row["passage_id"] or "round in circles, for ever"), _cell(row["stop"]), _number(_chance(row)),
            _number("\u2013" if pd.isna(row["n_playthroughs"]) else _shortened(int(row["n_playthroughs"]))),
            _number(_length(row["shortest_choices"])), _number(_length(row["expected_choices"])),
        )
        for row in likeliest.to_dict("records")
    )  # fmt: skip
    heads = _heads("Passage", "How", "Probability", "Playthroughs", "Fewest choices", "On average")
    return html_page.table(heads, rows) + _more(len(table))


def _chance(row: dict[Any, Any]) -> str:
    if pd.isna(row["probability"]):
        return f"{row['lower']:.2%} to {row['upper']:.2%}"
    return f"{row['probability']:.2%}"


def _length(choices: float) -> str:
    return "\u2013" if pd.isna(choices) else f"{choices:,.1f}".removesuffix(".0")


def _more(n: int) -> str:
    return f"<p class='soft'>and {n - _MOST_ROWS:,} more</p>" if n > _MOST_ROWS else ""


def _heads(*labels: str) -> list[str]:
    return [f"<th{' class=number' if label in _HEADS else ''}>{escaped(label)}</th>" for label in labels]


def _cell(text: object) -> str:
    return f"<td>{escaped(str(text))}</td>"


def _number(text: str) -> str:
    return f"<td class='number'>{escaped(text)}</td>"


def _said(value: object) -> str:
    return "" if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)) else str(value)
