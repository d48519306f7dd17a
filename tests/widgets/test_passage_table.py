import pytest

from gamebook_lab.errors import EditError, LabError
from gamebook_lab.formats import parse_twee
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.story import edits, schema
from gamebook_lab.story.history import changed_keys
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem, to_table
from gamebook_lab.story.story import Story, passage_rows
from gamebook_lab.widgets import table_data, table_facts
from gamebook_lab.widgets.bundle import bundle
from gamebook_lab.widgets.passage_table import PassageTable
from gamebook_lab.widgets.session import StorySession


def wanted(*sort, **filters):
    return {
        "sort": [{"field": field, "ascending": ascending} for field, ascending in sort],
        "text": "",
        "kind": "",
        "tag": "",
        "problem": "",
        "verdict": "",
        **filters,
    }


@pytest.fixture
def linked() -> Story:
    return Story(
        passage_rows(
            [
                Passage("Ch10", "One two three. [[Ch2]] [[Ch2]]", ("end", "dark"), is_start=True),
                Passage("Ch2", "One.", ("dark",)),
                Passage("ch1", "The LAMP burns. [[Ch10]] [[Lost]]"),
                Passage("Script", "x", ("script",), "script"),
            ]
        ),
        LANGUAGE,
    )


@pytest.fixture
def problems():
    return to_table(
        [
            Problem("GB101", "broken", key=2, passage_id="ch1"),
            Problem("GB104", "unreachable", key=2, passage_id="ch1"),
            Problem("GB104", "unreachable", key=1, passage_id="Ch2"),
            Problem("GB508", "no IFID"),
        ]
    )


def names(facts, keys):
    return [facts.rows[key].name for key in keys]


def column(facts, field):
    return [getattr(row, field) for row in facts.rows.values()]


# ---- facts


def test_facts_count_choices_from_and_to_each_passage(linked):
    facts = table_facts.facts(linked)
    assert column(facts, "n_out") == [2, 0, 2, 0]
    assert column(facts, "n_in") == [1, 2, 0, 0]
    assert facts.rows[0][:4] == ("Ch10", "end dark", "story", linked.passages.at[0, "n_words"])


def test_facts_have_problems_with_the_worst(linked, problems):
    facts = table_facts.facts(linked, problems)
    assert column(facts, "n_problems") == [0, 1, 2, 0]
    assert column(facts, "worst") == ["", "warning", "error", ""]


def test_links_count_for_the_first_of_a_name_only():
    story = Story(passage_rows([Passage("A", "[[B]]"), Passage("B"), Passage("B")]), LANGUAGE)
    assert column(table_facts.facts(story), "n_in") == [0, 1, 0]


def test_lone_surrogates_can_be_shown():
    story = Story(passage_rows([Passage("A", "x\ud800", ("t\udfff",))]), LANGUAGE)
    (row,) = table_data.rows(table_facts.facts(story), story, [0])
    assert str(row).encode("utf-8")
    assert row["tags"] == "t\ufffd"


def test_empty_story_has_no_facts():
    story = Story(passage_rows([]), LANGUAGE)
    facts = table_facts.facts(story, schema.empty(schema.PROBLEMS))
    assert len(facts.rows) == 0
    assert list(table_data.ordered(facts, story, wanted(("name", True)))) == []


EDITS = {
    "links elsewhere": (lambda story: edits.set_text(story, "ch1", "[[Ch2]]"), [0, 1, 2]),
    "words": (lambda story: edits.set_text(story, "Ch2", "One two."), [1]),
    "tags": (lambda story: edits.set_tags(story, "Ch2", ["x"]), [1]),
    "start": (lambda story: edits.set_start(story, "Ch2"), [0, 1]),
    "rename": (lambda story: edits.rename_passage(story, "Ch2", "Vault"), [0, 1]),
    "target comes into being": (lambda story: edits.add_passage(story, "Lost"), [4]),
    "target is gone": (lambda story: edits.delete_passage(story, "Ch2"), []),
    "two at once": (lambda story: edits.set_tags(edits.add_passage(story, "Lost"), "Ch10", []), [0, 4]),
}


