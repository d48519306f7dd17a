"""Which passages say which words, looked up from either side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gamebook_lab.story.program import Program
from gamebook_lab.story.story import Story

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True, eq=False)
class Inverted(Generic[Word]):
    """An index of words (names of passages or variables, or what else passages have in common) in both directions. Immutable.

    Parameters
    ----------
    words
        By passage key, each of its words once; keys that have none are missing.
    keys
        By word, the ascending keys of the passages that have it.
    """

    words: Mapping[int, tuple[Word, ...]]
    keys: Mapping[Word, tuple[int, ...]]

    @classmethod
    def of(cls, said: Iterable[tuple[int, tuple[Word, ...]]]) -> Inverted[Word]:
        """Build from each key's words."""
        words = {key: each for key, each in said if each}
        keys: dict[Word, list[int]] = {}
        for key in sorted(words):
            for word in words[key]:
                keys.setdefault(word, []).append(key)
        return cls(words, {word: tuple(found) for word, found in keys.items()})

    def updated(self, said: Mapping[int, tuple[Word, ...]]) -> Inverted[Word]:
        """Return one in which these keys have these words now; in time of what differs, but for copying two dicts."""
        differing = {key: new for key, new in said.items() if self.words.get(key, ()) != new}
        if not differing:
            return self
        words, keys = dict(self.words), dict(self.keys)
        gone: dict[Word, set[int]] = {}
        come: dict[Word, set[int]] = {}
        for key, new in differing.items():
            for word in words.pop(key, ()):
                gone.setdefault(word, set()).add(key)
            for word in new:
                come.setdefault(word, set()).add(key)
            if new:
                words[key] = new
        for word in gone.keys() | come.keys():
            now = (set(keys.get(word, ())) - gone.get(word, set())) | come.get(word, set())
            if now:
                keys[word] = tuple(sorted(now))
            else:
                keys.pop(word, None)
        return Inverted(words, keys)


def mentions(story: Story) -> Inverted[str]:
    """Index the names of passages that each passage's text refers to."""
    return _index(story, "mentions", lambda program: [each.name for each in program.references])


def uses(story: Story) -> Inverted[str]:
    """Index the variables that each passage reads or writes."""
    return _index(story, "uses", lambda program: [each.variable for each in program.accesses])


def _index(story: Story, name: str, words: Callable[[Program], Iterable[str]]) -> Inverted[str]:
    earlier = story.earlier(name)
    stale = earlier.stale_in(story.table) if earlier else None
    if earlier is None or stale is None:
        return Inverted.of((key, tuple(dict.fromkeys(words(program)))) for key, program in story.programs.items())
    said: dict[int, tuple[str, ...]] = dict.fromkeys(earlier.stale, ())
    said.update((key, tuple(dict.fromkeys(words(program)))) for key, program in story.programs_of(stale).items())
    before: Inverted[str] = earlier.value
    return before.updated(said)
