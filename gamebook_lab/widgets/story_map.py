"""The map: every passage a box, every choice an arrow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from gamebook_lab.errors import GamebookError
from gamebook_lab.story.history import changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.widgets import map_data, verdict_rows
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.many import Many, do_to_many
from gamebook_lab.widgets.map_messages import Coverage, Notice, Problems, Reach, Selected, Tidy, ToBrowser
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.problem_rows import worst_by_key
from gamebook_lab.widgets.session import Change
from gamebook_lab.widgets.sight import CatchingUp

if TYPE_CHECKING:
    from gamebook_lab.analysis.passage_readings import PassageReadings, Readings
    from gamebook_lab.engine.space import Space


Due = Literal["selected", "problems", "reach"]


class StoryMap(CatchingUp):
    """A map of a story: zoom, drag, select, search, colour.

    Parameters
    ----------
    story
        What to show: a session, a story, or a path to open; every change of it shows here, and a drag is an edit of it.

    Notes
    -----
    The browser gets binary columns once, and after an edit just the rows that differ; while nobody can see the map
    it gets nothing, and all that came meanwhile at once when somebody can.
    Messages are typed in ``map_messages``; everything that they say is computed in
    ``map_data`` and ``layout``, which know no widget.
    """

    def __init__(self, story: Shown) -> None:
        super().__init__("story_map")
        session = session_of(story)
        self.layout.height = "560px"
        self._session = session
        self._revision = 0
        self._severities: dict[int, str] | None = None
        self._explored: Explored | None = None
        self._sent_reach: tuple[str, list[bytes]] | None = None
        """What the browser was told of it last."""
        self._read: PassageReadings | None = None
        self._selected = session.selected
        self._missed: set[int] = set()
        """Keys of passages that changed since the map was read."""
        self._due: set[Due] = set()
        """What else is to be sent."""
        self._newest = self._story = session.story
        self._data = map_data.read(self._story)  # which takes a while: it must keep no edit from being told to others
        with self._lock:
            self.follow(session.watch(self._follow))
            self._newest = session.story
            self._missed |= changed_keys(self._story, self._newest)
            self.keep_up()
        self.follow(session.watch_problems(lambda table: self.set_problems(worst_by_key(table))))
        self.follow(session.watch_verdicts(self._judge))
        self.hear({
            "hello": lambda _: self._send_everything(),
            "select": lambda message: self._select(message["key"], is_open=message["open"]),
            "move": lambda message: self._move({key: (x, y) for key, x, y in message["moves"]}, "Move passages"),
            "tidy": self._tidy_later, "many": self._many, "describe": lambda message: self._describe(message["key"]),
        })  # fmt: skip

    def set_problems(self, severity_by_key: Mapping[int, str]) -> None:
        """Show the worst severity (``error``, ``warning``, ``info``) of each passage that has problems.

        Called after every check of the session; call it to show others.
        """
        with self._lock:
            if severity_by_key != self._severities:
                self._severities = dict(severity_by_key)
                self._send_soon("problems")

    def cover(self, ways: Readings | None, space: Space | None = None) -> None:
        """Colour the map by what playthroughs, a suite or a reading log come to, and offer that among its colours.

        Parameters
        ----------
        ways
            See :func:`~gamebook_lab.analysis.passage_readings.passage_readings`; None: offer it no more.
        space
            The state graph; only playthroughs that come one by one need it.

        Raises
        ------
        TypeError, PlayError
            As ``passage_readings``.
        """
        from gamebook_lab.analysis.passage_readings import passage_readings  # loads what finds verdicts

        read = None if ways is None else passage_readings(ways, space)
        with self._lock:
            self.catch_up()  # the names in it are those of now
            self._read = read
            self._send_coverage(is_new=True)

    # ---- from the session

    def _follow(self, change: Change) -> None:
        with self._lock:
            self._newest = change.new
            self._missed |= change.changed
            if change.selected != self._selected or change.kind == "select":
                self._selected = change.selected
                self._due.add("selected")
            self.keep_up()

    def catch_up(self) -> bool:
        """Send what differs from what was sent last."""
        old, patch = self._story, self._read_on()
        due, self._due = self._due, set()
        if patch.keys or patch.removed:
            self._revision += 1
            self._send_rows(self._story, patch)
            self._rename_read(old, self._story)
        elif "selected" in due:
            self._tell(Selected(type="selected", key=self._selected))
        if "problems" in due:
            self._send_problems()
        if "reach" in due:
            self._send_reach()
        return True

    def _read_on(self) -> map_data.Patch:
        """Have the data follow the newest story."""
        missed, self._missed = self._missed, set()
        self._story = self._newest
        if not missed:
            return map_data.Patch([], [])
        self._data, patch = map_data.update(self._data, self._story, missed)
        return patch

    def _send_soon(self, what: Due) -> None:
        self._due.add(what)
        self.keep_up()

    def _rename_read(self, old: Story, new: Story) -> None:
        """Keep to passages that now have another name; where they were read does not change by that."""
        if self._read is None:
            return
        names = {name: new.name(keys[0]) for name, keys in old.keys_by_name.items() if keys[0] in new.table.index}
        by_passage = {names.get(name, name): n for name, n in self._read.by_passage.items()}
        if by_passage != self._read.by_passage:
            self._read = self._read._replace(by_passage=by_passage)
        self._send_coverage(is_new=False)

    def _judge(self, explored: Explored) -> None:
        verdict_rows.ready(explored)  # which no edit is to wait for
        with self._lock:
            self._explored = explored
            self._send_soon("reach")

    # ---- from the browser

    def _tidy_later(self, message: Tidy) -> None:
        """On a thread of its own: a layout of thousands of passages takes longer than a callback may."""

        def tidy() -> None:
            try:
                self._tidy(map_data.tidied_by_tag if message["by"] == "tags" else map_data.tidied)
            except GamebookError as error:
                self.refuse(error)

        threading.Thread(target=tidy, name="gamebook-tidy", daemon=True).start()

    def refuse(self, error: GamebookError | OSError) -> None:
        """Show the reader of the map why not, and the story as it is."""
        self._tell(Notice(type="notice", text=str(error)))
        self._send_everything()

    def _select(self, key: int | None, *, is_open: bool) -> None:
        self._session.select(key, span=(0, 0) if is_open else None, origin=self)

    def _move(self, places: Mapping[int, tuple[float, float]], label: str) -> None:
        from gamebook_lab.story.edits import move_passages

        def edit(story: Story) -> Story:
            known: dict[str | int, tuple[float, float]] = {
                key: place for key, place in places.items() if key in story.table.index
            }
            return move_passages(story, known)

        self._session.apply(edit, label=label, origin=self)

    def _tidy(self, tidied: Callable[[map_data.MapData], dict[int, tuple[float, float]]]) -> None:
        with self._lock:
            self.catch_up()
            data = self._data
        self._move(tidied(data), "Tidy the map")

    def _many(self, message: Many) -> None:
        if (copied := do_to_many(self._session, message, origin=self)) is not None:
            self._tell(copied)

    def _describe(self, key: int) -> None:
        story = self._session.story
        if key in story.table.index:
            self._tell(map_data.describe(story, key))

    # ---- to the browser

    def _send_everything(self) -> None:
        with self._lock:
            self._read_on()
            self._due.clear()
            self._sent_reach = None
            self._send_rows(self._story, None)
            self._send_problems()
            self._send_reach()
            self._send_coverage(is_new=False)

    def _send_rows(self, story: Story, patch: map_data.Patch | None) -> None:
        buffers, message = map_data.columns(self._data, self._data.rows if patch is None else patch.keys)
        message["base"] = None if patch is None else self._revision - 1
        message["revision"] = self._revision
        message["removed"] = [] if patch is None else patch.removed
        message["selected"] = self._selected = self._session.selected
        message["tag_colors"] = dict(story.metadata.tag_colors)
        self._tell(message, buffers)

    def _send_problems(self) -> None:
        if self._severities is not None:
            self._tell(Problems(type="problems"), map_data.severities(self._severities))

    def _send_reach(self) -> None:
        findings = self._explored.findings if self._explored is not None else None
        reach = map_data.reach(verdict_rows.reach(self._session.story, findings))
        note = verdict_rows.told(self._explored)
        if self._sent_reach != (note, reach):
            self._sent_reach = note, reach
            self._tell(Reach(type="reach", note=note), reach)

    def _send_coverage(self, *, is_new: bool) -> None:
        read = self._read
        if read is not None or is_new:
            message = Coverage(
                type="coverage", what=None if read is None else read.what, total=0 if read is None else read.total, show=is_new
            )  # fmt: skip
            self._tell(message, map_data.coverage(self._data.names, read))

    def _tell(self, message: ToBrowser, buffers: list[bytes] | None = None) -> None:
        self.send(message, buffers)
