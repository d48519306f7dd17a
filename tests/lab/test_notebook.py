"""The notebook that the lab opens."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from gamebook_lab.errors import LabError
from gamebook_lab.lab.notebook import (
    DASHBOARD_NAME,
    Needs,
    needs_of,
    prepare_dashboard,
    prepare_notebook,
    studio_notebook,
)


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


def test_prepare_notebook__stories_of_one_name_have_a_notebook_each(story: Path) -> None:
    other = story.with_suffix(".html")
    first, second = prepare_notebook(story, story.parent), prepare_notebook(other, story.parent)
    assert second.path.name == 'odd "name".html.studio.ipynb'
    assert repr(other.name) in nbformat.read(second.path, as_version=4).cells[0].source
    assert prepare_notebook(story, story.parent) == first
    assert prepare_notebook(other, story.parent) == second


def test_prepare_notebook__stories_of_one_name_in_read_only_folders(tmp_path: Path) -> None:
    stories = [tmp_path / name / "tale.twee" for name in ("a", "b", "c")]
    for story in stories:
        story.parent.mkdir(mode=0o555)
    try:
        made = [prepare_notebook(story, tmp_path) for story in stories]
    finally:
        for story in stories:
            story.parent.chmod(0o755)
    assert [notebook.path.name for notebook in made] == [
        "tale.studio.ipynb", "tale.twee.studio.ipynb", "tale.twee-2.studio.ipynb",
    ]  # fmt: skip


def test_prepare_notebook__a_hidden_storys_notebook_is_not_hidden(story: Path) -> None:
    assert prepare_notebook(story.with_name(".draft.twee"), story.parent).path.name == "draft.studio.ipynb"


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


def test_prepare_dashboard__is_made_once_and_may_run(tmp_path: Path) -> None:
    path, may_run = prepare_dashboard(tmp_path)
    assert (path, may_run) == (tmp_path / DASHBOARD_NAME, True)
    content = path.read_text()
    nbformat.validate(nbformat.reads(content, as_version=4))
    assert "gb.Dashboard()" in content
    path.write_text(content.replace("gb.Dashboard()", "gb.Dashboard(60)"))
    assert prepare_dashboard(tmp_path) == (path, False), "a stranger may have written it"
    assert "Dashboard(60)" in path.read_text()


def test_prepare_dashboard__says_where_it_can_be_made(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    with pytest.raises(LabError, match="a folder of your own"):
        prepare_dashboard(folder)


def test_needs_of__names_the_kernel_and_the_story(story: Path) -> None:
    path, _ = prepare_notebook(story, story.parent)
    assert needs_of(path) == Needs("gamebook-lab", story)


def test_needs_of__no_story_where_the_cell_was_changed(story: Path) -> None:
    path, _ = prepare_notebook(story, story.parent)
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = "gb.Studio('another.twee')"
    notebook["metadata"]["kernelspec"]["name"] = "python3"
    path.write_text(json.dumps(notebook))
    assert needs_of(path) == Needs("python3", None)


def test_needs_of__dashboard_has_no_story(tmp_path: Path) -> None:
    assert needs_of(prepare_dashboard(tmp_path).path) == Needs("gamebook-lab", None)
