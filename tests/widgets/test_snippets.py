"""Snippets: some for each language, the author's own from a file, and no harm from a bad one."""

from __future__ import annotations

import json

import pytest

from gamebook_lab.widgets.snippets import settings_file, snippets_for


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    settings_file().parent.mkdir()
    return settings_file()


@pytest.mark.parametrize("language", ["sugarcube", "harlowe", "chapbook", "snowman", "plain"])
def test_snippets__every_language_has_a_link(language):
    assert "Link" in [each["label"] for each in snippets_for(language)]


def test_snippets__the_authors_own_come_first_and_replace(home):
    home.write_text(json.dumps({"any": {"Note": "%% ${x} %%"}, "harlowe": {"Link": "own"}, "snowman": {"Other": "x"}}))
    found = snippets_for("harlowe")
    assert [(each["label"], each["is_own"]) for each in found[:2]] == [("Note", True), ("Link", True)]
    assert [each["text"] for each in found if each["label"] == "Link"] == ["own"]


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"any": 5}', '{"any": {"A": 5}}', "[" * 100_000])
def test_snippets__a_file_that_cannot_be_read_is_passed_over(home, text):
    home.write_text(text)
    assert not any(each["is_own"] for each in snippets_for("harlowe"))
