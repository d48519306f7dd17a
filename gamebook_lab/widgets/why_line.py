"""The line that says why the selected passage can be reached, or cannot; every passage that it names can be clicked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from gamebook_lab.errors import GamebookError
from gamebook_lab.story.story import Story
from gamebook_lab.widgets import why_messages as messages
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.session import Change
from gamebook_lab.widgets.verdict_rows import told

if TYPE_CHECKING:
    from gamebook_lab.analysis.answers import Blocked, Why
    from gamebook_lab.engine.playthrough import Playthrough


class WhyLine(BundledWidget):
    """Explains the verdict on the selected passage.

    Parameters
    ----------
    story
        What to explain: a session, a story, or a path to open.
    play
        Is given a witness to play when that is asked for; without it there is no button for that.
    """

    def __init__(self, story: Shown, *, play: Callable[[Playthrough], None] | None = None) -> None:
        super().__init__(**bundle("why_line"))
        session = session_of(story)
        self._session, self._play = session, play
        self._lock = threading.RLock()
        self._explored: Explored | None = None
        self._selected = session.selected
        self._why: Why | None = None
        self.hear({"hello": lambda _: self._tell_again(), "select": self._select, "play": lambda _: self._begin_play()})
        self.follow(session.watch(self._follow), session.watch_verdicts(self._judge))

    # ---- from the session

    def _follow(self, change: Change) -> None:
        if change.selected != self._selected or change.kind == "load":
            self._selected = change.selected
            self._ask()

    def _judge(self, explored: Explored) -> None:
        self._explored = explored
        self._ask()

    def _ask(self) -> None:
        """Ask for the reason, which comes on another thread; until then say how far exploring is."""
        story, key = self._session.story, self._selected
        if key is None or key not in story.table.index:
            self._answer(key, None)
            return
        if not self._session.why(story.name(key), lambda why: self._answer(key, why)):
            self._answer(key, None)

    def _answer(self, key: int | None, why: Why | None) -> None:
        with self._lock:
            if key != self._selected:
                return  # another has been selected meanwhile
            self._why = why
            self._tell_reason()

    # ---- from the script

    def _tell_again(self) -> None:
        with self._lock:
            self._tell_reason()

    def _begin_play(self) -> None:
        if self._play is not None and self._why is not None and self._why.witness is not None:
            self._play(self._why.witness)

    def _select(self, message: messages.Select) -> None:
        span = message["span"]
        self._session.select(message["key"], span=None if span is None else (span[0], span[1]), origin=self)

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author, as of a passage that was deleted meanwhile."""
        self._session.report(error)

    # ---- to the script

    def _tell_reason(self) -> None:
        self.send(
            reason(self._session.story, self._selected, self._why, self._explored, can_play=self._play is not None)
        )


def reason(
    story: Story, key: int | None, why: Why | None, explored: Explored | None, *, can_play: bool
) -> messages.Reason:
    """Put the reason of a verdict into words and chips."""
    note = told(explored)
    if why is None:
        is_story = key is not None and key in story.table.index and story.table.at[key, "kind"] == "story"
        return messages.Reason(
            type="reason", key=key, verdict="", note=note if is_story else "", n_steps=0, is_luck_only=False, way=[],
            blocked=[], n_blocked=0, can_play=False,
        )  # fmt: skip
    return messages.Reason(
        type="reason", key=key, verdict=why.verdict, note=note, n_steps=why.n_choices, is_luck_only=why.is_luck_only,
        way=[_chip(story, stage.passage, " then ".join(stage.clicks)) for stage in why.way],
        blocked=[_blocked(story, each) for each in why.blocked], n_blocked=why.n_blocked,
        can_play=can_play and why.witness is not None,
    )  # fmt: skip


def _chip(story: Story, name: str, hint: str = "") -> messages.Chip:
    known = story.keys_by_name.get(name)
    return messages.Chip(key=known[0] if known else None, name=safe_text(name), hint=safe_text(hint))


def _blocked(story: Story, each: Blocked) -> messages.Blocked:
    return messages.Blocked(
        passage=_chip(story, each.passage), span=(each.start, each.stop), label=safe_text(each.label),
        condition=safe_text(each.condition), is_read=each.verdict != "unreachable",
        setters=[
            messages.Setter(
                variable=safe_text(setter.variable), passages=[_chip(story, name) for name in setter.passages],
                n_passages=setter.n_passages,
            )
            for setter in each.setters
        ],
    )  # fmt: skip
