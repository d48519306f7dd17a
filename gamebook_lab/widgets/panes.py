"""What the Studio is made of: one record for each of its panes.

To add a pane, add a record to :data:`PANES`: the Studio makes the widget, shows it in its place, and closes it. The
script knows no pane by name but those that it lays out itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import anywidget

from gamebook_lab.widgets.dashboard import Dashboard
from gamebook_lab.widgets.passage_history import PassageHistory
from gamebook_lab.widgets.passage_table import PassageTable
from gamebook_lab.widgets.play_pane import PlayPane
from gamebook_lab.widgets.problem_list import ProblemList
from gamebook_lab.widgets.revisions_pane import RevisionsPane
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.story_map import StoryMap
from gamebook_lab.widgets.telemetry_strip import TelemetryStrip
from gamebook_lab.widgets.text_editor import TextEditor
from gamebook_lab.widgets.variables_pane import VariablesPane
from gamebook_lab.widgets.why_line import WhyLine
from gamebook_lab.widgets.words_pane import WordsPane

if TYPE_CHECKING:
    from gamebook_lab.widgets.studio import Studio

Place = Literal["tab", "editor", "below", "bottom", "foot"]
"""A tab on the left; the text on the right, and the strip below it; the bottom; the line at the foot of it all."""


@dataclass(frozen=True, slots=True)
class Pane:
    """One pane of the Studio."""

    name: str
    """By which Python and the script speak of it."""
    label: str
    """On its tab; of other panes, what a screen reader says."""
    place: Place
    make: Callable[[StorySession, Studio], anywidget.AnyWidget]
    """Makes its widget, on the session that all share; a tab's when it is first looked at, the first one's and the others' at once.
    Whoever is costly to import does that in here."""
    hint: str = ""
    """What the tab is for, in a few words."""


PANES: Final = (
    Pane("map", "Map", "tab", lambda session, _: StoryMap(session), "Passages and their links"),
    Pane("table", "Table", "tab", lambda session, _: PassageTable(session), "Every passage a row: sort, filter, edit"),
    Pane(
        "variables",
        "Variables",
        "tab",
        lambda session, _: VariablesPane(session),
        "Where each is read and set, and its values",
    ),
    Pane(
        "words",
        "Words",
        "tab",
        lambda session, _: WordsPane(session),
        "How much there is to read, by tag and by ending",
    ),
    Pane("play", "Play", "tab", lambda session, _: PlayPane(session), "Play the story as a reader does"),
    Pane("revisions", "Revisions", "tab", lambda session, _: RevisionsPane(session), "What was done, and going back"),
    Pane("dashboard", "Dashboard", "tab", lambda _session, _: Dashboard(), "What the machine and the screen do"),
    Pane("editor", "Text", "editor", lambda session, _: TextEditor(session)),
    Pane("why", "Why it can be reached", "below", lambda session, studio: WhyLine(session, play=studio.play)),
    Pane("history", "History of the passage", "below", lambda session, _: PassageHistory(session)),
    Pane("problems", "Problems", "bottom", lambda session, _: ProblemList(session)),
    Pane(
        "telemetry",
        "Machine and screen",
        "foot",
        lambda _session, studio: TelemetryStrip(show=lambda: studio.show("dashboard")),
    ),
)
"""Tabs in the order in which they stand; the first is shown at the start."""
