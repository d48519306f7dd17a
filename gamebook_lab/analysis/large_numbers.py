"""Numbers of any size, written down."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

__all__ = ["decimal", "percent", "rounded"]

_LONGEST_PLAIN: Final = 10**4_000
"""Python writes no longer numbers than 4,300 digits by ``str``, to be safe from hostile ones."""
_LONGEST_WHOLE: Final = 15


def decimal(number: int, *, grouped: bool = False) -> str:
    """Write a number of any size in decimal digits."""
    if abs(number) < _LONGEST_PLAIN:
        return f"{number:,}" if grouped else str(number)
    return format(Decimal(number), ",f" if grouped else "f")


def rounded(number: int) -> str:
    """Write a count so that a person can take it in: long ones by their first digits and their length.

    >>> rounded(1_234_567), rounded(2**400)
    ('1,234,567', 'about 2.58 x 10^120')
    """
    digits = decimal(number)
    return (
        f"{number:,}" if len(digits) <= _LONGEST_WHOLE else f"about {digits[0]}.{digits[1:3]} x 10^{len(digits) - 1:,}"
    )


def percent(probability: float) -> str:
    """Write a probability; one that percent would round to nothing as a power of ten.

    >>> percent(0.25), percent(0.0), percent(2e-7)
    ('25.00%', '0.00%', '2.0e-07')
    """
    return f"{probability:.2%}" if probability == 0 or probability >= 0.0001 else f"{probability:.1e}"
