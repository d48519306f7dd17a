"""The documentation says what the code does: its tables are complete, its links lead somewhere, its Python runs."""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from gamebook_lab.analysis.documentation import TABLES, columns, reference
from gamebook_lab.story.schema import Column

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))))
PARTS = {"OFFERS", "ITEMS", "VERDICT"}
"""Columns that several tables have, not a table of their own."""


def test_tables__have_every_column():
    assert reference() in (ROOT / "docs" / "tables.md").read_text(encoding="utf-8"), (
        "run: python -m gamebook_lab.analysis.documentation docs/tables.md"
    )


def test_tables__are_all_that_the_code_defines():
    defined = set()
    for room in ("story", "engine", "analysis", "formats", "store"):
        package = import_module(f"gamebook_lab.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(import_module(module.name)).items():
                is_table = isinstance(value, tuple) and value and all(isinstance(one, Column) for one in value)
                if is_table and name.isupper() and name not in PARTS and not name.startswith("_"):
                    defined.add(value)
    assert defined == {columns(place) for tables in TABLES.values() for place in tables.values()}


@pytest.mark.parametrize("name", PAGES)
def test_links__lead_to_files(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


PRELUDE = """
import gamebook_lab as gb

story = gb.read_story("old.twee")
start = story.passages.loc[story.passages["is_start"], "passage_id"].iloc[0]
gb.save_story(gb.edits.rename_passage(story, start, "The Beginning"), "new.twee")
studio = gb.Studio("data/lighthouse.twee")
studio.session.apply(lambda now: gb.edits.set_tags(now, now.key("The Yard"), ["chapter-1"]), label="Tag")
count_words, files = len, ["a", "bc"]
"""
"""What the examples take for granted: two versions of a story, an open Studio, something to count."""


@pytest.mark.parametrize("name", [name for name in PAGES if name != "docs/tables.md"])
def test_python__of_a_page_runs_from_top_to_bottom(name, tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "data" / "small" / "gated.twee", tmp_path / "old.twee")
    (tmp_path / "log.csv").write_text("who,slide,session\n1,Start,a\n1,End,a\n", encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "page.py").write_text("\n".join([PRELUDE, *blocks]), encoding="utf-8")
    # a process of its own: examples open widgets and pools, and close what they show how to close
    run = subprocess.run(
        [sys.executable, "page.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "GAMEBOOK_TELEMETRY": str(tmp_path / "telemetry")},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
