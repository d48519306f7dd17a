"""A cell as columns of the metrics file, and back."""

from __future__ import annotations

import math

from gamebook_lab.telemetry.cell import Cell
from gamebook_lab.telemetry.packing import packed, unpacked
from gamebook_lab.telemetry.sketch import bucket_of

__all__ = ["CELL_COLUMNS", "Row", "cell_of", "row_of"]

CELL_COLUMNS = "n, sum, min, max, last, sketch"
Row = tuple[int, float, float | None, float | None, float | None, bytes | None]


def row_of(cell: Cell) -> Row:
    """Columns of a cell; a single value needs no sketch."""
    return (
        cell.n,
        cell.sum,
        cell.min if cell.n else None,
        cell.max if cell.n else None,
        None if math.isnan(cell.last) else cell.last,
        packed(cell.buckets) if cell.n > 1 else None,
    )


def cell_of(  # noqa: PLR0917  # a row, column by column
    n: int, total: float, low: float | None, high: float | None, last: float | None, sketch: bytes | None
) -> Cell:
    """Cell of its columns."""
    buckets = unpacked(sketch) if sketch is not None else {bucket_of(total): 1} if n == 1 else {}
    return Cell(
        n,
        total,
        math.inf if low is None else low,
        -math.inf if high is None else high,
        math.nan if last is None else last,
        buckets,
    )
