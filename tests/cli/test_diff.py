"""``gamebook diff`` says what differs for readers, and by its status whether anything does."""

import json

import pytest

from tests.cli.test_suite_commands import STORY


@pytest.fixture
def versions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.twee").write_text(STORY)
    (tmp_path / "words.twee").write_text(STORY.replace("A hall.", "A hall, long and dark."))
    (tmp_path / "new.twee").write_text(STORY.replace("[[Open the door|Cellar]]", "[[Open the door|Street]]"))


@pytest.mark.usefixtures("versions")
def test_diff__status_and_text(gamebook):
    assert gamebook("diff", "old.twee", "words.twee").status == 0
    run = gamebook("diff", "old.twee", "new.twee")
    assert run.status == 1
    assert "Cellar: became unreachable" in run.out
    assert "In Hall: Open the door [Cellar -> Street]: retargeted, turned fake" in run.out
    assert "2 before, 2 after; 1 kept, 1 lost, 1 gained" in run.out
    assert gamebook("diff", "old.twee", "nothing.twee").status == 2


@pytest.mark.usefixtures("versions")
def test_diff__markdown_and_json(gamebook):
    assert "| Cellar | became unreachable |" in gamebook("diff", "old.twee", "new.twee", "--format", "markdown").out
    document = json.loads(gamebook("diff", "old.twee", "new.twee", "--format", "json").out)
    assert document["playthroughs"]["n_lost"] == "1"
    assert document["playthroughs"]["lost"] == [["Open the door", "Up"]]
    assert document["choices"][0]["changes"] == ["retargeted", "turned fake"]
