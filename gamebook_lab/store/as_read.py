"""The story's file as it was before the first save: kept, so that all edits undone are its bytes again, also in a later sitting.

What is saved is made of the file as read: it keeps how passages are spelled and spaced that no edit has touched, or that are again as
they were. Once it was written over, only the workspace can tell that to the next sitting. A file that is not just what saving would
make of it now (changed outside, or written by another version) is taken as it is.

Covers: packing the files, and reading a story as an edit of them. Does not cover: what the passages were, which the journal has.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Final, cast

from gamebook_lab.errors import GamebookError
from gamebook_lab.formats import registry
from gamebook_lab.formats.encoding import Encoding
from gamebook_lab.formats.protocol import Document, Origin, Tree
from gamebook_lab.formats.saving import as_written
from gamebook_lab.store.binding import Binding, matched
from gamebook_lab.store.rows import Rows
from gamebook_lab.story.story import Story

__all__ = ["first_of", "is_kept", "pack", "reread"]

MOST_CHARACTERS: Final = 8_000_000
"""Longer stories are read once when they are opened, not twice."""


def first_of(story: Story) -> Tree | None:
    """Give the tree that a story's file was first read as, if its file is another one by now."""
    tree = cast("Tree", story.source)
    first = tree.as_read
    if first is tree or first.fingerprint == tree.fingerprint or first.path != tree.path:
        return None
    return first


def is_kept(first: Tree) -> bool:
    """Whether it is short enough to be kept. Linear in its text."""
    return sum(len(document.text) for document in first.documents) <= MOST_CHARACTERS


def pack(first: Tree, uids: Iterable[int]) -> bytes:
    """Write a tree down, with the uids of its passages in reading order."""
    files = [(each.name, each.text, each.encoding.name, each.encoding.bom.hex()) for each in first.documents]
    plain = {"fingerprint": first.fingerprint, "files": files, "uids": list(uids)}
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 1)


def reread(data: bytes, fingerprint: str, read: Story, held: Rows, *, has_files: bool) -> tuple[Story, Binding] | None:
    """Read a story as what was made of its file as first read.

    Parameters
    ----------
    data, fingerprint
        What :func:`pack` has made, and of which files.
    read
        The story as just read from its file.
    held
        Rows of the workspace when that was written.
    has_files
        Whether the column ``file`` counts.

    Returns
    -------
    tuple or None
        The story as the workspace holds it (a file cannot tell all: spaces at the end of a text, say), whose passages have
        other keys, with what is bound to them; None if that would be written as another file.
    """
    source = cast("Tree", read.source)
    plain = json.loads(zlib.decompress(data))
    if plain["fingerprint"] != fingerprint:  # another kernel's
        return None
    files = tuple(
        Document(text, name, Encoding(encoding, bytes.fromhex(bom))) for name, text, encoding, bom in plain["files"]
    )
    try:
        found = registry.by_name(source.format)
        first = found.read(files, Origin(source.path, fingerprint))[source.index]
    except (GamebookError, IndexError):  # by another version of this program, say
        return None
    uids = plain["uids"]
    if len(uids) != len(first.table):
        return None
    binding = matched(first, held, uids, is_same=True, has_files=has_files)
    rows = binding.rows(first)
    edited = binding.adopted(first, {uid: held.get(uid) for uid in {**rows, **held} if rows.get(uid) != held.get(uid)})
    tree = found.update(edited)
    if [each.text for each in tree.documents] != [each.text for each in source.documents]:
        return None
    origin = Origin(source.path, source.fingerprint)
    name = source.documents[0].name if len(files) == 1 else None
    return as_written(edited, found, tree.at(origin, name)), binding
