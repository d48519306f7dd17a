"""The variables of a story: where each is read and set, and which values exploring has found that it may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from gamebook_lab.analysis.answers import MOST_VALUES
from gamebook_lab.story import edits
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.facts_pane import FactRow, FactsPane
from gamebook_lab.widgets.open_sessions import Shown
from gamebook_lab.widgets.symbols import Symbol, uses_of

__all__ = ["VariablesPane"]

_LONGEST: Final = 160


class VariablesPane(FactsPane):
    """Lists variables; each can be opened, to see and go to its uses, and renamed.

    Parameters
    ----------
    story
        Whose: a session, a story, or a path to open.
    """

    def __init__(self, story: Shown) -> None:
        super().__init__(story, "variables_pane")

    def content(self, explored: Explored | None) -> dict[str, Any]:
        """Give a row for each variable, by name."""
        story = self.session.story
        findings = explored.findings if explored is not None else None
        values = findings.possible_values if findings is not None else {}
        is_all = findings is not None and findings.is_complete
        rows = []
        for each in story.variables.to_dict("records"):
            name = each["name"]
            possible = ", ".join(values.get(name, ())[:MOST_VALUES])
            possible += ", …" if len(values.get(name, ())) > MOST_VALUES or (possible and not is_all) else ""
            initial = "" if pd.isna(each["initial"]) else str(each["initial"])
            cells = [
                name,
                each["type"],
                initial[:_LONGEST],
                each["n_writes"],
                each["n_reads"],
                each["n_passages"],
                possible,
            ]
            rows.append(
                FactRow(id=name, key=None, cells=[safe_text(cell) if isinstance(cell, str) else cell for cell in cells])
            )
        return {"rows": rows}

    def answers(self) -> dict[str, Callable[[Any], object]]:
        """Also: uses of a variable, and renaming it."""
        return {**super().answers(), "uses": self._send_uses, "rename": self._rename}

    def _send_uses(self, message: dict[str, Any]) -> None:
        symbol = Symbol("variable", str(message["name"]))
        rows, n = uses_of(self.session.story, symbol)
        self.send({"type": "uses", "kind": "variable", "name": safe_text(symbol.name), "n": n, "rows": rows})

    def _rename(self, message: dict[str, Any]) -> None:
        old, new = str(message["old"]), str(message["new"])
        self.session.apply(lambda story: edits.rename_variable(story, old, new), label="Rename variable", origin=self)
