"""Functions that call themselves by way of C (a sort that compares by sorting) end by a bound, never by the process's stack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gamebook_lab.engine.exploration import explore
from gamebook_lab.languages.registry import for_format
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows

N = 60
COMPARES = {
    "by sorting": "[2, 1].sort(f).length",
    "in arrays": "[" * N + "[2, 1].sort(f)" + "]" * N,
    "in calls": "Math.max(1, " * N + "[2, 1].sort(f).length" + ")" * N,
    "in other functions": "[1].map(z => " * 9 + "[2, 1].sort(f).length" + ")" * 9,
}
RUNS = {
    "SugarCube": "<<script>>let f = (a, b) => {}; State.variables.q = [2, 1].sort(f)<</script>><<if $q.length>>[[End]]<</if>>",
    "Chapbook": "q: 1\n--\n[JavaScript]\nlet f = (a, b) => {}; q = [2, 1].sort(f)\n[if q.length]\n[[End]]\n",
    "Snowman": "<% var f = (a, b) => {}; s.q = [2, 1].sort(f) %><% if (s.q.length) { %>[[End]]<% } %>",
}
CASES = [(format_, run.replace("{}", body)) for format_, run in RUNS.items() for body in COMPARES.values()] + [
    ("Harlowe", f"(set: $m to (macro: num-type _n, [(output-data: {body})]))(set: $y to ($m: 1))(if: $y is 1)[[[End]]]")
    for body in ("(sorted: via ($m: it), 2, 1)'s 1st", "(a: " * N + "(find: where ($m: it) > 0, 2)" + ")" * N)
]  # fmt: skip


def story_of(format_: str, text: str) -> Story:
    language = for_format(format_)
    assert language is not None
    return Story(passage_rows([Passage("Start", text, is_start=True), Passage("End", "x")]), language)


@pytest.mark.parametrize("format_", ["SugarCube", "Chapbook", "Snowman", "Harlowe"])
def test_recursion__through_calls_of_c_ends_as_not_known(format_: str) -> None:
    for text in (text for name, text in CASES if name == format_):
        space = explore(story_of(format_, text), max_states=20, threads=1)
        assert not space.is_exact, text


def test_recursion__fits_into_half_of_a_threads_usual_stack() -> None:
    """In a process of its own: it would not raise, it would crash."""
    run = subprocess.run(
        [sys.executable, __file__], capture_output=True, text=True, timeout=240, cwd=Path(__file__).parents[2], check=False
    )  # fmt: skip
    assert (run.returncode, run.stdout.split()) == (0, [str(len(CASES))]), run.stderr[-2_000:]


def _all_on_a_thread() -> None:
    import threading

    done: list[bool] = []

    def explore_all() -> None:
        for format_, text in CASES:
            explore(story_of(format_, text), max_states=20, threads=1)
            done.append(True)

    threading.stack_size(4 << 20)
    thread = threading.Thread(target=explore_all)
    thread.start()
    thread.join()
    sys.stdout.write(f"{len(done)}\n")


if __name__ == "__main__":
    _all_on_a_thread()
