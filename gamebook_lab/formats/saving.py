"""Writes stories to files and folders: atomically, only what changed, and never over somebody else's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pandas as pd

from gamebook_lab.errors import ConflictError, FormatError, GoneError
from gamebook_lab.formats import files, registry
from gamebook_lab.formats.encoding import encode
from gamebook_lab.formats.html_tree import HtmlTree
from gamebook_lab.formats.locked import locked
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.formats.reading import FOLDER_SUFFIXES, current_fingerprint, left_out, read_stories
from gamebook_lab.story.story import Story


def save(story: Story, path: Path | None, *, overwrite: bool) -> Story:
    """See :func:`gamebook_lab.formats.save_story`."""
    target, found = _target(story, path)
    story = _with_its_neighbours(story, target)
    is_folder = target.is_dir() or not (target.suffix or target.exists())
    check = partial(_check, story, target, overwrite=overwrite)
    check()
    tree = found.update(story, whole=not is_folder)
    name = _name_in_folder(tree.documents[0].name) if is_folder else target.name
    tree = tree.at(Origin(target.resolve()), name)
    if is_folder:
        fingerprint = _write_folder(target, tree.documents, check, gone=_own_names(story, target))
    else:
        fingerprint = _write_file(target, tree.documents, check)
    return as_written(story, found, tree.at(Origin(target.resolve(), fingerprint), name))


def _own_names(story: Story, folder: Path) -> set[str]:
    """Files that the story has in this folder so far: one that it was first given by a save, and no longer has, goes."""
    source = story.source
    if source is None or source.path != folder.resolve():
        return set()
    return {document.name or "" for document in cast("Tree", source).documents}


def _with_its_neighbours(story: Story, target: Path) -> Story:
    """Take in what became of an archive's other stories meanwhile, so that saving this one leaves them alone.

    A story that was itself changed on disk stays as it is, and the check will tell.
    """
    source = story.source
    if not isinstance(source, HtmlTree) or source.format != "twine-archive" or source.path != files.resolved(target):
        return story
    if current_fingerprint(target) in {None, source.fingerprint}:
        return story
    try:
        now = read_stories(target)
    except FormatError:
        return story
    fresh = now[source.index].source if source.index < len(now) else None
    moved = source.within(fresh) if isinstance(fresh, HtmlTree) else None
    return story if moved is None else replace(story, source=moved)


def _name_in_folder(name: str | None) -> str:
    """Name of a story's only file, under which the folder's readers find it."""
    if name is None or not name.lower().endswith(FOLDER_SUFFIXES):
        return Path(name or "story").with_suffix(FOLDER_SUFFIXES[0]).name
    return name


def _target(story: Story, path: Path | None) -> tuple[Path, Format]:
    source = story.source
    if path is None:
        if source is None or source.path is None:
            raise FormatError("this story came from no file; say where to save it: save_story(story, path)")
        found = registry.by_name(source.format)
        if not found.is_writable:
            msg = f"{found.name} is only read; save under another name that ends in .twee, .html or .json"
            raise FormatError(msg, file=str(source.path))
        return source.path, found
    files.resolved(path)
    if path.is_dir() or not path.suffix:
        return path, registry.by_name("twee")
    found = registry.for_writing(path)
    if source is not None and source.format != found.name:
        own = registry.by_name(source.format)
        if own.is_writable and path.suffix.lower() in own.suffixes:
            found = own  # an archive's story stays in its archive
    return path, found


def _check(story: Story, target: Path, *, overwrite: bool) -> None:
    """Refuse to write over what this story did not come from, or over what has changed since.

    Raises
    ------
    ConflictError
        If so.
    """
    if overwrite:
        return
    source = story.source
    now = current_fingerprint(target)
    if source is not None and source.path is not None and source.path == target.resolve():
        if now != source.fingerprint:
            if now is None:
                msg = f"{target} was deleted or moved since it was read; save with overwrite=True to write it anew"
                raise GoneError(msg)
            raise ConflictError(
                f"{target} changed on disk since it was read; read it again, or save with overwrite=True"
            )
    elif target.is_dir():
        if files.read_folder(target, FOLDER_SUFFIXES):
            raise ConflictError(f"{target} holds other Twee files; choose another folder, or save with overwrite=True")
    elif now is not None:
        raise ConflictError(f"{target} exists; choose another name, or save with overwrite=True")


def _write_file(target: Path, documents: tuple[Document, ...], check: Callable[[], None]) -> str:
    """Write the document, if its bytes differ from what is there; return the file's fingerprint.

    What is there is checked once more right before the new bytes take its place.
    """
    (document,) = documents
    data = encode(document.text, document.encoding, file=document.name)
    with locked(files.resolved(target)):
        if not target.is_file() or files.read_bytes(target) != data:
            files.write_bytes(target, data, check=check)
    return files.fingerprint_of(data)


def _write_folder(target: Path, documents: tuple[Document, ...], check: Callable[[], None], *, gone: set[str]) -> str:
    """Write the documents whose bytes differ from what is there, and take others of these names out; return the folder's fingerprint.

    All are encoded, and what is there is checked once more, before the first is written.
    """
    written = {
        document.name or "": encode(document.text, document.encoding, file=document.name) for document in documents
    }
    target = files.resolved(target)
    _make(target)
    with locked(target):
        check()
        there = files.read_folder(target, FOLDER_SUFFIXES)
        for name, data in written.items():
            if there.get(name) != data:
                files.write_bytes(target / name, data)
        for name in (gone - written.keys()) & there.keys():
            files.remove(target / name)
            del there[name]
    return files.fingerprint(files.in_reading_order({**there, **written}))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"the folder cannot be made ({error.strerror})", file=str(folder)) from error


def as_written(story: Story, found: Format, tree: Tree) -> Story:
    """Give a story its new source, with the places and problems that it has in there. Keys stay."""
    places = [tree.places.get(key, (None, None)) for key in story.table.index.tolist()]
    table = story.table.assign(
        file=pd.Series([file for file, _ in places], dtype="str", index=story.table.index),
        line=pd.Series([line for _, line in places], dtype="Int64", index=story.table.index),
    )
    beside = left_out(tree.path) if tree.path is not None and tree.path.is_dir() else ()
    return replace(story.with_table(table), source=tree, import_problems=(*beside, *found.problems(tree)))
