"""Names of the macros that each story format brings along, for completion."""

from __future__ import annotations

from functools import cache
from typing import Final

__all__ = ["MODIFIERS", "macro_names"]


MODIFIERS: Final = (
    "after 1 second", "align center", "align left", "align right", "append", "cont", "continue", "CSS", "else", "if", "ifalways",
    "ifnever", "JavaScript", "note", "note to myself", "todo", "unless",
)  # fmt: skip
"""What Chapbook's guide lists to stand between brackets, on a line of its own."""
_INSERTS: Final = (
    "ambient sound", "back link", "cycling link for", "dropdown menu for", "embed Flickr image", "embed image", "embed passage",
    "embed Unsplash image", "embed YouTube video", "link to", "no ambient sound", "restart link", "reveal link", "sound effect",
    "text input for", "theme switcher",
)  # fmt: skip


@cache
def macro_names(language: str) -> tuple[str, ...]:
    """Names as authors write them, sorted; none for a language that has no macros or is not ours.

    >>> "link-reveal" in macro_names("harlowe"), "linkreplace" in macro_names("sugarcube")
    (True, True)
    """
    if language == "sugarcube":
        from gamebook_lab.languages.sugarcube import vocabulary as v

        words = v.CONTAINERS | v.LINKS | v.CODE_MACROS | v.EXPRESSION_MACROS | v.INPUTS | v.PLAIN_MACROS
        words |= frozenset(v.PARENTS) | {"actions", "back", "choice", "goto", "include", "return", "display"}
        return tuple(sorted(word for word in words if word.isalpha()))
    if language == "harlowe":
        from gamebook_lab.languages.harlowe.names import KNOWN, spelled

        return tuple(sorted(map(spelled, KNOWN)))
    if language == "chapbook":
        return tuple(sorted((*_INSERTS, *MODIFIERS), key=str.lower))
    if language == "snowman":
        from gamebook_lab.languages.snowman.facts import INCLUDES, NAMING, SHOWS

        return tuple(sorted(SHOWS | INCLUDES | NAMING | {"either", "print"}, key=str.lower))
    return ()
