"""From a story's file as it is read now, and its workspace, to the story as it was last worked on.

The file is the author's, and may have been changed by other means (Git, Twine, a text editor). What the workspace
last read from or wrote to it is the base: what differs from it in the workspace is work that the file does not have,
what differs from it in the file was done outside. Where there is both, they are merged, but not before the author has
seen how.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

from gamebook_lab.formats.protocol import Origin, Tree
from gamebook_lab.store.as_read import reread
from gamebook_lab.store.binding import Binding, matched
from gamebook_lab.store.edit import Document, Edit, new_number
from gamebook_lab.store.merge import MergeResult, merge
from gamebook_lab.store.past import Stacks, Step
from gamebook_lab.store.rows import STORY, Row, Rows, rank_of
from gamebook_lab.store.workspace import Contents, Workspace
from gamebook_lab.story.source import Source
from gamebook_lab.story.story import Story

__all__ = [
    "Opened",
    "differing",
    "document_of",
    "has_files",
    "index_of",
    "open_story",
    "taken_over",
    "with_fingerprint",
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A story to work on, and what a session needs to know of it."""

    story: Story
    base: Story
    """The story as its file has it, as far as this work knows."""
    binding: Binding
    stacks: Stacks = field(default_factory=Stacks)
    outside: MergeResult | None = None
    """The file was changed outside, and there is work that it does not have: how they would be merged."""
    drafts: frozenset[int] = frozenset()
    """Uids of the passages with work that the file does not have."""
    n_outside: int = 0
    """Passages that were changed outside and taken over."""


def has_files(story: Story) -> bool:
    """Whether the file of each passage is the author's choice, as in a folder."""
    source = story.source
    return source is not None and source.path is not None and source.path.is_dir()


def index_of(story: Story) -> int:
    """Which of the stories in its file it is; only an archive holds several."""
    return int(getattr(story.source, "index", 0))


def document_of(story: Story, binding: Binding) -> Document:
    """What the file holds of a story that was just read or written."""
    assert story.source is not None
    places = cast("Tree", story.source).places
    keys = [key for key in places if binding.uid(key) is not None]
    return Document(story.source.fingerprint, tuple(binding.uid(key) or 0 for key in keys))


def with_fingerprint(story: Story, fingerprint: str) -> Story:
    """Have a story's file taken for another version of itself, which saving then compares with what is there."""
    source = story.source
    assert source is not None
    tree = cast("Tree", source)
    documents = tree.documents
    moved: Source = tree.at(Origin(source.path, fingerprint), documents[0].name if len(documents) == 1 else None)
    return story.with_source(moved)


def open_story(workspace: Workspace, read: Story) -> Opened:
    """Go on where the work on a story has ended.

    Parameters
    ----------
    workspace
        Of the story.
    read
        The story as its file has it now.

    Notes
    -----
    If the file was changed outside and there is no other work, what it says now is taken over, as an edit that can be
    undone. If there is other work, nothing is decided: ``outside`` says what a merge would come to.
    """
    contents = workspace.contents()
    if contents is None:
        return Opened(read, read, Binding.fresh(read, has_files=has_files(read)))
    return _continued(workspace, contents, read)


def _continued(workspace: Workspace, contents: Contents, read: Story) -> Opened:
    assert read.source is not None
    document, fingerprint = contents.document, read.source.fingerprint
    is_same = document.fingerprint == fingerprint
    if not is_same and (own := _own(workspace, contents, read)) is not None:
        is_same, document = True, own
    before = document.held(workspace.rows_at(document.seq))
    made = None
    if is_same and contents.as_read is not None:
        made = reread(contents.as_read, document.read, read, before, has_files=has_files(read))
    read, binding = made or (
        read, matched(read, before, document.order, is_same=is_same, has_files=has_files(read))
    )  # fmt: skip
    theirs = binding.rows(read)
    drafts = differing(before, contents.rows)
    if not is_same and drafts and not differing(before, theirs):  # an archive's other story was written, say
        is_same = True
        document = replace(document, fingerprint=fingerprint)
    if not is_same and not drafts:
        (edit,) = taken_over(contents.rows, theirs, document_of(read, binding))
        workspace.keep(edit)
        step = (Step(edit.number, edit.label),) if edit.changes else ()
        stacks = Stacks((*contents.stacks.done, *step))
        return Opened(read, read, binding, stacks, n_outside=len(edit.changes))
    base = binding.adopted(read, differing(theirs, before))
    story = binding.adopted(base, drafts)
    outside = None
    if not is_same:
        outside = merge(before, contents.rows, theirs)
        base, story = (with_fingerprint(each, document.fingerprint) for each in (base, story))
    return Opened(story, base, binding, contents.stacks, outside, frozenset(drafts))


def _own(workspace: Workspace, contents: Contents, read: Story) -> Document | None:
    """Recognise a file that was written here by a kernel that died before it could say so; None if it was not."""
    assert read.source is not None
    rows = contents.rows
    order = sorted((uid for uid in rows if uid != STORY), key=lambda uid: rank_of(rows[uid]))
    binding = matched(read, rows, order, is_same=False, has_files=has_files(read))
    found = workspace.revision_of(binding.rows(read), since=contents.document.seq)
    return None if found is None else replace(document_of(read, binding), seq=found)


def taken_over(ours: Rows, theirs: Rows, document: Document, merged: Rows | None = None) -> list[Edit]:
    """Edits that put what a file has now in the place of what was, and after it what a merge makes of both.

    Two revisions, so that the file as it was read is one of them: the base of the next merge.
    """
    edits = [Edit(new_number(), "outside", "Changed outside", _pairs(ours, theirs), document=document)]
    if merged is not None and merged != theirs:
        edits.append(Edit(new_number(), "edit", "Merge with the file", _pairs(theirs, merged)))
    return edits


def _pairs(old: Rows, new: Rows) -> dict[int, tuple[Row | None, Row | None]]:
    return {uid: (old.get(uid), new.get(uid)) for uid in differing(old, new)}


def differing(old: Rows, new: Rows) -> dict[int, Row | None]:
    """Rows to be put into the old story to make it the new one."""
    return {uid: new.get(uid) for uid in {**old, **new} if old.get(uid) != new.get(uid)}
