"""How quick the Studio is in a real browser: opening, click to paint, frames while panning.

    python benchmarks/studio_in_chromium.py [STORY ...]

Without a story: generated ones of 1,400 and 10,000 passages. Times are from the browser's own
clock: from the input event to the frame after the change is on screen. The idle page's frame rate
stands beside the panning one: software rendering limits both.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generated import generated_twee
from playwright.sync_api import Page, sync_playwright

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, serve

REPEATS = 40
TIMED = """async ([kind, number]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const until = async (test) => {
    const limit = performance.now() + 5000;
    while (!test()) {
      if (performance.now() > limit) return false;
      await new Promise(requestAnimationFrame);
    }
    return true;
  };
  const one = (selector) => document.querySelector(selector);
  const said = (selector) => one(selector).textContent;
  const name = one('[aria-label="Name of the passage"]');
  const cells = () => [...document.querySelectorAll('.gb-table .slick-cell')];
  const shows = (value) => cells().some((cell) => cell.textContent.includes(value));
  const row = () => [...document.querySelectorAll('.gb-table .gb-is-selected')].map((cell) => cell.textContent).join('|');
  const typed = () => new Promise((done) => addEventListener('beforeinput', () => done(performance.now()), { capture: true, once: true }));
  const actions = {
    click: () => {
      const before = name.value;
      const rows = cells().filter((cell) => cell.classList.contains('l1') && cell.textContent.trim() && !cell.textContent.includes(before));
      const cell = rows[number % rows.length];
      return [() => cell.click(), () => name.value !== before];
    },
    rename: () => {
      const value = `Renamed ${number}`;
      return [() => (name.focus(), (name.value = value), name.blur()), () => shows(value)];
    },
    undo: () => {
      const before = name.value;
      return [() => one('.gb-toolbar [aria-label^="Undo"]').click(), () => name.value !== before && shows(name.value) && !shows(before)];
    },
    typeTable: () => {
      const before = row();
      return [typed, () => row() !== before];
    },
    typeMap: () => {
      const before = said('.gb-map-foot');
      return [typed, () => said('.gb-map-foot') !== before];
    },
    tag: () => {
      const input = one('.gb-tag-input');
      const before = said('.gb-map-legend');
      const common = one('.gb-map-legend .gb-map-count')?.previousSibling.textContent ?? 'gold';
      const press = (key) => input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      const act = number % 2 ? () => press('Backspace') : () => ((input.value = common), press('Enter'));
      return [act, () => said('.gb-map-legend') !== before];
    },
    link: () => {
      const before = said('.gb-map-foot');
      const links = [...document.querySelectorAll('.gb-neighbours button')].filter((link) => link.textContent.trim());
      return [() => links[number % links.length].click(), () => name.value !== '' && said('.gb-map-foot') !== before];
    },
  };
  const [act, test] = actions[kind]();
  let start = performance.now();
  if (act === typed) start = await typed();
  else act();
  const shown = await until(test);
  await painted();
  return shown ? performance.now() - start : null;
}"""
FRAMES_ON = """() => {
  window.gbFrames = [];
  window.gbCounting = true;
  const tick = (now) => { window.gbFrames.push(now); if (window.gbCounting) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
FRAMES_OFF = """() => {
  window.gbCounting = false;
  const frames = window.gbFrames;
  return 1000 * (frames.length - 1) / (frames.at(-1) - frames[0]);
}"""


def percentiles(values: list[float | None]) -> str:
    known = sorted(value for value in values if value is not None)
    if not known:
        return "never shown"
    lost = len(values) - len(known)
    p95 = known[min(len(known) - 1, int(0.95 * len(known)))]
    return f"p50 {statistics.median(known):5.0f} ms   p95 {p95:5.0f} ms   n {len(known)}" + (
        f"   never shown {lost}" if lost else ""
    )


def times(page: Page, kind: str, repeats: int = REPEATS) -> list[float | None]:
    """Milliseconds from the input to the painted change, by turns; None where nothing changed within five seconds."""
    values = []
    for number in range(repeats):
        if kind.startswith("type"):
            page.locator(".gb-editor .cm-content").focus()
            page.keyboard.press("Control+End")
        page.evaluate(f"(what) => {{ window.gbTimed = ({TIMED})(what); }}", [kind, number])
        if kind.startswith("type"):
            page.keyboard.insert_text(f" [[Nowhere {kind} {number}]]")
        values.append(page.evaluate("() => window.gbTimed"))
        page.wait_for_timeout(120)
    return values


def timed(page: Page, kind: str) -> str:
    return percentiles(times(page, kind))


def frames(page: Page, *, panning: bool) -> float:
    box = page.locator(".gb-map canvas").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.2
    page.mouse.move(x, y)
    page.evaluate(FRAMES_ON)
    if panning:
        page.mouse.down()
        for step in range(120):
            page.mouse.move(x - (step % 60) * 4, y + (step % 40) * 3)
            page.wait_for_timeout(16)
        page.mouse.up()
    else:
        page.wait_for_timeout(2000)
    return float(page.evaluate(FRAMES_OFF))


def load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def measure(story: Path) -> None:
    print(f"\n{story.name}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        begun = time.perf_counter()
        with serve(story, Path(folder)) as (url, _copy):
            listening = time.perf_counter()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(url)
            page.locator(".gb-map canvas").first.wait_for(timeout=120_000)
            page.locator(".cm-content").first.wait_for(timeout=120_000)
            usable = time.perf_counter()
            print(f"  server listens after        {listening - begun:5.1f} s")
            print(f"  Studio usable after another {usable - listening:5.1f} s (Chromium's own start included)")
            page.wait_for_timeout(4000)
            print(f"  frames a second, idle page  {frames(page, panning=False):5.0f}")
            print(f"  frames a second, panning    {frames(page, panning=True):5.0f}")
            page.get_by_role("tab", name="Table", exact=True).click()
            page.locator(".gb-table .slick-row").first.wait_for()
            page.wait_for_timeout(1000)
            print(f"  click in the table -> editor       {timed(page, 'click')}")
            print(f"  rename in the editor -> table      {timed(page, 'rename')}")
            print(f"  undo -> editor and table           {timed(page, 'undo')}")
            page.get_by_role("tab", name="Map", exact=True).click()
            print(f"  link in the editor -> map          {timed(page, 'link')}")
            page.get_by_label("Colour").select_option("tag")
            page.wait_for_timeout(1000)
            print(f"  tag in the editor -> map's colour  {timed(page, 'tag')}")
            print(f"  typing in the editor -> map        {timed(page, 'typeMap')}")
            page.get_by_role("tab", name="Table", exact=True).click()
            page.locator(".gb-table .slick-cell.l1").nth(2).click()  # a row in sight, without links that lead nowhere
            page.wait_for_timeout(1000)
            print(f"  typing in the editor -> table      {timed(page, 'typeTable')}")
            print(f"  {load()}")
            browser.close()


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium on this machine: nothing measured (`make chromium` installs Debian's)")
        return
    print(load())
    stories = [Path(name) for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        for n_passages in () if stories else (1_400, 10_000):
            path = Path(folder, f"generated-{n_passages}.twee")
            path.write_text(generated_twee(n_passages), encoding="utf-8")
            stories.append(path)
        for story in stories:
            measure(story)


if __name__ == "__main__":
    main()
