"""Speed of Harlowe's parser, in MB/s: on prose with some code, and on repetitions meant to hurt.

Run: ``python benchmarks/harlowe.py``. A hostile row is linear if the last column, the time for four times the
text over the time for the text, stays near 4.
"""

from __future__ import annotations

import time

from gamebook_lab.languages.harlowe import LANGUAGE

PROSE = "The rain fell in torrents, except when it was checked by a gust of wind. 'Don't go,' she said.\n\n" * 8
CODE = "(if: $gold > 5)[You buy it. (set: $gold to it - 5)](else:)[No money.]\n[[Go on->Next]]\n"
HOSTILE = (
    "(if:",
    "[[",
    '"',
    "`",
    "[",
    "''",
    '<a "',
    "<a '>'",
    "[[a|b|c]d ",
    "]",
    "(if: $x)[a]",
    "$x+",
    "(a:1+",
    "\n* ",
)


def seconds(text: str) -> float:
    start = time.process_time()
    LANGUAGE.parse(text)
    return time.process_time() - start


def main() -> None:
    text = (PROSE + CODE) * 1000
    print(f"{'prose and code':20} {len(text) / seconds(text) / 1e6:8.1f} MB/s")
    for unit in HOSTILE:
        short, long = seconds(unit * 25_000), seconds(unit * 100_000)
        print(f"{unit!r:20} {len(unit) * 0.1 / long:8.1f} MB/s {long / short:5.1f}")


if __name__ == "__main__":
    main()
