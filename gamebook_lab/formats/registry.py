"""Finds file formats: by name, by suffix, or by a look at the text.

Formats are found through the entry points ``gamebook_lab.formats``, ours included, so that a package of
someone else's can add one.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import PurePath
from typing import Final

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.protocol import Document, Format

GROUP: Final = "gamebook_lab.formats"
_ORDER: Final = ("twine-html", "twine-archive", "twine1-html", "twine-json", "twee")


@cache
def formats() -> tuple[Format, ...]:
    """Return every installed format; ours first, in the order in which they are tried."""
    loaded: dict[str, Format] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found = point.load()
        assert isinstance(found, Format)
        loaded[found.name] = found
    names = [*(name for name in _ORDER if name in loaded), *(name for name in loaded if name not in _ORDER)]
    return tuple(loaded[name] for name in names)


def by_name(name: str) -> Format:
    """Return a format by its name.

    Raises
    ------
    FormatError
        If there is none of that name.
    """
    for found in formats():
        if found.name == name:
            return found
    known = ", ".join(found.name for found in formats())
    raise FormatError(f"there is no file format {name!r}; known are {known}")


def for_writing(path: PurePath) -> Format:
    """Return the format that a file of this name is written in.

    Raises
    ------
    FormatError
        If its suffix says nothing.
    """
    suffix = path.suffix.lower()
    for found in formats():
        if found.is_writable and suffix in found.suffixes:
            return found
    known = ", ".join(sorted({suffix for found in formats() if found.is_writable for suffix in found.suffixes}))
    raise FormatError(f"cannot tell the file format from the suffix {suffix!r}; use one of {known}", file=str(path))


def recognise(document: Document) -> Format:
    """Return the format of a file, by its text; by its suffix if the text says nothing.

    Raises
    ------
    FormatError
        If it is none.
    """
    suffix = PurePath(document.name or "").suffix.lower()
    likely = sorted(formats(), key=lambda found: suffix not in found.suffixes)
    for found in likely:
        if found.recognises(document):
            return found
    if suffix in {".twee", ".tw"}:  # an empty story is one, too
        return by_name("twee")
    msg = "expected a story: Twee (lines that begin with ::), published Twine HTML, a Twine archive or Twine JSON"
    raise FormatError(f"{msg}; open a file of one of these", file=document.name)
