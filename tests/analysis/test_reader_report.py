"""Readers beside a story in one object, and logs of readers who never were."""

from __future__ import annotations

from pathlib import Path

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.matching import match
from gamebook_lab.analysis.reader_fit import fit_reader
from gamebook_lab.analysis.reader_model import ReaderModel
from gamebook_lab.analysis.simulated_readers import simulate_readers
from tests.analysis.logs import sessions_of

STORY = (
    ":: Start\n[[Left]] [[Right]] [[Up]]\n\n:: Left\n[[Mid]]\n\n:: Right\n[[Mid]]\n\n:: Up\nRoof|s.\n\n:: Mid\nDone.\n"
)


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(STORY))


def test_compare__readers_with_a_story(space):
    report = gb.compare(sessions_of([["Start", "Left", "Mid"]] * 9 + [["Start", "Mid"]] + [["Start", "Cellar"]]), space)
    assert report.verdicts() == {"valid": 9, "impossible": 2}
    assert report.never_read == ("Right", "Up")
    assert report.problems()["code"].tolist() == ["GB710"]
    assert set(report.tables()) == {"sessions", "passages", "choices", "endings", "drop_off", "dwell", "problems"}
    said = report.to_markdown()
    assert "11 sessions: 9 valid, 2 impossible" in said
    assert "Never read, though it can be: Right, Up." in said
    assert "2 passages never read" in repr(report)


def test_compare__a_story_is_explored_first():
    report = gb.compare(sessions_of([["Start", "Left", "Mid"]]), gb.parse_twee(STORY))
    assert report.verdicts() == {"valid": 1}
    with pytest.raises(TypeError, match="compared"):
        gb.compare(sessions_of([["Start"]]), "story")


def test_simulate_readers__logs_that_fit_the_story_with_choices_and_times(space):
    log = simulate_readers(space, 200, seed=3, giving_up=0.2, words_per_minute=200)
    assert len(log) == 200
    matched = match(space, log)
    assert set(matched.table["verdict"]) == {"valid"}
    assert 0 < (~matched.walks.is_complete).sum() < 200
    assert set(log.table.loc[log.table["passage_id"] == "Start", "choice_id"].dropna()) == {"Left", "Right", "Up"}
    assert (log.table["dwell_seconds"] >= 0).all()
    assert log.table.equals(simulate_readers(space, 200, seed=3, giving_up=0.2, words_per_minute=200).table)
    with pytest.raises(ValueError, match="giving_up"):
        simulate_readers(space, 1, giving_up=1.0)


def test_simulate_readers__from_a_fitted_model(space):
    truth = simulate_readers(space.with_reader(ReaderModel({("Start", "Up"): 8.0})), 2_000, seed=1)
    again = simulate_readers(fit_reader(match(space, truth)), 2_000, seed=2)
    share = [(log.table["passage_id"] == "Up").sum() / 2_000 for log in (truth, again)]
    assert share == pytest.approx([0.8, 0.8], abs=0.03)


def test_compare__the_sample_log_fits_its_story():
    data = Path(__file__).resolve().parents[2] / "data"
    report = gb.compare(gb.read_sessions(data / "logs" / "the-38.csv"), gb.read_story(data / "small" / "chance.twee"))
    assert len(report.matched) == 120
    assert set(report.verdicts()) <= {"valid", "ambiguous"}
    assert len(report.problems()) == 0
    assert report.choices.set_index("label").loc["Walk", "verdict"] == "less"
