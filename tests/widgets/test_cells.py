"""A cell that is run again leaves nothing behind."""

from __future__ import annotations

import pytest
from ipywidgets.widgets.widget import _instances

import gamebook_lab as gb
from gamebook_lab.widgets.cells import Cells, current_cell


class Shown:
    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def widgets() -> list[Shown]:
    return [Shown(), Shown()]


def test_show__again_in_a_later_run_closes_the_last(widgets) -> None:
    cells = Cells()
    cells.show(widgets[0], "a", "1")
    cells.show(widgets[1], "a", "2")
    assert [widget.is_closed for widget in widgets] == [True, False]


def test_show__several_in_one_run_stay(widgets) -> None:
    cells = Cells()
    cells.show(widgets[0], "a", "1")
    cells.show(widgets[1], "a", "1")
    assert not any(widget.is_closed for widget in widgets)


def test_show__what_another_cell_shows_stays(widgets) -> None:
    cells = Cells()
    cells.show(widgets[0], "a", "1")
    cells.show(widgets[0], "b", "2")
    cells.show(widgets[1], "a", "3")
    assert not any(widget.is_closed for widget in widgets)


def test_show__the_same_again_stays(widgets) -> None:
    cells = Cells()
    cells.show(widgets[0], "a", "1")
    cells.show(widgets[0], "a", "2")
    assert not widgets[0].is_closed


def test_show__what_was_closed_is_forgotten(widgets) -> None:
    cells = Cells()
    cells.show(widgets[0], "a", "1")
    cells.forget(widgets[0])
    cells.show(widgets[1], "a", "2")
    assert not widgets[0].is_closed


def test_current_cell__none_outside_of_a_notebook() -> None:
    assert current_cell() is None


def test_studio__of_a_cell_run_ten_times_is_one(bundles, monkeypatch) -> None:
    story = gb.parse_twee(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n")
    before = set(_instances)
    counts = []
    for run in range(10):
        monkeypatch.setattr("gamebook_lab.widgets.bundle.current_cell", lambda run=run: ("cell", str(run)))
        studio = gb.Studio(story)
        studio._repr_mimebundle_()
        counts.append(len(set(_instances) - before))
    studio.close()
    assert len(set(counts)) == 1
    assert set(_instances) == before
