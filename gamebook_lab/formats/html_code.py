"""Story JavaScript and stylesheet: several passages in one element.

Twine 2 has one script and one style per story. Twee compilers join all ``script`` passages with a comment
line before each (``/* twine-user-script #1: "Name" */``); so do we, and read the names back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

NAMES: Final = {"script": "Story JavaScript", "style": "Story Stylesheet"}
TAGS: Final = {"script": "script", "style": "stylesheet"}
_WORDS: Final = {"script": "twine-user-script", "style": "twine-user-stylesheet"}
_MARK: Final = re.compile(r"^/\* twine-user-(?:script|stylesheet) #\d{1,9}: (\"[^\n]*\") \*/$", re.MULTILINE)
_ENDS: Final = {name: re.compile(rf"<(?=/{name}[ \t\n\f\r/>])", re.IGNORECASE) for name in NAMES}


class Part(NamedTuple):
    """One passage of code."""

    name: str
    text: str


def split_code(text: str, role: str) -> list[Part]:
    """Cut the inside of a script or style (line ends as newline) into its passages; none if it is blank."""
    if not text.strip():
        return []
    marks = [(name, mark) for mark in _MARK.finditer(text) if (name := _name(mark[1])) is not None]
    if not marks or marks[0][1].start() != 0:
        return [Part(NAMES[role], text)]
    stops = [mark.start() - 1 for _, mark in marks[1:]] + [len(text)]
    return [
        Part(name, text[mark.end() + 1 : max(stop, mark.end() + 1)])
        for (name, mark), stop in zip(marks, stops, strict=True)
    ]


def _name(written: str) -> str | None:
    try:
        name = json.loads(written)
    except ValueError:
        return None
    return name if isinstance(name, str) else None


def join_code(parts: Sequence[Part], role: str) -> str:
    """Write the inside of a script or style; what would end the element early is escaped."""
    if len(parts) == 1 and parts[0].name == NAMES[role] and not _MARK.match(parts[0].text):
        return safe_code(parts[0].text, role)
    marked = [f"{_mark(part.name, number, role)}\n{part.text}" for number, part in enumerate(parts, 1)]
    return safe_code("\n".join(marked), role)


def _mark(name: str, number: int, role: str) -> str:
    written = json.dumps(name, ensure_ascii=False).replace("*/", "*\\u002f")
    return f"/* {_WORDS[role]} #{number}: {written} */"


def safe_code(text: str, role: str) -> str:
    r"""Write ``</script`` as ``<\\/script``, which JavaScript and CSS strings read as the same."""
    return _ENDS[role].sub(r"<\\", text)


def new_opening(role: str) -> str:
    """Start tag as Twine writes it."""
    if role == "script":
        return '<script role="script" id="twine-user-script" type="text/twine-javascript">'
    return '<style role="stylesheet" id="twine-user-stylesheet" type="text/twine-css">'
