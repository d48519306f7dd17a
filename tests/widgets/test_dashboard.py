"""The dashboard: what each view is sent, and that nothing is read when none can be seen."""

from __future__ import annotations

import threading

import ipywidgets
import pytest
import traitlets

from gamebook_lab.charts.telemetry_panels import PANELS
from gamebook_lab.telemetry.overview import OVERVIEW_COLUMNS, step_of
from gamebook_lab.widgets.dashboard import MOST_NOTICES, Dashboard
from gamebook_lab.widgets.dashboard_feed import WINDOWS
from tests.patience import PATIENCE
from tests.widgets.telemetry_feed import MadeUpFeed, alert

NOW = 1_800_000_000.0


@pytest.fixture
def feed():
    return MadeUpFeed([alert(7, summary="<b>cpu</b> 91 %", started=NOW - 30)])


@pytest.fixture
def now():
    return [NOW]


@pytest.fixture
def board(feed, now, bundles):
    made = Dashboard(feed=feed, clock=lambda: now[0])
    yield made
    made.close()


def ask(board, kind, **what):
    board._receive(board, {"type": kind, "view": "v", **what}, [])


def test_hello__gives_panels_windows_and_what_is_the_matter(board, heard):
    sent = heard(board)
    ask(board, "hello")
    setup = sent.last("setup")
    assert [panel["key"] for panel in setup["panels"]] == [
        "cpu",
        "memory",
        "response",
        "fps",
        "errors",
        "uptime",
        "workers",
    ]
    memory = setup["panels"][1]
    assert [(limit["value"], limit["level"]) for limit in memory["limits"]] == [
        (60, "warning"), (70, "critical"), (80, "maximum")
    ]  # fmt: skip
    assert (setup["windows"][0], setup["windows"][-1]) == ((60, "1 minute"), (30 * 86_400, "30 days"))
    status = sent.last("status")
    assert [each["objective"] for each in status["objectives"]] == [
        "memory",
        "cpu",
        "response",
        "fps",
        "uptime",
        "errors",
    ]
    assert status["objectives"][1]["current"] == "83 %"
    assert (status["objectives"][4]["current"], status["objectives"][4]["target"]) == ("99.95 %", "above 99.9 %")
    assert status["objectives"][5]["compliance"] is None
    assert status["alerts"][0]["started"] == (NOW - 30) * 1000


@pytest.mark.parametrize(("rest", "n"), [(float("inf"), 1), (0.0, 3)], ids=["long", "at once"])
def test_objectives__are_judged_anew_as_often_as_that_is_quick(board, feed, heard, monkeypatch, rest, n):
    monkeypatch.setattr("gamebook_lab.widgets.dashboard.JUDGE_REST", rest)
    monkeypatch.setattr("gamebook_lab.widgets.dashboard.JUDGE_SECONDS", (0.0, 3600.0))
    sent, n_judged = heard(board), []
    monkeypatch.setattr(feed, "objectives", lambda window: n_judged.append(window) or MadeUpFeed().objectives(window))
    for _ in range(3):
        feed.rows.append(alert(8, started=NOW))
        board._send_status()
    assert len(n_judged) == n
    assert len(sent.last("status")["alerts"]) == 4


def test_panels__show_columns_that_there_are():
    columns = [series.column for panel in PANELS for series in panel.series]
    assert sorted(columns) == sorted(OVERVIEW_COLUMNS)


@pytest.mark.parametrize("window", WINDOWS)
def test_window__is_some_hundred_rows(window):
    assert 60 <= window / step_of(window) <= 720


def test_watch__gives_the_window_and_then_only_what_is_new(board, feed, now, heard):
    sent = heard(board)
    board._send_history("v", NOW - 301, NOW - 1, is_live=True)
    history = sent.last("history")
    assert (history["view"], len(history["times"]), history["step_seconds"]) == ("v", 300, 1)
    now[0] += 3
    board._send_rows()
    rows = sent.last("rows")
    assert rows["times"] == [(NOW - 1 + second) * 1000 for second in range(2)]
    board._send_rows()
    assert sent.last("rows")["times"] == []
    assert set(rows["columns"]) == set(OVERVIEW_COLUMNS)


def test_watch__reads_nothing_any_more_once_the_view_rests(board, feed, heard):
    heard(board)
    ask(board, "watch", is_new=True)
    assert board.is_followed
    (thread,) = [each for each in threading.enumerate() if each.name == "gamebook-follow"]
    ask(board, "rest")
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not board.is_followed
    n_asked = len(feed.asked)
    feed.fire()
    assert len(feed.asked) == n_asked


