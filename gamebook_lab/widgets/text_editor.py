"""Text editor: the selected passage in CodeMirror, coloured and completed by the story's language.

Typing arrives as splices on a numbered revision of the passage. An edit on an older
revision is turned down, and the script sends it again on top of what came between, so that
neither the author's keystrokes nor a rename from elsewhere are lost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Final, NamedTuple

import traitlets

from gamebook_lab.errors import EditError, GamebookError
from gamebook_lab.languages.vocabulary import MODIFIERS, macro_names
from gamebook_lab.story import edits
from gamebook_lab.story.program import TOKEN_KINDS
from gamebook_lab.story.story import Story
from gamebook_lab.widgets import editor_messages as messages
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.documents import (
    Document,
    Splice,
    apply_splices,
    flat_code,
    flat_tokens,
    safe_text,
    splices_between,
)
from gamebook_lab.widgets.marks import marks_of, newer_marks
from gamebook_lab.widgets.names import ProgramIndex, matching
from gamebook_lab.widgets.new_passage import add_new
from gamebook_lab.widgets.notices import Notice, unsaved
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.passage_facts import links_of, passage_info
from gamebook_lab.widgets.session import Change
from gamebook_lab.widgets.snippets import Snippet, snippets_for
from gamebook_lab.widgets.symbols import Symbol, definition_of, only_at, places_of, symbol_at, uses_of

PAUSE_SECONDS: Final = 3.0
"""A pause in typing that begins a new step of undo."""
DOCUMENTS_KEPT: Final = 8
"""Passages whose late keystrokes are still taken after another was selected."""


class Typing(NamedTuple):
    """Origin of a change that was typed here."""

    editor: TextEditor
    view: str
    seq: int


class _StaleError(EditError):
    """The text is no longer the one that was typed into."""


class TextEditor(BundledWidget):
    """Edit the text, name and tags of the session's selected passage.

    Parameters
    ----------
    story
        What to edit: a session, a story, or a path to open; other widgets on the same session show each edit at once.
    clock
        Seconds, to tell pauses in typing.
    """

    token_kinds = traitlets.List(list(TOKEN_KINDS), read_only=True).tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    """Of the story, by its name: each has its own places for names."""
    snippets: traitlets.List[Snippet] = traitlets.List().tag(sync=True)
    """What can be inserted, as :class:`~gamebook_lab.widgets.snippets.Snippet` has it."""

    def __init__(self, story: Shown, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(**bundle("text_editor"))
        session = session_of(story)
        self.session = session
        self._clock = clock
        self._lock = threading.RLock()
        self._documents: dict[int, Document] = {}
        self._revision = 0
        self._shown: int | None = None
        self._marked: tuple[Story | None, list[messages.Mark]] = None, []
        """Story in which the passage's marks were told last, and those."""
        self._burst: tuple[Hashable, float] = (None, 0.0)
        self._index = ProgramIndex()
        self.hear({
            "hello": self._hello, "edit": self._edit, "complete": self._complete, "goto": self._goto,
            "select": self._select, "rename": self._rename, "tags": self._set_tags, "create": self._create,
            "uses": self._send_uses, "symbol": self._send_symbol, "rename-symbol": self._rename_symbol,
            "start": self._set_start, "delete": self._delete, "save": self._save, "undo": self._undo, "redo": self._redo,
        })  # fmt: skip
        self._speak(session.story.language.name)
        self._open()
        self.follow(
            session.watch(self._follow), session.watch_checks(self._checked), session.watch_pauses(self._paused)
        )

    # ---- from the script

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author, and show how things stand: what was typed into the name or tags is not so."""
        if not self.session.report(error):
            self.send(messages.Notice(type="notice", text=str(error)))
        self._send_info(self.session.story)

    def _hello(self, message: messages.Hello) -> None:
        keys = (self._key_of(*left) for left in message.get("unsent", ()))
        key = next((key for key in keys if key is not None), None)
        if key is not None:
            self.session.select(key, origin=self)
        self._open(view=message["view"])

    def _key_of(self, name: str, lasting_id: str | None) -> int | None:
        """Find a passage that an editor before has left: it may have another name by now."""
        if lasting_id is not None:
            return self.session.key_of(lasting_id)
        return next(iter(self.session.story.keys_by_name.get(name, ())), None)

    def _edit(self, message: messages.Edit) -> None:
        key, view, seq = message["key"], message["view"], message["seq"]

        def typed(story: Story) -> Story:
            document = self._documents.get(key)
            is_current = document is not None and document.revision == message["base"]
            if document is None or not is_current or key not in story.table.index or story.text(key) != document.text:
                raise _StaleError("the text changed meanwhile")
            text = apply_splices(document.text, [Splice(*change) for change in message["changes"]])
            return story if text == document.text else edits.set_text(story, key, text)

        before = self.session.story
        try:
            after = self.session.apply(
                typed, label="Edit text", origin=Typing(self, view, seq), merge=self._typing_burst(key)
            )
        except _StaleError:
            is_gone = key not in self.session.story.table.index
            self.send(messages.Reject(type="reject", view=view, seq=seq, key=key, is_gone=is_gone))
            return
        if after is before:  # no change came of it that would tell the view
            self._send_update(key, self._documents[key], [], after, Typing(self, view, seq))

    def _typing_burst(self, key: int) -> Hashable:
        """What keystrokes share that are one step of undo: passage, and no pause between them."""
        burst, last = self._burst
        now = self._clock()
        if not (isinstance(burst, tuple) and burst[1] == key and now - last < PAUSE_SECONDS):
            burst = (id(self), key, now)
        self._burst = (burst, now)
        return burst

    def _complete(self, message: messages.Complete) -> None:
        story = self.session.story
        if message["what"] == "passage":
            names = matching(story.keys_by_name, message["typed"])
        elif message["what"] == "modifier":
            names = matching(MODIFIERS, message["typed"])
        else:
            known: set[str] = set()
            if message["what"] != "variable":
                known = {name for program in story.programs.values() for name in program.definitions}
                known |= {*macro_names(story.language.name)}
            if message["what"] == "insert":
                known -= {*MODIFIERS}
            if message["what"] != "macro":
                with self._lock:
                    self._index.refresh(story)
                    known |= {*self._index.variables()}
                key = message["key"]
                if key in story.table.index:
                    known -= only_at(story, key, message["at"])
            names = matching(sorted(known, key=lambda name: (name.casefold(), name.swapcase())), message["typed"])
        self.send(messages.Names(type="names", view=message["view"], id=message["id"], names=names))

    def _goto(self, message: messages.Goto) -> None:
        story, key = self.session.story, message["key"]
        symbol = symbol_at(story, key, message["at"])
        if symbol is None:
            return
        name, place = symbol.name, definition_of(story, symbol)
        if place is not None:
            self.session.select(place[0], span=None if symbol.kind == "passage" else place[1], origin=self)
        elif symbol.kind != "passage":
            self.session.report(Notice(f"{name} is never set here", "info"))
        elif message.get("create"):
            add_new(self.session, name, near=key, origin=self)
        else:
            missing = messages.Missing(type="missing", view=message["view"], key=key, at=message["at"], name=name)
            self.send(missing)

    def _select(self, message: messages.Select) -> None:
        span = message.get("span")
        self.session.select(message["key"], span=None if span is None else (span[0], span[1]), origin=self)

    def _send_uses(self, message: messages.Ask) -> None:
        story = self.session.story
        symbol = symbol_at(story, message["key"], message["at"]) or Symbol("passage", story.name(message["key"]))
        rows, n = uses_of(story, symbol)
        self.send(
            messages.Uses(
                type="uses", view=message["view"], kind=symbol.kind, name=safe_text(symbol.name), n=n, rows=rows
            )
        )

    def _send_symbol(self, message: messages.Ask) -> None:
        story = self.session.story
        symbol = symbol_at(story, message["key"], message["at"]) or Symbol("passage", story.name(message["key"]))
        places = list(places_of(story, symbol))
        self.send(
            messages.SymbolThere(
                type="symbol", view=message["view"], kind=symbol.kind, name=safe_text(symbol.name), n=len(places),
                n_passages=len({place.key for place in places}),
            )
        )  # fmt: skip

    def _rename_symbol(self, message: messages.RenameSymbol) -> None:
        old, new = message["old"], message["new"]
        rename = edits.rename_variable if message["kind"] == "variable" else edits.rename_passage
        self.session.apply(lambda story: rename(story, old, new), label=f"Rename {message['kind']}", origin=self)

    def _rename(self, message: messages.Rename) -> None:
        key, name = message["key"], message["name"]
        if self.session.story.table.at[key, "passage_id"] != name:
            self.session.apply(
                lambda story: edits.rename_passage(story, key, name), label="Rename passage", origin=self
            )

    def _set_tags(self, message: messages.SetTags) -> None:
        key, tags = message["key"], tuple(message["tags"])
        self.session.apply(lambda story: edits.set_tags(story, key, tags), label="Change tags", origin=self)

    def _create(self, message: messages.Act) -> None:
        story, name = self.session.story, message.get("name")
        if name is not None and name in story.keys_by_name:  # made meanwhile: by the first click of two, say
            self.session.select(story.key(name), origin=self)
        else:
            add_new(self.session, name or None, origin=self)

    def _set_start(self, message: messages.Act) -> None:
        key = message["key"]
        self.session.apply(lambda story: edits.set_start(story, key), label="Start here", origin=self)

    def _delete(self, message: messages.Act) -> None:
        key = message["key"]
        self.session.apply(lambda story: edits.delete_passage(story, key), label="Delete passage", origin=self)

    def _save(self, _message: messages.Act) -> None:
        try:
            self.session.save(origin=self)
        except (GamebookError, OSError) as error:
            told = unsaved(error)
            if not self.session.report(told):
                self.send(messages.Notice(type="notice", text=told.text))

    def _undo(self, _message: messages.Act) -> None:
        self.session.undo(origin=self)

    def _redo(self, _message: messages.Act) -> None:
        self.session.redo(origin=self)

    # ---- from the session

    def _follow(self, change: Change) -> None:
        with self._lock:
            if change.kind == "load":
                self._speak(change.new.language.name)
                self._documents.clear()
                self._shown = None
            for key in change.changed & self._documents.keys():
                self._bring_up_to_date(key, change)
            if change.selected != self._shown or change.kind == "load":
                self._open()
            elif self._shown in change.changed:
                self._send_info(change.new)
            if change.span is not None and self._shown is not None:
                start, stop = change.span
                self.send(messages.Show(type="show", key=self._shown, start=start, stop=stop))

    def _speak(self, language: str) -> None:
        self.language, self.snippets = language, snippets_for(language)

    def _bring_up_to_date(self, key: int, change: Change) -> None:
        if key not in change.new.table.index:
            del self._documents[key]
            return
        before, text = self._documents[key], change.new.text(key)
        if text == before.text:
            return
        origin = change.origin if isinstance(change.origin, Typing) and change.origin.editor is self else None
        document = self._remember(key, text)
        is_history = change.kind in ("undo", "redo")
        self._send_update(key, document, splices_between(before.text, text), change.new, origin, is_history=is_history)

    def _remember(self, key: int, text: str) -> Document:
        self._revision += 1
        self._documents.pop(key, None)
        self._documents[key] = Document(self._revision, text)
        while len(self._documents) > DOCUMENTS_KEPT:
            del self._documents[next(iter(self._documents))]
        return self._documents[key]

    def _checked(self, checked: Checked) -> None:
        if checked.status != "done":
            return
        with self._lock:
            if (marks := self._marks(checked)) is not None:
                self.send(marks)
            if (links := self._links(checked.story)) is not None:
                self.send(links)

    def _marks(self, checked: Checked) -> messages.Marks | None:
        """Problems of the passage that is shown; None if they are about another text: a newer check is on its way."""
        key = self._shown
        document = self._documents.get(key) if key is not None else None
        if key is None or document is None or checked.table is None or key not in checked.story.table.index:
            return None
        if checked.story.text(key) != document.text:
            return None
        return self._marking(checked.story, key, document, marks_of(checked.table, key, len(document.text)))

    def _paused(self, story: Story) -> None:
        """Underline anew what the passage tells by itself: the check of a long story takes a while."""
        with self._lock:
            key, (before, marks) = self._shown, self._marked
            document = self._documents.get(key) if key is not None else None
            if key is None or document is None or before is None or key not in before.table.index:
                return
            if key in story.table.index and story.text(key) == document.text:
                newer = newer_marks(story, key, before, marks)
                if newer is not None:
                    self.send(self._marking(story, key, document, newer))

    def _marking(self, story: Story, key: int, document: Document, marks: list[messages.Mark]) -> messages.Marks:
        self._marked = story, marks
        return messages.Marks(type="marks", key=key, revision=document.revision, marks=marks)

    def _links(self, story: Story) -> messages.Links | None:
        key = self._shown
        if key is None or key not in story.table.index:
            return None
        self._index.refresh(story)
        incoming, outgoing = links_of(story, key, self._index)
        return messages.Links(type="links", key=key, incoming=incoming, outgoing=outgoing)

    # ---- to the script

    def _open(self, *, view: str | None = None) -> None:
        with self._lock:
            story, key = self.session.story, self.session.selected
            self._shown, self._marked = key, (None, [])
            if key is None:
                self.send(
                    messages.Open(
                        type="open", view=view, passage=None, revision=0, text="", tokens=[], code=[], links=None,
                        marks=None,
                    )
                )  # fmt: skip
                return
            document, text = self._documents.get(key), story.text(key)
            if document is None or document.text != text:
                document = self._remember(key, text)
            last = self.session.checked
            checked = last if last is not None and last.status == "done" else None
            self.send(
                messages.Open(
                    type="open", view=view, passage=self._info(story, key), revision=document.revision,
                    text=safe_text(text), **_read(story, key),
                    links=None if checked is None else self._links(checked.story),
                    marks=None if checked is None else self._marks(checked),
                )
            )  # fmt: skip

    def _send_update(
        self,
        key: int,
        document: Document,
        splices: list[Splice],
        story: Story,
        origin: Typing | None,
        *,
        is_history: bool = False,
    ) -> None:
        self.send(
            messages.Update(
                type="update", key=key, revision=document.revision,
                changes=[(start, stop, safe_text(insert)) for start, stop, insert in splices],
                **_read(story, key), view=origin.view if origin else None, seq=origin.seq if origin else None, is_history=is_history,
            )
        )  # fmt: skip

    def _info(self, story: Story, key: int) -> messages.PassageInfo:
        return passage_info(story, key, self.session.lasting_id(key))

    def _send_info(self, story: Story) -> None:
        key = self._shown
        if key is not None and key in story.table.index:
            self.send(messages.Info(type="info", passage=self._info(story, key)))


def _read(story: Story, key: int) -> messages.Read:
    """How the story's language reads a passage."""
    program = story.program(key)
    return messages.Read(tokens=flat_tokens(program.tokens), code=flat_code(program.prose, len(story.text(key))))
