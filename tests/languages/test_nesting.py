"""The depths that the documentation names are those that the code has."""

from __future__ import annotations

import re
from pathlib import Path

from gamebook_lab.languages.javascript.host import MAX_CALLS
from gamebook_lab.languages.javascript.templates import MAX_DEPTH
from gamebook_lab.languages.shared.nesting import MOST_NESTED, MOST_WRITTEN

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| .* \| (?:some )?(\d+)\b.* \|$", re.MULTILINE)


def test_table__of_nesting_has_the_constants() -> None:
    said = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    table = said.partition("| nested | deep |")[2].partition("\n\n")[0]
    each_condition_is_two = 2  # its statement, and the block in it
    assert list(map(int, ROW.findall(table))) == [
        MOST_WRITTEN,
        MOST_NESTED,
        MAX_DEPTH // each_condition_is_two,
        MAX_CALLS,
    ]


def test_readme__has_them_too() -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"brackets some {MOST_WRITTEN} deep in each other, passages and widgets {MOST_NESTED} deep" in said