@pytest.mark.parametrize("name", EDITS)
def test_following_an_edit_gives_what_a_fresh_look_gives(linked, problems, name):
    edit, keys = EDITS[name]
    after = edit(linked)
    new, told = table_facts.update(table_facts.facts(linked, problems), after, changed_keys(linked, after))
    fresh = table_facts.facts(after, problems)
    assert list(new.rows.items()) == list(fresh.rows.items())
    assert list(new.targets.items()) == list(fresh.targets.items())
    assert new.index.equals(fresh.index)
    assert told == keys


def test_first_of_a_name_that_is_gone_hands_its_links_to_the_second():
    story = Story(passage_rows([Passage("A", "[[B]]"), Passage("B"), Passage("B")]), LANGUAGE)
    after = edits.delete_passage(story, 1)
    new, told = table_facts.update(table_facts.facts(story), after, changed_keys(story, after))
    assert column(new, "n_in") == [0, 1]
    assert told == [2]


def test_passages_in_another_order_follow_in_that_order(linked):
    after = linked.with_table(linked.table.iloc[[2, 0, 1, 3]])
    new, _ = table_facts.update(table_facts.facts(linked), after, changed_keys(linked, after))
    assert list(new.rows) == [2, 0, 1, 3]


# ---- order and filters


def test_names_sort_as_people_count(linked):
    facts = table_facts.facts(linked)
    assert names(facts, table_data.ordered(facts, linked, wanted(("name", True)))) == ["ch1", "Ch2", "Ch10", "Script"]


def test_equal_rows_keep_the_order_of_the_story_both_ways(linked):
    facts = table_facts.facts(linked)
    for ascending in (True, False):
        keys = table_data.ordered(facts, linked, wanted(("kind", ascending)))
        assert [key for key in keys if key != 3] == [0, 1, 2]


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({}, [0, 1, 2, 3]),
        ({"text": " lamp "}, [2]),
        ({"text": "DARK"}, [0, 1]),
        ({"text": "ch1"}, [0, 2]),
        ({"text": "[["}, [0, 2]),
        ({"text": "nothing has this"}, []),
        ({"kind": "script"}, [3]),
        ({"tag": "dark"}, [0, 1]),
        ({"tag": "dar"}, []),
        ({"problem": "any"}, [1, 2]),
        ({"problem": "error"}, [2]),
        ({"problem": "none"}, [0, 3]),
        ({"problem": "none", "tag": "dark"}, [0]),
    ],
)
def test_filters(linked, problems, filters, keys):
    facts = table_facts.facts(linked, problems)
    assert list(table_data.ordered(facts, linked, wanted(**filters))) == keys


def test_rows_stay_where_they_are_after_an_edit(linked):
    before = table_facts.facts(linked)
    by_name = wanted(("name", True))
    order = table_data.ordered(before, linked, by_name)
    after = table_facts.facts(edits.rename_passage(linked, "ch1", "Zebra"))
    assert table_data.followed(order, before, after, by_name).equals(order)


def test_removed_rows_leave_and_new_ones_come_last(linked):
    before = table_facts.facts(linked)
    by_name = wanted(("name", True))
    order = table_data.ordered(before, linked, by_name)
    after = table_facts.facts(edits.add_passage(edits.delete_passage(linked, "Ch2"), "Attic"))
    assert names(after, table_data.followed(order, before, after, by_name)) == ["ch1", "Ch10", "Script", "Attic"]


# ---- rows


