"""What is not needed to open a story is loaded when it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import gamebook_lab
from tests.browser.lab import OPEN_MS, Lab
from tests.browser.test_studio_in_the_lab import SAMPLE, when_open

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


@pytest.mark.parametrize("is_first", [False, True])
def test_plotly__is_not_loaded_whether_its_extension_is_there_before_ours_or_not(page: Page, is_first: bool) -> None:
    script = Path(gamebook_lab.__file__).parent / "lab/share/labextension/static/remoteEntry.js"
    steps = [
        "_JUPYTERLAB['jupyterlab-plotly'] = plotly; _JUPYTERLAB['jupyterlab-plotly'].init(scope);",
        script.read_text(),
    ]
    page.evaluate(
        """
        window._JUPYTERLAB = {};
        window.asked = 0;
        window.plotly = { init: () => undefined, get: async () => { asked += 1; return () => ({ default: [] }); } };
        window.scope = { "@lumino/widgets": { "2.0.0": { get: async () => () => ({ Widget: class {}, PanelLayout: class {} }) } } };
        """
    )
    for step in steps if is_first else reversed(steps):
        page.add_script_tag(content=step)
    found = page.evaluate(
        """async () => {
          _JUPYTERLAB["gamebook-lab"].init(scope);
          const extension = (await _JUPYTERLAB["jupyterlab-plotly"].get("./mimeExtension"))();
          return [extension.default[0]?.rendererFactory.mimeTypes, asked];
        }"""
    )
    assert found == [["application/vnd.plotly.v1+json"], 0]
