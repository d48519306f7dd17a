"""Cases: a passage in a ``.txt`` file, and beside it in a ``.toml`` file what its program must say."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

from gamebook_lab.languages.chapbook import LANGUAGE as CHAPBOOK
from gamebook_lab.languages.snowman import LANGUAGE as SNOWMAN
from gamebook_lab.languages.sugarcube import LANGUAGE as SUGARCUBE

HERE = Path(__file__).parent
LANGUAGES = {language.name: language for language in (SUGARCUBE, SNOWMAN, CHAPBOOK)}
CASES = sorted(path for name in LANGUAGES for path in (HERE / "cases" / name).glob("*.txt"))

_spec = importlib.util.spec_from_file_location("describe", HERE / "describe.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_case_yields_its_tables(case: Path):
    text = case.read_text()
    expected = tomllib.loads(case.with_suffix(".toml").read_text())
    about = expected.pop("about", {})
    language = LANGUAGES[case.parent.name]
    program = language.parse(text, name=about.get("name", ""), tags=tuple(about.get("tags", ())))
    assert _module.describe(text, program) == expected


def test_every_language_has_cases():
    assert {case.parent.name for case in CASES} == set(LANGUAGES)