def test_rows_are_plain_values_that_can_be_sent(linked, problems):
    import json

    facts = table_facts.facts(linked, problems)
    (row,) = table_data.rows(facts, linked, [2])
    assert json.loads(json.dumps(row)) == {
        "key": 2, "name": "ch1", "tags": "", "kind": "story", "n_words": int(linked.passages.at[2, "n_words"]),
        "n_out": 2, "n_in": 0, "is_start": False, "n_problems": 2, "worst": "error",
        "verdict": "", "shortest": None, "expected_visits": None, "first": row["first"],
    }  # fmt: skip
    assert row["first"].startswith("The LAMP burns.")


def test_counts_for_the_filters(linked):
    facts = table_facts.facts(linked)
    assert table_data.kind_counts(facts)[0] == {"value": "story", "n": 3}
    assert table_data.tag_counts(linked)[0] == {"value": "dark", "n": 2}


# ---- edits


def test_edited_cells(linked):
    assert table_data.edited(linked, 1, "name", "Vault", "Ch2").text(0) == "One two three. [[Vault]] [[Vault]]"
    assert table_data.edited(linked, 1, "tags", "a  b a", "dark").record(1).tags == ("a", "b")
    assert table_data.edited(linked, 1, "text", "Two.", "One.").text(1) == "Two."


def test_cell_that_changed_meanwhile_is_not_overwritten(linked):
    with pytest.raises(EditError, match="changed elsewhere"):
        table_data.edited(linked, 1, "text", "Two.", "What I saw")


# ---- the widget


class Sent(list):
    def __call__(self, content, buffers=None):
        self.append(content)

    def of(self, kind):
        return [content for content in self if content["type"] == kind]


@pytest.fixture
def made(linked, monkeypatch):
    try:
        bundle("passage_table")
    except LabError:
        pytest.skip("needs 'npm ci && npm run build' in gamebook_lab/widgets")
    session = StorySession(linked, debounce=3600)
    widget = PassageTable(session)
    sent = Sent()
    monkeypatch.setattr(widget, "send", sent)
    yield session, widget, sent
    widget.close()


def ask(widget, number=1, view="v", **filters):
    widget._receive(widget, {"type": "query", "view": view, "query": number, "wanted": wanted(**filters)}, [])


def test_query_is_answered_with_counts(made):
    _, widget, sent = made
    ask(widget, tag="dark")
    (order,) = sent.of("order")
    assert (order["n"], order["total"], order["selected"], order["selected_row"]) == (2, 4, 0, 0)


def test_page_of_the_rows_wanted(made):
    _, widget, sent = made
    ask(widget)
    widget._receive(widget, {"type": "page", "view": "v", "query": 1, "start": 1, "stop": 3}, [])
    (page,) = sent.of("page")
    assert (page["start"], [row["name"] for row in page["rows"]]) == (1, ["Ch2", "ch1"])


def test_all_rows__are_marked_but_code_unless_nothing_else_is_listed(bundles, heard):
    story = parse_twee(":: StoryInit\n<<set $a to 1>>\n\n:: Start\nHere.\n\n:: Look [stylesheet]\nb {}")
    session = StorySession(story, debounce=3600)
    widget = PassageTable(session)
    sent = heard(widget)

    def marked(**filters):
        ask(widget, **filters)
        message = {"type": "range", "view": "v", "query": 1, "start": 0, "stop": 3}
        widget._receive(widget, message, [])
        widget._receive(widget, {**message, "is_all": True}, [])
        return [[session.story.name(key) for key in each["keys"]] for each in sent.of("ranged")[-2:]]

    assert marked() == [["StoryInit", "Start", "Look"], ["Start"]]
    assert marked(kind="style") == [["Look"], ["Look"]]
    widget.close()


def test_page_of_an_earlier_query_is_not_sent(made):
    _, widget, sent = made
    ask(widget, 1)
    ask(widget, 2, tag="dark")
    widget._receive(widget, {"type": "page", "view": "v", "query": 1, "start": 0, "stop": 3}, [])
    assert sent.of("page") == []


