"""Reads stories from files and folders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from gamebook_lab.errors import FormatError
from gamebook_lab.formats import files, registry
from gamebook_lab.formats.encoding import decode
from gamebook_lab.formats.protocol import Document, Format, Origin
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story

FOLDER_SUFFIXES: Final = (".twee", ".tw", ".tw2", ".twee2")
"""Suffixes of the files that make up a folder of Twee."""


def read_stories(path: Path, name: str | None = None) -> tuple[Story, ...]:
    """Read every story of a file, or the one of a folder, in the format of this name or in its own."""
    if _is_folder(path):
        return _read_folder(path, name)
    if path.suffix.lower() == ".tws":
        msg = "Twine 1's .tws files hold Python code that would run, so they are never opened"
        raise FormatError(f"{msg}; in Twine 1 choose File, Export, Twee Source Code, and open that", file=str(path))
    data = files.read_bytes(path)
    text, encoding = decode(data, file=str(path), keeps_zeros=True)
    document = Document(text, path.name, encoding)
    found = registry.by_name(name) if name else registry.recognise(document)
    return _read(found, (document,), Origin(path.resolve(), files.fingerprint_of(data)), path)


def _is_folder(path: Path) -> bool:
    """Whether it is a folder; what cannot be looked at is none, and reading says why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _read_folder(path: Path, name: str | None) -> tuple[Story, ...]:
    if name not in {None, "twee"}:
        raise FormatError(f"expected a folder of Twee files, not {name}; open a single file", file=str(path))
    found = files.read_folder(path, FOLDER_SUFFIXES)
    if not found:
        known = ", ".join(FOLDER_SUFFIXES)
        raise FormatError(f"the folder has no Twee files ({known}); open another one, or a file", file=str(path))
    documents = tuple(_document(path, file, data) for file, data in found.items())
    (story,) = _read(registry.by_name("twee"), documents, Origin(path.resolve(), files.fingerprint(found)), path)
    return (replace(story, import_problems=(*left_out(path), *story.import_problems)),)


def left_out(folder: Path) -> tuple[Problem, ...]:
    """Say which files of a folder are not read, since no table and no report can hold their names."""
    return tuple(
        Problem("GB510", f"The file {name} was left out: its name is not UTF-8", "Rename it, in plain letters say")
        for name in files.unreadable_names(folder, FOLDER_SUFFIXES)
    )


def _document(folder: Path, name: str, data: bytes) -> Document:
    text, encoding = decode(data, file=str(folder / name), keeps_zeros=True)
    return Document(text, name, encoding)


def _read(found: Format, documents: tuple[Document, ...], origin: Origin, path: Path) -> tuple[Story, ...]:
    try:
        return found.read(documents, origin)
    except FormatError as error:
        if error.file is not None:
            raise
        raise FormatError(error.message, file=str(path), line=error.line, column=error.column) from error


def current_fingerprint(path: Path) -> str | None:
    """Fingerprint of what is at ``path`` now; None if nothing is."""
    if path.is_dir():
        return files.fingerprint(files.read_folder(path, FOLDER_SUFFIXES))
    if not path.exists():
        return None
    return files.fingerprint_of(files.read_bytes(path))
