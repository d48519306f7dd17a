import pandas as pd
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.choice_classes import choice_classes
from gamebook_lab.analysis.play_graph import play_graph
from tests.analysis.stories import space_of, to


def classes(passages):
    table = choice_classes(space_of(passages))
    return {(row["passage_id"], row["label"]): (row["class_"], row["is_dominated"]) for row in table.to_dict("records")}


def test_choice_classes__fake_delayed_divergent_and_only():
    passages = {
        "Start": {"choices": [
            {"to": "A", "do": [["set", "unread", 1]]}, {"to": "A", "do": [["set", "unread", 2]]},
        ]},
        "A": {"choices": [{"to": "B", "do": [["set", "key", 1]]}, {"to": "B"}]},
        "B": {"choices": [{"to": "End", "if": [["key", "==", 1]]}, {"to": "Other"}]},
        "End": to("Last"), "Other": {}, "Last": {},
    }  # fmt: skip
    found = classes(passages)
    assert found["Start", ":0"][0] == found["Start", ":1"][0] == "fake"
    assert found["A", ":0"][0] == found["A", ":1"][0] == "delayed"
    assert found["B", ":0"][0] == found["B", ":1"][0] == "divergent"
    assert found["End", ":0"][0] == "only"
    # without the key, one of the two endings is out of reach
    assert found["A", ":1"][1]
    assert not found["A", ":0"][1]


def test_choice_classes__what_is_never_offered():
    passages = {"Start": {"choices": [{"to": "End"}, {"to": "End", "if": [["x", "==", 7]]}]}, "End": {}}
    table = choice_classes(space_of(passages))
    assert table["class_"].tolist() == ["only", "never available"]
    assert table["choice"].tolist() == [0, 1]


def test_choice_classes__effects_that_are_never_read_are_flavour():
    # the toy language shows no effects in its choices, so they are told here
    graph = play_graph(space_of({"Start": to("End", "End"), "End": {}}))
    assert choice_classes(graph)["class_"].tolist() == ["fake", "fake"]
    assert choice_classes(graph, pd.Series(["", "set hat"]))["class_"].tolist() == ["fake", "flavour"]


REVEALS = """:: StoryData
{"format":"Harlowe","format-version":"3.3.9","start":"Start"}

:: Start
(link-reveal: "Look closer")[ A door. [[Go in->Hall]]] (link: "Listen")[ A hum.] (if: false)[(link-reveal: "Never")[ [[Hall]]]]

:: Hall
Here it ends.
"""


@pytest.mark.parametrize("detail", ["choices", "text"])
def test_choices__what_only_adds_to_the_page_is_never_called_unavailable(detail):
    space = gb.explore(gb.parse_twee(REVEALS), detail=detail)
    rows = {row["label"]: row for row in space.choices().to_dict("records")}
    assert (rows["Look closer"]["class_"], rows["Look closer"]["verdict"]) == ("reveals", "reachable")
    assert (rows["Never"]["verdict"] == "unreachable") == (detail == "text")
    assert rows["Listen"]["verdict"] == "reachable"
