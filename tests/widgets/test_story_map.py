import numpy as np
import pytest

from gamebook_lab.analysis.passage_readings import PassageReadings
from gamebook_lab.errors import LabError
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.story import edits
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows
from gamebook_lab.widgets import map_data
from gamebook_lab.widgets.bundle import bundle
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.story_map import StoryMap


def story_of(*passages: Passage) -> Story:
    return Story(passage_rows(passages), LANGUAGE)


@pytest.fixture
def linked() -> Story:
    return story_of(
        Passage("Start", "Go. [[Cellar]] [[Attic]] [[Cellar]]", ("ch1",), x=0.0, y=0.0, is_start=True),
        Passage("Cellar", "Dark. [[Start]] [[Nowhere]]", x=150.0, y=0.0),
        Passage("Attic", "Dust."),
    )


class Sent(list):
    """Stands in for the comm: keeps what a widget sends."""

    def __call__(self, content, buffers=None):
        self.append((content, buffers))

    def of(self, kind):
        return [content for content, _ in self if content["type"] == kind]


@pytest.fixture
def made(linked, monkeypatch):
    if not _is_bundled():
        pytest.skip("needs 'npm ci && npm run build' in gamebook_lab/widgets")
    session = StorySession(linked, debounce=3600)
    widget = StoryMap(session)
    sent = Sent()
    monkeypatch.setattr(widget, "send", sent)
    yield session, widget, sent
    widget.close()


def _is_bundled() -> bool:
    try:
        bundle("story_map")
    except LabError:
        return False
    return True


def unpack(message, buffers):
    keys = np.frombuffer(buffers[0], "<i4").tolist()
    boxes = np.frombuffer(buffers[1], "<f4").reshape(-1, 4).tolist()
    counts = np.frombuffer(buffers[2], "<u4").tolist()
    edges = iter(np.frombuffer(buffers[3], "<i4").tolist())
    return {
        key: (name, tuple(box), [next(edges) for _ in range(n)])
        for key, name, box, n in zip(keys, message["names"], boxes, counts, strict=True)
    }


# ---- what is sent


def test_columns_hold_names_boxes_and_links(linked):
    data = map_data.read(linked)
    buffers, message = map_data.columns(data, data.rows)
    rows = unpack(message, buffers)
    assert rows[0] == ("Start", (0.0, 0.0, 100.0, 100.0), [1, 2])
    assert rows[1] == ("Cellar", (150.0, 0.0, 100.0, 100.0), [0, -1])
    assert message["broken"] == [[], ["Nowhere"], []]
    assert message["start"] == 0
    assert message["tags"] == [("ch1",), (), ()]


def test_passages_without_a_place_get_one(linked):
    row = map_data.read(linked).rows[2]
    assert np.isfinite([row.x, row.y]).all()


def test_empty_story_has_empty_columns():
    data = map_data.read(story_of())
    buffers, message = map_data.columns(data, data.rows)
    assert unpack(message, buffers) == {}
    assert message["start"] is None


def test_lone_surrogates_can_be_sent():
    data = map_data.read(story_of(Passage("a", "[[c\ud800]]", ("t\udfff",))))
    _, message = map_data.columns(data, data.rows)
    assert str(message).encode("utf-8")
    assert message["broken"] == [["c\ufffd"]]


def test_edit_of_a_text_sends_just_that_passage(linked):
    data = map_data.read(linked)
    after = edits.set_text(linked, "Attic", "Dust. [[Start]]")
    new, patch = map_data.update(data, after, {2})
    assert patch == ([2], [])
    assert new.rows[2].targets == ("Start",)


def test_passage_never_placed_stays_where_it_was_drawn(linked):
    data = map_data.read(linked)
    new, _ = map_data.update(data, edits.set_text(linked, "Attic", "[[Start]] and back"), {2})
    assert new.rows[2][4:6] == data.rows[2][4:6]


def test_rename_sends_those_that_link_to_either_name(linked):
    data = map_data.read(linked)
    table = linked.table.copy()
    table.at[2, "passage_id"] = "Nowhere"
    _, patch = map_data.update(data, linked.with_table(table, [2]), {2})
    assert patch == ([0, 1, 2], [])  # 0 linked to Attic, 1 to Nowhere


def test_removed_passage_leaves_broken_links(linked):
    data = map_data.read(linked)
    after = edits.delete_passage(linked, "Attic")
    new, patch = map_data.update(data, after, {2})
    assert patch == ([0], [2])
    _, message = map_data.columns(new, patch.keys)
    assert message["broken"] == [["Attic"]]


def test_added_passage_is_placed_and_mends_links(linked):
    data = map_data.read(linked)
    after = edits.add_passage(linked, "Nowhere")
    new, patch = map_data.update(data, after, {3})
    assert patch == ([1, 3], [])
    assert np.isfinite(new.rows[3][4:6]).all()


def test_severities_are_coded():
    keys, codes = map_data.severities({4: "error", 7: "info"})
    assert np.frombuffer(keys, "<i4").tolist() == [4, 7]
    assert np.frombuffer(codes, "u1").tolist() == [3, 1]


