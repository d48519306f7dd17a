"""Text that is nested too deeply to be read: what it may name all the same."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["named_in"]

_NAME: Final = re.compile(r"\[\[([^\[\]\n]++)|\"([^\"\n]++)|'([^'\n]++)")
_ARROW: Final = re.compile(r"->|<-|\|")


def named_in(text: str) -> list[str]:
    """List whatever may be the name of a passage: both sides of links, and what stands in quotation marks."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        if match.group(1) is not None:
            found.update(dict.fromkeys(part.strip() for part in _ARROW.split(match.group(1))))
        else:
            found[match.group(2) or match.group(3)] = None
    return [name for name in found if name]
