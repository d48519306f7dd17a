"""What all widgets share: a script's messages go to their handlers, and to no log."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.widgets.bundle import BundledWidget


class Hearing(BundledWidget):
    def __init__(self):
        super().__init__(_esm="export default {}")
        self.said, self.refused = [], []
        self.hear({"say": self.said.append, "fail": self.fail})

    def fail(self, message):
        raise EditError(message["why"])

    def refuse(self, error):
        self.refused.append(str(error))


@pytest.fixture
def widget():
    made = Hearing()
    yield made
    made.close()


def test_message__goes_to_the_handler_of_its_type(widget):
    widget._receive(widget, {"type": "say", "what": "hello"}, [])
    widget._receive(widget, {"type": "fail", "why": "not a name"}, [])
    assert widget.said == [{"type": "say", "what": "hello"}]
    assert widget.refused == ["not a name"]


@pytest.mark.parametrize(
    "content", [{"type": "shout", "what": "a secret"}, "a secret", ["a secret"], {"type": ["a secret"]}]
)
def test_message__that_is_not_known_is_logged_without_what_it_says(widget, caplog, content):
    widget._receive(widget, content, [])
    assert "Hearing does not know" in caplog.text
    assert "a secret" not in caplog.text


def test_close__ends_what_it_follows_once(widget):
    ended = []
    widget.follow(lambda: ended.append(1))
    widget.follow(lambda: ended.append(2))
    widget.close()
    widget.close()
    assert ended == [1, 2]
