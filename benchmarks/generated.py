"""Stories of any size for benchmarks: the same text for the same numbers."""

from __future__ import annotations

import random

WORDS = [
    "the",
    "lamp",
    "burns",
    "low",
    "and",
    "somebody",
    "has",
    "left",
    "a",
    "coat",
    "on",
    "the",
    "stair",
    "while",
    "rain",
    "comes",
    "in",
    "at",
    "the",
    "door",
]


def generated_twee(n_passages: int, n_words: int = 150, seed: int = 7) -> str:
    """Make a SugarCube story as Twee text: links mostly forward, some variables and conditions."""
    chance = random.Random(seed)
    parts = [
        ":: StoryTitle\nGenerated\n\n:: StoryData\n",
        '{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "p0"}\n\n',
    ]
    for number in range(n_passages):
        prose = " ".join(chance.choices(WORDS, k=n_words))
        parts.append(f":: p{number} [chapter-{number * 20 // n_passages}]\n{prose.capitalize()}.\n")
        if number % 3 == 0:
            parts.append(f"<<set $v{number % 40} to {number % 5}>>\n")
        for _ in range(chance.randint(1, 3)):
            target = min(n_passages - 1, number + chance.randint(1, 30))
            link = f"[[Go to {target}|p{target}]]\n"
            parts.append(f"<<if $v{target % 40} gt 2>>{link}<</if>>\n" if chance.random() < 0.3 else link)
        parts.append("\n")
    return "".join(parts)
