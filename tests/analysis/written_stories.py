"""Small stories at random, written in every language, and all their playthroughs by the plainest means."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import gamebook_lab as gb

LANGUAGES = {"SugarCube": "2.36.1", "Harlowe": "3.3.9", "Chapbook": "2.3.0", "Snowman": "2.1.1"}
FLAGS = ("one", "two")


class Link(NamedTuple):
    label: str
    to: int
    needs: tuple[str, bool] | None


class Passage(NamedTuple):
    sets: dict[str, bool]
    links: list[Link]


def made(seed: int, *, circles: bool, n: int = 6) -> list[Passage]:
    """Draw a story: the last two passages are endings, the first one sets all that is asked for later."""
    draw = random.Random(seed)
    found = []
    for at in range(n):
        sets = {flag: draw.random() < 0.5 for flag in FLAGS if draw.random() < 0.4 or at == 0}
        links = []
        for number in range(draw.randint(2, 3) if at < n - 2 else 0):
            to = draw.randrange(1 if circles else at + 1, n)
            needs = (draw.choice(FLAGS), draw.random() < 0.5) if draw.random() < 0.3 else None
            links.append(Link(f"go {at} {number}", to, needs))
        found.append(Passage(sets, links))
    return found


def written(story: list[Passage], language: str) -> gb.Story:
    """Write a story in one of the languages."""
    body = {
        "SugarCube": (
            lambda flag, value: f"<<set ${flag} to {str(value).lower()}>>",
            lambda flag, value, link: f"<<if {'' if value else 'not '}${flag}>>{link}<</if>>",
        ),
        "Harlowe": (
            lambda flag, value: f"(set: ${flag} to {str(value).lower()})",
            lambda flag, value, link: f"({'if' if value else 'unless'}: ${flag})[{link}]",
        ),
        "Chapbook": (
            lambda flag, value: f"{flag}: {str(value).lower()}\n",
            lambda flag, value, link: f"[{'if' if value else 'unless'} {flag}]\n{link}\n[continue]",
        ),
        "Snowman": (
            lambda flag, value: f"<% s.{flag} = {str(value).lower()}; %>",
            lambda flag, value, link: f"<% if ({'' if value else '!'}s.{flag}) {{ %>{link}<% }} %>",
        ),
    }[language]
    head = f'{{"ifid": "6F316E52-0C46-4A26-9586-5144651C053C", "format": "{language}", "format-version": "{LANGUAGES[language]}", "start": "P0"}}'
    parts = [f":: StoryTitle\nMade\n\n:: StoryData\n{head}\n"]
    for at, (sets, links) in enumerate(story):
        lines = "".join(body[0](flag, value) for flag, value in sets.items())
        if language == "Chapbook" and sets:
            lines += "--"
        shown = []
        for label, to, needs in links:
            link = f"[[{label}->P{to}]]"
            shown.append(link if needs is None else body[1](*needs, link))
        parts.append("\n".join([f":: P{at}", lines, "and so it went", *shown]) + "\n")
    return gb.parse_twee("\n".join(parts))


def in_toy_language(story: list[Passage]) -> tuple[dict[str, Any], str]:
    """The same for the toy language of the engine's tests: 1 is true."""
    passages: dict[str, Any] = {}
    for at, (sets, links) in enumerate(story):
        choices = [
            {"to": f"P{to}", **({} if needs is None else {"if": [[needs[0], "==", int(needs[1])]]})}
            for _, to, needs in links
        ]
        enter = [["set", flag, int(value)] for flag, value in sets.items()]
        passages[f"P{at}"] = {"says": "and so it went", "enter": enter, "choices": choices}
    return passages, "P0"


def played(story: list[Passage], most: int) -> list[tuple[int, ...]]:
    """Every complete playthrough of at most so many choices, in order, as passages."""
    found: list[tuple[int, ...]] = []

    def go(at: int, flags: dict[str, bool], way: tuple[int, ...]) -> None:
        flags = flags | story[at].sets
        offered = [link for link in story[at].links if link.needs is None or flags[link.needs[0]] == link.needs[1]]
        if not offered:
            found.append(way)
        elif len(way) <= most:
            for link in offered:
                go(link.to, flags, (*way, link.to))

    go(0, {}, (0,))
    return found
