"""``gamebook paths`` counts, shows and writes."""

from pathlib import Path

import pytest

import gamebook_lab as gb

LOOP = Path(__file__).resolve().parents[2] / "data" / "small" / "loop.twee"
DIAMOND = LOOP.with_name("diamond.twee")


def test_paths__counts_by_ending(gamebook):
    run = gamebook("paths", DIAMOND)
    paths = gb.explore(gb.read_story(DIAMOND)).paths()
    assert (run.status, run.err) == (0, "")
    assert f": {paths.count} playthroughs" in run.out
    assert all(name in run.out for name in paths.by_ending()["passage_id"])
    assert "Choices: " in run.out


def test_paths__a_circle_asks_for_a_bound(gamebook):
    run = gamebook("paths", LOOP.with_name("gated.twee"))
    assert run.status == 2
    assert "--max-choices" in run.err
    assert run.err.count("\n") == 1
    paths = gb.explore(gb.read_story(LOOP)).paths(max_choices=12)
    assert f": {paths.count} playthroughs" in gamebook("paths", LOOP, "--max-choices", 12).out
    assert " playthroughs" in gamebook("paths", LOOP, "--simple").out


def test_paths__shows_one_and_some(gamebook):
    run = gamebook("paths", LOOP, "--max-choices", 12, "--number", -1)
    paths = gb.explore(gb.read_story(LOOP)).paths(max_choices=12)
    assert run.out.splitlines()[0] == f"Number {paths.count - 1} of {paths.count}"
    assert all(repr(label) in run.out for label in paths[-1].labels)
    drawn = gamebook("paths", LOOP, "--max-choices", 12, "--sample", 3, "--seed", 4).out.splitlines()
    walks = paths.sample(3, seed=4)
    assert drawn == [" > ".join(walks.passages(at)) for at in range(3)]
    assert gamebook("paths", DIAMOND, "--links", "--number", 0).out.count(" > ") >= 2
    assert gamebook("paths", DIAMOND, "--number", 99).status == 2


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_paths__writes_them(gamebook, tmp_path, suffix):
    run = gamebook("paths", LOOP, "--max-choices", 12, "--output", tmp_path / "out", "--format", suffix)
    assert run.status == 0
    assert "gb.read_paths(" in run.out
    paths = gb.explore(gb.read_story(LOOP)).paths(max_choices=12)
    assert gb.read_paths(tmp_path / "out")["rank"].tolist() == [str(k) for k in range(paths.count)]
