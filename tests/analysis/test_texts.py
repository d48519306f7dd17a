"""Variants of text have verdicts of their own."""

from __future__ import annotations

import pytest

import gamebook_lab as gb

TWEE = """:: StoryData
{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "Start"}

:: Start
[[Take it|Yard][$lamp to 2]] [[Leave it|Yard]] [[Lose it|Yard][$lamp to 1]]

:: Yard
<<if $lamp is 2>>It burns.<<elseif $lamp is 7>>It glows.<<else>>It is dark.<</if>> [[Dice]]

:: Dice
<<if random(1, 4) is 1>>Luck!<<else>>None.<</if>>
<<linkreplace "Look">>A coin.<</linkreplace>>
"""


def test_texts__each_variant_has_a_verdict():
    space = gb.explore(gb.parse_twee(TWEE), detail="text", threads=1)
    table = space.texts()
    yard = table[table["passage_id"] == "Yard"]
    assert sorted(text.split("[")[0].strip() for text in yard["text"]) == ["It burns. Dice", "It is dark. Dice"]
    assert yard["expected_visits"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert yard["shortest"].tolist() == [1, 1]
    assert all(row["verdict"] == "reachable" for row in table.to_dict("records"))
    first = [row for row in table.to_dict("records") if row["passage_id"] == "Dice" and not row["is_revealed"]]
    assert sorted(row["expected_visits"] for row in first) == pytest.approx([1 / 4, 3 / 4])
    assert all(row["is_luck_only"] for row in first)
    assert any("A coin." in row["text"] and row["is_revealed"] for row in table.to_dict("records"))


def test_texts__only_where_they_were_kept():
    space = gb.explore(gb.parse_twee(TWEE), threads=1)
    with pytest.raises(ValueError, match='detail="text"'):
        space.texts()
