"""What is known of a session's story so far: problems that checks find at once, and verdicts of exploring it, later.

Both run beside the author's work, and only while somebody watches.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from gamebook_lab.story.story import Story
from gamebook_lab.widgets.checker import Checked, Checker
from gamebook_lab.widgets.explorer import Explored, Explorer
from gamebook_lab.widgets.verdict_rows import combined

__all__ = ["Findings"]


class Findings:
    """A session's checker and explorer.

    Parameters
    ----------
    debounce
        Seconds of quiet before problems are computed anew.
    pause
        Seconds of quiet after that before the story is explored anew.
    """

    def __init__(self, *, debounce: float | None, pause: float) -> None:
        # mentions are found beforehand, lest the author's first rename of a long story wait for them
        self.checker = Checker(_problems, debounce=debounce, ready=lambda story: story.mentions)
        self.explorer = Explorer(pause=pause)
        self._together: tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame] | None = None

    def __len__(self) -> int:
        """Watchers of either."""
        return len(self.checker) + len(self.explorer)

    @property
    def problems(self) -> pd.DataFrame | None:
        """Newest problems that are known, of checks and exploration; None before the first check."""
        last = self.checker.last
        return self.together(last.table, self.explorer.last) if last is not None and last.table is not None else None

    def together(self, checked: pd.DataFrame, explored: Explored | None) -> pd.DataFrame:
        """Put both kinds of problems together; of the same two all watchers get the same table."""
        found = None if explored is None else explored.problems
        known = self._together
        if known is None or known[0] is not checked or known[1] is not found:
            known = self._together = checked, found, combined(checked, explored)
        return known[2]

    def watch_problems(self, callback: Callable[[pd.DataFrame], None]) -> Callable[[], None]:
        """As :meth:`StorySession.watch_problems`."""

        def tell(what: Checked | Explored) -> None:
            if what.status == "done" and (problems := self.problems) is not None:
                callback(problems)

        ends = [self.checker.watch(tell), self.watch_verdicts(tell)]

        def stop() -> None:
            for end in ends:
                end()

        return stop

    def watch_verdicts(self, callback: Callable[[Explored], None]) -> Callable[[], None]:
        """As :meth:`StorySession.watch_verdicts`."""

        def follow(checked: Checked) -> None:
            if checked.status == "checking":
                self.explorer.give_up()
            else:
                self.explorer.want(checked.story)

        ends = [self.explorer.watch(callback), self.checker.watch(follow)]

        def stop() -> None:
            for end in reversed(ends):
                end()

        return stop


def _problems(story: Story, rest: Callable[[], None]) -> pd.DataFrame:
    from gamebook_lab.story.checks import check

    return check(story, rest=rest)
