import numpy as np
import pytest

from gamebook_lab.story.words import count_words, word_counts, words_of


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        ("   \n\t", 0),
        ("one", 1),
        ("One, two... three!", 3),
        ("don't won\u2019t 'tis", 3),
        ("half-past mother-in-law", 2),
        ("well--no - maybe", 3),
        ("1,000.50 at 10:30", 3),
        ("end.Next", 2),
        ("snake_case", 1),
        ("B3-Ch01a 3rd", 2),
        ("Ærøskøbing naïve Größe", 3),
        ("cafe\u0301s", 1),
        ("soft\u00adhyphen", 1),
        ("zero\u200bwidth", 2),
        ("नमस्ते दुनिया", 2),
        ("你好\uff0c世界", 4),
        ("ひらがな", 4),
        ("Go 去 now", 3),
        ("안녕 세상", 2),
        ("🐉 fire 👩‍🚀", 1),
        ("fish &amp; chips &#8212; don&rsquo;t", 3),
        ("&#" + "9" * 5000 + ";", 1),
        ("\ud800 lone", 1),
        ("\U0010ffff", 0),
    ],
)
def test_count_words__by_the_rules(text, n_words):
    assert count_words(text) == n_words


def test_word_counts__only_prose_is_counted(toy):
    story = toy.toy_story({"A": "Two words {set gold}[[Cellar door]]", "B": "{code secret words}", "C": "", "D": "one"})
    counts = word_counts(story)
    assert counts.tolist() == [4, 0, 0, 1]
    assert counts.dtype == np.int64
    assert counts.index.equals(story.table.index)


def test_word_counts__markup_ends_a_word(toy):
    story = toy.toy_story({"A": "yes{set x}no"})
    assert word_counts(story).tolist() == [2]


def test_word_counts__feeds_the_passages_table(toy):
    story = toy.toy_story({"A": "Dark and cold.", "B": "Warm."})
    table = story.with_table(story.table.iloc[::-1]).passages
    assert table["n_words"].to_dict() == {0: 3, 1: 1}


def test_word_counts__empty_story(toy):
    assert word_counts(toy.toy_story({})).tolist() == []


def test_words_of__some_passages_are_as_of_all(toy):
    story = toy.toy_story({"A": "Two words {set gold}[[Cellar door]]", "B": "{code secret words}", "C": "", "D": "one"})
    keys = story.table.index.tolist()[::-1]
    assert words_of(story, keys) == word_counts(story)[keys].tolist()
    assert words_of(story, []) == []
