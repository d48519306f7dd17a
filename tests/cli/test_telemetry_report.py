"""``gamebook report --telemetry``: a file, or one clear line."""

from __future__ import annotations

import pytest

from gamebook_lab.telemetry.sample_run import record_sample_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    record_sample_run(folder, minutes=2)
    return folder


def test_report__is_one_file_that_needs_no_network(gamebook, run, tmp_path):
    target = tmp_path / "report.html"
    done = gamebook("report", "--telemetry", "--since", "3min", "--folder", run, "-o", target)
    assert done.status == 0, done.err
    assert "6 objectives" in done.out
    text = target.read_text(encoding="utf-8")
    assert text.count("plotly.js v") == 1
    assert "<script src" not in text
    again = gamebook("report", "--telemetry", "--folder", run, "-o", target)
    assert again.status == 2
    assert "--overwrite" in again.err


def test_report__of_nothing_says_what_to_do(gamebook, tmp_path):
    done = gamebook("report", "--telemetry", "--folder", tmp_path, "-o", tmp_path / "report.html")
    assert done.status == 2
    assert "nothing was recorded" in done.err
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize("arguments", [["report"], ["report", "--telemetry", "--since", "soon"]])
def test_report__that_cannot_be_understood_is_one_line(gamebook, arguments, run, tmp_path):
    done = gamebook(*arguments, "-o", tmp_path / "x.html", "--folder", run)
    assert done.status == 2
    assert "Traceback" not in done.err


def test_report__says_which_option_is_wrong(gamebook, tmp_path):
    done = gamebook("report", "--telemetry", "--since", "7x", "--folder", tmp_path, "-o", tmp_path / "x.html")
    assert "--since: a length of time is like" in done.err
    done = gamebook("report", "--telemetry", "--folder", tmp_path / "none", "-o", tmp_path / "x.html")
    assert "there is no folder" in done.err
