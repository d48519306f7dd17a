"""What an author does to a story: one pure function per action.

Each takes a :class:`~gamebook_lab.story.story.Story` and returns a new one, in which only the spans that had to
change have changed; an edit that changes nothing returns the story it was given. If an edit cannot be made it
raises :class:`~gamebook_lab.errors.EditError`, and there is no half-edited story. Passages are given by name or key.

See also: :mod:`gamebook_lab.story.search` (find and replace), :mod:`gamebook_lab.story.history` (undo).
"""

from gamebook_lab.story.edits.choices import add_choice, delete_choice, relabel_choice, retarget_choice
from gamebook_lab.story.edits.cuts import merge_passages, split_passage
from gamebook_lab.story.edits.many import delete_passages, import_passages, tag_passages
from gamebook_lab.story.edits.passages import (
    add_passage,
    delete_passage,
    duplicate_passage,
    move_passage,
    move_passages,
    set_start,
    set_tags,
    set_text,
)
from gamebook_lab.story.edits.renames import rename_passage, rename_variable

__all__ = [
    "add_choice",
    "add_passage",
    "delete_choice",
    "delete_passage",
    "delete_passages",
    "duplicate_passage",
    "import_passages",
    "merge_passages",
    "move_passage",
    "move_passages",
    "relabel_choice",
    "rename_passage",
    "rename_variable",
    "retarget_choice",
    "set_start",
    "set_tags",
    "set_text",
    "split_passage",
    "tag_passages",
]
