"""Saves that readers exported from SugarCube 2: the history in them is a session.

Only the passages' names are taken, never the variables. Source: SugarCube's documentation of its save object
(``state.history`` or ``state.delta``, ``state.expired``) and of its difference coding.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.encoding import decode
from gamebook_lab.formats.files import read_bytes
from gamebook_lab.formats.logs.events import tidy
from gamebook_lab.formats.logs.lzstring import unpacked
from gamebook_lab.story.problems import Problem

__all__ = ["steps_of_saves"]

_COPY = 2


def steps_of_saves(paths: list[Path]) -> tuple[pd.DataFrame, list[Problem]]:
    """Read saves, each a session named as its file; one that cannot be read is a problem."""
    found: list[Problem] = []
    rows: list[tuple[str, float, str]] = []
    for path in paths:
        try:
            names = _history(path)
        except (FormatError, ValueError) as error:
            found.append(Problem("GB701", f"The save cannot be read: {error}", "Export it again", file=path.name))
            continue
        rows += [(path.stem, float(at), name) for at, name in enumerate(names)]
    steps = pd.DataFrame(rows, columns=["session_id", "order", "passage_id"])
    steps = steps.assign(
        reader_id=steps["session_id"],
        choice_id=None,
        time=pd.Series(pd.NaT, index=steps.index, dtype="datetime64[us, UTC]"),
        dwell_seconds=float("nan"),
        event="visit",
    )
    return tidy(steps), found


def _history(path: Path) -> list[str]:
    text, _ = decode(read_bytes(path), file=path.name)
    said = text.strip()
    try:
        save = json.loads(said if said.startswith("{") else unpacked(said))
    except RecursionError:
        raise FormatError("nested too deeply") from None
    state = save.get("state") if isinstance(save, dict) else None
    if not isinstance(state, dict):
        raise FormatError("expected a save with a state")
    expired = [str(name) for name in _list(state.get("expired"))]
    if isinstance(state.get("history"), list):
        titles = [moment.get("title") for moment in state["history"] if isinstance(moment, dict)]
    else:
        titles = _from_differences(_list(state.get("delta")))
    names = [str(title) for title in titles]
    index = state.get("index")
    return expired + (names[: index + 1] if isinstance(index, int) and 0 <= index < len(names) else names)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _from_differences(moments: list[Any]) -> list[Any]:
    """Titles of moments of which each is written as what differs from the one before."""
    titles: list[Any] = []
    for moment in moments:
        said = moment.get("title") if isinstance(moment, dict) else None
        if isinstance(said, list):
            said = said[1] if len(said) > 1 and said[0] == _COPY else None
        titles.append(said if said is not None else titles[-1] if titles else "")
    return titles
