"""A story's workspace on disk: every edit, for ever, beside the file that stays its author's.

>>> from gamebook_lab.store import Workspace
>>> workspace = Workspace.open("lighthouse.twee")                               # doctest: +SKIP
>>> workspace.revisions()                                                       # doctest: +SKIP
>>> workspace.diff(12, 40)                                                      # doctest: +SKIP
>>> workspace.name("as sent to the editor", note="before the second act was cut")   # doctest: +SKIP

Covers: the journal of edits, undo across restarts, revisions, differences, three-way merges, work of several processes on one story,
backups and rescue. Does not cover: the story's own file, which ``gamebook_lab.formats`` reads and writes.
"""

from __future__ import annotations

from gamebook_lab.store.diff import diff_rows
from gamebook_lab.store.edit import Document, Edit, Kept, Seed
from gamebook_lab.store.merge import Conflict, MergeResult, merge
from gamebook_lab.store.opening import Opened, open_story
from gamebook_lab.store.places import Place, place_of
from gamebook_lab.store.workspace import News, State, Tick, Workspace

__all__ = [
    "Conflict",
    "Document",
    "Edit",
    "Kept",
    "MergeResult",
    "News",
    "Opened",
    "Place",
    "Seed",
    "State",
    "Tick",
    "Workspace",
    "diff_rows",
    "merge",
    "open_story",
    "place_of",
]
