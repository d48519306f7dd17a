"""Hostile text costs in proportion to its length: work is counted, not timed."""

from __future__ import annotations

import sys

import pytest

from gamebook_lab.errors import GamebookError
from gamebook_lab.formats import registry
from gamebook_lab.formats.protocol import Document, Origin

SHAPES = {
    "twee": [
        "::", "::\n", ":: [", ":: {\n", ":: a\\", ":: <1,", "\\::\n", "\r", " \n", ":: StoryData\n{", ':: StoryData\n"ifid":',
        ":: A\n\n\n", ":: StoryTitle\n",
    ],
    "twine-archive": [
        "<tw-storydata>", "<tw-storydata ", "<tw-passagedata>", "<tw-passagedata ", "<!--", "<script>", "<style", "<a ", "<a b=",
        "<a b='", '="', "&", "&#", "</", "<!", "<title>", "<tw-tag>", "<x>", "</tw-storydata>", "<tw-storydata></tw-storydata>",
        '/* twine-user-script #1: "', "  ",
    ],
    "twine1-html": ["<div tiddler=a>", "\\n", "<div ", "&lt"],
    "twine-json": ["[", '{"a":', '"', "\\", "{},", '"a",', "1", " "],
}  # fmt: skip
PREFIXES = {
    "twee": ("", ":: A ", ":: StoryData\n"),
    "twine-archive": (
        "<tw-storydata>",
        "<tw-storydata><tw-passagedata>",
        "<tw-storydata><script id=twine-user-script>",
    ),
    "twine1-html": ('<div id="storeArea"><div tiddler="a">',),
    "twine-json": ('{"passages":[', '{"passages":[{"name":"'),
}
CASES = [(name, prefix, shape) for name in SHAPES for prefix in PREFIXES[name] for shape in SHAPES[name]]


def work(name, text):
    """Lines of Python that are run to read and write a text."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        count += event == "line"
        return trace if "gamebook_lab" in frame.f_code.co_filename else None

    found = registry.by_name(name)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        stories = found.read((Document(text),), Origin())
        if found.is_writable and stories:
            found.update(stories[-1])
    except GamebookError:
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(("name", "prefix", "shape"), CASES)
def test_twice_the_text_is_about_twice_the_work(name, prefix, shape):
    small, large = (work(name, prefix + shape * n) for n in (100, 400))
    assert large < 6 * small + 2000
