"""Finds the language of a story: by its story format's name, or by a look at the text.

Languages are found through the entry points ``gamebook_lab.languages``, ours included, so
that a package of someone else's can add one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from gamebook_lab.story.language import Language

GROUP: Final = "gamebook_lab.languages"

_FORMATS: Final = {
    "sugarcube": "sugarcube",
    "sugarcane": "sugarcube",  # Twine 1's formats share the [[link]] and <<macro>> notation that SugarCube grew from
    "jonah": "sugarcube",
    "responsive": "sugarcube",
    "harlowe": "harlowe",
    "chapbook": "chapbook",
    "snowman": "snowman",
}
_SIGNS: Final = (
    ("sugarcube", "<<"),
    ("harlowe", "(set:"),
    ("harlowe", "(if:"),
    ("harlowe", "(link-goto:"),
    ("snowman", "<%"),
    ("chapbook", "{embed passage"),
    ("chapbook", "{reveal link"),
    ("chapbook", "{back link"),
    ("chapbook", "{restart link"),
    ("chapbook", "\n[if "),
    ("chapbook", "\n[continue]"),
    ("chapbook", "\n--\n"),
)


@cache
def language(name: str) -> Language:
    """Return a language by its name.

    Raises
    ------
    KeyError
        If no installed package provides it.
    """
    loaded = _installed(tuple(sys.path))[name].load()
    assert isinstance(loaded, Language)
    return loaded


@cache
def _installed(path: tuple[str, ...]) -> dict[str, EntryPoint]:  # noqa: ARG001 - what is on it may differ
    """Look through all packages once a path: a story format that nobody knows is asked for again and again."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, point)
    return found


def for_format(story_format: str) -> Language | None:
    """Return the language of a story format, such as ``SugarCube`` or ``Harlowe``; None if it is not known."""
    word = story_format.strip().lower().split(" ")[0].rstrip("0123456789.-")
    name = _FORMATS.get(word, word)
    try:
        return language(name)
    except KeyError:
        return None


def guess(texts: Iterable[str]) -> Language:
    """Choose a language for a story that names no known format, by the marks in its text.

    The language whose marks occur most often wins; without any, ``plain`` knows just ``[[links]]``.
    """
    counts: dict[str, int] = {}
    for text in texts:
        for name, sign in _SIGNS:
            counts[name] = counts.get(name, 0) + text.count(sign)
    best = max(counts, key=lambda name: counts[name], default="plain")
    return language(best if counts.get(best) else "plain")
