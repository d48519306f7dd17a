def test_syntax__line_and_column_in_the_file(one):
    row = one({"Start": "Hi.\n\n  {bad thing}"}, "GB301")
    assert (row["line"], row["column"], row["start"], row["severity"]) == (4, 3, 7, "error")
    assert row["message"] == "In 'Start': no such verb: bad"
    assert row["hint"] == "Use another."


def test_opaque__one_row_per_construct(rows, one):
    passages = {"Start": "{code fx}{code fx}[[A]]", "A": "Hm {code fx}{code other}"}
    assert len(rows(passages, "GB401")) == 2
    row = one({"Start": "{code fx}{code fx}[[A]]", "A": "Hm {code fx}"}, "GB401")
    assert row["message"] == "'<<fx>>' is kept but not understood: 3 places in 2 passages, here first"


def test_opaque__that_may_move_says_so(one):
    assert one({"Start": "{jump js}"}, "GB401")["hint"].endswith("lead to any passage.")


def test_opaque__macro_that_the_story_defines_is_not_reported(rows):
    passages = {"Start": "Hi {code fx 12}", "Widgets": "{define fx}"}
    assert rows(passages, tags={"Widgets": ["special"]}) == []
