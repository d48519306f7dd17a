"""From an edit of one passage to fresh verdicts on a story of 1,329 passages: goal under 1 s.

Needs the corpora: folder `shared/corpora` beside the project, or GAMEBOOK_CORPORA. Each edit is explored and all verdicts,
classes of choices, endings and problems are found anew, as the Studio does; situations of passages that the edit cannot
have changed are remembered. As in the Studio, what stays is set aside between edits, while nobody waits: see `quiet.py`.

    python benchmarks/edit_to_verdicts.py [STORY] [--edits 12]
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from stories import MAGIUM

import gamebook_lab as gb
from gamebook_lab.analysis.answers import Findings
from gamebook_lab.analysis.findings import findings
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.quiet import QUIET


def timed(story: Story) -> tuple[float, float, Findings]:
    """Seconds by the clock, and of the processor, until all verdicts are there."""
    wall, processor = time.perf_counter(), time.process_time()
    found = findings(gb.explore(story))
    return time.perf_counter() - wall, time.process_time() - processor, found


def main() -> None:
    """Edit passages all over the story, words and code in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("story", type=Path, nargs="?", default=MAGIUM)
    parser.add_argument("--edits", type=int, default=12)
    options = parser.parse_args()
    if not options.story.is_file():
        print(f"no story at {options.story}: name one, or set GAMEBOOK_CORPORA")
        return
    story = gb.read_story(options.story)
    story.problems()
    wall, processor, found = timed(story)
    print(f"{found.n_states:,} states; the first time {wall:.2f} s by the clock, {processor:.2f} s of the processor")
    reached = found.passages.loc[found.passages["verdict"] == "reachable", "passage_id"].tolist()
    chosen = np.random.default_rng(3).choice(len(reached), options.edits, replace=False).tolist()
    walls = []
    for number, at in enumerate(chosen):
        QUIET.settle()
        key = story.key(reached[at])
        code = "<<set $edited to 1>>" if number % 2 else "One more line."
        wall, processor, found = timed(gb.edits.set_text(story, key, f"{story.text(key)}\n{code}"))
        walls.append(wall)
        print(
            f"  {'code' if number % 2 else 'words':6} in {reached[at]:32} {wall:6.2f} s, processor {processor:6.2f} s"
        )
    worst = max(walls)
    print(f"an edit: median {statistics.median(walls):.2f} s, worst {worst:.2f} s; goal under 1 s: {worst < 1.0}")


if __name__ == "__main__":
    main()
