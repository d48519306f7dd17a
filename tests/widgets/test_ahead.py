"""A story that is opened before it is asked for."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from gamebook_lab.widgets.ahead import Ahead
from gamebook_lab.widgets.open_sessions import session_of_file
from tests.patience import until_collected


def test_ahead__the_session_is_there_parsed_when_it_is_asked_for(path):
    ahead = Ahead(path)
    ahead.open()
    gc.collect()
    text = path.read_text()
    session = session_of_file(path)
    assert "choices" in vars(session.story)
    assert path.read_text() == text
    assert session.n_watchers == 1
    assert not ahead.release()
    stop = session.watch(lambda _: None)
    assert ahead.release()
    assert session.n_watchers == 1
    stop()


def test_ahead__is_held_until_somebody_shows_it_and_no_longer(path):
    ahead = Ahead(path)
    ahead.open()
    session = ref(session_of_file(path))
    gc.collect()
    assert not ahead.release()
    held = session()
    assert held is not None
    stop = held.watch(lambda _: None)
    ahead.release()
    stop()
    del stop, held
    until_collected(lambda: session() is None)


@pytest.mark.parametrize("content", [b"<html></html>", None])
def test_ahead__leaves_it_to_the_studio_to_say_what_is_wrong(tmp_path, content):
    path = tmp_path / "tale.html"
    if content is not None:
        path.write_bytes(content)
    ahead = Ahead(path)
    ahead.open()
    assert not ahead.release()
