"""The problem list: counts, filters, pages, going to the place."""

from __future__ import annotations

import pandas as pd
import pytest

from gamebook_lab.story.problems import Problem, to_table
from gamebook_lab.widgets import problem_rows
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.problem_list import ProblemList
from gamebook_lab.widgets.session import StorySession


@pytest.fixture
def table() -> pd.DataFrame:
    return to_table([
        Problem("GB101", "No 'X'", "Make it", key=1, passage_id="Cellar", start=3, stop=5, line=7, column=4, file="a.twee"),
        Problem("GB105", "Stuck", key=0, passage_id="Start"),
        Problem("GB202", "Never read", key=1, passage_id="Cellar", start=0),
        Problem("GB508", "No IFID"),
    ])  # fmt: skip


@pytest.fixture
def session(story):
    return StorySession(story, debounce=3600)


@pytest.fixture
def shown(session, bundles, heard, table):
    widget = ProblemList(session)
    sent = heard(widget)
    widget._checked(Checked("done", session.story, table))
    yield widget, sent
    widget.close()
    assert session.n_watchers == 0


def receive(widget, **message):
    widget._receive(widget, {"view": "v", **message}, [])


def test_severity_counts__has_zeros(table):
    assert problem_rows.severity_counts(table) == {"error": 1, "warning": 1, "info": 2}
    assert problem_rows.severity_counts(table.head(0)) == {"error": 0, "warning": 0, "info": 0}


def test_code_counts__worst_first(table):
    assert [(entry["code"], entry["n"]) for entry in problem_rows.code_counts(table)] == [
        ("GB101", 1), ("GB105", 1), ("GB202", 1), ("GB508", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({}, ["GB101", "GB105", "GB202", "GB508"]),
        ({"severities": ["info"]}, ["GB202", "GB508"]),
        ({"code": "GB105"}, ["GB105"]),
        ({"key": 1}, ["GB101", "GB202"]),
        ({"key": 1, "severities": ["error"], "code": ""}, ["GB101"]),
        ({"severities": [], "code": "", "key": None}, ["GB101", "GB105", "GB202", "GB508"]),
    ],
)
def test_filtered(table, wanted, codes):
    assert problem_rows.filtered(table, wanted)["code"].tolist() == codes


def test_rows__have_places_only_where_known(table):
    first, _, third, last = problem_rows.rows(table, 0, 10)
    assert (first["place"], first["start"], first["stop"], first["passage"]) == ("a.twee:7:4", 3, 5, "Cellar")
    assert (third["start"], third["stop"]) == (0, None)
    assert (last["key"], last["passage"], last["place"]) == (None, None, "")


def test_worst_by_key(table):
    assert problem_rows.worst_by_key(table) == {1: "error", 0: "warning"}


def test_summary__then_a_page(shown):
    widget, sent = shown
    summary = sent.last("summary")
    assert summary["status"] == "done"
    assert summary["severities"]["error"] == 1
    receive(widget, type="page", filter={"severities": ["error"]}, start=0, stop=100)
    page = sent.last("page")
    assert (page["n"], page["version"], len(page["rows"])) == (1, summary["version"], 1)


def test_page__is_capped(shown, table):
    widget, sent = shown
    many = pd.concat([table] * 300, ignore_index=True)
    widget._checked(Checked("done", widget.session.story, many))
    receive(widget, type="page", filter={}, start=100, stop=10_000)
    assert (sent.last("page")["n"], len(sent.last("page")["rows"])) == (1200, 500)


def test_click__selects_the_place(shown, session):
    widget, _ = shown
    changes = []
    session.watch(changes.append)
    receive(widget, type="select", key=1, start=3, stop=5)
    assert (session.selected, changes[-1].span) == (1, (3, 5))
    receive(widget, type="select", key=0, start=None, stop=None)
    assert (session.selected, changes[-1].span) == (0, None)
    for stop in list(session._changes._watchers)[1:]:
        session._changes._watchers.remove(stop)


def test_click__on_what_was_deleted_is_told(shown, session):
    widget, _ = shown
    notices = []
    stop = session.watch_notices(notices.append)
    receive(widget, type="select", key=99, start=None, stop=None)
    assert len(notices) == 1
    stop()


def test_checking_and_failed__keep_the_rows_known(shown, table):
    widget, sent = shown
    widget._checked(Checked("checking", widget.session.story, table))
    assert sent.last("summary")["status"] == "checking"
    assert sent.last("summary")["severities"]["error"] == 1
    widget._checked(Checked("failed", widget.session.story, None))
    assert sent.last("summary")["status"] == "failed"


def test_selection__is_told_to_views_that_show_one_passage_alone(shown, session):
    widget, sent = shown
    n_before = len(sent)
    session.select(1)
    assert len(sent) == n_before
    receive(widget, type="follow", is_on=True)
    assert sent.last("summary")["selected"] == 1
    session.select(0)
    assert sent.last("summary")["selected"] == 0
    receive(widget, type="follow", is_on=False)
    session.select(1)
    assert sent.last("summary")["selected"] == 0


def test_check__that_finds_the_same_has_nothing_fetched_again(shown, session, table):
    widget, sent = shown
    version = sent[-1]["version"]
    widget._checked(Checked("done", session.story, table.copy()))
    assert sent[-1]["version"] == version
    widget._checked(Checked("done", session.story, table.head(2)))
    assert sent[-1]["version"] > version
