import re
from pathlib import Path

import pytest

from gamebook_lab.cli.explain import page
from gamebook_lab.story.problems import CODES

INDEX = Path(__file__).resolve().parents[2] / "docs" / "problems" / "README.md"


@pytest.mark.parametrize("code", CODES)
def test_explain__every_code_has_a_page_with_all_its_parts(code):
    slug, severity, _ = CODES[code]
    text = page(code)
    assert text.startswith(f"# {code} {slug}: ")
    assert {"error": "*Error.*", "warning": "*Warning.*", "info": "*Note.*"}[severity] in text
    for part in ("**Why it matters.**", "**Example", "**What to do.**", "**When to ignore it.**"):
        assert part in text


def test_explain__index_links_every_page():
    rows = re.findall(r"^\| \[(GB\d+)\]\((.+?)\) \| ([\w-]+) \| (\w+) \| (.+) \|$", INDEX.read_text(), re.MULTILINE)
    assert {code: (slug, severity, title) for code, _, slug, severity, title in rows} == {
        code: tuple(entry) for code, entry in CODES.items()
    }
    assert all((INDEX.parent / link).is_file() for _, link, *_ in rows)


@pytest.mark.parametrize("asked", ["GB101", "gb101", "broken-link", "Broken-Link"])
def test_explain__finds_codes_and_slugs_in_any_case(gamebook, asked):
    run = gamebook("explain", asked)
    assert (run.status, run.out) == (0, page("GB101"))


def test_explain__unknown_code(gamebook):
    run = gamebook("explain", "GB999")
    assert (run.status, run.out) == (2, "")
    assert run.err == "gamebook: there is no problem code 'GB999'; 'gamebook explain' lists all of them\n"


def test_explain__lists_all_codes(gamebook):
    assert len(gamebook("explain").out.splitlines()) == len(CODES)
