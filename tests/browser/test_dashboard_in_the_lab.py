"""The live dashboard as a person sees it: real figures, pause, zoom, export, theme, alerts; and nothing while hidden."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Download, Page, expect

from tests.browser.lab import OPEN_MS, SHOWN_MS, Lab

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"
KNOWN = """(title) => {
  const chart = [...document.querySelectorAll('.gb-chart')].find((each) => each.querySelector('h3').textContent.startsWith(title));
  return (chart?.querySelector('.gb-chart-plot').data ?? []).map((trace) => trace.y.filter((value) => value !== null).length);
}"""
DRAWN = "() => Number(document.querySelector('.gb-dashboard').dataset.drawn)"
SHARED_PLOTLY = "() => Symbol.for('gamebook-lab.plotly') in globalThis"
RANGES = "() => [...document.querySelectorAll('.gb-chart-plot')].map((plot) => String(plot.layout?.xaxis?.range))"
INK = "() => document.querySelector('.gb-chart-plot').layout.font.color"
STALL = "(ms) => { const end = performance.now() + ms; while (performance.now() < end); }"


def when_open(page: Page) -> None:
    expect(page.get_by_role("toolbar", name="Dashboard")).to_be_visible(timeout=OPEN_MS)
    expect(page.locator(".gb-chart-plot .main-svg").first).to_be_visible(timeout=OPEN_MS)


def state(page: Page, words: str) -> None:
    expect(page.locator(".gb-live")).to_have_text(words)


def saved(page: Page, kind: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("group", name="Export").get_by_role("button", name=kind).click()
    download: Download = started.value
    return Path(download.path()).read_bytes()


def shows_real_figures(page: Page) -> None:
    assert page.evaluate(SHARED_PLOTLY)
    for title in ("Processor", "Memory", "Response time", "Frames"):
        page.wait_for_function(f"(title) => ({KNOWN})(title).some((n) => n > 1)", arg=title)
    expect(page.get_by_role("list", name="Objectives").get_by_role("listitem")).to_have_count(6)


def holds_and_zooms(page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    state(page, "Paused")
    drawn = page.evaluate(DRAWN)
    page.get_by_role("button", name="Go on").click()
    state(page, "Live")
    page.wait_for_function(f"(before) => ({DRAWN})() > before", arg=drawn)

    before = page.evaluate(RANGES)
    page.locator(".gb-chart-plot").first.focus()
    page.keyboard.press("+")
    state(page, "Zoomed in, held")
    page.wait_for_function(
        f"(before) => {{ const now = ({RANGES})(); return new Set(now).size === 1 && now[0] !== before[0]; }}", arg=before,
    )  # fmt: skip
    page.keyboard.press("0")
    state(page, "Live")


def exports(page: Page) -> None:
    csv = saved(page, "CSV").decode()
    assert csv.startswith("time,cpu_host,")
    assert len(csv.splitlines()) > 2
    assert saved(page, "PNG").startswith(b"\x89PNG")
    html = saved(page, "HTML").decode()
    assert "Plotly.newPlot" in html
    assert "<script src" not in html


def follows_the_theme(page: Page) -> None:
    light = page.evaluate(INK)
    page.evaluate("() => document.body.style.setProperty('--jp-ui-font-color0', 'rgb(1, 2, 3)')")
    page.evaluate("() => document.body.setAttribute('data-jp-theme-name', 'another')")
    page.wait_for_function(f"(light) => ({INK})() !== light", arg=light)


def tells_of_a_page_that_hangs(page: Page) -> None:
    page.evaluate(STALL, 7000)
    alert = page.get_by_role("list", name="Alerts in force").get_by_role("listitem").filter(has_text="has not answered")
    notice = page.locator(".gb-notices .gb-banner", has_text="has not answered")
    expect(notice.or_(alert).first).to_be_visible()


def does_nothing_while_hidden(page: Page) -> None:
    show = "(display) => { document.querySelector('.gb-dashboard').parentElement.style.display = display; }"
    page.evaluate(show, "none")
    # what was on the way may still be drawn; there is a row to draw each second
    page.wait_for_function(
        f"""() => {{
          const [drawn, now] = [({DRAWN})(), performance.now()];
          if (drawn !== window.gbDrawn) [window.gbDrawn, window.gbDrawnAt] = [drawn, now];
          return now - window.gbDrawnAt > 3000;
        }}"""
    )
    drawn = page.evaluate(DRAWN)
    page.evaluate(show, "")
    page.wait_for_function(f"(before) => ({DRAWN})() > before", arg=drawn)


def saved_notebook(lab: Lab) -> str:
    """Have the notebook saved, and read it."""
    (notebook,) = lab.folder.glob("*.ipynb")
    lab.page.locator('[data-command="docmanager:save"]').first.click()
    for _ in range(SHOWN_MS // 200):
        text = notebook.read_text(encoding="utf-8")
        if "widget-view+json" in text and text.endswith("}\n"):
            return text
        lab.page.wait_for_timeout(200)
    raise AssertionError(f"it is not saved: {text[-500:]}")


def test_dashboard__from_the_first_figure_to_an_alert(start_lab: Callable[..., Lab]) -> None:
    lab = start_lab()
    page = lab.page
    when_open(page)
    shows_real_figures(page)
    holds_and_zooms(page)
    exports(page)
    follows_the_theme(page)
    tells_of_a_page_that_hangs(page)
    does_nothing_while_hidden(page)
    assert len(saved_notebook(lab)) < 20_000, "no script and no figures are saved into it"
    assert not lab.failures


def test_studio__measures_what_its_author_does(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    expect(page.locator("canvas").first).to_be_visible(timeout=OPEN_MS)
    strip = page.get_by_role("region", name="Machine and screen").last
    expect(strip).to_contain_text("CPU")
    page.get_by_role("button", name="New passage").first.click()
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text("All changes kept")
    for name, unit in (("Response", "ms"), ("Frames", "/s")):
        shown = strip.get_by_role("listitem").filter(has_text=name)
        for _ in range(10):  # what is not newer than some seconds is shown no more
            page.get_by_label("Text of the passage").press("End")
            page.keyboard.type("x")
            with suppress(AssertionError):
                expect(shown).to_contain_text(unit, timeout=SHOWN_MS / 10)
                break
        expect(shown).to_contain_text(unit)
    strip.get_by_role("button", name="Dashboard").click()
    expect(page.locator(".gb-chart-plot .main-svg").first).to_be_visible(timeout=OPEN_MS)
    assert not lab.failures
