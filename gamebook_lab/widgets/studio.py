"""The Studio: map, table, text and problems of one story, side by side, and playing it.

Covers: composing the widgets on one session, opening and saving files, telling the author
what could not be done. The widgets themselves know nothing of each other; which there are, ``panes`` says.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

import anywidget
import traitlets

from gamebook_lab import telemetry
from gamebook_lab.errors import ConflictError, GamebookError, LabError, SeveralStoriesError
from gamebook_lab.store.workspace import State
from gamebook_lab.story.story import Story
from gamebook_lab.widgets import studio_messages as messages
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.finding import passages_with
from gamebook_lab.widgets.many import paste
from gamebook_lab.widgets.new_passage import add_new
from gamebook_lab.widgets.notices import Notice, notice_of, unsaved
from gamebook_lab.widgets.open_sessions import Shown, session_of, session_of_file
from gamebook_lab.widgets.panes import PANES
from gamebook_lab.widgets.play_pane import PlayPane
from gamebook_lab.widgets.printing import place_of, written
from gamebook_lab.widgets.quiet import QUIET
from gamebook_lab.widgets.replacing import previewed, replaced
from gamebook_lab.widgets.session import Change, StorySession
from gamebook_lab.widgets.shown_notices import SAVING, ShownNotices
from gamebook_lab.widgets.story_map import StoryMap

if TYPE_CHECKING:
    from gamebook_lab.analysis.passage_readings import Readings
    from gamebook_lab.engine.playthrough import Playthrough
    from gamebook_lab.engine.relevance import Relevance
    from gamebook_lab.engine.space import Space

P = ParamSpec("P")
PATIENCE_SECONDS: Final = 0.5
"""A file that takes longer to read is read on while the Studio shows that it is."""

_log = logging.getLogger(__name__)


class Studio(BundledWidget):
    """Read, write, check and save a story.

    Parameters
    ----------
    story
        A story, the path of a file or folder to open, or the session of other widgets. All Studios of one path share one session: a cell that
        is run again shows the work as it stands, unsaved edits and undo included.
    title
        Which story of an archive that holds several; without, the Studio asks.

    Examples
    --------
    >>> studio = gb.Studio("lighthouse.twee")                       # doctest: +SKIP
    >>> studio.apply(edits.rename_passage, "Cellar", "Vault")       # doctest: +SKIP
    >>> studio.story.choices                                        # doctest: +SKIP
    """

    panes = traitlets.List(
        [{"name": pane.name, "label": pane.label, "place": pane.place, "hint": pane.hint} for pane in PANES],
        read_only=True,
    ).tag(sync=True)
    parts = traitlets.Dict().tag(sync=True)
    """References to the widgets that are made so far, by the name of their pane."""

    def __init__(self, story: Shown, *, title: str | None = None) -> None:
        super().__init__(**bundle("studio"))
        self._lock = threading.RLock()
        self._notices = ShownNotices(self._show_notices)
        self._sent: messages.State | None = None
        self._session: StorySession | None = None
        self._error: Exception | None = None
        self._path: Path | None = None
        self._loading: str | None = None
        self._making = threading.RLock()
        self._widgets: dict[str, anywidget.AnyWidget] = {}
        self._opened = threading.Event()
        self._is_closed = False
        self.hear({
            "hello": self._hello, "save": self._save, "undo": lambda _: self.session.undo(origin=self),
            "redo": lambda _: self.session.redo(origin=self), "create": lambda _: add_new(self.session, origin=self), "reload": self._reload,
            "where": self._ask_where, "dismiss": lambda message: self._notices.dismiss(message["id"]), "search": self._search, "select": self._select,
            "preview": self._preview, "replace": self._replace, "ping": self._answer,
            "look": self._look, "print": self._print, "compare": self._compare, "open": self._open_one,
            "paste": lambda message: paste(self.session, message["text"], origin=self),
        })  # fmt: skip
        if isinstance(story, (Story, StorySession)):
            self._begin(session_of(story))
        else:
            self._path = Path(story)
            self._open(self._path, title)

    # ---- from Python

    @property
    def session(self) -> StorySession:
        """Session that all the widgets share. Waits until the file has been read.

        Raises
        ------
        FormatError
            If the file could not be understood, or holds several stories and none was chosen yet.
        OSError
            If it could not be read.
        """
        self._opened.wait()
        if self._session is None:
            assert self._error is not None
            raise self._error
        return self._session

    @property
    def story(self) -> Story:
        """The story as it is now. Set it to another story, and that shows; Undo brings this one back."""
        return self.session.story

    @story.setter
    def story(self, story: Story) -> None:
        self.session.apply(lambda _: story, label="Edit in Python")

    def apply(self, edit: Callable[Concatenate[Story, P], Story], *args: P.args, **kwargs: P.kwargs) -> Story:
        """Make an edit: ``studio.apply(edits.rename_passage, "Cellar", "Vault")``.

        Raises
        ------
        EditError
            If the edit cannot be made; nothing has changed then.
        """
        label = getattr(edit, "__name__", "edit").strip("<>").replace("_", " ").capitalize()
        return self.session.apply(lambda story: edit(story, *args, **kwargs), label=label)

    def pane(self, name: str) -> anywidget.AnyWidget:
        """Widget of a pane, made if nobody has looked at it yet: ``studio.pane("map")``.

        Raises
        ------
        LabError
            If there is no such pane, or the Studio is closed.
        FormatError, OSError
            As :attr:`session`.
        """
        session = self.session
        with self._making:
            if name not in self._widgets:
                found = next((pane for pane in PANES if pane.name == name), None)
                if found is None or self._is_closed:
                    msg = f"expected one of {', '.join(pane.name for pane in PANES)} of an open Studio, got {name!r}"
                    raise LabError(msg)
                widget = self._widgets[name] = found.make(session, self)
                self.parts = {**self.parts, name: f"anywidget:{widget.model_id}"}
            return self._widgets[name]

    @property
    def play_pane(self) -> PlayPane:
        """Widget of the Play tab; its :attr:`~PlayPane.ways` finds the way for "Play to ...".

        Raises
        ------
        FormatError, OSError
            As :attr:`session`.
        """
        pane = self.pane("play")
        assert isinstance(pane, PlayPane)
        return pane

    def play(self, way: Playthrough, *, relevance: Relevance | None = None) -> None:
        """Play a witness in the Play tab, and bring that to the front: ``studio.play(space.witness(state))``."""
        self.play_pane.show(way, relevance=relevance)
        self.show("play")

    def cover(self, ways: Readings | None, *, space: Space | None = None) -> None:
        """Colour the map by coverage, and bring it to the front: ``studio.cover(space.test_suite())``.

        Parameters
        ----------
        ways
            Walks such as ``space.paths().simulate(1_000)``, a suite, a reading log (``gb.read_sessions``) or what
            ``gb.compare`` makes of one, playthroughs; None: colour the map by coverage no more.
        space
            The state graph; only playthroughs that come one by one need it.

        Raises
        ------
        TypeError, PlayError
            If they are something else, or take what the story does not offer.
        LabError, FormatError, OSError
            As :meth:`pane`.
        """
        pane = self.pane("map")
        assert isinstance(pane, StoryMap)
        pane.cover(ways, space)
        self.show("map")

    def show(self, tab: str) -> None:
        """Bring a tab to the front: ``studio.show("dashboard")``.

        Raises
        ------
        LabError, FormatError, OSError
            As :meth:`pane`.
        """
        self.pane(tab)
        self.send(messages.Show(type="show", tab=tab))

    def save(self, path: Path | str | None = None, *, overwrite: bool = False) -> Path:
        """Write the story to its file, or to another one; see :meth:`StorySession.save`."""
        return self.session.save(path, overwrite=overwrite)

    def close(self) -> None:
        """End it, leaving no comm, no thread and no watcher behind."""
        with self._making:
            self._is_closed = True
            widgets, self._widgets = self._widgets, {}
        self.unfollow()
        for widget in widgets.values():
            widget.close()
        super().close()

    # ---- opening

    def _open(self, path: Path, which: str | int | None) -> None:
        self._loading = path.name
        thread = threading.Thread(target=self._read, args=(path, which), name="gamebook-open", daemon=True)
        thread.start()
        thread.join(PATIENCE_SECONDS)

    def _read(self, path: Path, which: str | int | None) -> None:
        try:
            with QUIET.giving_way():
                self._begin(session_of_file(path, which))
        except Exception as error:  # noqa: BLE001 -- whoever asks for the story gets it; nobody may wait for ever
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._loading, self._error = None, error
        if isinstance(error, SeveralStoriesError) and self._path is not None:
            asked = f"{self._path.name} holds {len(error.titles)} stories. Open:"
            self._notices.tell(
                Notice(asked, "which", stories=tuple(title or "Untitled story" for title in error.titles))
            )
        elif isinstance(error, (GamebookError, OSError)):
            self._notices.tell(notice_of(error))
        else:
            _log.error("opening a story failed", exc_info=error)
            self._notices.tell(Notice(f"The story cannot be opened: {error}"))
        self._opened.set()
        self._send_state()

    def _begin(self, session: StorySession) -> None:
        self._session = session
        self._loading = None
        self._opened.set()
        with self._making:
            if not self._is_closed:
                self.follow(
                    session.watch(self._follow, is_late=True),
                    session.watch_kept(self._follow),
                    session.watch_notices(self._notices.tell),
                    telemetry.watch(self._notices.tell_alert),
                )
                with self.hold_sync():
                    for pane in PANES:
                        if pane.place != "tab":
                            self.pane(pane.name)
                # looked at from the start; of a story that nobody has parsed yet it takes a while
                self.pane(PANES[0].name)
        self._send_state()

    # ---- from the script

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author."""
        self._notices.tell(notice_of(error))

    def _hello(self, _message: messages.Hello) -> None:
        with self._lock:
            self._sent = None
            self._send_state()
            self._notices.send()

    def _look(self, message: messages.Look) -> None:
        """Have a pane made on a thread of its own: of a long story it takes a while, and what is typed comes on this one."""
        name = message["pane"]

        def make() -> None:
            try:
                self.pane(name)
            except (GamebookError, OSError) as error:
                self.refuse(error)

        if name not in self._widgets:
            threading.Thread(target=make, name="gamebook-pane", daemon=True).start()

    def _answer(self, message: messages.Ping) -> None:
        self.send(messages.Pong(type="pong", view=message["view"]))

    def _save(self, message: messages.Save) -> None:
        path, session = message.get("path"), self.session
        if not path and session.path is None:
            self._ask_where(None)
            return
        self._notices.drop(*SAVING)
        try:
            place = os.path.expanduser(path) if path else None  # noqa: PTH111 -- pathlib's raises where there is no such user
            session.save(place, overwrite=message.get("overwrite", False), origin=self)
        except ConflictError as error:
            notice = Notice(f"{path} is there already. Nothing was written.", "conflict") if path else notice_of(error)
            self._notices.tell(notice, path=path)
        except (GamebookError, OSError) as error:
            self._notices.tell(unsaved(error), path=path)

    def _ask_where(self, _message: messages.Press | None) -> None:
        path = self.session.path
        self._notices.tell(Notice("Save the story as", "where"), path=str(path) if path else "story.twee")

    def _reload(self, _message: messages.Press) -> None:
        from gamebook_lab.formats import read_again

        session = self.session
        if session.path is not None:
            story = read_again(session.story)
            self._notices.drop(*SAVING)
            session.load(story, origin=self)

    def _compare(self, _message: messages.Press) -> None:
        from gamebook_lab.widgets.revisions_pane import RevisionsPane

        pane = self.pane("revisions")
        assert isinstance(pane, RevisionsPane)
        if not pane.compare():
            self._notices.settle()
            self._notices.tell(Notice("The file is as it is known here: there is nothing to merge.", "info"))

    def _print(self, message: messages.Print) -> None:
        self._notices.drop("exists", "written")
        asked = message["what"], message.get("overwrite", False)
        # a book takes as long as exploring the story
        thread = threading.Thread(target=self._write, args=asked, name="gamebook-print", daemon=True)
        thread.start()

    def _write(self, what: messages.Written, overwrite: bool) -> None:
        place = place_of(self.session, what)
        try:
            lost = written(self.session, what, overwrite=overwrite)
            self._notices.tell(Notice(" ".join([f"Written to {place}.", *lost]), "written"))
        except ConflictError:
            self._notices.tell(
                Notice(f"{place} is there already. Nothing was written.", "exists"), path=str(place), what=what
            )
        except (GamebookError, OSError) as error:
            self._notices.tell(notice_of(error))

    def _select(self, message: messages.Select) -> None:
        span = message.get("span")
        self.session.select(message["key"], span=None if span is None else (span[0], span[1]), origin=self)

    def _open_one(self, message: messages.Open) -> None:
        with self._lock:
            error, index = self._error, message["index"]
            if (
                self._path is None
                or not isinstance(error, SeveralStoriesError)
                or index not in range(len(error.titles))
            ):
                return  # clicked twice, say
            self._error = None
            self._opened.clear()
            self._notices.drop("which")
        self._open(self._path, index)
        self._send_state()

    def _search(self, message: messages.Search) -> None:
        hits = passages_with(self.session.story, message["typed"])
        self.send(messages.Found(type="found", view=message["view"], typed=message["typed"], hits=hits))

    def _preview(self, message: messages.Preview) -> None:
        self.send(previewed(self.session.story, message["view"], message["query"]))

    def _replace(self, message: messages.Replace) -> None:
        self.send(replaced(self.session, message["view"], message["query"], origin=self))

    # ---- to the script

    def _show_notices(self, shown: messages.Notices) -> None:
        self.send(shown)

    def _follow(self, what: Change | State) -> None:
        if isinstance(what, Change) and what.kind != "elsewhere":
            # a conflict is over whichever way it was answered
            over = ("refused", "conflict", "gone", "unsaved") if what.kind in ("load", "save") else ("refused",)
            self._notices.drop(*over)
        self._send_state()

    def _send_state(self) -> None:
        """Send what the toolbar shows, unless it shows it already."""
        with self._lock:
            state = self._state()
            if state != self._sent:
                self._sent = state
                self.send(state)

    def _state(self) -> messages.State:
        session = self._session
        if session is None:
            return messages.State(
                type="state", title="", file=None, path=None, is_dirty=False, is_kept=False, is_waiting=False, trouble=None, undo=None, redo=None,
                language="", loading=self._loading,
            )  # fmt: skip
        story, path, kept = session.story, session.path, session.kept
        return messages.State(
            type="state", title=story.metadata.title or "Untitled story", file=path.name if path else None,
            path=str(path) if path else None, is_dirty=session.is_dirty, is_kept=session.workspace is not None,
            is_waiting=kept.n_waiting > 0, trouble=kept.trouble, undo=session.undo_label,
            redo=session.redo_label, language=story.metadata.format or story.language.name,
            loading=None,
        )  # fmt: skip
