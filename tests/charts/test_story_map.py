"""Maps that charts draw: lines with gaps, and names that keep out of each other's way."""

import pandas as pd

from gamebook_lab.charts.story_map import labels, lines, places


def made(n):
    return pd.DataFrame({"passage_id": [f"P{at}" for at in range(n)], "x": [100.0 * at for at in range(n)], "y": 0.0})


def test_labels__of_neighbouring_columns_are_in_turn_above_and_below():
    passages = made(4)
    drawn = labels(passages, passages.iloc[[1, 2, 3]])
    assert drawn["text"] == ["P1", "P2", "P3"]
    assert drawn["textposition"] == ["bottom center", "top center", "bottom center"]


def test_labels__are_left_out_where_there_are_too_many_to_read():
    passages = made(61)
    assert labels(passages, passages.head(3)) == {"mode": "markers"}


def test_lines__are_parted_and_lead_nowhere_else():
    arrows = pd.DataFrame({"origin": ["P0", "P0"], "target": ["P1", "Gone"]})
    assert lines(arrows, places(made(2))) == {"x": [0.0, 100.0, None], "y": [0.0, 0.0, None]}
