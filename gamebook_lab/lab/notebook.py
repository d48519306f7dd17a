"""The notebook that ``gamebook lab`` opens: one cell that shows a story in the Studio."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import nbformat
from nbformat.sign import NotebookNotary

from gamebook_lab.errors import LabError

SUFFIX: Final = ".studio.ipynb"
STUDIO_CELL: Final = "studio"
"""Id of the cell that shows the Studio; our JupyterLab extension runs just that one."""

DASHBOARD_NAME: Final = "gamebook.dashboard.ipynb"
DASHBOARD_CELL: Final = "dashboard"
"""Id of the cell that shows the dashboard; our extension runs it as well."""

STORY_KEY: Final = "gamebook_story"
"""Metadata that names the story, so that the next one of the same name is not taken for it."""


class PreparedNotebook(NamedTuple):
    """A notebook ready to be opened."""

    path: Path
    may_run: bool
    """We have just made it, or its signature says that this user has run it before."""


def _code(source: str, cell_id: str, *, hidden: bool = False) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"jupyter": {"source_hidden": hidden}},
        "outputs": [],
        "source": source,
    }


class Needs(NamedTuple):
    """What a notebook will ask for when it is opened."""

    kernel_name: str | None
    """None: the default."""
    story: Path | None
    """None: no story, or its author has changed the cell that shows it."""


def _studio_source(story: str) -> str:
    return f"import gamebook_lab as gb\n\nstudio = gb.Studio({story!r})\nstudio"


def studio_notebook(story: str) -> dict[str, Any]:
    """Make a notebook (nbformat 4.5) that opens ``story``, a path as the kernel will see it."""
    return _notebook(_code(_studio_source(story), STUDIO_CELL, hidden=True), {STORY_KEY: story})


def dashboard_notebook() -> dict[str, Any]:
    """Make a notebook (nbformat 4.5) that shows the live dashboard."""
    source = "import gamebook_lab as gb\n\ndashboard = gb.Dashboard()\ndashboard"
    return _notebook(_code(source, DASHBOARD_CELL, hidden=True), {})


def _notebook(shown: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "cells": [shown, _code("", "yours")],
        "metadata": {
            "kernelspec": {"display_name": "GameBook Lab", "language": "python", "name": "gamebook-lab"},
            "language_info": {"name": "python"},
            **metadata,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _is_writable(folder: Path) -> bool:
    # root may write anywhere: a folder that nobody was given leave to write to is left alone
    may = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    return bool(folder.stat().st_mode & may) and os.access(folder, os.W_OK)


def _make(path: Path, content: dict[str, Any]) -> PreparedNotebook:
    notebook = nbformat.from_dict(content)
    nbformat.write(notebook, path)
    NotebookNotary().sign(notebook)
    return PreparedNotebook(path, may_run=True)


def _is_trusted(path: Path) -> bool:
    """Tell whether Jupyter has this user's signature for just this notebook.

    A folder from a stranger may hold a notebook of that name: it is shown, and never run unasked.
    """
    try:
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    except (OSError, ValueError):
        return False
    return bool(NotebookNotary().check_signature(notebook))


def _names(folder: Path, story: Path) -> Iterator[Path]:
    """List the names that a story's notebook may have, best first; Jupyter opens none that begins with a dot."""
    yield folder / f"{story.stem.lstrip('.')}{SUFFIX}"
    name = story.name.lstrip(".")
    yield folder / f"{name}{SUFFIX}"
    yield from (folder / f"{name}-{number}{SUFFIX}" for number in itertools.count(2))


def _is_of_another(path: Path, story: str) -> bool:
    """Tell whether a notebook says that it is of another story: ``tale.html``, where ``tale.twee`` is to be opened."""
    try:
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    except (OSError, ValueError):
        return False
    return bool(notebook.get("metadata", {}).get(STORY_KEY, story) != story)


def prepare_notebook(story: Path, fallback: Path) -> PreparedNotebook:
    """Find or make the notebook for a story.

    It stands beside the story, or in ``fallback`` where that folder is read-only. One that is
    there already is kept as it is: its reader may have added cells. Where it is of another story of
    that name (``tale.html`` beside ``tale.twee``), this story's is named ``tale.twee.studio.ipynb``.

    Parameters
    ----------
    story
        Story file, or folder of Twee files.
    fallback
        Another folder, usually the current one.

    Raises
    ------
    LabError
        If neither folder can be written to.
    """
    story = story.resolve()
    for folder in (story.parent, fallback.resolve()):
        if not _is_writable(folder):
            continue
        named = story.name if folder == story.parent else str(story)
        path = next(path for path in _names(folder, story) if not _is_of_another(path, named))
        return PreparedNotebook(path, _is_trusted(path)) if path.exists() else _make(path, studio_notebook(named))
    raise LabError(
        f"expected a folder to put the notebook in, but neither {story.parent} nor {fallback} can be written to; "
        "start `gamebook lab` in a folder of your own"
    )


def needs_of(path: Path) -> Needs:
    """Tell what a notebook that we have made will ask for, so that it can be got ready."""
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    metadata = notebook["metadata"]
    named = metadata.get(STORY_KEY)
    asks = isinstance(named, str) and any(
        cell.get("id") == STUDIO_CELL and cell["source"] == _studio_source(named) for cell in notebook["cells"]
    )
    return Needs(metadata.get("kernelspec", {}).get("name"), path.parent / named if asks else None)


def prepare_dashboard(folder: Path) -> PreparedNotebook:
    """Find or make the notebook of the live dashboard; one that is there already is kept as it is.

    Raises
    ------
    LabError
        If the folder cannot be written to.
    """
    path = folder.resolve() / DASHBOARD_NAME
    if path.exists():
        return PreparedNotebook(path, _is_trusted(path))
    if not _is_writable(path.parent):
        raise LabError(
            f"expected a folder to put the notebook in, but {path.parent} cannot be written to; start `gamebook dashboard` "
            "in a folder of your own"
        )
    return _make(path, dashboard_notebook())
