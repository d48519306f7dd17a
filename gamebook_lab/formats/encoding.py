"""Bytes to text and back, losslessly: UTF-8, UTF-16 with a byte order mark, else Windows-1252.

Windows-1252 is as browsers read it (WHATWG Encoding): its five unused bytes stand for themselves, so
that every byte decodes and encodes back.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from gamebook_lab.errors import FormatError

_WESTERN: Final = "".join(
    bytes([byte]).decode("cp1252") if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else chr(byte) for byte in range(256)
)
_RUN: Final = bytes(64)
_FEW: Final = 4
"""One in so many bytes may be zero in what is still text."""
_WESTERN_BYTES: Final = codecs.charmap_build(_WESTERN)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes stand for its text."""

    name: str
    bom: bytes = b""

    @property
    def is_utf8(self) -> bool:
        """Whether it is as the specifications recommend."""
        return self.name == "utf-8"


UTF8: Final = Encoding("utf-8")
_MARKS: Final = (
    Encoding("utf-8", codecs.BOM_UTF8),
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)


def decode(data: bytes, *, file: str | None = None, keeps_zeros: bool = False) -> tuple[str, Encoding]:
    """Decode a file; ``encode`` gives the same bytes back.

    Parameters
    ----------
    data
        All of it.
    file
        Its name, for what is said of it.
    keeps_zeros
        Read a few zero bytes among UTF-8 as characters: such a file may be the only copy of somebody's story (problem GB509).

    Raises
    ------
    FormatError
        If it is binary: it holds zero bytes (or too many of them), or a byte order mark that the rest does not keep to.
    """
    marked = next((encoding for encoding in _MARKS if data.startswith(encoding.bom)), None)
    if marked is not None:
        try:
            return data[len(marked.bom) :].decode(marked.name), marked
        except UnicodeDecodeError as error:
            if not marked.is_utf8:
                msg = f"expected {marked.name.upper()} text, as its first bytes say, but byte {error.start} is not"
                raise FormatError(f"{msg}; save it as UTF-8", file=file) from error
    has_zeros = b"\0" in data
    if has_zeros and not (keeps_zeros and _RUN not in data and data.count(0) * _FEW <= len(data)):
        raise _binary(file)
    try:
        return data.decode("utf-8"), UTF8
    except UnicodeDecodeError as error:
        if has_zeros:
            raise _binary(file) from error
        return codecs.charmap_decode(data, "strict", _WESTERN)[0], Encoding("windows-1252")


def _binary(file: str | None) -> FormatError:
    msg = "expected text, but this is a binary file; export the story as Twee, HTML or JSON and open that"
    return FormatError(msg, file=file)


def encode(text: str, encoding: Encoding, *, file: str | None = None) -> bytes:
    """Encode a file as it was; as UTF-8 if an edit brought in a character that its encoding lacks.

    Raises
    ------
    FormatError
        If the text holds half of a surrogate pair, which no file can.
    """
    try:
        if encoding.name == "windows-1252":
            return codecs.charmap_encode(text, "strict", _WESTERN_BYTES)[0]
        return encoding.bom + text.encode(encoding.name)
    except UnicodeEncodeError as error:
        if any("\ud800" <= character <= "\udfff" for character in text):
            msg = f"the text holds {text[error.start]!r}, half of a character, which no file can hold; delete it"
            raise FormatError(msg, file=file, line=text.count("\n", 0, error.start) + 1) from error
        return text.encode("utf-8")
