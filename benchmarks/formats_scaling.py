"""Time to read and write stories of growing size and of hostile shapes.

Run with ``python benchmarks/formats_scaling.py [TWEE FILE]``. Prints seconds; what matters is that a line
grows as its input does.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gamebook_lab.errors import GamebookError
from gamebook_lab.formats import parse_twee, read_story, registry, to_twee, to_twine_html, to_twine_json
from gamebook_lab.formats.protocol import Document, Origin

HOSTILE = {
    "twee": ("::\n", ":: [", ":: {\n", "\\::\n", " \n", ':: StoryData\n"ifid":'),
    "twine-archive": ("<tw-storydata>", "<!--", "<a b='", "<script>", "&#", "<a ", "</tw-storydata "),
    "twine-json": ("[", '{"a":', '"'),
}


def seconds(work: Callable[..., object], *arguments: object) -> float:
    begin = time.perf_counter()
    with contextlib.suppress(GamebookError):
        work(*arguments)
    return time.perf_counter() - begin


def story_of(n: int) -> str:
    return "".join(f':: P{i} [a b] {{"position":"{i},0"}}\nGo [[on->P{i + 1}]].\n\n' for i in range(n))


def main() -> None:
    if sys.argv[1:]:
        path = Path(sys.argv[1])
        print(f"{path.name}: read {seconds(read_story, path):.3f}  write {seconds(to_twee, read_story(path)):.3f}")
    for n in (1_000, 10_000, 100_000):
        text = story_of(n)
        story = parse_twee(text)
        times = [seconds(parse_twee, text), *(seconds(f, story) for f in (to_twee, to_twine_html, to_twine_json))]
        html = Document("<p>" + to_twine_html(story))
        times.append(seconds(registry.by_name("twine-html").read, (html,), Origin()))
        names = ("read twee", "to twee", "to html", "to json", "read html")
        print(f"{n:>7} passages  " + "  ".join(f"{a} {b:.3f}" for a, b in zip(names, times, strict=True)))
    for name, shapes in HOSTILE.items():
        for shape in shapes:
            texts = [Document(shape * n) for n in (20_000, 40_000, 80_000)]
            times = [seconds(registry.by_name(name).read, (text,), Origin()) for text in texts]
            print(f"{name:>14} {shape!r:24} " + "  ".join(f"{t:.3f}" for t in times))


if __name__ == "__main__":
    main()
