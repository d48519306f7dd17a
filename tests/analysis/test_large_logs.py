"""A log in parts gives the counts of the log as a whole, on any workers, and after a kill."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis import large_logs
from gamebook_lab.analysis.large_logs import count_sessions
from gamebook_lab.analysis.matching import match
from gamebook_lab.errors import FormatError
from tests.analysis.logs import sessions_of, walks
from tests.conftest import ROOT

LADDER = (
    "\n\n".join(
        [
            f":: Room {at}\n[[Left {at}]] [[Right {at}]]\n\n:: Left {at}\n[[Room {at + 1}]] [[Room {at + 2}]]\n\n:: Right {at}\n[[Room {at + 1}]]"
            for at in range(8)
        ]
        + [":: Room 8\n[[Room 9]] [[Left 0]]", ":: Room 9\nThe end."]
    )
    .replace(":: Room 0", ":: Start", 1)
    .replace("[[Room 0]]", "[[Start]]")
)
"""Rooms that go round in a circle now and then."""


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(LADDER))


def written(tmp_path, routes, n_files=3):
    """Steps of all sessions mixed up in time, as a server logs them."""
    rows = [
        (f"s{name}", step * 1_000 + name, passage)
        for name, route in enumerate(routes)
        for step, passage in enumerate(route)
    ]
    table = pd.DataFrame(rows, columns=["session", "time", "page"]).sort_values("time", kind="stable")
    folder = tmp_path / "log"
    folder.mkdir()
    for at, part in enumerate(np.array_split(np.arange(len(table)), n_files)):
        table.iloc[part].to_parquet(folder / f"{at}.parquet", row_group_size=500)
    return folder


def test_count_sessions__as_the_log_as_a_whole(space, tmp_path, monkeypatch):
    monkeypatch.setattr(large_logs, "ROWS", 300)
    monkeypatch.setattr(large_logs, "_BUCKET_ROWS", 400)
    found = walks(space, 150)
    routes = [found.passages(at) for at in range(150)] + [["Nowhere", "x"], [found.passages(0)[0], "Nowhere"]]
    counts = count_sessions(written(tmp_path, routes), space, tmp_path / "work")
    whole = match(space, sessions_of(routes))
    assert counts.edge_counts.tolist() == whole.edge_counts().tolist()
    assert counts.n_sessions == 152
    assert {name: n for name, n in counts.verdicts.items() if n} == whole.table["verdict"].value_counts().to_dict()
    assert counts.n_events == len(whole.sessions.table)
    assert counts.table()["n_visits"].sum() == counts.n_events - 3
    assert len(counts.problems()) == 2


def test_count_sessions__columns_that_nobody_knows(space, tmp_path):
    pd.DataFrame({"a": ["x"], "b": ["y"]}).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(FormatError, match="columns="):
        count_sessions(tmp_path / "x.parquet", space, tmp_path / "work")
    with pytest.raises(FormatError, match="Parquet"):
        count_sessions(tmp_path / "empty", space, tmp_path / "work")


SCRIPT = """
import os, signal, sys
import gamebook_lab as gb
from gamebook_lab.analysis import large_logs
large_logs.ROWS, large_logs._BUCKET_ROWS = 300, 400
story, log, work = sys.argv[1:]
done = []
def watch(run):
    run.watch(lambda progress: os.kill(os.getpid(), signal.SIGKILL) if progress.done >= 2 else None)
large_logs.count_sessions(log, gb.explore(gb.read_story(story)), work, watch=watch)
"""


def test_count_sessions__killed_and_gone_on_with(space, tmp_path, monkeypatch):
    monkeypatch.setattr(large_logs, "ROWS", 300)
    monkeypatch.setattr(large_logs, "_BUCKET_ROWS", 400)
    found = walks(space, 100)
    log = written(tmp_path, [found.passages(at) for at in range(100)])
    story = tmp_path / "ladder.twee"
    story.write_text(LADDER, encoding="utf-8")
    arguments = [
        sys.executable,
        "-c",
        textwrap.dedent(SCRIPT),
        story,
        log,
        tmp_path / "work",
    ]
    killed = subprocess.run(list(map(str, arguments)), cwd=ROOT, check=False, capture_output=True, timeout=300)
    assert killed.returncode == -9, killed.stderr
    there = {path.name for path in (tmp_path / "work").rglob("*.npz")}
    assert there
    counts = count_sessions(log, space, tmp_path / "work")
    fresh = count_sessions(log, space, tmp_path / "other")
    assert counts.edge_counts.tolist() == fresh.edge_counts.tolist()


def test_count_sessions__rows_that_name_nothing_are_left_out_and_told(space, tmp_path):
    table = pd.DataFrame({
        "session": ["a", "a", None, "b", " ", "c"],
        "time": range(6),
        "page": ["Start", "Left 0", "Start", None, "Start", ""],
    })  # fmt: skip
    table.to_parquet(tmp_path / "log.parquet")
    counts = count_sessions(tmp_path / "log.parquet", space, tmp_path / "work")
    assert (counts.n_events, counts.n_sessions, counts.verdicts["valid"]) == (6, 1, 1)
    problems = counts.problems()
    assert problems["code"].tolist() == ["GB702", "GB703"]
    assert [message[:6] for message in problems["message"]] == ["2 rows", "2 rows"]
