import pytest

from gamebook_lab.errors import EditError, UnknownPassageError
from gamebook_lab.story.edits import rename_passage, rename_variable
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows


def texts(story):
    return dict(zip(story.table["passage_id"], story.table["text"], strict=True))


def test_rename_passage__writes_the_name_in_every_place_that_names_it(inn):
    assert texts(rename_passage(inn, "Cellar", "Wine cellar")) == {
        "Start": 'You wake. [[Wine cellar]] or [[up the stairs->Attic]].\n{set $gold = 3}{visited "Wine cellar"}',
        "Wine cellar": inn.text("Cellar"),
        "Attic": '{link "Go \\"down\\"" "Wine cellar"}\n[[Attic]]\nYou have $gold.',
        "Yard": "Nothing leads here.",
    }


def test_rename_passage__a_link_to_itself_goes_along(inn):
    assert "[[Loft]]" in rename_passage(inn, "Attic", "Loft").text("Loft")


def test_rename_passage__keeps_the_start(inn):
    assert rename_passage(inn, "Start", "Awake").start_key == inn.start_key


def test_rename_passage__and_back_gives_the_same_texts(inn):
    again = rename_passage(rename_passage(inn, "Cellar", "X"), "X", "Cellar")
    assert again.table.equals(inn.table)


def test_rename_passage__keeps_programs_and_texts_of_the_others(inn):
    before = inn.program("Yard")
    after = rename_passage(inn, "Cellar", "X")
    assert after.program("Yard") is before
    assert after.text("Yard") is inn.text("Yard")


def test_rename_passage__tells_the_kind_anew(inn):
    assert rename_passage(inn, "Yard", "StoryInit").record("StoryInit").kind == "special"


@pytest.mark.parametrize("name", ["Attic", "", "  ", " x", "x ", "a\nb", "a->b", "a]]b", "StoryData", "\ud800", None])
def test_rename_passage__refuses_what_cannot_be_a_name(inn, name):
    with pytest.raises(EditError):
        rename_passage(inn, "Cellar", name)


def test_rename_passage__to_its_own_name_changes_nothing(inn):
    assert rename_passage(inn, "Cellar", "Cellar") is inn


def test_rename_passage__unknown(inn):
    with pytest.raises(UnknownPassageError, match="Celler"):
        rename_passage(inn, "Celler", "X")


@pytest.fixture
def twins(fake):
    return Story(passage_rows([Passage("A", "[[B]]"), Passage("B", "first"), Passage("B", "second")]), fake)


def test_rename_passage__links_follow_the_first_of_two_with_the_name(twins):
    assert rename_passage(twins, 1, "C").text("A") == "[[C]]"


def test_rename_passage__links_stay_when_a_later_one_of_the_name_is_renamed(twins):
    renamed = rename_passage(twins, 2, "C")
    assert renamed.text("A") == "[[B]]"
    assert renamed.keys_by_name == {"A": (0,), "B": (1,), "C": (2,)}


def test_rename_passage__to_the_name_where_the_story_wants_to_start_makes_it_the_start(fake):
    story = Story(passage_rows([Passage("Begin", "")]), fake)
    assert rename_passage(story, "Begin", "Start").start_key == 0


def test_rename_variable__everywhere(inn):
    renamed = rename_variable(inn, "$gold", "$silver")
    assert texts(renamed) == {name: text.replace("$gold", "$silver") for name, text in texts(inn).items()}
    assert rename_variable(renamed, "$silver", "$gold").table.equals(inn.table)
    assert renamed.text("Yard") is inn.text("Yard")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("$iron", "$x", "no passage uses"),
        ("$gold", "gold", "not a name"),
        ("$gold", "$tin", "already"),
        ("$gold", "_gold", "same kind"),
    ],
)
def test_rename_variable__refusals(make_story, old, new, message):
    story = make_story(Start="{set $gold = 1}$tin")
    with pytest.raises(EditError, match=message):
        rename_variable(story, old, new)


def test_rename_variable__merges_two_if_asked(make_story):
    story = make_story(Start="{set $gold = 1}$tin")
    assert rename_variable(story, "$tin", "$gold", merge=True).text("Start") == "{set $gold = 1}$gold"
