import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import merge_passages, rename_passage, set_start, set_tags, set_text, split_passage
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows


@pytest.fixture
def hall(make_story):
    return make_story(Hall="A hall.\n\nA door. [[Out->Yard]]\n{if $key}You [[open->Yard]] it.{end}", Yard="Grass.")


def test_split_passage__links_to_the_rest(hall):
    new = split_passage(hall, "Hall", len("A hall."), "Door")
    assert new.text("Hall") == "A hall.\n\n[[Door]]"
    assert new.text("Door") == "A door. [[Out->Yard]]\n{if $key}You [[open->Yard]] it.{end}"
    assert new.key("Door") == 2


def test_split_passage__in_the_middle_of_a_sentence(hall):
    assert split_passage(hall, "Hall", 2, "Door").text("Hall") == "A [[Door]]"


def test_split_passage__at_either_end(hall):
    text = hall.text("Hall")
    assert split_passage(hall, "Hall", 0, "X").text("X") == text
    assert split_passage(hall, "Hall", len(text), "X").text("Hall") == f"{text}[[X]]"


@pytest.mark.parametrize(
    ("at", "inside"),
    [("ut->", "the link 'Out'"), ("ey}", "variable \\$key"), ("You", "condition \\$key"), (" it", "markup or code")],
)
def test_split_passage__refuses_to_cut_markup(hall, at, inside):
    with pytest.raises(EditError, match=inside):
        split_passage(hall, "Hall", hall.text("Hall").index(at), "X")


def test_split_passage__refuses_code_and_style(hall):
    with pytest.raises(EditError, match="kind style"):
        split_passage(set_tags(hall, "Yard", ["style"]), "Yard", 2, "X")


def test_split_passage__refuses_a_condition_that_does_not_end(make_story):
    with pytest.raises(EditError, match=r"inside the condition \$x, which does not end"):
        split_passage(make_story(A="{if $x}some words"), "A", 12, "B")


def test_split_passage__refuses_an_offset_outside_and_a_name_that_is_taken(hall):
    with pytest.raises(EditError, match="not in the text"):
        split_passage(hall, "Hall", 999, "X")
    with pytest.raises(EditError, match="already"):
        split_passage(hall, "Hall", 2, "Yard")


def test_merge_passages__undoes_a_split(hall):
    for at in (0, 2, 7, 8, 9, 16):
        again = merge_passages(split_passage(hall, "Hall", at, "Door"), "Hall", "Door")
        assert again.table.equals(hall.table)


def test_merge_passages__links_to_the_second_lead_to_the_first(make_story):
    story = make_story(A="One. [[B]] ", B="Two. [[B]] [[C]]", C='[[x->B]] {visited "B"}')
    merged = merge_passages(story, "A", "B")
    assert merged.table["text"].tolist() == ["One. Two. [[A]] [[C]]", '[[x->A]] {visited "A"}']


def test_merge_passages__without_a_link_the_text_follows(make_story):
    assert merge_passages(make_story(A="One.\n", B="Two."), "A", "B").text("A") == "One.\n\nTwo."
    assert merge_passages(make_story(A="", B="Two."), "A", "B").text("A") == "Two."


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("[[B]] or [[C]]", "line 1, column 1"),
        ("[[B]] [[x->B]]", "lead to itself"),
        ("{if $x}[[B]]{end}", "lead to itself"),
        ('{goto "B"}', "lead to itself"),
        ("an open /* comment", "comment|seam"),
    ],
)
def test_merge_passages__refuses_what_would_change_the_story(make_story, first, message):
    with pytest.raises(EditError, match=message):
        merge_passages(make_story(A=first, B="b */ c", C=""), "A", "B")


def test_merge_passages__takes_start_and_tags_along(make_story):
    story = set_tags(set_start(make_story(A="a", B="b"), "B"), "B", ["dark"])
    merged = merge_passages(story, "A", "B")
    assert merged.start_key == 0
    assert merged.record("A").tags == ("dark",)


def test_merge_passages__refuses_itself_and_other_kinds(hall):
    with pytest.raises(EditError, match="itself"):
        merge_passages(hall, "Yard", "Yard")
    with pytest.raises(EditError, match="of a kind"):
        merge_passages(set_tags(hall, "Yard", ["style"]), "Hall", "Yard")


def test_merge_passages__a_second_passage_of_a_name_leaves_the_links_alone(fake):
    story = Story(passage_rows([Passage("A", "[[B]]"), Passage("B", "1"), Passage("B", "2")]), fake)
    assert merge_passages(story, 0, 2).text("A") == "[[B]]\n\n2"


def test_split_passage__then_rename_then_merge(hall):
    story = rename_passage(split_passage(hall, "Hall", 7, "Door"), "Door", "D")
    assert merge_passages(set_text(story, "D", "New."), "Hall", "D").text("Hall") == "A hall.\n\nNew."