def test_query_that_comes_late_does_not_undo_a_newer_one(made):
    _, widget, sent = made
    ask(widget, 2, tag="dark")
    ask(widget, 1)
    assert [order["query"] for order in sent.of("order")] == [2]


def test_two_views_are_sorted_each_its_own_way(made):
    session, widget, sent = made
    ask(widget, view="one")
    ask(widget, view="two", tag="dark")
    sent.clear()
    session.apply(lambda story: edits.set_tags(story, 1, ["dark", "old"]), label="Tags")
    rows = {message["view"]: [row for row, _ in message["rows"]] for message in sent.of("changed")}
    assert rows == {"one": [1], "two": [1]}


def test_edit_shows_in_the_rows_and_in_those_it_touches(made):
    session, widget, sent = made
    ask(widget)
    message = {"type": "edit", "view": "v", "edit": 1, "key": 1, "field": "name", "value": "Vault", "was": "Ch2"}
    widget._receive(widget, message, [])
    assert session.story.name(1) == "Vault"
    assert session.undo_label == "Rename passage"
    assert sent.of("edited") == [{"type": "edited", "view": "v", "edit": 1, "error": ""}]
    assert [row for row, _ in sent.of("changed")[0]["rows"]] == [0, 1]


def test_refused_edit_says_why_and_changes_nothing(made):
    session, widget, sent = made
    ask(widget)
    message = {"type": "edit", "view": "v", "edit": 5, "key": 1, "field": "name", "value": "Ch10", "was": "Ch2"}
    widget._receive(widget, message, [])
    assert session.story.name(1) == "Ch2"
    assert sent.of("edited")[0]["error"]
    assert sent.of("changed") == []


def test_passage_added_elsewhere_moves_the_version_on(made):
    session, widget, sent = made
    ask(widget)
    session.apply(lambda story: edits.add_passage(story, "Attic"), label="Add")
    first, second = sent.of("order")
    assert (second["n"], second["version"]) == (5, first["version"] + 1)


def test_selection_elsewhere_is_told_with_its_row(made):
    session, widget, sent = made
    ask(widget, tag="dark")
    session.select(1)
    session.select(2)
    assert [(message["key"], message["row"]) for message in sent.of("selected")] == [(1, 1), (2, None)]


def test_edit_that_leaves_the_selection_alone_tells_nothing_of_it(made):
    session, widget, sent = made
    ask(widget)
    session.apply(lambda story: edits.set_text(story, 1, "Else."), label="Edit")
    assert sent.of("selected") == []


def test_row_that_is_gone_to_is_selected(made):
    session, widget, _ = made
    widget._receive(widget, {"type": "select", "view": "v", "key": 2, "open": True}, [])
    assert session.selected == 2


def test_whole_text_is_sent_to_be_edited(made):
    _, widget, sent = made
    widget._receive(widget, {"type": "text", "view": "v", "key": 1}, [])
    assert sent.of("text")[0]["text"] == "One."


def test_problems_change_just_the_rows_that_have_them(made, problems):
    _, widget, sent = made
    ask(widget)
    widget._judge(problems)
    assert [row for row, _ in sent.of("changed")[0]["rows"]] == [1, 2]


def test_closed_table_no_longer_follows(made):
    session, widget, sent = made
    widget.close()
    session.select(1)
    assert sent == []


def test_click__is_not_told_back_to_the_view_that_was_clicked(linked, bundles, heard):
    session = StorySession(linked, debounce=3600)
    table = PassageTable(session)
    sent = heard(table)
    for view in ("mine", "other"):
        table._receive(table, {"type": "query", "view": view, "query": 1, "wanted": wanted()}, [])
    n_before = len(sent)
    table._receive(table, {"type": "select", "view": "mine", "key": 1, "open": False}, [])
    assert [(each["type"], each["view"], each["key"]) for each in sent[n_before:]] == [("selected", "other", 1)]
    table.close()
