"""How JupyterLab is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamebook_lab.errors import LabError
from gamebook_lab.lab.launch import launch, server_arguments
from gamebook_lab.lab.server import NOTEBOOK_VARIABLE


def test_server_arguments__listens_on_this_machine_only_and_keeps_the_token() -> None:
    arguments = server_arguments(Path("/here"), Path("/here/sub/a.studio.ipynb"), port=None, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--LabApp.default_url=/lab/tree/sub/a.studio.ipynb" in arguments
    assert not any("token" in argument or "password" in argument for argument in arguments)


def test_server_arguments__address_of_an_oddly_named_story_is_one_word() -> None:
    arguments = server_arguments(Path("/here"), Path("/here/a b/100% #1?.studio.ipynb"), port=None, browser=False)
    assert "--LabApp.default_url=/lab/tree/a%20b/100%25%20%231%3F.studio.ipynb" in arguments


@pytest.mark.parametrize(("folder", "root"), [(".", "."), ("sub", "."), (".hidden", ".hidden")])
def test_launch__root_is_a_folder_from_which_jupyter_finds_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, root: str
) -> None:
    story = tmp_path / folder / "a.twee"
    story.parent.mkdir(exist_ok=True)
    story.write_text(":: Start\n")
    given: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv(NOTEBOOK_VARIABLE, "")
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", given.extend)
    assert launch(story) == 0
    assert f"--ServerApp.root_dir={(tmp_path / root).resolve()}" in given


def test_server_arguments__asks_nobody_for_news() -> None:
    arguments = server_arguments(Path("/here"), None, port=9000, browser=True)
    assert {"--LabApp.extension_manager=readonly", "--LabApp.news_url="} <= set(arguments)
    assert {"--ServerApp.port=9000", "--ServerApp.port_retries=0"} <= set(arguments)


def test_launch__missing_story_says_so(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"there is no .*nothing\.twee"):
        launch(tmp_path / "nothing.twee")


def test_server_arguments__address_of_a_notebook_with_an_odd_name() -> None:
    arguments = server_arguments(Path("/here"), Path("/here/50% of #1?.studio.ipynb"), port=None, browser=False)
    assert "--LabApp.default_url=/lab/tree/50%25%20of%20%231%3F.studio.ipynb" in arguments
