import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.analysis.bottlenecks import bottlenecks, points_of_no_return
from tests.analysis.stories import by_name, space_of, to


def test_bottlenecks__a_gate_between_two_diamonds():
    passages = {
        "Start": to("A", "B"), "A": to("Gate"), "B": to("Gate"), "Gate": to("C", "D"), "C": to("End"), "D": to("Other"),
        "End": {}, "Other": {},
    }  # fmt: skip
    rows = by_name(bottlenecks(space_of(passages)))
    assert [name for name, row in rows.items() if row["is_bottleneck"]] == ["Start", "Gate"]
    assert (rows["Gate"]["n_needing"], rows["Gate"]["n_endings_needing"]) == (4, 2)
    assert rows["Gate"]["comes_after"] == "Start"
    assert rows["End"]["comes_after"] == "C"
    assert pd.isna(rows["Start"]["comes_after"])


def test_bottlenecks__a_passage_needed_in_different_states():
    # the gate is passed with or without the key: two states, neither of which dominates the end
    passages = {
        "Start": {"choices": [{"to": "Gate", "do": [["set", "key", 1]]}, {"to": "Gate"}]},
        "Gate": {"choices": [{"to": "End", "if": [["key", "==", 1]]}, {"to": "End", "if": [["key", "!=", 1]]}]},
        "End": {},
    }
    assert by_name(bottlenecks(space_of(passages)))["Gate"]["is_bottleneck"]


def test_bottlenecks__moving_on_by_itself_has_an_order():
    rows = by_name(
        bottlenecks(space_of({"Start": to("Hall"), "Hall": {"goto": [[], "Room"]}, "Room": to("End"), "End": {}}))
    )
    assert rows["Hall"]["comes_after"] == "Start"
    assert rows["Room"]["comes_after"] == "Hall"
    assert rows["End"]["comes_after"] == "Room"


@given(st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=2, max_size=8))
def test_bottlenecks__as_found_by_taking_passages_away(ways):
    n = len(ways)
    passages = {f"P{i}": to(*(f"P{j % n}" for j in targets)) for i, targets in enumerate(ways)}
    rows = by_name(bottlenecks(space_of(passages, "P0")))

    def walk(without):
        seen, pending = set(), [0] if without != 0 else []
        while pending:
            at = pending.pop()
            if at not in seen:
                seen.add(at)
                pending += [j % n for j in ways[at] if j % n != without]
        return seen

    everything = walk(None)
    assert set(rows) == {f"P{i}" for i in everything}
    for i in everything:
        assert rows[f"P{i}"]["n_needing"] == len(everything - walk(i) - {i})


def test_points_of_no_return__what_a_choice_gives_up():
    passages = {"Start": to("Hub", "End"), "Hub": to("Start", "Left", "Right"), "Left": to("Good"), "Right": to("Bad"),
                "Good": {}, "Bad": {}, "End": {}}  # fmt: skip
    table = points_of_no_return(space_of(passages))
    lost = {(row["passage_id"], row["label"]): set(row["lost"]) for row in table.to_dict("records")}
    assert lost["Start", ":0"] == set()
    assert lost["Start", ":1"] == {"Good", "Bad"}
    assert lost["Hub", ":0"] == set()
    assert lost["Hub", ":1"] == {"Bad", "End"}
    assert lost["Left", ":0"] == set()
    assert (table["n_lost"] == table["n_lost_somewhere"]).all()
