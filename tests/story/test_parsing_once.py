"""Threads that want a story parsed at the same time share the work."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from typing import Any

from gamebook_lab import parse_twee
from tests.patience import PATIENCE

N = 300
FEW = 100


class Counting:
    """A language that counts what it parses, and lets the other thread in each time."""

    def __init__(self, language: Any) -> None:
        self.language, self.parsed = language, Counter[str]()
        self.name = language.name

    def parse(self, text: str, *, name: str, tags: Any) -> Any:
        self.parsed[name] += 1
        threading.Event().wait(1e-4)
        return self.language.parse(text, name=name, tags=tags)


def test_parse__by_two_threads_at_once_is_shared():
    read = parse_twee("".join(f":: P{number}\n[[P{number + 1}]]\n\n" for number in range(N)))
    language = Counting(read.language)
    story = replace(read, language=language, _programs={})
    together = threading.Barrier(2)

    def parse() -> None:
        together.wait(PATIENCE)
        story.parse(story.table.index.tolist())

    threads = [threading.Thread(target=parse) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(story.programs) == N
    n_again = language.parsed.total() - N
    assert n_again < FEW, "a thread that comes late may parse the last few itself, and no more"
