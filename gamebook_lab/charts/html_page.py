"""A report as one HTML file that opens in any browser, without a network: Plotly's script is in it, once.

Whatever it shows is escaped, and the page's own policy lets it load nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from gamebook_lab.analysis.printed import escaped, skeleton

__all__ = ["cell", "charts", "document", "head", "table"]

_SAFE: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
"""Plotly's script stands in the page; nothing is loaded from anywhere."""
_STYLE: Final = """
body { font: 14px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2rem; } .soft { color: #5b6570; margin-top: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 4px 10px; border-bottom: 1px solid #e3e6ea; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 8px; }
.charts.wide { grid-template-columns: minmax(0, 1fr); }
@media print { .charts { grid-template-columns: 1fr; } figure { break-inside: avoid; } }
figure { margin: 0; min-width: 0; } figcaption { color: #5b6570; font-size: 12px; padding: 0 8px; }
"""

_NUMBER: Final = " class='number'"
_CONFIG: Final = {"displaylogo": False, "responsive": True}


def document(title: str, parts: Iterable[str], *, style: str = "") -> str:
    """Put a page together.

    Parameters
    ----------
    title
        As text.
    parts
        Of the page's body, as HTML: every word in them that comes from elsewhere is escaped.
    style
        More rules.

    Returns
    -------
    str
        Some 5 MB, nearly all of it Plotly's script.
    """
    head = f"<style>{_STYLE}{style}</style><script>{get_plotlyjs()}</script>"
    return skeleton(title, "".join(parts), head=head, allowed=_SAFE, language="en")


def charts(figures: Iterable[tuple[go.Figure, str]], *, is_wide: bool = False) -> str:
    """Figures side by side as far as there is room (or each alone), with a line below that says what they show."""
    drawn = (
        f"<figure>{figure.to_html(full_html=False, include_plotlyjs=False, config=_CONFIG)}"
        f"<figcaption>{escaped(about)}</figcaption></figure>"
        for figure, about in figures
    )
    return f"<div class='charts{' wide' if is_wide else ''}'>{''.join(drawn)}</div>"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of what :func:`head` and :func:`cell` give."""
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>"


def head(label: str, *, is_number: bool = False) -> str:
    """What stands above a column; numbers stand to the right."""
    return f"<th{_NUMBER if is_number else ''}>{escaped(label)}</th>"


def cell(text: str, *, is_number: bool = False) -> str:
    """One of a table's cells."""
    return f"<td{_NUMBER if is_number else ''}>{escaped(text)}</td>"