def test_describe_counts_words_and_quotes_prose(linked):
    assert map_data.describe(linked, 1)["words"] == int(linked.passages.at[1, "n_words"])
    assert map_data.describe(linked, 2)["first"] == "Dust."


def test_tidied_gives_every_passage_a_new_place(linked):
    places = map_data.tidied(map_data.read(linked))
    assert set(places) == {0, 1, 2}
    assert len(set(places.values())) == 3


# ---- the widget


def test_hello_is_answered_with_everything(made):
    _, widget, sent = made
    widget._receive(widget, {"type": "hello"}, [])
    (rows,) = sent.of("rows")
    assert rows["base"] is None
    assert len(rows["names"]) == 3
    assert sent.of("problems") == []  # nobody has checked yet


def test_drag_writes_the_places_through_the_session(made):
    session, widget, sent = made
    widget._receive(widget, {"type": "move", "moves": [[0, 10.0, 20.0], [2, 30.0, 40.0]]}, [])
    assert session.story.table.loc[[0, 2], "x"].tolist() == [10.0, 30.0]
    assert session.undo_label == "Move passages"
    (rows,) = sent.of("rows")
    assert (rows["base"], rows["revision"]) == (0, 1)


def test_drag_of_a_passage_that_is_gone_moves_the_others(made):
    session, widget, _ = made
    session.apply(lambda story: edits.delete_passage(story, 2), label="Delete")
    widget._receive(widget, {"type": "move", "moves": [[0, 10.0, 20.0], [2, 30.0, 40.0]]}, [])
    assert session.story.table.at[0, "x"] == 10.0


def test_refused_drag_says_why_and_sends_the_story_as_it_is(made):
    session, widget, sent = made
    widget._receive(widget, {"type": "move", "moves": [[0, float("inf"), 0.0]]}, [])
    assert session.story.table.at[0, "x"] == 0.0
    assert sent.of("notice")
    assert sent.of("rows")[0]["base"] is None


def test_click_selects_and_double_click_opens(made):
    session, widget, sent = made
    changes = []
    session.watch(changes.append)
    widget._receive(widget, {"type": "select", "key": 1, "open": False}, [])
    widget._receive(widget, {"type": "select", "key": 1, "open": True}, [])
    assert session.selected == 1
    assert [change.span for change in changes] == [None, (0, 0)]
    assert sent.of("selected")[-1]["key"] == 1


def test_click_on_a_passage_that_is_gone_is_a_notice(made):
    session, widget, sent = made
    session.apply(lambda story: edits.delete_passage(story, 2), label="Delete")
    widget._receive(widget, {"type": "select", "key": 2, "open": False}, [])
    assert sent.of("notice")


def test_change_by_another_is_sent_as_a_patch(made):
    session, _, sent = made
    session.apply(lambda story: edits.set_tags(story, 1, ["dark"]), label="Tags")
    (rows,) = sent.of("rows")
    assert (rows["base"], rows["names"]) == (0, ["Cellar"])


def test_patches_count_on_without_gaps(made):
    session, _, sent = made
    session.apply(lambda story: edits.set_text(story, 2, "Dust everywhere."), label="Text")  # nothing to see on the map
    session.apply(lambda story: edits.set_tags(story, 1, ["dark"]), label="Tags")
    session.undo()
    bases = [(rows["base"], rows["revision"]) for rows in sent.of("rows")]
    assert bases == [(at, at + 1) for at in range(len(bases))]


def test_problems_are_remembered_for_views_that_open_later(made):
    _, widget, sent = made
    widget.set_problems({1: "error"})
    sent.clear()
    widget._receive(widget, {"type": "hello"}, [])
    buffers = next(buffers for content, buffers in sent if content["type"] == "problems")
    assert np.frombuffer(buffers[0], "<i4").tolist() == [1]


def test_closed_map_no_longer_follows(made):
    session, widget, sent = made
    widget.close()
    session.apply(lambda story: edits.set_tags(story, 1, ["dark"]), label="Tags")
    assert sent == []


def test_missing_bundle_says_what_to_run(tmp_path):
    with pytest.raises(LabError, match="npm run build"):
        bundle("story_map", folder=tmp_path)


def test_cover__is_sent_by_key_kept_over_renames_and_taken_back(made):
    session, widget, sent = made
    read = PassageReadings("sessions", 4, {"Start": 4, "Cellar": 1, "Gone": 2})
    widget._read = read
    widget.cover(None)
    assert [(each["what"], each["show"]) for each in sent.of("coverage")] == [(None, True)]
    widget._read = read
    session.apply(lambda story: edits.rename_passage(story, "Cellar", "Vault"), label="Rename")
    message, buffers = next(each for each in reversed(sent) if each[0]["type"] == "coverage")
    assert (message["what"], message["total"], message["show"]) == ("sessions", 4, False)
    counts = dict(zip(np.frombuffer(buffers[0], "<i4"), np.frombuffer(buffers[1], "<u4"), strict=True))
    assert counts == {session.story.key("Start"): 4, session.story.key("Vault"): 1}
