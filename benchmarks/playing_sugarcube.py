"""How long it takes to enter a passage of a SugarCube story: every passage, all its variables unset, zero or unknown.

Usage: ``python benchmarks/playing_sugarcube.py STORY``
"""

# ruff: noqa: ARG002 - a turn has its signatures

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import gamebook_lab as gb
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value
from gamebook_lab.story.play import Detail, Place


class _Constant:
    """A turn in which every variable has the same value."""

    def __init__(self, value: Value, detail: Detail) -> None:
        self.value, self.detail = value, detail

    def matters(self, variable: str) -> bool:
        return variable[0] == "$"

    def read(self, variable: str) -> Value:
        return self.value if variable[0] == "$" else UNSET

    def write(self, variable: str, value: Value) -> None: ...

    def chance(self, weights: Sequence[int]) -> int:
        return 0

    def either(self, n: int, what: str, place: Place) -> int:
        return 0

    def opaque(self, what: str, place: Place) -> None: ...

    def condition(self, place: Place, *, holds: bool) -> None: ...

    def tick(self) -> None: ...


def main() -> None:
    """Print the times."""
    story = gb.read_story(Path(sys.argv[1]))
    begun = time.perf_counter()
    player = story.language.player(story)
    names = [name for name in player.texts if player.kind(name) == "story"]  # type: ignore[attr-defined]
    for name in names:
        player.summary(name)
    print(f"{len(names)} passages compiled and summed up in {time.perf_counter() - begun:.2f} s")
    details: tuple[Detail, ...] = ("choices", "text")
    for detail in details:
        for value in (UNSET, 0, UNKNOWN):
            turn = _Constant(value, detail)
            begun = time.perf_counter()
            for name in names:
                player.enter(name, turn)
            mean = (time.perf_counter() - begun) / max(1, len(names))
            print(f"{detail:8} {value!s:8} {mean * 1e6:7.0f} microseconds a passage")
    begun = time.perf_counter()
    story.language.player(story).summary(names[0])
    print(f"a second player: {(time.perf_counter() - begun) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
