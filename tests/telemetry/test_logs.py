"""The log: lines of JSON that can be searched, and hold nothing of a story."""

from __future__ import annotations

import json
import logging

import pytest

from gamebook_lab import telemetry
from gamebook_lab.errors import EditError
from gamebook_lab.telemetry import Registry
from gamebook_lab.telemetry.log_writing import _Formatter, begin_logging
from gamebook_lab.telemetry.settings import LogSettings

SECRET = "The Duchess poisoned the well"
_log = logging.getLogger("gamebook_lab.tests")


@pytest.fixture
def logged(tmp_path):
    """Folder that is logged to, and what its files hold."""
    ends = [begin_logging(tmp_path, LogSettings(level="debug"), "session-1", registry=Registry())]

    class Logged:
        folder = tmp_path

        @staticmethod
        def text():
            return "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "logs").glob("*.jsonl*"))

        @staticmethod
        def lines():
            """Ours: a thread that a test before has left may have something to say as well."""
            lines = [json.loads(line) for line in Logged.text().splitlines()]
            return [line for line in lines if line["logger"] == _log.name]

        @staticmethod
        def last():
            return Logged.lines()[-1]

    yield Logged
    for end in ends:
        end()


def fail():
    secret = SECRET
    raise EditError(f"there is no passage {secret!r}")


def log_in_every_way():
    story = {"name": SECRET}
    _log.warning("no passage %s", SECRET)
    _log.warning("no passage %(name)s", story)
    _log.warning("no passage %r in %d, %5.1f%%", SECRET, 3, 12.25)
    _log.warning(SECRET.encode())
    _log.warning("extra", extra={"passage": SECRET, "kind": SECRET, "table": [SECRET], "n": 3})
    try:
        fail()
    except EditError as error:
        _log.exception("an edit failed")
        _log.error("an edit failed: %s", error)
        chained = ValueError(SECRET)
        chained.__cause__ = error
        _log.error("chained", exc_info=chained, stack_info=True)
    with telemetry.bound(job=SECRET):
        _log.info("bound")


def test_log__holds_no_text_of_a_story(logged):
    log_in_every_way()
    text = logged.text()
    assert len(logged.lines()) == 9
    assert "Duchess" not in text
    assert "poisoned" not in text


@pytest.mark.parametrize("words", ["%d", "%s %s", "%(name)s", "%", "%y"])
def test_line__of_a_message_that_does_not_fit_its_arguments(words):
    record = logging.LogRecord("gamebook_lab", logging.INFO, "x.py", 1, words, (SECRET,), None)
    assert "Duchess" not in _Formatter("s").format(record)


def test_log__holds_no_text_of_a_story_that_a_session_fails_on(logged):
    from gamebook_lab.formats import parse_twee
    from gamebook_lab.story import edits
    from gamebook_lab.widgets.session import StorySession

    session = StorySession(parse_twee(f":: Start\n[[{SECRET}]]\n\n:: {SECRET}\n{SECRET}.\n"))
    session.watch(lambda _: 1 / 0)
    session.apply(lambda story: edits.set_text(story, story.start_key, SECRET), label=SECRET)
    with pytest.raises(EditError) as caught:
        session.apply(lambda story: edits.rename_passage(story, SECRET, "Start"), label="x")
    session.report(caught.value)
    _log.error("reported", exc_info=caught.value)
    assert "ZeroDivisionError" in logged.text()
    assert "Duchess" not in logged.text()


def test_error__has_its_class_and_place(logged):
    try:
        fail()
    except EditError:
        _log.exception("an edit failed")
    line = logged.last()
    assert (line["event"], line["error"], line["level"]) == ("an edit failed", "EditError", "error")
    assert "test_logs.py:" in line["place"]


def test_numbers__are_put_into_the_words(logged):
    _log.warning("%d of %d workers, %.1f %%, %s", 1, 2, 12.25, SECRET)
    assert logged.last()["event"] == "1 of 2 workers, 12.25 %, <str>"


def test_ids__are_on_every_line(logged):
    with telemetry.bound(job="words"):
        _log.info("in the job")
        assert logged.last()["job"] == "words"
    _log.info("after it")
    assert "job" not in logged.last()
    assert logged.last()["session"] == "session-1"


def test_errors__are_counted_by_kind(tmp_path):
    registry = Registry()
    end = begin_logging(tmp_path, LogSettings(), "s", registry=registry)
    _log.error("plain")
    try:
        fail()
    except EditError:
        _log.exception("an edit failed")
    end()
    assert registry.snapshot().value("errors_total", kind="EditError") == 1
    assert registry.snapshot().value("errors_total", kind="logged") == 1


def test_levels__come_from_the_settings(tmp_path):
    settings = LogSettings(level="warning", levels={"gamebook_lab.parallel": "debug"})
    end = begin_logging(tmp_path, settings, "s", registry=Registry())
    logging.getLogger("gamebook_lab.story").info("left out")
    logging.getLogger("gamebook_lab.parallel").debug("kept")
    end()
    assert telemetry.logs(folder=tmp_path)["event"].tolist() == ["kept"]


def test_files__are_rotated_and_old_sessions_removed(tmp_path):
    old = tmp_path / "logs" / "old.jsonl"
    old.parent.mkdir()
    old.write_text("{}\n", encoding="utf-8")
    import os

    os.utime(old, (0, 0))
    end = begin_logging(tmp_path, LogSettings(max_bytes=10_000, n_files=2), "s", registry=Registry())
    for number in range(500):
        _log.warning("line %d", number)
    end()
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["s.jsonl", "s.jsonl.1", "s.jsonl.2"]
    assert all(file.stat().st_size <= 10_000 for file in files)
    found = telemetry.logs(folder=tmp_path)
    assert found["event"].iloc[-1] == "line 499"
    assert found["time"].is_monotonic_increasing


def test_search(logged):
    _log.info("edit made", extra={"n": 17})
    with telemetry.bound(job="words"):
        _log.warning("shard set aside")
    _log.error("it broke")
    find = lambda **wanted: telemetry.logs(folder=logged.folder, **wanted)["event"].tolist()  # noqa: E731
    assert find() == ["edit made", "shard set aside", "it broke"]
    assert find(level="warning") == ["shard set aside", "it broke"]
    assert find(text="SHARD") == ["shard set aside"]
    assert find(text='"n": 17') == ["edit made"]
    assert find(job="words") == ["shard set aside"]
    assert find(session="other") == []
    assert find(since="2020-01-01", until="2021-01-01") == []
    with pytest.raises(ValueError, match="a level is debug"):
        find(level="loud")


def test_search__skips_a_line_that_a_kill_cut_off(logged):
    _log.info("whole")
    with (logged.folder / "logs" / "session-1.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"time": 1, "eve')
    assert telemetry.logs(folder=logged.folder)["event"].tolist() == ["whole"]


def test_search__nothing_logged(tmp_path):
    found = telemetry.logs(folder=tmp_path)
    assert found.empty
    assert list(found) == ["time", "level", "event", "logger", "session", "job", "error", "place", "fields"]
