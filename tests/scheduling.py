"""Which process runs which tests, where there are several (``pytest -n 2``).

The tests of a file share a process, and with it what its fixtures have started or explored. Browser tests are one
group, because they share a lab; hostile files share nothing, and fill up what time is left. What takes longest goes first:
begun last, it would run alone at the end.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/",)
APART = ("tests/test_hostile_input.py::test_only_our_own_errors_come_of_hostile_files",)
FIRST = ("tests/browser/", "tests/parallel/test_", "tests/languages/test_players.py", "notebooks/")
LAST = ("tests/test_hostile_input.py",)


class ByFile(LoadScopeScheduling):
    """Gives each process a file at a time."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(APART):
            return nodeid
        return next((group for group in TOGETHER if nodeid.startswith(group)), nodeid.split("::", 1)[0])


def urgency(nodeid: str) -> int:
    """Sort key of a test: what is to be begun first comes first, all else stays in its order."""
    if nodeid.startswith(LAST):
        return len(FIRST) + 1
    return next((place for place, begins in enumerate(FIRST) if nodeid.startswith(begins)), len(FIRST))
