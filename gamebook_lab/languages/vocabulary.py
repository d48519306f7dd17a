"""Names of the macros that each story format brings along, for completion."""

from __future__ import annotations

from functools import cache

__all__ = ["macro_names"]


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
    return ()
