import gamebook_lab as gb


def test_links__broken_link_names_passage_target_and_likeness(one):
    row = one({"Start": "Go\ndown to [[Celar]].", "Cellar": "Dark. [[Start]]"}, "GB101")
    assert row["message"] == "In 'Start', a link leads to 'Celar', but no passage has this name"
    assert row["hint"] == "Did you mean 'Cellar'?"
    assert (row["file"], row["line"], row["column"], row["start"], row["stop"]) == ("toy.twee", 3, 11, 13, 18)
    assert (row["severity"], row["passage_id"], row["key"]) == ("error", "Start", 0)


def test_links__one_row_per_place(rows):
    assert rows({"Start": "[[Nope]] [[Start]] [[Nope]]"}, "GB101") == [("GB101", "Start")] * 2


def test_links__include_and_goto_are_required(rows):
    assert len(rows({"Start": "{goto X}{include Y}"}, "GB101")) == 2


def test_links__reference_that_merely_never_matches_is_a_warning(one):
    row = one({"Start": "Hello {visited Cave}", "Cove": "[[Start]]"}, "GB108")
    assert row["severity"] == "warning"
    assert row["hint"] == "Did you mean 'Cove'?"


def test_links__very_long_name_is_cut_in_the_message(one):
    assert len(one({"Start": "[[" + "x" * 100_000 + "]]"}, "GB101")["message"]) < 200


def test_links__a_name_that_a_computed_target_may_come_to_is_a_warning():
    twee = ":: StoryData\n{\"format\": \"Harlowe\"}\n\n:: Start\n(goto: (either: 'Cove', 'Cave'))\n\n:: Cove\nHi.\n"
    table = gb.parse_twee(twee).problems()
    table = table[table["code"] == "GB108"]
    assert table["message"].item() == "In 'Start', code may lead to 'Cave', but no passage has this name"
    assert table["hint"].item() == "Did you mean 'Cove'?"
