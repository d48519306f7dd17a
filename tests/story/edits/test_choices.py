import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import add_choice, delete_choice, relabel_choice, retarget_choice


def test_add_choice__on_a_line_of_its_own(inn):
    assert add_choice(inn, "Yard", "Climb", "Attic").text("Yard") == "Nothing leads here.\n[[Climb->Attic]]"
    assert add_choice(inn, "Yard", None, 2).text("Yard") == "Nothing leads here.\n[[Attic]]"


def test_add_choice__to_a_passage_that_is_not_there_yet(inn):
    assert add_choice(inn, "Yard", "Fly", "Moon").choices["target"].iloc[-1] == "Moon"


def test_add_choice__refuses_a_text_that_swallows_the_link(make_story):
    with pytest.raises(EditError, match="close it first"):
        add_choice(make_story(Start='a {js "'), "Start", '"}', "Start")


@pytest.mark.parametrize(("label", "target"), [("a", ""), ("", "Attic"), ("a->b", "Attic"), ("a", "]]")])
def test_add_choice__refuses_what_cannot_be_written(inn, label, target):
    with pytest.raises(EditError):
        add_choice(inn, "Yard", label, target)


def test_retarget_choice__changes_the_target_alone(inn):
    assert retarget_choice(inn, "0:1", "Yard").text(0) == inn.text(0).replace("->Attic", "->Yard")
    assert retarget_choice(inn, ("Cellar", 1), "Yard").text("Cellar") == inn.text("Cellar").replace("Start", "Yard")


def test_retarget_choice__a_link_that_shows_its_target_keeps_its_label(inn):
    assert retarget_choice(inn, ("Start", 0), "Yard").text(0) == inn.text(0).replace("[[Cellar]]", "[[Cellar->Yard]]")


def test_retarget_choice__to_where_it_leads_already_changes_nothing(inn):
    assert retarget_choice(inn, "0:0", "Cellar") is inn


def test_retarget_choice__a_macro_that_shows_its_target_has_no_place_for_a_label(make_story):
    story = make_story(Start='{jump "A"}')
    with pytest.raises(EditError, match=r"no place for another label.*\[\[A->B\]\]"):
        retarget_choice(story, "0:0", "B")


def test_retarget_choice__refuses_a_computed_target(make_story):
    with pytest.raises(EditError, match="computed"):
        retarget_choice(make_story(Start="{go $x}"), "0:0", "B")


def test_retarget_choice__refuses_a_web_address(make_story):
    with pytest.raises(EditError, match="external"):
        retarget_choice(make_story(Start='{web "a.org"}'), "0:0", "Start")


@pytest.mark.parametrize("choice", ["0:9", "x", "0:-1", ("Start", -1)])
def test_retarget_choice__unknown_choice(inn, choice):
    with pytest.raises(EditError):
        retarget_choice(inn, choice, "Attic")


def test_relabel_choice__changes_the_label_alone(inn):
    assert relabel_choice(inn, "0:1", "climb").text(0) == inn.text(0).replace("up the stairs", "climb")
    assert relabel_choice(inn, "0:0", "down").text(0) == inn.text(0).replace("[[Cellar]]", "[[down->Cellar]]")
    assert relabel_choice(inn, "2:0", 'say "x"').text(2) == inn.text(2).replace('Go \\"down\\"', 'say \\"x\\"')


def test_relabel_choice__refuses_a_choice_without_label(inn):
    with pytest.raises(EditError, match="no label"):
        relabel_choice(inn, ("Cellar", 1), "x")


def test_delete_choice__takes_a_line_of_its_own_along(inn):
    assert delete_choice(inn, "2:1").text(2) == '{link "Go \\"down\\"" "Cellar"}\nYou have $gold.'
    assert delete_choice(inn, ("Cellar", 1)).text(1) == "Dark.\n{if $gold > 2}[[Bribe->Attic]]{end}"
    assert delete_choice(inn, "0:0").text(0) == inn.text(0).replace("[[Cellar]]", "")
