"""A tiny language and story for widget tests, so that they need no other room."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import pytest

from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.program import Program, Token
from gamebook_lab.story.story import Story, passage_rows
from tests.patience import PATIENCE


@dataclass(frozen=True)
class TinyLanguage:
    """Knows ``[[links]]`` as tokens and nothing else."""

    name: str = "tiny"

    def kind(self, name, tags):
        return "story"

    def parse(self, text, *, name="", tags=()):
        tokens, at = [], 0
        while (start := text.find("[[", at)) >= 0 and (stop := text.find("]]", start)) >= 0:
            tokens.append(Token(start, start + 2, "link"))
            tokens.append(Token(start + 2, stop, "target"))
            tokens.append(Token(stop, stop + 2, "link"))
            at = stop + 2
        return Program(tokens=tuple(tokens))

    def encode(self, text, quoting):
        return text

    def link(self, label, target):
        return f"[[{target}]]" if label is None else f"[[{label}|{target}]]"

    def link_inside(self, label, target):
        return f"{label}|{target}"

    def is_variable_name(self, name):
        return name.startswith("$")


def make_story(*passages: Passage) -> Story:
    return Story(passage_rows(passages), TinyLanguage(), Metadata(title="Tiny"))


def write(key: int, text: str):
    """An edit that sets a passage's text."""

    def edit(story: Story) -> Story:
        table = story.table.copy()
        table.at[key, "text"] = text
        return story.with_table(table, [key])

    return edit


def end(name: str) -> None:
    """Wait for the threads of this name: on a slow machine a Studio opens its story while it shows already."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(PATIENCE)


@pytest.fixture(autouse=True)
def no_autosave(monkeypatch):
    """Files change only when a test says so, and are looked at then."""
    monkeypatch.setenv("GAMEBOOK_AUTOSAVE", "off")
    monkeypatch.setenv("GAMEBOOK_WATCH", "off")


@pytest.fixture
def story() -> Story:
    return make_story(
        Passage("Start", "Go to the [[Cellar]] or [[Attic]].", is_start=True, x=0.0, y=0.0),
        Passage("Cellar", "Dark 🕯️ here. [[Start]]", tags=("dark",)),
        Passage("Attic", "Dusty."),
    )


@pytest.fixture
def path(tmp_path):
    """A story's file."""
    path = tmp_path / "tiny.twee"
    path.write_text(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n")
    return path


@pytest.fixture
def edit():
    return write


@pytest.fixture
def renamed():
    return lambda story, title: replace(story, metadata=replace(story.metadata, title=title))


class Sent(list):
    """Stands in for a comm: keeps what a widget sends."""

    def __call__(self, content, buffers=None):
        self.append(content)

    def of(self, kind):
        return [content for content in self if content["type"] == kind]

    def last(self, kind):
        return self.of(kind)[-1]


@pytest.fixture
def bundles(monkeypatch):
    """Lets widgets be made where their scripts are not built: nothing here runs them."""

    def fake(stem):
        return {"_esm": "export default {}", "_css": ""}

    for module in (
        "sight",
        "text_editor",
        "problem_list",
        "why_line",
        "studio",
        "dashboard",
        "telemetry_strip",
    ):
        monkeypatch.setattr(f"gamebook_lab.widgets.{module}.bundle", fake)


@pytest.fixture
def heard(monkeypatch):
    """Keeps what a widget sends from now on."""

    def listen(widget) -> Sent:
        sent = Sent()
        monkeypatch.setattr(widget, "send", sent)
        return sent

    return listen
