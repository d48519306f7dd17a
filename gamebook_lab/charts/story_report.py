"""What there is to know of a story as one HTML file: for those who want to see the answers and not the tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from gamebook_lab.analysis.coverage_map import coverage_map as map_tables
from gamebook_lab.analysis.explored import Explored
from gamebook_lab.analysis.large_numbers import percent, rounded
from gamebook_lab.analysis.printed import escaped
from gamebook_lab.charts import html_page
from gamebook_lab.charts.coverage import coverage_map
from gamebook_lab.charts.endings import endings
from gamebook_lab.charts.html_page import cell, head, table
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
_NOTHING: Final = "\u2013"
_CLASSES: Final = {
    "never available": "is never offered",
    "fake": "leads where the others lead, and changes nothing",
    "flavour": "leads where the others lead; what it changes makes no difference later",
}


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
    found = space.endings().merge(space.lengths(), on=["passage_id", "stop"], how="left")
    choices = space.choices()
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
        f"<div class='facts'>{''.join(_facts(space, choices, found))}</div>",
        "<h2>What to look at</h2>", *_problems(problems), *_choices(choices),
        f"<h2>Where {len(readers):,} readers come</h2>",
        html_page.charts([(coverage_map(places, arrows), "Readers who take all offers alike; out of reach: no reader ever.")], is_wide=True),
        "<h2>Shape</h2>", html_page.charts(figures),
        "<h2>Where play stops</h2>", *_endings(found),
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


def _facts(space: Explored, choices: pd.DataFrame, found: pd.DataFrame) -> Iterator[str]:
    story = space.story
    is_story = (story.table["kind"] == "story").to_numpy()
    n_words = int(word_counts(story).to_numpy()[is_story].sum())
    ends = found[found["stop"] == "ending"]
    fewest = found["shortest_choices"].dropna()
    yield _fact(_reached(space.passages()["verdict"]), "passages that a reader can come to")
    yield _fact(_reached(choices["verdict"]), "choices that a reader can take")
    yield _fact(f"{len(ends):,}", "endings that are reached")
    yield _fact(f"{n_words:,}", "words")
    yield _fact(_counted(space, found["n_playthroughs"]), "playthroughs")
    yield _fact(f"{fewest.min():,.0f}" if len(fewest) else _NOTHING, "fewest choices to an end")


def _fact(value: str, about: str) -> str:
    return f"<div><b>{escaped(value)}</b><span>{escaped(about)}</span></div>"


def _reached(verdicts: pd.Series[Any]) -> str:
    return f"{int((verdicts == 'reachable').sum()):,} of {len(verdicts):,}"


def _counted(space: Explored, counts: pd.Series[Any]) -> str:
    if not space.is_complete:
        return "unknown"
    return "endlessly many" if counts.isna().any() else rounded(int(sum(counts)))


def _problems(problems: pd.DataFrame) -> Iterator[str]:
    if problems.empty:
        yield "<p>No problems were found.</p>"
        return
    shown = problems.head(_MOST_ROWS).astype(object)
    rows = (
        (cell(f"{row['severity']} {row['code']}"), cell(_said(row["passage_id"])), cell(_said(row["line"]), is_number=True), cell(row["message"]))
        for row in shown.where(shown.notna(), None).to_dict("records")
    )  # fmt: skip
    yield table((head("Problem"), head("Passage"), head("Line", is_number=True), head("What")), rows)
    yield _more(len(problems))


def _choices(choices: pd.DataFrame) -> Iterator[str]:
    weak = choices[choices["class_"].isin(list(_CLASSES))]
    if weak.empty:
        return
    yield "<h2>Choices that make no difference</h2>"
    rows = (
        (cell(row["passage_id"]), cell(_said(row["label"])), cell(_CLASSES[row["class_"]]))
        for row in weak.head(_MOST_ROWS).to_dict("records")
    )
    yield table((head("Passage"), head("Choice"), head("What it is")), rows)
    yield _more(len(weak))


def _endings(found: pd.DataFrame) -> Iterator[str]:
    likeliest = found.sort_values("upper", ascending=False, kind="stable").head(_MOST_ROWS)
    rows = (
        (
            cell(row["passage_id"] or "round in circles, for ever"), cell(row["stop"]),
            *(cell(each, is_number=True) for each in (_chance(row), _ways(row["n_playthroughs"]), _length(row["shortest_choices"]), _length(row["expected_choices"]))),
        )
        for row in likeliest.to_dict("records")
    )  # fmt: skip
    numbers = ("Probability", "Playthroughs", "Fewest choices", "On average")
    yield table((head("Passage"), head("How"), *(head(each, is_number=True) for each in numbers)), rows)
    yield _more(len(found))


def _chance(row: dict[Any, Any]) -> str:
    if pd.isna(row["probability"]):
        return f"{percent(row['lower'])} to {percent(row['upper'])}"
    return percent(row["probability"])


def _ways(n: Any) -> str:
    return _NOTHING if pd.isna(n) else rounded(int(n))


def _length(choices: float) -> str:
    return _NOTHING if pd.isna(choices) else f"{choices:,.1f}".removesuffix(".0")


def _more(n: int) -> str:
    return f"<p class='soft'>and {n - _MOST_ROWS:,} more</p>" if n > _MOST_ROWS else ""


def _said(value: object) -> str:
    return "" if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)) else str(value)
