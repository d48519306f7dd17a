"""Takes the README's pictures anew: ``python benchmarks/screenshots.py docs/images`` (some minutes; needs a Chromium).

Light and dark, as they are in JupyterLab with the sample story. Take them on a machine that does nothing else, since the strip
shows what it does, and look at them before you commit them. Without a folder, as in ``make bench``, none are taken.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402 -- after the path to tests

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, serve  # noqa: E402

STORY = ROOT / "data" / "lighthouse.twee"
THEMES = {"": ("JupyterLab Light", "Map"), "-dark": ("JupyterLab Dark", "Variables")}
"""What the names of the pictures end with: the theme, and the tab that the picture of the Studio shows."""
SETTING = "jupyter-config/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
SIZE = {"width": 1400, "height": 871}
OPEN_MS = 120_000
SETTLE_MS = 25_000
"""Until the story is explored, and there is a line to see in the strip and in the charts."""


def take(folder: Path, suffix: str, theme: str, tab: str) -> None:
    """Take the pictures in one theme."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        setting = Path(name, SETTING)
        setting.parent.mkdir(parents=True)
        setting.write_text(json.dumps({"theme": theme}), encoding="utf-8")
        with serve(STORY, Path(name)) as (url, _):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page(viewport=SIZE)
            page.goto(url)
            page.locator(".gb-editor .cm-line").first.wait_for(timeout=OPEN_MS)
            page.get_by_role("tab", name=tab, exact=True).click()
            page.wait_for_timeout(SETTLE_MS)
            page.locator(".gb-studio").first.screenshot(path=folder / f"studio{suffix}.png")
            page.get_by_role("tab", name="Dashboard", exact=True).click()
            page.locator(".gb-chart-plot .main-svg").first.wait_for(timeout=OPEN_MS)
            page.wait_for_timeout(SETTLE_MS)
            page.locator(".gb-studio").first.screenshot(path=folder / f"dashboard{suffix}.png")
            browser.close()


def main() -> None:
    """Take them all."""
    if len(sys.argv) < 2:
        print("no folder for the pictures was given: none taken")
        return
    folder = Path(sys.argv[1])
    for suffix, (theme, tab) in THEMES.items():
        take(folder, suffix, theme, tab)


if __name__ == "__main__":
    main()
