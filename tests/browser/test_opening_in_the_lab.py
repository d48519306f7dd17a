"""What is not needed to open a story is loaded when it is."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.test_studio_in_the_lab import OPEN_MS, SAMPLE, when_open

LOADED_PLOTLY = """() => performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("jupyterlab-plotly/static/") && !name.includes("remoteEntry")).length"""
FIGURE = "import plotly.graph_objects as go; go.Figure(go.Bar(y=[1, 2]), dict(title='Two bars'))"


def test_figure_in_a_cell__is_drawn_and_plotly_comes_with_it(open_lab: Callable[..., Lab]) -> None:
    page = open_lab(SAMPLE).page
    when_open(page)
    assert page.evaluate(LOADED_PLOTLY) == 0
    cell = page.locator(".jp-Notebook .jp-Cell").last
    cell.locator(".cm-content").click()
    page.keyboard.insert_text(FIGURE)
    page.keyboard.press("Shift+Enter")
    figure = page.locator(".jp-OutputArea .js-plotly-plot")
    expect(figure.locator(".gtitle")).to_have_text("Two bars", timeout=OPEN_MS)
    expect(figure.locator(".bars .point")).to_have_count(2)
    assert page.evaluate(LOADED_PLOTLY) > 0
