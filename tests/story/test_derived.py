import pytest

from gamebook_lab.story import schema
from gamebook_lab.story.edits import (
    add_passage,
    delete_passage,
    rename_passage,
    set_tags,
    set_text,
)
from gamebook_lab.story.values import value_type


def rows(table, *columns):
    return list(table[list(columns)].itertuples(index=False, name=None))


def test_choices__of_every_kind_in_story_order(inn):
    assert rows(inn.choices, "choice_id", "passage_id", "label", "target", "kind", "condition") == [
        ("0:0", "Start", "Cellar", "Cellar", "link", ""),
        ("0:1", "Start", "up the stairs", "Attic", "link", ""),
        ("1:0", "Cellar", "Bribe", "Attic", "link", "$gold > 2"),
        ("1:1", "Cellar", None, "Start", "goto", ""),
        ("2:0", "Attic", 'Go "down"', "Cellar", "link", ""),
        ("2:1", "Attic", "Attic", "Attic", "link", ""),
    ]


def test_choices__spans_are_their_markup(inn):
    choices = inn.choices
    assert inn.text(0)[choices["start"][1] : choices["stop"][1]] == "[[up the stairs->Attic]]"


def test_choices__columns_are_those_of_the_schema(inn, make_story):
    expected = {column.name: column.dtype for column in schema.CHOICES}
    for story in (inn, make_story(A="")):
        assert {name: str(dtype) for name, dtype in story.choices.dtypes.items()} == expected


def test_choices__several_conditions_keep_an_or_together(make_story):
    story = make_story(A="{if $a or $b}{if $c}[[A]]{end}{end}")
    assert story.choices["condition"].tolist() == ["($a or $b) and $c"]


def test_variables__counts_types_and_initial_values(make_story):
    story = make_story(
        A="{set $gold = 3}{if $gold > 2}$gold{end}{set _i = $gold}",
        B='{set $gold = "much"}{set $name = "Al"}',
        StoryInit="{set $gold = 0}",
    )
    columns = ("name", "type", "initial", "n_reads", "n_writes", "n_passages", "is_temporary", "is_relevant")
    assert rows(story.variables, *columns) == [
        ("$gold", "other", "0", 3, 3, 3, False, True),
        ("$name", "string", '"Al"', 0, 1, 1, False, False),
        ("_i", "unknown", "$gold", 0, 1, 1, True, False),
    ]


def test_variables__relevance_goes_through_other_variables(make_story):
    story = make_story(A="{set $c = $b}{set $b = $a}{set $d = $c}{go $c}$e")
    assert dict(rows(story.variables, "name", "is_relevant")) == {
        "$a": True, "$b": True, "$c": True, "$d": False, "$e": False,
    }  # fmt: skip


def test_variables__only_read(make_story):
    assert rows(make_story(A="$x").variables, "type", "initial", "n_writes") == [("unknown", None, 0)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("true", "boolean"), (" False ", "boolean"), ("3", "number"), ("-2.5e3", "number"), ("1_000", "unknown"),
        ("nan", "unknown"), ("'a'", "string"), (r'"a\"b"', "string"), ('"a" + $b', "string"), ('"a" is $b', "unknown"),
        ("'open", "unknown"), ("[1, 2]", "array"), ("(a: 1)", "array"), ("(dm: 'a', 1)", "map"), ("{a: 1}", "map"),
        ("(ds: 1)", "set"), ("new Set([1])", "set"), ("(a: 1) + (a: 2", "unknown"), ("$x + 1", "unknown"), ("", "unknown"),
        (None, "unknown"), ("-", "unknown"), ("'", "unknown"),
    ],
)  # fmt: skip
def test_value_type(source, expected):
    assert value_type(source) == expected


@pytest.mark.parametrize(
    "edit",
    [
        lambda story: set_text(story, "Cellar", "{set $tin = 1}[[Yard]][[Attic]]"),
        lambda story: set_text(story, "Yard", "no links"),
        lambda story: rename_passage(story, "Attic", "Loft"),
        lambda story: delete_passage(story, "Cellar"),
        lambda story: add_passage(story, "Roof", "[[Yard]]{set $gold = true}"),
        lambda story: set_tags(story, "Start", ["style"]),
        lambda story: rename_passage(story, "Cellar", "StoryInit"),
        lambda story: story.with_table(story.table.iloc[[2, 0, 3, 1]]),
        lambda story: add_passage(delete_passage(story, "Start"), "Start", "[[Start]]"),
    ],
)
def test_derived__after_an_edit_is_as_if_built_anew(inn, edit):
    for name in ("choices", "variables", "mentions", "uses", "keys_by_name"):
        getattr(inn, name)
    assert_fresh(edit(inn))
    assert_fresh(edit(edit_of_other(inn)))


def edit_of_other(story):
    return set_text(set_text(story, "Yard", "[[Start]] $gold"), "Attic", "")


def assert_fresh(story):
    anew = type(story)(story.table, story.language, story.metadata)
    assert story.choices.equals(anew.choices)
    assert story.choices.index.equals(anew.choices.index)
    assert story.variables.equals(anew.variables)
    assert story.keys_by_name == anew.keys_by_name
    for name in ("mentions", "uses"):
        mine, other = getattr(story, name), getattr(anew, name)
        assert (mine.words, mine.keys) == (other.words, other.keys)


def test_derived__an_edit_parses_only_what_changed(inn, monkeypatch):
    _ = inn.choices, inn.variables
    parsed = []
    parse = type(inn.language).parse
    monkeypatch.setattr(
        type(inn.language),
        "parse",
        lambda self, text, **facts: parsed.append(facts["name"]) or parse(self, text, **facts),
    )
    story = set_text(inn, "Yard", "[[Attic]]")
    _ = story.choices, story.variables, story.mentions, story.keys_by_name
    assert parsed == ["Yard"]


def test_with_source__keeps_what_was_derived(inn):
    choices = inn.choices
    assert inn.with_source(None).choices is choices
