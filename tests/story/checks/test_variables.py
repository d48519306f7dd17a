def test_variables__read_but_never_set_is_one_row_at_the_first_place(one):
    row = one({"Start": "Hi {read $gold} [[A]]", "A": "{read $gold}{read $gold}."}, "GB201")
    assert row["message"] == "'$gold' is read (3 times, here first), but never set"
    assert (row["passage_id"], row["start"], row["stop"], row["severity"]) == ("Start", 9, 14, "warning")


def test_variables__set_but_never_read(one):
    row = one({"Start": "Hi {set $gold}"}, "GB202")
    assert row["message"] == "'$gold' is set, but never read"
    assert row["severity"] == "info"


def test_variables__special_and_script_passages_count(rows):
    passages = {"Start": "Hi {read $gold}", "Init": "{set $gold}"}
    assert rows(passages, tags={"Init": ["script"]}) == []


def test_variables__temporary_ones_live_in_one_passage(rows):
    assert rows({"Start": "{set _i} [[A]]", "A": "x{read _i}"}) == [("GB201", "A"), ("GB202", "Start")]


def test_variables__temporary_ones_are_shared_with_what_is_included(rows):
    assert rows({"Start": "{set _i}{include A}", "A": "x{read _i}"}) == []


def test_variables__opaque_code_that_names_it_is_a_maybe(rows):
    passages = {"Start": "{set $gold}{read $mood}{read $other}", "Js": "{code V.gold = mood}"}
    assert rows(passages, "GB201", tags={"Js": ["script"]}) == [("GB201", "Start")]
    assert rows(passages, "GB202", tags={"Js": ["script"]}) == []


def test_variables__script_that_is_not_understood_at_all_is_a_maybe(rows):
    passages = {"Start": "Hi {read $gold}", "Js": "State.variables.gold = 5"}
    assert rows(passages, "GB201", tags={"Js": ["script"]}) == []


def test_variables__name_as_part_of_another_word_is_no_mention(rows):
    assert rows({"Start": "{set $gold}{code golden}"}, "GB202") == [("GB202", "Start")]


def test_variables__temporary_one_named_with_its_sigil_by_code_elsewhere_is_a_maybe(rows):
    passages = {"Start": "Hi {read _cover}{read _i}", "Js": "{code State.temporary['_cover'], i}"}
    assert rows(passages, "GB201", tags={"Js": ["script"]}) == [("GB201", "Start")]
