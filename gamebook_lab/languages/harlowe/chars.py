"""The characters that Harlowe's names and blanks are made of, and the patterns that jump to the next mark.

Every pattern here is tried at one place or searches for one character, and none backtracks over nesting.
"""

from __future__ import annotations

import re
from typing import Final

BLANK: Final = " \\f\\t\\v\\u00a0\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
"""Inside a character class: Harlowe's white space, which has no line ends."""

_LETTERS: Final = "a-zA-Z\\u00c0-\\u00ff\\u0150\\u0170\\u0151\\u0171\\ud800-\\udfff\\U00010000-\\U0010ffff"
STRICT: Final = "0-9_" + _LETTERS
"""Inside a character class: what names of variables and data are made of."""

ANY: Final = "\\-" + STRICT
"""Inside a character class: what names of macros and hooks are made of."""

LETTER: Final = re.compile(f"[{_LETTERS}]")
NAME: Final = re.compile(f"[{STRICT}]+")
STORY_VARIABLE: Final = re.compile(rf"\$[{STRICT}]+")

MARK: Final = re.compile(
    rf"[\[\](${{}}`\\*<|_]|''|//|~~|\^\^|-->|\n(?=[{BLANK}]*[*0\-#=<|\\])",
)
"""What may mean something in prose."""

MACRO_FRONT: Final = re.compile(rf"\(([$_]?[{ANY}]+):(?!/)")
HOOK_FRONT: Final = re.compile(rf"\|([{ANY}]+)([>)])\[(=*)")
HOOK_BACK: Final = re.compile(rf"\]([<(])([{ANY}]+)\|")
TAG_FRONT: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9_\-]*)")
URL_SCHEME: Final = re.compile(r"(?:https?|mailto|javascript|ftp|data):\Z", re.IGNORECASE)
URL_REST: Final = re.compile(r"[^\s<]*")
BLOCK: Final = re.compile(
    rf"""[{BLANK}]*(?:
    (?P<rule>-{{3,}}[{BLANK}]*(?:\n|\Z))
    |(?P<bullet>\*+[{BLANK}]+)
    |(?P<number>(?:0\.)+[{BLANK}]+)
    |(?P<heading>\#{{1,6}}[{BLANK}]*)
    |(?P<align>(?:==+>|<==+>|<=+|=+><=+)[{BLANK}]*(?:\n|\Z))
    |(?P<column>(?:\|=+\||=+\|+=*|\|+=+)[{BLANK}]*(?:\n|\Z))
    )""",
    re.VERBOSE,
)
"""What starts a line with a meaning of its own. Each branch is tried once at the start of a line."""


def name_end(text: str, at: int, stop: int) -> tuple[int, bool]:
    """Find the end of the name characters from ``at``; tell whether they make a name (one must be a letter)."""
    match = NAME.match(text, at, stop)
    if match is None:
        return at, False
    return match.end(), LETTER.search(text, at, match.end()) is not None
