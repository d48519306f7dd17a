"""Reading a long story's texts can be stopped between any two, in every language."""

from __future__ import annotations

import itertools

import pytest

from gamebook_lab.engine.exploration import explore
from gamebook_lab.formats import parse_twee
from gamebook_lab.languages.chapbook import prepare as chapbook
from gamebook_lab.languages.harlowe.play import units as harlowe
from gamebook_lab.languages.snowman import template as snowman
from gamebook_lab.story.play import Preparing

N = 40
READING = {
    "Harlowe": ("3.3.9", harlowe.unit),
    "Chapbook": ("2.0.0", chapbook.prepare),
    "Snowman": ("2.0.2", snowman.prepare),
    "SugarCube": ("2.36.1", None),
}
_numbers = itertools.count()


def story_in(language):
    """A line of passages whose texts nobody has read before."""
    number = next(_numbers)
    head = (
        f'{{"ifid": "8C1F4B5E-0000-4000-8000-000000000000", "format": "{language}", '
        f'"format-version": "{READING[language][0]}", "start": "P0"}}'
    )
    line = [f":: P{at}\n{language} {number}, {at}. [[Go on->P{at + 1}]]\n" for at in range(N)]
    return parse_twee("\n".join([f":: StoryData\n{head}\n", *line, f":: P{N}\nThe end, {number}.\n"]))


class SetFrom:
    """Is set from the look of a number on."""

    def __init__(self, nth):
        self.nth, self.n = nth, 0

    def is_set(self):
        self.n += 1
        return self.n >= self.nth


@pytest.mark.parametrize("language", READING)
@pytest.mark.parametrize("nth", [1, N // 2, 3 * N])
def test_explore__can_be_stopped_while_texts_are_read(language, nth):
    story = story_in(language)
    space = explore(story, stop=SetFrom(nth))
    assert (space.limit, space.n_states) == ("stopped", 0)
    space = explore(story)
    assert (space.is_exact, space.n_states) == (True, N + 1)


@pytest.mark.parametrize("language", [name for name, (_, read) in READING.items() if read is not None])
def test_prepare__reads_no_text_further_than_told(language):
    story, read = story_in(language), READING[language][1]
    player = story.language.player(story)
    assert isinstance(player, Preparing)
    before = read.cache_info().misses
    looks = iter(range(5))
    with pytest.raises(StopIteration):
        player.prepare(looks.__next__)
    assert read.cache_info().misses == before + 5
    player.prepare(lambda: None)
    assert read.cache_info().misses == before + N + 1
    player.summary("P0")
    assert read.cache_info().misses == before + N + 1
