"""What is saved is made of the tree that was first read, whatever was saved since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from gamebook_lab.formats.html_tree import HtmlTree
from gamebook_lab.formats.json_tree import JsonTree
from gamebook_lab.formats.twee_tree import TweeTree
from gamebook_lab.story.source import Source

T = TypeVar("T", HtmlTree, JsonTree, TweeTree)


def updated(source: Source | None, update: Callable[[T], T], empty: T) -> T:
    """Update the tree that a story was first read as; an empty one if it was read from another format, or from nowhere."""
    if not isinstance(source, type(empty)):
        return update(empty)
    read = source.as_read
    return replace(update(read), first=read)
