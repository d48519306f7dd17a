import pytest

from gamebook_lab.story.checks.ends import ending_keys
from gamebook_lab.story.checks.facts import Facts


def test_ends__plain_stop_is_an_ending(rows):
    assert rows({"Start": "Go [[Cave]]", "Cave": "You sleep."}) == []


def test_ends__every_link_broken(rows):
    assert rows({"Start": "[[Nope]] or [[Nada]]"}, "GB105") == [("GB105", "Start")]


def test_ends__one_link_that_works_is_enough(rows):
    assert rows({"Start": "[[Nope]] or [[A]]", "A": "End."}, "GB105") == []


def test_ends__no_words_and_no_way_on(rows):
    assert rows({"Start": "[[A]]", "A": "{set gold}{read gold}..."}, "GB105") == [("GB105", "A")]


@pytest.mark.parametrize("way", ["{restart}", "{undo}", "{load}", "{computed}", "{return}", "{jump js}"])
def test_ends__without_words_but_leading_somewhere(rows, way):
    assert rows({"Start": "[[A]]", "A": way}, "GB105") == []


@pytest.mark.parametrize("tag", ["end", "Ending", "the-end", "ending-good"])
def test_ends__story_marks_endings_by_tag(rows, tag):
    passages = {"Start": "[[A]] [[B]]", "A": "Rescue.", "B": "Hm."}
    assert rows(passages, "GB105", tags={"A": [tag]}) == [("GB105", "B")]


@pytest.mark.parametrize("close", ["THE END", "The End.", "~ the end ~", "Fin", "And so it was. THE END!"])
def test_ends__story_marks_endings_by_closing_words(rows, close):
    passages = {"Start": "[[A]] [[B]]", "A": f"Rescue.\n\n{close}\n", "B": "Hm."}
    assert rows(passages, "GB105") == [("GB105", "B")]


def test_ends__the_end_in_a_sentence_is_no_mark(rows):
    assert rows({"Start": "[[A]] [[B]]", "A": "But this was not the end.", "B": "Hm."}, "GB105") == []


def test_ends__a_mark_that_few_endings_have_is_not_the_custom(rows):
    passages = {"Start": "[[A]] [[B]] [[C]]", "A": "THE END", "B": "Hm.", "C": "Oh."}
    assert rows(passages, "GB105") == []


def test_ends__offer_to_restart_is_an_ending_even_among_marked_ones(rows):
    passages = {"Start": "[[A]] [[B]]", "A": "THE END", "B": "You fall. {restart}"}
    assert rows(passages, "GB105") == []


def test_ends__included_passage_lends_its_ways_on_and_is_not_reported(rows):
    passages = {"Start": "[[A]]", "A": "{include Nav}", "Nav": "{include Deep}", "Deep": "[[Start]]"}
    assert rows(passages, "GB105") == []
    assert rows({"Start": "{include Part} [[Start]] [[A]]", "Part": "{set x}", "A": "End."}, "GB105") == []


def test_ends__includes_in_a_circle(rows):
    assert rows({"Start": "[[Q]]", "Q": "{include A}", "A": "{include B}", "B": "{include A}"}, "GB105") == [
        ("GB105", "Q")
    ]


def test_ends__footer_with_a_link_leads_on_from_everywhere(rows):
    passages = {"Start": "[[A]]", "A": "{set x}{read x}", "PassageFooter": "[[Start]]"}
    assert rows(passages, "GB105", tags={"PassageFooter": ["special"]}) == []


def test_ends__only_links_to_itself(rows):
    assert rows({"Start": "[[A]]", "A": "[[A]] and {goto A}"}) == [("GB107", "A")]


@pytest.mark.parametrize("way", ["[[Start]]", "{computed}", "{return}", "{jump js}", "{include Nav}"])
def test_ends__itself_and_another_way_is_fine(rows, way):
    assert rows({"Start": "[[A]]", "A": "[[A]]" + way, "Nav": "[[Start]]"}, "GB107") == []


def test_endings__are_passages_that_stop_by_design(toy):
    passages = {"Start": "[[A]] [[B]] [[C]] [[D]]", "A": "Rescue.", "B": "{restart}", "C": "{set x}", "D": "{goto Zz}"}
    facts = Facts(toy.toy_story(passages))
    assert ending_keys(facts, frozenset({3})) == [1, 2]
