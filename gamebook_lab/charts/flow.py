"""How readers flow through a story: a Sankey diagram, step by step."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, Mode, empty, escaped, styled

__all__ = ["flow"]

_REST: Final = "other passages"
_FAINT: Final = "rgba(127,127,127,0.35)"


def flow(table: pd.DataFrame, *, mode: Mode = "light", height: int = 480) -> go.Figure:
    """Draw where readers go; those who give up leave in another colour.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.flow.flow`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    going = table[table["goes_on"]]
    if going.empty:
        return empty("No reader goes on from there", mode=mode, height=height)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    given_up = table[~table["goes_on"] & ~table["is_end"]]
    number: dict[tuple[int, object], int] = {}
    colour_of: dict[object, str] = {}
    labels: list[str] = []
    colours: list[str] = []

    def node(step: int, name: object) -> int:
        said = None if pd.isna(name) else name  # type: ignore[call-overload]  # one cell
        if (step, said) not in number:
            number[step, said] = len(labels)
            labels.append(_REST if said is None else escaped(said, longest=24))
            if said is not None and said not in colour_of:
                colour_of[said] = palette[len(colour_of) % (len(palette) - 1)]
            colours.append(_FAINT if said is None else colour_of[said])
        return number[step, said]

    links: list[dict[str, Any]] = [
        {"source": node(row["step"], row["origin"]), "target": node(row["step"] + 1, row["target"]), "value": row["n_sessions"], "gone": False}
        for row in going.to_dict("records")
    ]  # fmt: skip
    for row in given_up.to_dict("records"):
        here = node(row["step"], row["origin"])
        if (row["step"] + 1, "\0gone") not in number:
            number[row["step"] + 1, "\0gone"] = len(labels)
            labels.append("given up")
            colours.append(palette[1])
        gone = number[row["step"] + 1, "\0gone"]
        links.append({"source": here, "target": gone, "value": row["n_sessions"], "gone": True})
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": labels, "color": colours, "pad": 14, "thickness": 14, "align": "left", "line": {"width": 0},
                "hovertemplate": "%{label}: %{value:,} sessions<extra></extra>",
            },
            link={
                "source": [each["source"] for each in links], "target": [each["target"] for each in links], "value": [each["value"] for each in links],
                "color": ["rgba(213,94,0,0.45)" if each["gone"] else "rgba(127,127,127,0.28)" for each in links],
                "hovertemplate": "%{source.label} → %{target.label}: %{value:,} sessions<extra></extra>",
            },
            valueformat=",",
        )
    )  # fmt: skip
    return styled(figure, title="Where readers go, step by step", mode=mode, height=height)
