"""The samples hold what ``data/README.md`` says of them, and are fit to be shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

import gamebook_lab as gb

DATA = Path(__file__).resolve().parents[2] / "data"
BROKEN = "small/problems.twee"
BROKEN_CODES = {
    "GB101", "GB102", "GB104", "GB105", "GB106", "GB107", "GB108", "GB201", "GB202", "GB301", "GB401",
}  # fmt: skip


class Row(NamedTuple):
    """What the README says of one sample."""

    path: str
    format: str
    n_passages: int
    n_endings: int
    licence: str


def read_rows() -> list[Row]:
    rows = []
    for line in (DATA / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| [`"):
            path, story_format, n_passages, n_endings, _, licence = (
                cell.strip() for cell in line.strip("|").split("|")
            )
            name = path[2 : path.index("`]")]
            rows.append(Row(name, story_format, int(n_passages), int(n_endings), licence))
    return rows


ROWS = read_rows()
every_sample = pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
every_sound_sample = pytest.mark.parametrize(
    "row", [row for row in ROWS if row.path != BROKEN], ids=[row.path for row in ROWS if row.path != BROKEN]
)


def test_readme__lists_every_sample_and_its_licence() -> None:
    assert sorted(row.path for row in ROWS) == sorted(p.relative_to(DATA).as_posix() for p in DATA.rglob("*.twee"))
    assert {row.licence for row in ROWS} <= {"CC BY 4.0", "CC0 1.0"}


@every_sample
def test_sample__has_the_passages_endings_and_format_of_the_readme(row: Row) -> None:
    story = gb.read_story(DATA / row.path)
    table = story.table[story.table["kind"] == "story"]
    assert len(table) == row.n_passages
    assert sum("ending" in tags for tags in table["tags"]) == row.n_endings
    assert f"{story.metadata.format} {story.metadata.format_version}".startswith(row.format)


@every_sample
def test_sample__round_trips_byte_for_byte(row: Row) -> None:
    path = DATA / row.path
    assert gb.to_twee(gb.read_story(path)).encode("utf-8") == path.read_bytes()


@every_sound_sample
def test_sound_sample__has_no_errors(row: Row) -> None:
    problems = gb.read_story(DATA / row.path).problems()
    assert problems[problems["severity"] == "error"].empty, problems[["code", "passage_id", "message"]].to_string()


@pytest.mark.parametrize("path", ["lighthouse.twee", "night-market.twee"])
def test_story_to_read__has_nothing_to_complain_of(path: str) -> None:
    problems = gb.read_story(DATA / path).problems()
    assert problems.empty, problems[["code", "passage_id", "message"]].to_string()


def test_broken_sample__shows_every_code_once() -> None:
    problems = gb.read_story(DATA / BROKEN).problems()
    assert set(problems["code"]) == BROKEN_CODES
    assert problems["code"].is_unique, problems[["code", "passage_id", "message"]].to_string()


def test_broken_sample__names_every_code_in_its_notice() -> None:
    assert set(re.findall(r"GB\d{3}", gb.read_story(DATA / BROKEN).text("Notice"))) == BROKEN_CODES


@every_sample
def test_sample__has_an_ifid_of_its_own_and_a_map_without_overlaps(row: Row) -> None:
    story = gb.read_story(DATA / row.path)
    assert re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", story.metadata.ifid)
    others = {gb.read_story(DATA / other.path).metadata.ifid for other in ROWS if other != row}
    assert story.metadata.ifid not in others
    placed = story.table.dropna(subset=["x", "y"])
    assert len(placed) >= row.n_passages
    assert not placed.duplicated(["x", "y"]).any()
    assert (placed[["x", "y"]] % 50 == 0).all(axis=None)
