def test_reach__island_is_reported_with_who_leads_there(rows, toy):
    passages = {"Start": "[[A]]", "A": "End.", "B": "[[C]]", "C": "Lost."}
    assert rows(passages, "GB104") == [("GB104", "B"), ("GB104", "C")]
    messages = toy.toy_story(passages).problems()["message"].tolist()
    assert messages == [
        "No link leads to 'B' from the start",
        "No link leads to 'C' from the start; 'B' does, but no link leads there either",
    ]


def test_reach__through_includes_and_gotos(rows):
    assert rows({"Start": "{include A} Hi", "A": "{goto B}", "B": "End."}, "GB104") == []


def test_reach__special_passages_are_roots_and_not_reported(rows):
    passages = {"Start": "Hi.", "Footer": "[[Map]]", "Code": "{goto Shop}", "Map": "Map.", "Shop": "Shop."}
    assert rows(passages, "GB104", tags={"Footer": ["special"], "Code": ["script"]}) == []


def test_reach__nothing_is_said_without_a_start(rows):
    assert rows({"A": "Hi.", "B": "Ho."}, "GB104", start=None) == []


def test_reach__computed_target_may_still_lead_there(one):
    row = one({"Start": "{computed}", "Lost": "Hi."}, "GB104")
    assert row["message"].endswith("(links with a computed target, or code, may still lead there)")
    assert row["severity"] == "warning"


def test_reach__opaque_that_may_move_may_still_lead_there(one):
    assert "may still lead" in one({"Start": "{jump js}", "Lost": "Hi."}, "GB104")["message"]


def test_reach__computed_target_out_of_reach_changes_nothing(one):
    row = one({"Start": "Hi.", "Lost": "{computed}"}, "GB104")
    assert row["message"] == "No link leads to 'Lost' from the start"


def test_reach__code_that_names_it_is_told(one):
    row = one({"Start": "{visited Lost}", "Lost": "Hi."}, "GB104")
    assert "code in 'Start' names it" in row["message"]


def test_reach__both_of_a_duplicate_name_count_as_reached(rows):
    assert rows([("Start", "[[A]]"), ("A", "x"), ("A", "y")], "GB104") == []


def test_reach__long_chain_needs_no_recursion(rows):
    passages = {f"P{n}": f"[[P{n + 1}]]" for n in range(5000)}
    assert rows({**passages, "P5000": "End."}, "GB104") == []