def test_second_view__misses_no_row_and_takes_none_from_the_first(board, now, heard):
    sent = heard(board)
    board._followers._views = {"v": 0.0, "w": 0.0}
    board._send_history("v", NOW - 301, NOW - 1, is_live=True)
    board._shown_until = NOW - 2
    now[0] += 1
    board._send_history("w", NOW - 300, NOW, is_live=True)
    board._send_rows()
    assert sent.last("rows")["times"][0] == (NOW - 2) * 1000
    board._followers._views = {}


def test_history__of_a_stretch_is_as_fine_as_it_can_be(board, feed, heard):
    sent = heard(board)
    ask(board, "history", since=NOW - 86_400, until=NOW - 86_400 + 240)
    assert sent.last("history")["step_seconds"] == 1
    assert not sent.last("history")["is_live"]


def test_export__csv_has_a_row_for_each_moment(board, monkeypatch):
    files = []
    monkeypatch.setattr(board, "send", lambda content, buffers=None: files.append((content, buffers)))
    ask(board, "export", what="csv", since=NOW - 60, until=NOW)
    (file, (content,)) = files[0]
    assert file["name"].endswith(".csv")
    lines = content.decode().splitlines()
    assert lines[0].startswith("time,cpu_host")
    assert len(lines) == 61


def test_export__html_stands_alone(board, monkeypatch):
    files = []
    monkeypatch.setattr(board, "send", lambda content, buffers=None: files.append((content, buffers)))
    ask(board, "export", what="html", since=NOW - 60, until=NOW)
    (file, (content,)) = files[0]
    text = content.decode()
    assert file["mime"] == "text/html"
    assert "<b>cpu</b>" not in text
    assert text.count("plotly.js v") == 1
    assert "<script src" not in text


def test_plotly__is_sent_when_it_is_asked_for_and_is_in_no_state(board, monkeypatch, tmp_path):
    monkeypatch.setattr("gamebook_lab.widgets.dashboard.STATIC", tmp_path)
    (tmp_path / "plotly_bundle.js").write_bytes(b"export default 1")
    sent = []
    monkeypatch.setattr(board, "send", lambda content, buffers=None: sent.append((content, buffers)))
    ask(board, "plotly")
    assert sent == [({"type": "plotly"}, [b"export default 1"])]


def test_alert__can_be_acknowledged_and_silenced(board, feed, heard):
    heard(board)
    ask(board, "acknowledge", alert=7)
    ask(board, "silence", rule="cpu", seconds=600)
    assert (feed.acknowledged, feed.silenced) == ([7], [("cpu", 600.0)])


def test_notice__is_shown_until_a_newer_one_of_its_group_or_dismissed(board, feed, heard):
    sent = heard(board)
    feed.fire(title="first")
    feed.fire(title="second")
    feed.fire(group="memory", title="other")
    notices = sent.last("notices")["notices"]
    assert [notice["title"] for notice in notices] == ["second", "other"]
    ask(board, "dismiss", id=notices[0]["id"])
    assert [notice["title"] for notice in sent.last("notices")["notices"]] == ["other"]
    for number in range(2 * MOST_NOTICES):
        feed.fire(group=f"g{number}")
    assert len(sent.last("notices")["notices"]) == MOST_NOTICES


def test_window__of_another_length_is_refused(board):
    with pytest.raises(traitlets.TraitError, match="1 minute"):
        board.window = 77


def test_window__is_chosen_for_all_views(board, heard):
    sent = heard(board)
    ask(board, "choose", seconds=3600)
    assert board.window == 3600
    board._send_history("v", NOW - 3600, NOW, is_live=True)
    assert len(sent.last("history")["times"]) == 360


def test_message__of_a_stranger_is_logged(board, heard, caplog):
    heard(board)
    ask(board, "nonsense")
    board._receive(board, "nonsense", [])
    assert "does not know" in caplog.text


def test_close__leaves_nothing_behind(feed, bundles):
    before = set(ipywidgets.widgets.widget._instances)
    board = Dashboard(feed=feed)
    ask(board, "watch", is_new=False)
    board.close()
    assert not feed.callbacks
    assert not [thread for thread in threading.enumerate() if thread.name == "gamebook-follow"]
    assert set(ipywidgets.widgets.widget._instances) == before
