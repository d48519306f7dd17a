import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.story.checks.suggest import NearNames, Suggester

NAMES = ["Cellar", "The Old Harbour", "Attic", "Chapter 1"]


def test_suggest__misspelt():
    assert Suggester(NAMES).nearest("Celler") == ("Cellar",)


def test_suggest__case_space_and_punctuation():
    assert Suggester(NAMES).nearest("the old-harbour") == ("The Old Harbour",)


def test_suggest__nothing_alike():
    suggester = Suggester(NAMES)
    assert suggester.nearest("Zzyzx") == ()
    assert suggester.hint("Zzyzx") == ""


def test_suggest__punctuation_only():
    assert Suggester(["...", "Attic"]).nearest("?!") == ()


def test_suggest__answers_a_bounded_number_of_questions():
    suggester = Suggester(NAMES)
    answers = [suggester.nearest(f"Cellar{number}") for number in range(200)]
    assert answers[0] == ("Cellar",)
    assert answers[150] == ()
    assert suggester.nearest("Cellar0") == ("Cellar",)


def test_suggest__common_runs_are_skipped():
    suggester = Suggester(f"Room {number}" for number in range(5000))
    assert suggester.nearest("Roof") == ()


def test_suggest__the_same_in_every_process():
    code = (
        "from gamebook_lab.story.checks.suggest import Suggester\n"
        "print(Suggester(f'B{n}-Ch{m:02}a-Intro' for n in (1, 2) for m in range(13)).nearest('B3-Ch01a-Intro'))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(6)
    }
    assert len(answers) == 1


NAME = st.sampled_from([*NAMES, "cellar", "Cellars", "Wine cellar", "", "...", "é去"]) | st.text("ab c", max_size=6)


@given(st.lists(st.lists(NAME, max_size=8), max_size=5))
def test_suggest__what_was_learnt_of_other_names_before_makes_no_difference(rounds):
    near = NearNames()
    for names in rounds:
        near = near.of(names)
        for asked in ("celler", "CELLAR", "wine cellars", "ab", "....", "Chapter 2"):
            assert Suggester(near).nearest(asked) == Suggester(reversed(names)).nearest(asked)
