"""The passages table: every passage a row; sort, filter, edit in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import pandas as pd

from gamebook_lab.analysis.answers import Findings
from gamebook_lab.errors import GamebookError
from gamebook_lab.story import schema
from gamebook_lab.story.history import changed_keys
from gamebook_lab.widgets import table_data, table_facts
from gamebook_lab.widgets import table_messages as messages
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.many import do_to_many
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.session import Change
from gamebook_lab.widgets.sight import CatchingUp
from gamebook_lab.widgets.verdict_rows import ready, verdicts

_MOST_VIEWS: Final = 16
_MOST_CHANGED: Final = 200
_LABELS: Final = {"name": "Rename passage", "tags": "Set tags", "text": "Edit text"}


@dataclass(frozen=True, slots=True)
class _View:
    """One table on the screen: what it asked for last, and the rows that it was told of."""

    query: int
    version: int
    wanted: messages.Wanted
    order: pd.Index[Any]

    def row(self, key: int | None) -> int | None:
        """Row of a passage, or None where it is not shown."""
        if key is None:
            return None
        at = int(self.order.get_indexer(pd.Index([key]))[0])
        return at if at >= 0 else None


class PassageTable(CatchingUp):
    """A table of a story's passages: sort, filter, edit names, tags and texts in place.

    Parameters
    ----------
    story
        What to show: a session, a story, or a path to open; every change of it shows here, and an edited cell is
        an edit of it.

    Notes
    -----
    The browser holds just the pages of rows that are in sight; pandas sorts and filters here. After an edit
    rows stay where they are until the table is sorted or filtered again. While nobody can see the table it follows
    nothing, and all that came meanwhile at once when somebody can.
    """

    def __init__(self, story: Shown) -> None:
        super().__init__("passage_table")
        session = session_of(story)
        self.layout.height = "480px"
        self._session = session
        self._views: dict[str, _View] = {}
        self._story = session.story
        # which takes a while, and must keep no edit from being told to others
        self._facts = table_facts.facts(self._story)
        self._selector: object = None
        """Who has selected it."""
        self._problems = schema.empty(schema.PROBLEMS)
        self._findings: Findings | None = None
        self._due: set[Literal["selected", "problems", "verdicts"]] = set()
        """What else has changed."""
        with self._lock:
            self.follow(session.watch(self._follow))
            self._newest, self._selected = session.story, session.selected
            self._missed = set(changed_keys(self._story, self._newest))
            """Keys of passages that changed since the facts were gathered."""
            self.keep_up()
        self.follow(session.watch_problems(self._judge), session.watch_verdicts(self._explored))
        self.hear({
            "query": self._query, "page": self._send_page, "edit": self._edit, "text": self._send_text,
            "select": self._select, "range": self._send_range, "many": self._many,
        })  # fmt: skip

    # ---- from the session

    def _follow(self, change: Change) -> None:
        with self._lock:
            if change.new is not self._newest:
                self._newest = change.new
                self._missed |= change.changed
            if change.selected != self._selected:
                self._selected, self._selector = change.selected, change.origin
                self._due.add("selected")
            self.keep_up()

    def _judge(self, problems: pd.DataFrame) -> None:
        with self._lock:
            self._problems = problems
            self._due.add("problems")
            self.keep_up()

    def _explored(self, explored: Explored) -> None:
        ready(explored)  # which no edit is to wait for
        with self._lock:
            self._findings = explored.findings
            self._due.add("verdicts")
            self.keep_up()

    def catch_up(self) -> bool:
        """Bring the facts up to date, and send what of them is shown."""
        before, due, changed = self._facts, self._due, set[int]()
        self._due = set()
        if self._newest is not self._story:
            self._story, missed, self._missed = self._newest, self._missed, set()
            self._facts, keys = table_facts.update(self._facts, self._story, missed)
            changed.update(keys)
        if "problems" in due:
            self._facts, keys = table_facts.with_problems(self._facts, self._problems)
            changed.update(keys)
        if "verdicts" in due:
            self._facts, keys = table_facts.with_verdicts(self._facts, verdicts(self._story, self._findings))
            changed.update(keys)
        if self._facts is not before:
            self._refresh(before, sorted(changed))
        if "selected" in due:
            self._send_selected()
        return True

    def _send_selected(self) -> None:
        for name, view in self._views.items():
            if self._selector != (self, name):  # it shows it already
                row = view.row(self._selected)
                self._tell(messages.Selected(type="selected", view=name, key=self._selected, row=row))

    def _refresh(self, before: table_facts.TableFacts, keys: list[int]) -> None:
        """Send the rows of these passages; where rows come or go, have the browser fetch what is in sight."""
        for name, view in list(self._views.items()):
            order = table_data.followed(view.order, before, self._facts, view.wanted)
            if not order.equals(view.order) or len(keys) > _MOST_CHANGED:
                self._views[name] = replace(view, order=order, version=view.version + 1)
                self._send_order(name)
                continue
            at = [(row, key) for key in keys if (row := view.row(key)) is not None]
            rows = table_data.rows(self._facts, self._story, [key for _, key in at])
            pairs = [(row, made) for (row, _), made in zip(at, rows, strict=True)]
            if pairs:
                self._tell(
                    messages.Changed(type="changed", view=name, query=view.query, version=view.version, rows=pairs)
                )

    # ---- from the browser

    def _query(self, message: messages.Query) -> None:
        with self._lock:
            known = self._views.pop(message["view"], None)
            if known is not None and known.query > message["query"]:
                self._views[message["view"]] = known
                return
            self.catch_up()
            order = table_data.ordered(self._facts, self._story, message["wanted"])
            self._views[message["view"]] = _View(message["query"], 0, message["wanted"], order)
            while len(self._views) > _MOST_VIEWS:
                self._views.pop(next(iter(self._views)))
            self._send_order(message["view"])

    def _edit(self, message: messages.Edit) -> None:
        key, field, value, was = message["key"], message["field"], message["value"], message["was"]
        error = ""
        try:
            self._session.apply(
                lambda story: table_data.edited(story, key, field, value, was), label=_LABELS[field], origin=self
            )
        except GamebookError as problem:
            error = str(problem)
        self._tell(messages.Edited(type="edited", view=message["view"], edit=message["edit"], error=error))

    def _select(self, message: messages.Select) -> None:
        span = (0, 0) if message["open"] else None
        self._session.select(message["key"], span=span, origin=(self, message["view"]))

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author, as of a passage that was deleted meanwhile."""
        self._session.report(error)

    def _many(self, message: messages.ToMany) -> None:
        view = message["view"]
        try:
            copied = do_to_many(self._session, message, origin=self)
        except GamebookError as error:
            self._tell(messages.Refused(type="refused", view=view, text=str(error)))
        else:
            if copied is not None:
                self._tell(messages.CopiedHere(**copied, view=view))

    # ---- to the browser

    def _send_range(self, message: messages.Range) -> None:
        with self._lock:
            view = self._views.get(message["view"])
            if view is not None and view.query == message["query"]:
                keys = view.order[max(0, message["start"]) : message["stop"]].tolist()
                if message.get("is_all"):
                    keys = [key for key in keys if self._facts.rows[key].kind == "story"] or keys
                self._tell(messages.Ranged(type="ranged", view=message["view"], keys=keys))

    def _send_order(self, name: str) -> None:
        view, selected = self._views[name], self._session.selected
        self._tell(
            messages.Order(
                type="order",
                view=name,
                query=view.query,
                version=view.version,
                n=len(view.order),
                total=len(self._facts.rows),
                selected=selected,
                selected_row=view.row(selected),
                kinds=table_data.kind_counts(self._facts),
                tags=table_data.tag_counts(self._story),
            )
        )

    def _send_page(self, message: messages.GetPage) -> None:
        with self._lock:
            view = self._views.get(message["view"])
            if view is None or view.query != message["query"]:
                return  # it has asked for something else meanwhile
            self.catch_up()
            view = self._views[message["view"]]
            start = message["start"]
            keys = view.order[start : min(message["stop"], start + table_data.PAGE_ROWS)]
            rows = table_data.rows(self._facts, self._story, keys.tolist())
            page = messages.Page(
                type="page", view=message["view"], query=view.query, version=view.version, start=start, rows=rows
            )
            self._tell(page)

    def _send_text(self, message: messages.GetText) -> None:
        story = self._session.story
        if message["key"] in story.table.index:
            text = safe_text(story.text(message["key"]))
            self._tell(messages.Text(type="text", view=message["view"], key=message["key"], text=text))

    def _tell(self, message: messages.ToBrowser) -> None:
        self.send(message)
