"""Shows that reading takes time linear in the text: hostile text four times as long, as a ratio of processor times.

Run with ``python benchmarks/javascript_languages.py``; prints every ratio above the limit, and a summary.
"""

from __future__ import annotations

import time
from itertools import product

from gamebook_lab.languages.chapbook import LANGUAGE as CHAPBOOK
from gamebook_lab.languages.snowman import LANGUAGE as SNOWMAN
from gamebook_lab.languages.sugarcube import LANGUAGE as SUGARCUBE
from gamebook_lab.story.language import Language

LIMIT = 7.0
LEAST_SECONDS = 0.05
PIECES = [
    "<<set~$x~to~1>>",
    "<<if~$a>>",
    "<<elseif~$b>>",
    "<<case~1>>",
    "<<link~'a'>>",
    "<</if>>",
    "[[a|$b]]",
    "[[a][",
    "[[a",
    "[img[",
    "]]",
    "$a.b",
    "a.",
    "'",
    '"',
    "`",
    "<<set~$a",
    "<%~if~(s.a)~{%>",
    "<%~}~%>",
    "<%=~f(",
    "<%#",
    "{a~b:~'",
    "{",
    "}",
    "[if~a]",
    "a:~b",
    "<a~b='",
    "<!--",
    "/*",
    "//",
    "http://",
    "\\",
    "{{{",
    '"""',
    "<script>",
    "<<script>>",
    "<<foo>>",
    "(",
    "f(",
    "=>{",
    "a?b:",
    "$a,",
    "to",
    "/[",
    "|",
    "@@",
    "&&",
    "~~",
]
FRAMES = {
    SUGARCUBE: ["{}", "<<set {}>>", "[[a|{}]]", "<<if {}>>x<</if>>", "<<if $x>>{}<</if>>", "<<script>>{}<</script>>"],
    SNOWMAN: ["{}", "<% {} %>", "[[a|{}]]", '<a data-passage="{}">x</a>'],
    CHAPBOOK: ["{}", "x: {}\n--\n", "{{x y: {}}}", "[if {}]\ntext"],
}


def seconds(language: Language, text: str) -> float:
    """Least processor time of three reads."""
    times = []
    for _ in range(3):
        began = time.process_time()
        language.parse(text)
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    """Measure every piece in every frame."""
    worst = 0.0
    for language, frames in FRAMES.items():
        for frame, piece in product(frames, PIECES):
            shown = piece.replace("~", " ")
            short, long = (
                seconds(language, frame.replace("{}", shown * (size // len(shown)))) for size in (8000, 32000)
            )
            if long < LEAST_SECONDS:
                continue
            worst = max(worst, long / short)
            if long / short > LIMIT:
                print(f"{language.name:10} {frame!r:28} {shown!r:20} {long / short:.1f} times for 4 times the text")
    print(f"worst ratio for four times the text: {worst:.1f} (linear: 4)")


if __name__ == "__main__":
    main()
