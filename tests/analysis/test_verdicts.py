import pytest

from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.verdicts import choice_verdicts, ending_verdicts, passage_verdicts
from gamebook_lab.engine.exploration import play
from tests.analysis.stories import by_name, space_of, to


def test_passage_verdicts__reached_and_not():
    passages = {"Start": to("A"), "A": to("End"), "End": {}, "Lost": to("End")}
    rows = by_name(passage_verdicts(space := space_of(passages)))
    assert [rows[name]["verdict"] for name in ("Start", "A", "End", "Lost")] == ["reachable"] * 3 + ["unreachable"]
    assert [rows[name]["shortest"] for name in ("Start", "A", "End")] == [0, 1, 2]
    assert len(space.witness(rows["End"]["state"])) == 2
    assert rows["A"]["expected_visits"] == pytest.approx(1.0)


def test_passage_verdicts__moving_on_by_itself_is_being_there():
    rows = by_name(
        passage_verdicts(space_of({"Start": to("Hall"), "Hall": {"goto": [[], "Room"]}, "Room": to("End"), "End": {}}))
    )
    assert {row["verdict"] for row in rows.values()} == {"reachable"}


def test_passage_verdicts__soft_locks_luck_and_what_nobody_knows():
    passages = {
        "Start": to("Roll", "Guess", "Ring"),
        "Roll": {"enter": [["roll", "x", 2]], "choices": [{"to": "Lucky", "if": [["x", "==", 1]]}, {"to": "End"}]},
        "Lucky": to("End"),
        "Guess": {"enter": [["guess", "y", 2]], "choices": [{"to": "Perhaps", "if": [["y", "==", 1]]}, {"to": "End"}]},
        "Perhaps": to("End"),
        "Ring": to("Ring"),
        "End": {},
    }
    rows = by_name(passage_verdicts(space_of(passages)))
    assert [name for name, row in rows.items() if row["is_luck_only"]] == ["Lucky"]
    assert {name for name, row in rows.items() if row["verdict"] == "unknown"} == {"Perhaps"}
    assert [name for name, row in rows.items() if row["n_soft_locked"]] == ["Ring"]


def test_passage_verdicts__a_limit_leaves_unknown():
    passages = {f"P{i}": to(f"P{i + 1}") for i in range(200)} | {"P200": {}}
    rows = by_name(passage_verdicts(space_of(passages, "P0", max_states=20)))
    assert rows["P3"]["verdict"] == "reachable"
    assert rows["P200"]["verdict"] == "unknown"


def test_choice_verdicts__offered_under_a_condition():
    passages = {
        "Start": {"choices": [{"to": "A", "do": [["set", "x", 1]]}, {"to": "A", "do": [["set", "x", 2]]}]},
        "A": {
            "choices": [{"to": "End", "if": [["x", "==", 1]]}, {"to": "End", "if": [["x", "==", 3]]}, {"to": "Start"}]
        },
        "End": {},
    }
    space = space_of(passages)
    table = choice_verdicts(space)
    assert set(zip(table["passage_id"], table["label"], strict=True)) == {
        ("Start", ":0"),
        ("Start", ":1"),
        ("A", ":0"),
        ("A", ":2"),
    }
    assert set(table["verdict"]) == {"reachable"}
    row = table[(table["passage_id"] == "A") & (table["label"] == ":0")].iloc[0]
    assert row["shortest"] == 1
    assert not row["is_luck_only"]


def test_ending_verdicts__each_way_of_stopping():
    passages = {
        "Start": to("End", "Shut", "Roll"),
        "Shut": {"choices": [{"to": "End", "if": [["x", "==", 9]]}]},
        "Roll": {"enter": [["roll", "x", 2]], "choices": [{"to": "Lucky", "if": [["x", "==", 1]]}, {"to": "End"}]},
        "Lucky": {},
        "End": {},
    }
    rows = by_name(ending_verdicts(space_of(passages)))
    assert {name: row["stop"] for name, row in rows.items()} == {"End": "ending", "Shut": "stuck", "Lucky": "ending"}
    assert {row["verdict"] for row in rows.values()} == {"reachable"}
    assert [row["is_luck_only"] for row in rows.values()] == [name == "Lucky" for name in rows]
    assert rows["Lucky"]["shortest"] == 2


def test_verdicts__of_a_real_story(magium_space):
    space = magium_space
    passages = passage_verdicts(space)
    assert set(passages["verdict"]) == {"reachable", "unreachable"}
    assert (passages["verdict"] == "reachable").sum() == 1141
    assert not passages["is_luck_only"].any()
    table = ending_probabilities(space)
    assert table["probability"].sum() == pytest.approx(1.0, abs=1e-12)
    assert (table["upper"] - table["lower"]).max() == 0.0
    assert set(table["passage_id"]) == set(ending_verdicts(space)["passage_id"])
    # every shortest witness ends where its row says
    for row in passages[passages["verdict"] == "reachable"].iloc[::97].to_dict("records"):
        assert play(space.story, space.witness(row["state"])).places[-1] == row["passage_id"]


def test_passage_verdicts__moved_on_to_by_chance_is_reachable_by_luck():
    roll = {"enter": [["roll", "x", 4]], "goto": [[["x", "==", 0]], "Seldom"], "choices": [{"to": "End"}]}
    rows = by_name(passage_verdicts(space_of({"Start": to("Roll"), "Roll": roll, "Seldom": to("End"), "End": {}})))
    assert (rows["Seldom"]["verdict"], rows["Seldom"]["is_luck_only"]) == ("reachable", True)
    assert rows["Seldom"]["expected_visits"] == pytest.approx(0.25)
    assert (rows["Roll"]["verdict"], rows["Roll"]["is_luck_only"]) == ("reachable", False)
    assert rows["End"]["expected_visits"] == pytest.approx(1.0)


def test_passage_verdicts__moved_on_to_if_nobody_knows_is_unknown():
    guess = {"enter": [["guess", "x", 4]], "goto": [[["x", "==", 0]], "Maybe"], "choices": [{"to": "End"}]}
    rows = by_name(passage_verdicts(space_of({"Start": to("Guess"), "Guess": guess, "Maybe": to("End"), "End": {}})))
    assert (rows["Maybe"]["verdict"], rows["Maybe"]["expected_visits"]) == ("unknown", 0.0)
    assert rows["Guess"]["verdict"] == "reachable"


@pytest.mark.parametrize(("verb", "verdict", "is_luck"), [("roll", "reachable", True), ("guess", "unknown", True)])
def test_choice_verdicts__offered_by_chance_or_if_nobody_knows(verb, verdict, is_luck):
    start = {"enter": [[verb, "x", 4]], "choices": [{"to": "End"}, {"to": "Other", "if": [["x", "==", 0]]}]}
    always, seldom = choice_verdicts(space_of({"Start": start, "End": {}, "Other": {}})).to_dict("records")
    assert (always["verdict"], always["is_luck_only"]) == ("reachable", False)
    assert (seldom["verdict"], seldom["is_luck_only"]) == (verdict, is_luck)
