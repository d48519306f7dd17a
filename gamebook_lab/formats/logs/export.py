"""Tables written as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from gamebook_lab.formats.files import write_bytes

__all__ = ["defused", "to_csv"]

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 -- full width counts


def defused(text: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run; source: OWASP, *CSV Injection*."""
    return f"'{text}" if isinstance(text, str) and text.startswith(_STARTS) else text


def to_csv(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as CSV, at once or not at all; cells of text that begin like a formula get an apostrophe."""
    safe = table.copy()
    for name in safe.columns:  # column names may come from a log as well
        if not pd.api.types.is_numeric_dtype(safe[name]) and not pd.api.types.is_datetime64_any_dtype(safe[name]):
            safe[name] = safe[name].astype(object).map(defused)
    safe.columns = pd.Index([defused(name) for name in safe.columns])
    write_bytes(Path(path), safe.to_csv(index=False).encode("utf-8", "replace"))
