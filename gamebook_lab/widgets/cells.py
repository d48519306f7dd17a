"""Which notebook cell shows a widget, so that a cell that is run again does not leave its last widget behind.

Jupyter drops the output of a cell that is run again, but not the widget that it showed: that
one would follow every edit for as long as the kernel lives, unseen.
"""

from __future__ import annotations

import threading
from typing import Any, Final, Protocol


class Closable(Protocol):
    """What is shown."""

    def close(self) -> None:
        """End it."""


class Cells:
    """Remembers what is shown where, and closes what is shown nowhere any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: dict[Closable, set[str]] = {}
        self._runs: dict[str, str] = {}

    def show(self, widget: Closable, cell: str, run: str) -> None:
        """Note that a run of a cell shows a widget; what only earlier runs of the cell have shown is closed."""
        with self._lock:
            left = self._begin(cell, run)
            self._shown.setdefault(widget, set()).add(cell)
            left.discard(widget)
        for other in left:
            other.close()

    def forget(self, widget: Closable) -> None:
        """A widget was closed."""
        with self._lock:
            self._shown.pop(widget, None)

    def _begin(self, cell: str, run: str) -> set[Closable]:
        """Clear a cell that is run anew; gives what is in no cell any more."""
        if self._runs.get(cell) == run:
            return set()
        self._runs[cell] = run
        cleared = [widget for widget, cells in self._shown.items() if cell in cells]
        for widget in cleared:
            self._shown[widget].discard(cell)
        left = {widget for widget in cleared if not self._shown[widget]}
        for widget in left:
            del self._shown[widget]
        return left


CELLS: Final = Cells()


def current_cell() -> tuple[str, str] | None:
    """Give the ids of the cell that is running and of this run of it; None where there is no notebook."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = parent.get("metadata", {}).get("cellId")
    return (cell, parent["header"]["msg_id"]) if cell else None
