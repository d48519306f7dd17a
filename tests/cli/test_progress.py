"""What is said of how far an exploration is where there is no terminal."""

from __future__ import annotations

from gamebook_lab.cli.progress import progress_line
from gamebook_lab.engine.limits import Progress


def test_progress__without_a_terminal_is_a_line_every_ten_seconds(capsys):
    with progress_line() as show:
        for second in range(0, 36, 2):
            show(Progress(1_000 * second, 5, 3, float(second)))
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"gamebook: {1_000 * s:,} states, 5 to look at, {s} s" for s in (10, 20, 30)]


def test_progress__short_work_says_nothing(capsys):
    with progress_line() as show:
        show(Progress(10, 0, 1, 9.9))
    assert capsys.readouterr().err == ""
