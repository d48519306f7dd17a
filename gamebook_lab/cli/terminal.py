"""Writing to a terminal: nothing from a story reaches it that could move the cursor or hide text."""

from __future__ import annotations

import io
import os
import sys
from typing import Final, TextIO

from gamebook_lab.story.visible import printable

__all__ = ["counted", "is_colored", "painted", "printable", "safe_streams", "say"]

_COLORS: Final = {"error": "31;1", "warning": "33", "info": "36", "bold": "1", "dim": "2"}


def counted(number: int, word: str) -> str:
    """Write a number of things, such as ``1 passage`` or ``1,329 passages``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def is_colored(stream: TextIO) -> bool:
    """Tell whether colours suit a stream: a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, style: str, *, is_on: bool) -> str:
    """Colour a text by one of the known styles, or leave it."""
    return f"\x1b[{_COLORS[style]}m{text}\x1b[0m" if is_on else text


def say(line: str, *, to: TextIO | None = None) -> None:
    """Write a line to standard output, or to another stream."""
    (to or sys.stdout).write(f"{line}\n")


def safe_streams() -> None:
    """Make the standard streams write what their encoding lacks as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
