import math

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import (
    add_passage,
    delete_passage,
    duplicate_passage,
    move_passage,
    move_passages,
    set_start,
    set_tags,
    set_text,
)
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows


def test_add_passage__at_the_end_with_a_new_key(inn):
    new = add_passage(inn, "Roof", "Wind.\r\nCold.", ["high", "high"], x=1, y=2)
    assert new.record("Roof") == Passage("Roof", "Wind.\nCold.", ("high",), x=1.0, y=2.0)
    assert new.key("Roof") == 4
    assert new.table.dtypes.equals(inn.table.dtypes)
    assert new.table.index.name == "key"
    assert len(inn) == 4


def test_add_passage__never_uses_a_key_again(inn):
    assert add_passage(delete_passage(inn, "Yard"), "Roof").key("Roof") == 4


def test_add_passage__kind_from_the_language(inn):
    assert add_passage(inn, "StoryInit").record("StoryInit").kind == "special"


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "Cellar"},
        {"name": "x", "text": "\ud83d"},
        {"name": "x", "tags": ["a b"]},
        {"name": "x", "tags": [""]},
        {"name": "x", "tags": "dark"},
        {"name": "x", "x": math.nan},
        {"name": "]]"},
    ],
)
def test_add_passage__refusals(inn, arguments):
    with pytest.raises(EditError):
        add_passage(inn, **arguments)


def test_add_passage__the_first_one_is_the_start(fake):
    empty = Story(passage_rows([]), fake)
    assert add_passage(empty, "Once").start_key == 0
    assert add_passage(add_passage(empty, "Once"), "Start").start_key == 0
    assert add_passage(empty, "x", tags=["style"]).start_key is None


def test_add_passage__with_the_declared_name_is_the_start(fake):
    story = Story(passage_rows([Passage("A")]), fake, Metadata(declared_start="Begin"))
    assert add_passage(story, "Start").start_key is None
    begun = add_passage(story, "Begin")
    assert (begun.start_key, begun.metadata.declared_start) == (1, None)


def test_duplicate_passage__beside_the_original_under_a_free_name(inn):
    placed = move_passage(inn, "Attic", 10, 20)
    twice = duplicate_passage(duplicate_passage(placed, "Attic"), "Attic")
    assert twice.table["passage_id"].tolist()[-2:] == ["Attic 2", "Attic 3"]
    assert twice.record("Attic 2") == Passage("Attic 2", inn.text("Attic"), x=135.0, y=20.0)


def test_delete_passage__links_to_it_stay(inn):
    new = delete_passage(inn, "Cellar")
    assert new.text("Start") is inn.text("Start")
    assert new.table["passage_id"].tolist() == ["Start", "Attic", "Yard"]


def test_delete_passage__unlink_turns_links_into_their_labels(inn):
    new = delete_passage(inn, "Cellar", unlink=True)
    assert new.text("Start").startswith("You wake. Cellar or [[up")
    assert new.text("Attic").startswith('Go "down"\n')
    assert delete_passage(inn, "Start", unlink=True).text("Cellar") is inn.text("Cellar")


def test_delete_passage__the_next_of_its_name_takes_links_and_start_over(fake):
    story = Story(passage_rows([Passage("A", "[[A]]", is_start=True), Passage("A", "b")]), fake)
    new = delete_passage(story, 0, unlink=True)
    assert new.start_key == 1


def test_delete_passage__remembers_where_the_story_wants_to_start(make_story):
    story = delete_passage(make_story(Intro="", B=""), "Intro")
    assert story.start_key is None
    assert story.metadata.declared_start == "Intro"
    assert add_passage(story, "Intro").start_key == 2


def test_set_text__keeps_the_rest(inn):
    before = inn.program("Start")
    new = set_text(inn, "Yard", "Weeds.")
    assert new.text("Yard") == "Weeds."
    assert new.program("Start") is before
    assert set_text(new, "Yard", "Weeds.") is new
    assert inn.text("Yard") == "Nothing leads here."


def test_set_tags__the_kind_follows(inn):
    assert set_tags(inn, "Yard", ["script"]).record("Yard").kind == "script"
    assert set_tags(inn, "Yard", []) is inn


def test_set_start__moves_it(inn):
    new = set_start(inn, "Yard")
    assert new.table["is_start"].tolist() == [False, False, False, True]
    assert set_start(inn, "Start") is inn
    with pytest.raises(EditError, match="style"):
        set_start(set_tags(inn, "Yard", ["style"]), "Yard")


def test_move_passages__many_at_once_and_nothing_else(inn):
    new = move_passages(inn, {"Attic": (1, 2), 3: (4.5, -6)})
    assert new.table["x"].tolist()[2:] == [1.0, 4.5]
    assert new.table.drop(columns=["x", "y"]).equals(inn.table.drop(columns=["x", "y"]))
    with pytest.raises(EditError, match="finite"):
        move_passages(inn, {"Attic": (math.inf, 0)})
