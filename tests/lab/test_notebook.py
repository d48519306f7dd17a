"""The notebook that the lab opens."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from gamebook_lab.errors import LabError
from gamebook_lab.lab.notebook import prepare_notebook, studio_notebook


@pytest.fixture(autouse=True)
def own_signatures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def story(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    path = folder / 'odd "name".twee'
    path.write_text(":: Start\n")
    return path


def test_studio_notebook__is_valid_and_quotes_the_path() -> None:
    notebook = studio_notebook('it\'s "here"\\n.twee')
    nbformat.validate(nbformat.from_dict(notebook))
    compile(notebook["cells"][0]["source"], "cell", "exec")


def test_prepare_notebook__beside_the_story_and_may_run(story: Path) -> None:
    path, may_run = prepare_notebook(story, story.parent.parent)
    assert path == story.with_name('odd "name".studio.ipynb')
    assert may_run
    assert json.loads(path.read_text())["metadata"]["kernelspec"]["name"] == "gamebook-lab"


def test_prepare_notebook__own_notebook_is_kept_and_may_run_again(story: Path) -> None:
    first = prepare_notebook(story, story.parent)
    before = first.path.read_bytes()
    assert prepare_notebook(story, story.parent) == first
    assert first.path.read_bytes() == before


def test_prepare_notebook__a_strangers_notebook_is_shown_and_never_run(story: Path) -> None:
    path, _ = prepare_notebook(story, story.parent)
    path.write_text(path.read_text().replace("studio =", "import os; studio ="))
    assert not prepare_notebook(story, story.parent).may_run


def test_prepare_notebook__junk_instead_of_a_notebook_is_never_run(story: Path) -> None:
    story.with_name('odd "name".studio.ipynb').write_text("{")
    assert not prepare_notebook(story, story.parent).may_run


def test_prepare_notebook__read_only_folder_takes_the_fallback(story: Path, tmp_path: Path) -> None:
    story.parent.chmod(0o555)
    try:
        path, _ = prepare_notebook(story, tmp_path)
    finally:
        story.parent.chmod(0o755)
    assert path.parent == tmp_path
    assert repr(str(story)) in nbformat.read(path, as_version=4).cells[0].source


def test_prepare_notebook__nowhere_to_write(story: Path) -> None:
    story.parent.chmod(0o555)
    try:
        with pytest.raises(LabError, match="start `gamebook lab` in a folder of your own"):
            prepare_notebook(story, story.parent)
    finally:
        story.parent.chmod(0o755)
