"""Numbers of any size, written down."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

__all__ = ["decimal"]

_LONGEST_PLAIN: Final = 10**4_000
"""Python writes no longer numbers than 4,300 digits by ``str``, to be safe from hostile ones."""


def decimal(number: int, *, grouped: bool = False) -> str:
    """Write a number of any size in decimal digits."""
    if abs(number) < _LONGEST_PLAIN:
        return f"{number:,}" if grouped else str(number)
    return format(Decimal(number), ",f" if grouped else "f")
