from gamebook_lab.story.metadata import Metadata


def test_names__duplicate_says_where_the_first_is(one):
    row = one([("Start", "[[Cave]]"), ("Cave", "One."), ("Cave", "Two.")], "GB102")
    assert row["message"] == "Another passage is named 'Cave' already (toy.twee, line 4)"
    assert (row["key"], row["line"], row["column"]) == (2, 7, 1)


def test_names__every_further_duplicate_is_a_row(rows):
    assert len(rows([("A", "x"), ("A", "y"), ("A", "z")], "GB102")) == 2


def test_names__start_that_does_not_exist(one):
    row = one({"Beginning": "Hi"}, "GB103", start=None, metadata=Metadata(declared_start="Begining"))
    assert "'Begining'" in row["message"]
    assert row["hint"] == "Did you mean 'Beginning'?"


def test_names__no_start_at_all(rows):
    assert rows({"A": "Hi [[B]]", "B": "Ho"}, start=None) == [("GB103", None)]


def test_names__empty_passage_is_one_problem_only(rows):
    assert rows({"Start": "Go [[Next]]", "Next": " \n "}) == [("GB106", "Next")]


def test_names__empty_special_passage_is_fine(rows):
    assert rows({"Start": "Go.", "Init": ""}, tags={"Init": ["special"]}) == []
