"""The play pane: read the story as a reader does, with its variables and what is hidden in sight.

Covers: a playthrough on a thread of its own, so that no passage holds up the notebook; following edits and the
selection. What playing is, is ``engine.playing``'s business; nothing of it is imported before the pane is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from gamebook_lab.errors import GamebookError
from gamebook_lab.widgets import play_messages as messages
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.play_state import state_of
from gamebook_lab.widgets.quiet import QUIET
from gamebook_lab.widgets.session import Change
from gamebook_lab.widgets.threaded_pane import ThreadedPane

if TYPE_CHECKING:
    from gamebook_lab.engine.playing import Playing
    from gamebook_lab.engine.playthrough import Playthrough
    from gamebook_lab.engine.relevance import Relevance

    Act: TypeAlias = Callable[[Playing], object]
    Ways: TypeAlias = Callable[[str], Playthrough | None]

_log = logging.getLogger(__name__)


class PlayPane(ThreadedPane):
    """Play the session's story, step by step and back.

    Parameters
    ----------
    story
        What to play: a session, a story, or a path to open.
    seed
        Of the dice.
    """

    def __init__(self, story: Shown, *, seed: int = 0) -> None:
        super().__init__("play_pane", "gamebook-play")
        self.session = session_of(story)
        self.ways: Ways | None = None
        """Finds a way to a passage, for "Play from here": say, the witnesses of an exploration."""
        self._seed = seed
        self._is_following = True
        self._is_due = False
        self._playing: Playing | None = None
        self.hear({
            "hello": self._hello, "go": self._go, "follow": self._set_following, "dice": self._set_dice,
            "locate": self._locate, "jump": self._jump,
            "choose": lambda message: self._act(lambda playing: playing.choose(int(message["nth"]))),
            "answer": lambda message: self._act(lambda playing: playing.answer(int(message["nth"]))),
            "back": lambda _: self._act(lambda playing: playing.back()),
            "forward": lambda _: self._act(lambda playing: playing.forward()),
            "restart": lambda _: self._act(lambda playing: playing.restart()),
            "reroll": lambda _: self._act(lambda playing: playing.restart(seed=playing.seed + 1)),
        })  # fmt: skip
        self.follow(self.session.watch(self._follow))

    # ---- from Python

    def show(self, way: Playthrough, *, relevance: Relevance | None = None) -> None:
        """Play a witness to its end; each of its steps can be gone back to.

        Parameters
        ----------
        way
            As :meth:`gamebook_lab.engine.space.Space.witness` gives it.
        relevance
            Of the space that it is of, if that was not made with the usual options.
        """
        self._act(lambda playing: playing.follow(way, relevance=relevance))

    # ---- from the session

    def _follow(self, change: Change) -> None:
        with self._lock:
            if self._playing is None:
                return  # nobody has looked at it yet
            is_due = self._is_due
            self._is_due = self._is_due or change.new is not change.old
            if (not self._is_due and change.kind != "select") or self.puts_off():
                return
            if self._is_due and not is_due:
                self.catch_up()
        if change.kind == "select":
            self._thread.submit(self._send_selected)

    def catch_up(self) -> bool:
        """Play the story as it is now, and show that and what is selected."""
        self._act(lambda _: None, moves=False)
        self._thread.submit(self.when_caught())
        return False

    # ---- from the script

    def _hello(self, _message: messages.Hello) -> None:
        if self._playing is None:
            self.send(messages.Making(type="making"))
        self._act(lambda _: None, moves=False)

    def _go(self, message: messages.Go) -> None:
        self._act(lambda playing: playing.go_to(int(message["at"])))

    def _set_following(self, message: messages.Follow) -> None:
        self._is_following = bool(message["is_on"])
        self._act(lambda _: None)

    def _set_dice(self, message: messages.Dice) -> None:
        def turn(playing: Playing) -> None:
            playing.dice = "asked" if message["is_asked"] else "drawn"

        self._act(turn)

    def _locate(self, message: messages.Locate) -> None:
        story = self.session.story
        for key in story.keys_by_name.get(message["passage"], ()):
            self._select(key, (int(message["start"]), int(message["stop"])))
            return

    def _jump(self, _message: messages.Press) -> None:
        name = self._selected_name()

        def jump(playing: Playing) -> None:
            steps = [at for at, each in enumerate(playing.moments) if each.passage == name]
            if steps:
                playing.go_to(steps[-1])
                return
            way = self.ways(name) if self.ways is not None and name is not None else None
            if way is not None:
                playing.follow(way)
            else:
                playing.notice = f"No way to “{name}” is known."

        self._act(jump)

    # ---- on the thread

    def _act(self, act: Act, *, moves: bool = True) -> None:
        """Do something with the playthrough and show it, after all that was asked before."""
        self._thread.submit(lambda: self._run(act, moves))

    def _run(self, act: Act, moves: bool) -> None:
        try:
            with QUIET.giving_way():
                playing = self._caught_up()
                act(playing)
                state = state_of(playing, is_following=self._is_following)
            self.send(state)
            self._send_selected()
            if moves and self._is_following and playing.moment and playing.moment.passage in playing.names:
                self._select(playing.story.key(playing.moment.passage), None)
        except Exception:  # noqa: BLE001 -- whatever it is, the notebook goes on, and the log has it
            _log.exception("playing the story failed")
            self._playing = None
            self.send(messages.Failed(type="failed"))

    def _caught_up(self) -> Playing:
        """Give the playthrough, made at the first call, of the story as it is now."""
        from gamebook_lab.engine.playing import Playing

        with self._lock:
            story, self._is_due = self.session.story, False
        if self._playing is None:
            self._playing = Playing(story, seed=self._seed)
        elif self._playing.story is not story:
            self._playing.edited(story)
        return self._playing

    def _select(self, key: int, span: tuple[int, int] | None) -> None:
        try:
            self.session.select(key, span=span, origin=self)
        except GamebookError as error:  # deleted meanwhile
            self.session.report(error)

    # ---- to the script

    def _selected_name(self) -> str | None:
        story, key = self.session.story, self.session.selected
        return story.name(key) if key is not None and key in story.table.index else None

    def _send_selected(self) -> None:
        """Say which passage "Play from here" would lead to, if the way there is known."""
        playing, name = self._playing, self._selected_name()
        is_known = self.ways is not None or (
            playing is not None and any(each.passage == name for each in playing.moments)
        )
        is_here = playing is not None and playing.moment is not None and playing.moment.passage == name
        shown = safe_text(name) if name is not None and is_known and not is_here else None
        self.send(messages.Selected(type="selected", name=shown))
