"""Starts JupyterLab on a story, on this machine only, with its token kept."""

from __future__ import annotations

import os
import sys
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

from gamebook_lab.errors import LabError
from gamebook_lab.lab.lean import start_lean
from gamebook_lab.lab.server import NOTEBOOK_VARIABLE

if TYPE_CHECKING:
    from gamebook_lab.lab.notebook import PreparedNotebook


def server_arguments(root: Path, notebook: Path | None, *, port: int | None, browser: bool) -> list[str]:
    """Make JupyterLab's command line.

    Parameters
    ----------
    root
        Folder that the file browser shows; ``notebook`` lies in it.
    notebook
        What to open; None for the launcher.
    port
        TCP port, or None for the first free one from 8888 on.
    browser
        Whether to open a web browser.
    """
    arguments = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.session_manager_class=gamebook_lab.lab.sessions.LabSessions",
        # works offline, and asks nobody about news, updates or extensions
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # where language servers are looked for; unasked npm would be started to name one more place
        *(f"--LanguageServerManager.node_roots={place}" for place in (root, Path(sys.prefix, "lib"), sys.prefix)),
    ]
    if notebook is not None:
        # quoted: a blank ends the printed address, and what follows a # or ? is no path
        path = urllib.parse.quote(notebook.relative_to(root).as_posix())
        arguments.append(f"--LabApp.default_url=/lab/tree/{path}")
    if port is not None:
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Jupyter refuses root without this; on a container's or a fresh machine root is all there is
        arguments.append("--ServerApp.allow_root=True")
    return arguments


def _shows(root: Path, notebook: Path) -> bool:
    """Tell whether Jupyter finds a notebook from this folder: it opens nothing in hidden folders."""
    if not notebook.is_relative_to(root):
        return False
    return not any(part.startswith(".") for part in notebook.relative_to(root).parts)


def launch(story: Path | None = None, *, port: int | None = None, browser: bool = True) -> int:
    """Start JupyterLab and serve until it is stopped.

    Parameters
    ----------
    story
        Story to open in the Studio; None opens JupyterLab's launcher.
    port, browser
        See :func:`server_arguments`.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    LabError
        If the story does not exist, or there is no folder to work in.
    """
    here = Path.cwd()
    if story is None:
        start_lean()
        return _serve(None, port=port, browser=browser)
    if not story.exists():
        raise LabError(f"expected a story file or a folder of Twee files, but there is no {story}")
    start_lean()
    from gamebook_lab.lab.notebook import prepare_notebook

    return _serve(prepare_notebook(story, here), port=port, browser=browser)


def launch_dashboard(*, port: int | None = None, browser: bool = True) -> int:
    """Start JupyterLab on the live dashboard, and serve until it is stopped.

    Parameters
    ----------
    port, browser
        See :func:`server_arguments`.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    LabError
        If the current folder cannot be written to.
    """
    start_lean()
    from gamebook_lab.lab.notebook import prepare_dashboard

    return _serve(prepare_dashboard(Path.cwd()), port=port, browser=browser)


def _serve(prepared: PreparedNotebook | None, *, port: int | None, browser: bool) -> int:
    here = Path.cwd()
    notebook, may_run = prepared or (None, False)
    root = here if notebook is None or _shows(here, notebook) else notebook.parent
    if notebook is not None and may_run:
        os.environ[NOTEBOOK_VARIABLE] = notebook.relative_to(root).as_posix()

    from jupyterlab.labapp import LabApp

    from gamebook_lab.lab.held_port import HeldPortServer

    LabApp.serverapp_class = HeldPortServer
    LabApp.launch_instance(server_arguments(root, notebook, port=port, browser=browser))
    return 0
