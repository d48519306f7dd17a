"""One server for many tests: each opens a story, notebook, kernel and page of its own on it.

``gamebook lab STORY`` makes a notebook, starts a server and has it tell the page which notebook to run. Here the server
has been started already, and the page is told as soon as it is there. All else is as in a lab of its own. What
hangs on the server's own start is for the tests that start one (``start_lab``).
"""

from __future__ import annotations

import json
import shutil
import urllib.parse
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from gamebook_lab.lab.notebook import prepare_notebook
from tests.browser.lab import Lab

_TELL = """addEventListener("DOMContentLoaded", () => {{
  const element = document.getElementById("jupyter-config-data");
  if (element) element.textContent = JSON.stringify({{...JSON.parse(element.textContent), gamebookNotebook: {}}});
}});"""
_THEMES = "@jupyterlab/apputils-extension:themes"
LIGHT = "JupyterLab Light"


@dataclass
class SharedLab:
    """A running ``gamebook lab``, and a browser's context in which JupyterLab's scripts stay loaded."""

    url: str
    folder: Path
    context: BrowserContext
    log: list[str]
    _n_opened: int = 0

    @property
    def origin(self) -> str:
        return self.url.partition("/lab")[0]

    @property
    def token(self) -> str:
        return urllib.parse.parse_qs(urllib.parse.urlparse(self.url).query)["token"][0]

    def open(self, story: Path, *, viewport: dict[str, Any], theme: str = LIGHT) -> Lab:
        """Open a copy of ``story`` in a folder, a workspace and a page of its own."""
        self._n_opened += 1
        name = f"test-{self._n_opened}"
        copy = self.folder / name / story.name
        copy.parent.mkdir()
        shutil.copyfile(story, copy)
        notebook = prepare_notebook(copy, self.folder).path.relative_to(self.folder).as_posix()
        self._call("put", f"/lab/api/settings/{_THEMES}", {"raw": json.dumps({"theme": theme})})
        page = self.context.new_page()
        page.set_viewport_size(viewport)
        lab = Lab("", copy.parent, page, self.log)
        page.add_init_script(_TELL.format(json.dumps(notebook)))
        lab.url = f"{self.origin}/lab/workspaces/{name}/tree/{urllib.parse.quote(notebook)}?token={self.token}"
        page.goto(lab.url)
        return lab

    def close(self, page: Page) -> None:
        """Close a page, and end every kernel there is: tests have the lab one after another."""
        page.close()
        for kernel in self._call("get", "/api/kernels").json():
            self._call("delete", f"/api/kernels/{kernel['id']}", may_be_gone=True)

    def _call(self, method: str, path: str, data: Any = None, *, may_be_gone: bool = False) -> Any:
        headers = {"Authorization": f"token {self.token}"}
        said = self.context.request.fetch(self.origin + path, method=method, data=data, headers=headers)
        assert said.ok or (may_be_gone and said.status == HTTPStatus.NOT_FOUND), (
            f"{method} {path}: {said.status} {said.text()}"
        )
        return said
