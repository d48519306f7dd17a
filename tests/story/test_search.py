import pytest

from gamebook_lab.errors import EditError, LimitError
from gamebook_lab.story import search
from gamebook_lab.story.search import find, preview, replace


def rows(table, *columns):
    return list(table[list(columns)].itertuples(index=False, name=None))


def test_find__tells_where_and_what_stands_around(inn):
    found = find(inn, "GOLD")
    assert rows(found, "passage_id", "line", "column", "match") == [
        ("Start", 2, 7, "gold"),
        ("Cellar", 2, 6, "gold"),
        ("Attic", 3, 11, "gold"),
    ]
    assert rows(found, "before", "after")[2] == ("You have $", ".")
    assert inn.text("Cellar")[slice(*found.loc[1, ["start", "stop"]])] == "gold"


def test_find__nothing_has_the_same_columns(inn):
    none, some = find(inn, "zebra"), find(inn, "gold")
    assert none.empty
    assert none.dtypes.equals(some.dtypes)


def test_find__case_and_whole_words(make_story):
    story = make_story(A="Cat cat bobcat cät_ cat-flap été")
    assert len(find(story, "cat")) == 4
    assert len(find(story, "cat", case_sensitive=True)) == 3
    assert len(find(story, "cat", whole_word=True)) == 3
    assert find(story, "t", whole_word=True).empty


def test_find__plain_text_is_not_a_pattern(make_story):
    assert find(make_story(A="a.b axb"), "a.b")["start"].tolist() == [0]


def test_find__offsets_count_characters(make_story):
    assert rows(find(make_story(A="é😀\nß gold"), "gold"), "start", "line", "column") == [(5, 2, 3)]


def test_find__regular_expression_by_lines(make_story):
    assert find(make_story(A="one\ntwo\nthree"), r"^t\w+$", regex=True)["match"].tolist() == ["two", "three"]


def test_find__in_prose_only(inn):
    assert rows(find(inn, "cellar", within="prose"), "passage_id", "start") == [("Start", 12)]
    assert find(inn, "gold", within="prose").empty


def test_find__in_names_and_everywhere(inn):
    assert rows(find(inn, "attic", within="names"), "passage_id", "where", "start") == [("Attic", "name", 0)]
    assert find(inn, "attic", within="names")["line"].isna().all()
    assert find(inn, "attic", within="all")["where"].value_counts().to_dict() == {"text": 3, "name": 1}


def test_find__in_some_passages_in_story_order(inn):
    assert find(inn, "attic", passages=["Attic", 0])["key"].tolist() == [0, 2]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a(b", "missing"),
        ("xx(?=b)", "position 2"),
        (r"(a)\1", "backreferences are not available"),
        ("", "nothing to find"),
        ("\ud800", "half a character"),
    ],
)
def test_find__a_bad_pattern_says_why(inn, pattern, message):
    with pytest.raises(EditError, match=message):
        find(inn, pattern, regex=True)


def test_find__unknown_place(inn):
    with pytest.raises(EditError, match="within"):
        find(inn, "a", within="nowhere")


def test_find__more_matches_than_anyone_reads(inn, monkeypatch):
    monkeypatch.setattr(search, "MAX_MATCHES", 3)
    with pytest.raises(LimitError, match="more than 3"):
        find(inn, "e")


def test_find__a_hostile_pattern_is_linear(make_story):
    assert find(make_story(A="a" * 50_000), "(a*)*b", regex=True).empty


def test_preview__shows_the_new_text_beside_the_old(inn):
    shown = preview(inn, r"\$(\w+)", r"<\1|\g<1>>\\", regex=True)
    assert rows(shown, "match", "replacement") == [("$gold", "<gold|gold>\\")] * 3


@pytest.mark.parametrize("replacement", [r"\2", r"\g<x>", "\\", r"\q", r"\g<1", r"\g<9999>"])
def test_preview__a_bad_replacement_says_why(inn, replacement):
    with pytest.raises(EditError, match="replacement"):
        preview(inn, "(gold)", replacement, regex=True)


def test_replace__in_text_changes_just_the_matches(inn):
    new = replace(inn, "gold", "tin")
    assert new.table["text"].tolist() == [text.replace("gold", "tin") for text in inn.table["text"]]
    assert new.text("Yard") is inn.text("Yard")
    assert replace(inn, "zebra", "x") is inn


def test_replace__plain_replacement_is_taken_as_it_is(make_story):
    assert replace(make_story(A="a"), "a", r"\1\n").text("A") == r"\1\n"


def test_replace__only_the_selected_rows(inn):
    shown = preview(inn, "gold", "tin")
    new = replace(inn, "gold", "tin", select=shown.index[shown["passage_id"] == "Cellar"])
    assert [key for key in inn.table.index if new.text(key) != inn.text(key)] == [1]
    assert replace(inn, "gold", "tin", select=[]) is inn
    with pytest.raises(EditError, match="row 3 is not in the preview"):
        replace(inn, "gold", "tin", select=[3])


def test_replace__in_prose_never_touches_a_target(inn):
    new = replace(inn, "cellar", "basement", within="prose")
    assert "[[basement->Cellar]] or" in new.text("Start")
    assert new.choices["target"].equals(inn.choices["target"])


def test_replace__in_a_quoted_label_is_written_as_a_label(make_story):
    story = make_story(A='{link "Go north" "B"} north', B="")
    assert replace(story, "north", 'a "b"', within="prose").text("A") == '{link "Go a \\"b\\"" "B"} a "b"'


def test_replace__in_prose_does_not_reach_across_markup(make_story):
    story = make_story(A="old [[man->A]] old man")
    assert replace(story, "old man", "X", within="prose").text("A") == "old [[man->A]] X"


def test_replace__in_names_renames_with_all_links(inn):
    new = replace(inn, "Cellar", "Vault", within="names")
    assert "[[Vault]]" in new.text("Start")
    assert new.key("Vault") == 1
    assert replace(inn, "Cellar", "Vault", within="all").text("Attic").endswith("$gold.")
    with pytest.raises(EditError, match="already"):
        replace(inn, "Cellar", "Attic", within="names")


def test_replace__line_ends_stay_as_stories_have_them(make_story):
    assert replace(make_story(A="ab"), "b", "\r\n").text("A") == "a\n"


def test_find__many_matches_in_one_long_line_are_counted_once_through(make_story):
    found = find(make_story(A="ab\n" * 20_000), "b")
    assert found["line"].iloc[-1] == 20_000
    assert found["column"].unique().tolist() == [2]


def test_find__in_a_text_that_holds_half_a_character(make_story):
    story = make_story(A="a \ud800 b gold")
    assert find(story, "gold")["start"].tolist() == [6]
    assert replace(story, "gold", "tin").text("A") == "a \ud800 b tin"
    with pytest.raises(EditError, match="half a character"):
        replace(story, "gold", "\ud800")
