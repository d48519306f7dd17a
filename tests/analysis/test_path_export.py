"""Paths as files: the same bytes whoever writes them and however often it is killed; refused where there is no room."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis import path_export
from gamebook_lab.analysis.large_numbers import decimal
from gamebook_lab.analysis.path_export import PathExport
from gamebook_lab.analysis.path_rows import PATHS
from gamebook_lab.errors import ConflictError, FormatError, LimitError
from tests.analysis.stories import to
from tests.analysis.test_paths import diamonds, space_of
from tests.analysis.written_stories import made, written
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def story():
    return gb.explore(written(made(4, circles=True), "SugarCube"), threads=1)


def content(folder):
    return {file.name: file.read_bytes() for file in sorted(Path(folder).glob("[!.]*"))}


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(path_export, "_MOST_PATHS", 16)


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("engine", ["pandas", "dask"])
def test_files__hold_all_paths_in_order(tmp_path, suffix, engine, small_shards):
    space = story()
    paths = space.paths(max_choices=6)
    getattr(paths, f"to_{suffix}")(tmp_path / "out")
    table = gb.read_paths(tmp_path / "out", engine)
    table = table if engine == "pandas" else table.compute()
    walks = paths.walks()
    assert len(list((tmp_path / "out").glob("part-*"))) == -(-paths.count // 16) > 3
    assert [column.name for column in PATHS] == list(table.columns)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == {column.name: column.dtype for column in PATHS}
    assert table["rank"].tolist() == [str(k) for k in range(paths.count)]
    assert [list(names) for names in table["passages"]] == [walks.passages(at) for at in range(len(walks))]
    assert table["n_choices"].tolist() == walks.n_choices.tolist()
    assert table["ending"].tolist() == [walks.passages(at)[-1] for at in range(len(walks))]
    assert set(table["stop"]) <= {"ending", "stuck"}
    words = space.story.passages.set_index("passage_id")["n_words"]
    assert table["n_words"].tolist() == [words[walks.passages(at)].sum() for at in range(len(walks))]
    labels = space.offers["label"].tolist()
    assert [[labels[row] for row in rows] for rows in table["choices"]] == [way.labels for way in paths]
    assert (tmp_path / "out" / f"choices.{suffix}").exists()


def test_files__of_slices_samples_and_searches(tmp_path, small_shards):
    paths = story().paths(max_choices=6)
    paths[10:90:7].to_csv(tmp_path / "slice")
    assert gb.read_paths(tmp_path / "slice")["rank"].tolist() == [str(k) for k in range(paths.count)[10:90:7]]
    paths.to_parquet(tmp_path / "sample", sample=40, seed=3)
    assert gb.read_paths(tmp_path / "sample")["rank"].tolist() == [
        str(k) for k in paths.ranks(paths.sample(40, seed=3))
    ]
    simple = story().paths(simple=True)
    simple.to_jsonl(tmp_path / "simple")
    found = gb.read_paths(tmp_path / "simple")
    assert [list(names) for names in found["passages"]] == [simple.walks().passages(at) for at in range(len(simple))]
    links = gb.link_paths(written(made(4, circles=False), "SugarCube"))
    links.to_parquet(tmp_path / "links")
    assert [tuple(names) for names in gb.read_paths(tmp_path / "links")["passages"]] == [way.passages for way in links]
    story().paths(ending="P1", max_choices=3).to_parquet(tmp_path / "none")
    assert len(gb.read_paths(tmp_path / "none")) == len(gb.read_paths(tmp_path / "none", "dask").compute()) == 0


def test_files__a_sample_of_more_than_any_disk_holds(tmp_path):
    paths = diamonds(2_000).paths()
    digits = decimal(paths.count, grouped=True)
    with pytest.raises(LimitError, match=r"sample=100_000") as caught:
        paths.to_parquet(tmp_path / "all")
    assert digits in str(caught.value)
    assert not list((tmp_path / "all").iterdir())
    paths.to_parquet(tmp_path / "some", sample=20, seed=1)
    assert gb.read_paths(tmp_path / "some")["rank"].map(int).max() < paths.count


def test_files__no_more_bytes_than_allowed(tmp_path):
    paths = diamonds(12).paths()
    export = PathExport(paths, tmp_path, "jsonl")
    size = export.estimated_bytes
    paths.to_jsonl(tmp_path / "fits", most_bytes=2 * size)
    real = sum(file.stat().st_size for file in (tmp_path / "fits").glob("part-*"))
    assert real == pytest.approx(size, rel=0.1)
    with pytest.raises(LimitError, match=r"4,096 paths .* are allowed"):
        paths.to_jsonl(tmp_path / "too many", most_bytes=size // 2)


def test_files__of_other_paths_are_not_written_over(tmp_path):
    paths = story().paths(max_choices=5)
    paths.to_csv(tmp_path)
    before = content(tmp_path)
    paths.to_csv(tmp_path)
    assert content(tmp_path) == before
    with pytest.raises(ConflictError, match="another folder"):
        paths[1:].to_csv(tmp_path)
    with pytest.raises(ConflictError, match="another folder"):
        paths.to_jsonl(tmp_path)
    assert content(tmp_path) == before


def test_read_paths__says_what_is_missing(tmp_path):
    with pytest.raises(FormatError, match="goes on with it"):
        gb.read_paths(tmp_path)
    story().paths(max_choices=5).to_csv(tmp_path)
    with pytest.raises(ValueError, match="pandas or dask"):
        gb.read_paths(tmp_path, "polars")
    (tmp_path / "part-00000.csv").unlink()
    with pytest.raises(FormatError, match="found 0"):
        gb.read_paths(tmp_path)
    (tmp_path / "paths.json").write_text("{")
    with pytest.raises(FormatError, match="damaged"):
        gb.read_paths(tmp_path)


def test_files__odd_names_and_labels_that_are_no_valid_text(tmp_path):
    name = 'caf\u00e9 \u202e =1+1\n"'
    space = space_of({"Start": to(name), name: {}})
    space.offers["label"] = pd.Series(["half \ud83d"], dtype=object)
    for suffix in ("parquet", "csv", "jsonl"):
        getattr(space.paths(), f"to_{suffix}")(tmp_path / suffix)
        assert [*gb.read_paths(tmp_path / suffix)["passages"].iloc[0]] == ["Start", name]
        assert rb"half \ud83d" in (tmp_path / suffix / f"choices.{suffix}").read_bytes().replace(rb"\\", rb"\ ".strip())


def test_files__progress_is_told(tmp_path, small_shards):
    told = []
    story().paths(max_choices=6).to_parquet(tmp_path, progress=told.append)
    assert told[-1].state == "done"
    assert told[-1].done == told[-1].total == len(list(tmp_path.glob("part-*")))


def test_files__have_the_same_bytes_after_a_kill_on_a_pool(tmp_path, small_shards):
    """A long form, with 10 million paths under a memory limit: benchmarks/enumerate_survives.py."""
    story().paths(max_choices=8).to_parquet(tmp_path / "undisturbed")
    command = [sys.executable, "-m", "tests.analysis.path_writer", str(tmp_path / "killed")]
    killed_itself = subprocess.run([*command, "3"], cwd=ROOT, check=False, timeout=PATIENCE)
    assert killed_itself.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "killed").glob(".work/*/shards/[!.]*"))) >= 3
    assert not (tmp_path / "killed" / "paths.json").exists()
    subprocess.run(command, cwd=ROOT, check=True, timeout=PATIENCE)
    killed, undisturbed = content(tmp_path / "killed"), content(tmp_path / "undisturbed")
    assert json.loads(killed.pop("paths.json")) == json.loads(undisturbed.pop("paths.json"))
    assert killed == undisturbed
