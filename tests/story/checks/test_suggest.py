from gamebook_lab.story.checks.suggest import Suggester

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
