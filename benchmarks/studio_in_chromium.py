"""How quick the Studio is in a real browser: opening, click to paint, frames while panning.

    python benchmarks/studio_in_chromium.py [--repeats N] [STORY ...]

Without a story: Magium (where the corpora are) or a generated one of 1,400 passages, and one of 10,000. Times are from the
browser's own clock: from the input event to the frame after the change is on screen. One table: an action a line, p50 and
p95 in milliseconds. The idle page's frame rate stands beside those while panning and zooming: software rendering limits all.
"""

from __future__ import annotations

import argparse
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
TYPED = frozenset({"letter", "problems", "typeTable", "typeMap"})
"""What begins with a key in the editor."""
MAGIUM = "magium_b12.twee"
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
    zoom: () => {
      const canvas = one('.gb-map canvas');
      const box = canvas.getBoundingClientRect();
      const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, deltaY: number % 2 ? 120 : -120, bubbles: true, cancelable: true };
      return [() => canvas.dispatchEvent(new WheelEvent('wheel', at)), () => true];
    },
    pan: () => {
      const canvas = one('.gb-map canvas');
      const key = number % 2 ? 'ArrowLeft' : 'ArrowRight';
      return [() => canvas.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: true, bubbles: true })), () => true];
    },
    letter: () => {
      const before = one('.gb-editor .cm-content').textContent;
      return [typed, () => one('.gb-editor .cm-content').textContent !== before];
    },
    problems: () => {
      const before = said('.gb-problems');
      return [typed, () => said('.gb-problems') !== before];
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
    """Columns of the table: p50, p95, n, and how often nothing was shown."""
    known = sorted(value for value in values if value is not None)
    lost = len(values) - len(known)
    if not known:
        return f"{'-':>8}{'-':>8}{0:>6}{lost:>8}"
    p95 = known[min(len(known) - 1, int(0.95 * len(known)))]
    return f"{statistics.median(known):8.0f}{p95:8.0f}{len(known):6}{lost or '':>8}"


def times(page: Page, kind: str, repeats: int) -> list[float | None]:
    """Milliseconds from the input to the painted change, by turns; None where nothing changed within five seconds."""
    values = []
    for number in range(repeats):
        if kind in TYPED:
            page.locator(".gb-editor .cm-content").focus()
            page.keyboard.press("Control+End")
        page.evaluate(f"(what) => {{ window.gbTimed = ({TIMED})(what); }}", [kind, number])
        if kind in TYPED:
            page.keyboard.insert_text("x" if kind == "letter" else f" [[Nowhere {kind} {number}]]")
        values.append(page.evaluate("() => window.gbTimed"))
        page.wait_for_timeout(120)
    return values


def line(page: Page, what: str, kind: str, repeats: int) -> None:
    """Print one line of the table."""
    print(f"  {what:<38}{percentiles(times(page, kind, repeats))}", flush=True)


def frames(page: Page, *, panning: bool = False, zooming: bool = False) -> float:
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
    elif zooming:
        for step in range(120):
            page.mouse.wheel(0, -60 if step % 40 < 20 else 60)
            page.wait_for_timeout(16)
    else:
        page.wait_for_timeout(2000)
    return float(page.evaluate(FRAMES_OFF))


def load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def measure(story: Path, repeats: int) -> None:
    print(f"\n{story.name}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        begun = time.perf_counter()
        with serve(story, Path(folder)) as (url, _copy):
            listening = time.perf_counter()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            opened = []
            for visit in range(3):
                before = time.perf_counter()
                page.goto(url) if visit == 0 else page.reload()
                page.locator(".gb-map canvas").first.wait_for(timeout=120_000)
                page.locator(".gb-editor .cm-line").first.wait_for(timeout=120_000)
                opened.append(1000 * (time.perf_counter() - before))
            print(
                f"  server listens after {listening - begun:.1f} s, the first page is usable after another {opened[0] / 1000:.1f} s"
            )
            page.wait_for_timeout(4000)
            rates = [frames(page), frames(page, panning=True), frames(page, zooming=True)]
            print("  frames a second: idle page {:.0f}, panning {:.0f}, zooming {:.0f}".format(*rates))
            print(f"  {'action -> painted':<38}{'p50 ms':>8}{'p95 ms':>8}{'n':>6}{'never':>8}")
            print(f"  {'open again (page reloaded)':<38}{percentiles(list(opened[1:]))}")
            line(page, "pan the map by a key", "pan", repeats)
            line(page, "zoom the map", "zoom", repeats)
            line(page, "type a letter", "letter", repeats)
            line(page, "type a link -> problem listed", "problems", repeats)
            page.get_by_role("tab", name="Table", exact=True).click()
            page.locator(".gb-table .slick-row").first.wait_for()
            page.wait_for_timeout(1000)
            line(page, "click in the table -> editor", "click", repeats)
            line(page, "rename in the editor -> table", "rename", repeats)
            line(page, "undo -> editor and table", "undo", repeats)
            page.get_by_role("tab", name="Map", exact=True).click()
            line(page, "link in the editor -> map", "link", repeats)
            page.get_by_label("Colour").select_option("tag")
            page.wait_for_timeout(1000)
            line(page, "tag in the editor -> map's colour", "tag", repeats)
            line(page, "type a link -> map", "typeMap", repeats)
            page.get_by_role("tab", name="Table", exact=True).click()
            page.locator(".gb-table .slick-cell.l1").nth(2).click()  # a row in sight, without links that lead nowhere
            page.wait_for_timeout(1000)
            line(page, "type a link -> table", "typeTable", repeats)
            print(f"  {load()}")
            browser.close()


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium on this machine: nothing measured (`make chromium` installs Debian's)")
        return
    print(load())
    given = argparse.ArgumentParser(description="How quick the Studio is in a real browser.")
    given.add_argument("stories", nargs="*", type=Path)
    given.add_argument("--repeats", type=int, default=REPEATS)
    options = given.parse_args()
    stories = options.stories
    with tempfile.TemporaryDirectory() as folder:
        if not stories:
            corpora = Path(
                os.environ.get("GAMEBOOK_CORPORA", Path(__file__).resolve().parents[2] / "shared" / "corpora")
            )
            magium = next(corpora.rglob(MAGIUM), None) if corpora.is_dir() else None
            stories = [] if magium is None else [magium]
            for n_passages in (10_000,) if stories else (1_400, 10_000):
                path = Path(folder, f"generated-{n_passages}.twee")
                path.write_text(generated_twee(n_passages), encoding="utf-8")
                stories.append(path)
        for story in stories:
            measure(story, options.repeats)


if __name__ == "__main__":
    main()
