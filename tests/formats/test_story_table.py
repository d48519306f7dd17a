"""A table of scenes is a story."""

import gamebook_lab as gb

TABLE = """Scene_label,Story,Response_1,Response_2,Outcome_1,Outcome_2
1,You wake. [[Not a link]],Get up | now,Sleep on,2,3
1_2,You turn round.,Next,NA,NA,3
2,Up.,Next,,"3, 4",
3,Here it stops.,,,,
4,Another stop.,,,,
"""


def test_read_story_table__responses_replies_and_several_outcomes(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(TABLE, encoding="utf-8")
    story = gb.read_story_table(path)
    choices = story.choices[["passage_id", "label", "target"]].values.tolist()
    assert choices == [
        ["1", "Get up now", "2"],
        ["1", "Sleep on", "1_2"],
        ["1_2", "Next", "3"],
        ["2", "Next", "3"],
        ["2", "Next", "4"],
    ]
    assert story.problems()["code"].tolist() == ["GB709"]
    assert gb.explore(story).is_exact
