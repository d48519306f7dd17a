"""Passages as records: what a table holds, read once, and made a table again."""

from dataclasses import fields

import pytest

from gamebook_lab.errors import UnknownPassageError
from gamebook_lab.story import schema
from gamebook_lab.story.edits import move_passage, set_text
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.records import Records, records_of, rows_of


def test_passage__has_the_columns_of_the_table_in_their_order():
    assert [field.name for field in fields(Passage)] == [column.name for column in schema.PASSAGES]


def test_records__hold_values_of_pythons_own_and_none_for_missing_ones(inn):
    story = move_passage(inn, "Attic", 1, 2.5)
    attic, yard = (story.record(name) for name in ("Attic", "Yard"))
    assert (attic.passage_id, attic.text, attic.tags, attic.kind) == ("Attic", inn.text("Attic"), (), "story")
    assert (attic.x, attic.y, attic.width, attic.file, attic.line) == (1.0, 2.5, None, None, None)
    assert (yard.x, yard.is_start, story.record("Start").is_start) == (None, False, True)
    assert {type(value) for value in (attic.x, attic.y)} == {float}
    assert type(attic.is_start) is bool


def test_records__of_few_and_of_all_are_the_same(inn):
    story = move_passage(inn, "Attic", 1, 2)
    every = records_of(story.table)
    assert Records(story.table).of([3, 99, 1]) == {3: every[3], 1: every[1]}
    assert Records(story.table).of(range(-50, 50)) == every


def test_records__are_read_once(inn):
    assert inn.record("Yard") is inn.record(3)
    assert inn.with_source(None).record("Yard") is inn.record("Yard")
    assert set_text(inn, "Yard", "Weeds.").record("Yard").text == "Weeds."


def test_records__of_no_such_passage(inn):
    with pytest.raises(UnknownPassageError):
        inn.record("Well")
    with pytest.raises(KeyError):
        inn.records[99]


def test_rows_of__gives_the_table_back(inn):
    table = move_passage(inn, "Attic", 1, 2).table
    assert rows_of(records_of(table).values(), table.index).equals(table)
