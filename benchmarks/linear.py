"""Shows that every reader and language takes time linear in its input: hostile shapes four times as long, as a ratio of processor times.

Run with ``python benchmarks/linear.py [NAME ...]``, the names of formats or languages. Marks are repeated, alternated,
left unclosed and nested. Prints each shape that is over the limit, and then a table with the worst of each reader.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the marks, which the tests share

from gamebook_lab.errors import GamebookError
from gamebook_lab.formats import registry as formats
from gamebook_lab.formats.protocol import Document, Origin
from gamebook_lab.languages import registry as languages
from tests.hostile_inputs import FILE_MARKS, MARKS, NESTS

LIMIT = 6.0
SIZE = 12_000
LEAST_SECONDS = 0.06
FORMATS = {
    "twee": "twee", "twine-html": "html", "twine-archive": "html", "twine1-html": "html", "twine-json": "json",
}  # fmt: skip
Work = Callable[[str], object]


def shapes(marks: tuple[str, ...]) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Each shape's name, and its text of about so many characters."""
    for mark in marks:
        for behind in ("", "\n", "a "):
            yield f"{mark + behind!r} repeated", lambda n, unit=mark + behind: unit * (n // len(unit))
    for one, other in combinations(marks, 2):
        yield f"{one + other!r} repeated", lambda n, unit=one + other: unit * (n // len(unit))
        yield (
            f"{one!r}, then {other!r}",
            lambda n, one=one, other=other: one * (n // 2 // len(one)) + other * (n // 2 // len(other)),
        )
    for opening, closing in NESTS:
        unit = len(opening + closing)
        yield (
            f"{opening!r} nested",
            lambda n, o=opening, c=closing, unit=unit: o * (n // unit) + "x" + c * (n // unit),
        )
        yield f"{opening!r} unclosed", lambda n, o=opening: o * (n // len(o))


def seconds(work: Work, text: str, times: int = 3) -> float:
    """Least processor time, without the collector's pauses."""
    found = []
    for _ in range(times):
        gc.collect()
        gc.disable()
        began = time.process_time()
        with contextlib.suppress(GamebookError):
            work(text)
        found.append(time.process_time() - began)
        gc.enable()
    return min(found)


def reader(name: str) -> tuple[Work, tuple[str, ...]]:
    """What reads with this format or language, and its marks."""
    if name in MARKS:
        language = languages.for_format(name)
        assert language is not None
        return lambda text: language.parse(text, name="a", tags=()), MARKS[name]
    found = formats.by_name(name)

    def work(text: str) -> None:
        document = Document(text, "a")
        found.recognises(document)
        stories = found.read((document,), Origin())
        if found.is_writable:
            found.update(stories[-1], whole=True)

    return work, FILE_MARKS[FORMATS[name]]


def measure(name: str) -> tuple[int, float, str]:
    """Number of shapes, worst ratio and its shape; prints what is over the limit."""
    work, marks = reader(name)
    worst, culprit, n_shapes = 0.0, "", 0
    for shape, make in shapes(marks):
        n_shapes += 1
        if seconds(work, make(4 * SIZE), 1) < LEAST_SECONDS:
            continue
        ratio = seconds(work, make(4 * SIZE)) / seconds(work, make(SIZE))
        if ratio > LIMIT:  # once more, longer, before it is blamed
            ratio = seconds(work, make(16 * SIZE)) / seconds(work, make(4 * SIZE))
        if ratio > LIMIT:
            print(f"OVER {name:14} {ratio:4.1f}  {shape}", flush=True)
        if ratio > worst:
            worst, culprit = ratio, shape
    return n_shapes, worst, culprit


def main() -> None:
    """Measure each reader that was named, or all."""
    names = sys.argv[1:] or [*FORMATS, *(name for name in MARKS if name != "Nobody's")]
    rows = [(name, *measure(name)) for name in names]
    print(f"{'reader':14} shapes  worst ratio for 4 times the text (linear: 4)")
    for name, n_shapes, worst, culprit in rows:
        print(f"{name:14} {n_shapes:6}  {worst:4.1f}  {culprit}")


if __name__ == "__main__":
    main()
