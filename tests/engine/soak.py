"""The stories of `language_suite.py` for as long as you like: in every language, verdicts against a naive walk's.

    python -m tests.engine.soak [--minutes 20] [--seed 1] [--language Harlowe]

Rounds take turns by language and by how freely stories are written, each with a seed of its own. Prints how many stories were
drawn, how many explorations compared and how many rounds disagreed, and the shrunk story of each that did.
"""

# ruff: noqa: T201  # a table in the terminal is what it is for

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "toys")]

from language_suite import LANGUAGES, check_however, check_plain, stories  # noqa: E402  # where it is found is said above

MANNERS = {"plainly": (check_plain, {}), "however": (check_however, {"hows": st.integers(0, 10_000)})}
STORIES_OF_A_ROUND = {"plainly": 50, "however": 25}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20, help="of this process's time on the processor")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="one only; may be given again")
    options = parser.parse_args()
    kinds = [(name, manner) for name in options.language or LANGUAGES for manner in MANNERS]
    tally: Counter[tuple[str, str, str]] = Counter()
    begun = time.process_time()
    for number in count():
        _round(*kinds[number % len(kinds)], 1_000_000 * options.seed + number, tally)
        minutes = (time.process_time() - begun) / 60
        if (number + 1) % len(kinds) == 0 or minutes > options.minutes:
            n_stories, n_wrong = (sum(tally[*kind, what] for kind in kinds) for what in ("stories", "wrong"))
            said = f"{n_stories} stories in {minutes:.1f} minutes of the processor, seed {options.seed}"
            print(f"{said}: {n_wrong} rounds disagreed", flush=True)
        if minutes > options.minutes:
            break
    print(f"{'language':<10} {'written':<8} {'stories':>8} {'compared':>9} {'disagreed':>9}")
    for kind in kinds:
        n_stories, n_compared, n_wrong = (tally[*kind, what] for what in ("stories", "compared", "wrong"))
        print(f"{kind[0]:<10} {kind[1]:<8} {n_stories:>8} {n_compared:>9} {n_wrong:>9}")
    return 1 if any(tally[*kind, "wrong"] for kind in kinds) else 0


def _round(name: str, manner: str, number: int, tally: Counter[tuple[str, str, str]]) -> None:
    check, drawn = MANNERS[manner]

    @seed(number)
    @settings(
        max_examples=STORIES_OF_A_ROUND[manner], deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(stories(**LANGUAGES[name][2], **drawn))
    def round_of_stories(passages: dict[str, object]) -> None:
        tally[name, manner, "stories"] += 1
        tally[name, manner, "compared"] += check(passages, name)

    try:
        round_of_stories()
    except Exception as error:  # noqa: BLE001  # whatever it is, the next rounds tell more
        tally[name, manner, "wrong"] += 1
        print(f"DISAGREED ({name}, {manner}, round {number}): {type(error).__name__}: {error}")
        print(*getattr(error, "__notes__", ()), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
