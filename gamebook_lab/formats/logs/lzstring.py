"""Reads what LZ-string's ``compressToBase64`` wrote, as SugarCube's saves are. Bounded in what it unpacks.

Source: the public description of the lz-string format (a 6-bit stream of LZ78 codes, least significant bit first).
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.errors import FormatError, LimitError

__all__ = ["MOST_CHARACTERS", "unpacked"]

MOST_CHARACTERS: Final = 16 * 2**20
_ALPHABET: Final = {c: at for at, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_LETTER_8, _LETTER_16, _END, _FIRST_FREE = 0, 1, 2, 3


class _Bits:
    def __init__(self, text: str) -> None:
        self._values = [_ALPHABET[c] for c in text if c in _ALPHABET]
        self._at, self._mask = 0, 32

    def take(self, n: int) -> int:
        found = 0
        for power in range(n):
            if self._at >= len(self._values):
                raise FormatError("the save ends in the middle; export it again")
            if self._values[self._at] & self._mask:
                found |= 1 << power
            self._mask >>= 1
            if not self._mask:
                self._mask = 32
                self._at += 1
        return found


def unpacked(text: str) -> str:
    """Unpack a text.

    Raises
    ------
    FormatError
        If it is not what LZ-string writes.
    LimitError
        If it unpacks to more than :data:`MOST_CHARACTERS`.
    """
    bits = _Bits(text)
    words: list[str] = ["", "", ""]
    first = bits.take(2)
    if first == _END:
        return ""
    if first not in {_LETTER_8, _LETTER_16}:
        raise FormatError("expected a save as SugarCube exports it")
    last = chr(bits.take(8 if first == _LETTER_8 else 16))
    words.append(last)
    result, size = [last], 1
    # the packer widens its codes as its dictionary grows; letters that are new count twice
    width, room = 3, 4
    while True:
        code = bits.take(width)
        if code == _END:
            return "".join(result)
        if code in {_LETTER_8, _LETTER_16}:
            words.append(chr(bits.take(8 if code == _LETTER_8 else 16)))
            code = len(words) - 1
            room -= 1
            if room == 0:
                room = 1 << width
                width += 1
        if code < len(words):
            entry = words[code]
        elif code == len(words):
            entry = last + last[0]
        else:
            raise FormatError("expected a save as SugarCube exports it; this one is damaged")
        size += len(entry)
        if size > MOST_CHARACTERS:
            raise LimitError(f"the save unpacks to more than {MOST_CHARACTERS // 2**20} Mi characters")
        result.append(entry)
        words.append(last + entry[0])
        last = entry
        room -= 1
        if room == 0:
            room = 1 << width
            width += 1
