"""A sketch's buckets as few bytes: about two for each bucket, however large its number and count are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from gamebook_lab.errors import TelemetryError

__all__ = ["packed", "unpacked"]


def packed(buckets: Mapping[int, int]) -> bytes:
    """Write buckets as variable-length integers: distance to the one before, and count, by turns."""
    out = bytearray()
    before = 0
    for bucket in sorted(buckets):
        gap = bucket - before
        _put(out, gap * 2 if gap >= 0 else -gap * 2 - 1)  # only the first may be negative
        _put(out, buckets[bucket])
        before = bucket
    return bytes(out)


def unpacked(data: bytes) -> dict[int, int]:
    """Read what :func:`packed` wrote.

    Raises
    ------
    TelemetryError
        If the bytes end in the middle of a bucket.
    """
    numbers = _numbers(data)
    if len(numbers) % 2:
        raise TelemetryError(f"{len(data)} bytes of a distribution are cut short: the metrics file is damaged")
    gaps = [number >> 1 for number in numbers[::2]]
    if numbers and numbers[0] % 2:
        gaps[0] = -(numbers[0] + 1) // 2
    return dict(zip(accumulate(gaps), numbers[1::2], strict=True))


def _numbers(data: bytes) -> list[int]:
    """Split bytes into numbers. After the first, nearly all take one byte, and a month has two million of them."""
    numbers: list[int] = []
    number = shift = 0
    for place, byte in enumerate(data):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
            if (rest := data[place + 1 :]).isascii():
                return [*numbers, *rest]
    if shift:
        raise TelemetryError(f"{len(data)} bytes of a distribution are cut short: the metrics file is damaged")
    return numbers


def _put(out: bytearray, number: int) -> None:
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
