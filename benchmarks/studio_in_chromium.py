"""How quick the Studio is in a real browser: opening, click to paint, frames while panning.

    python benchmarks/studio_in_chromium.py [--repeats N] [STORY ...]

Without a story: Magium (where the corpora are) or a generated one of 1,400 passages, and one of 10,000. Keys and mouse buttons
are pressed for real, and times are by the browser's own clock: from the press, as the input event has it, to the end of the
frame that paints the change. One table: an action a line, p50 and p95 in milliseconds. The idle page's frame rate stands
beside those while panning and zooming: software rendering limits all.
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright
from stories import each_story

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, serve

REPEATS = 40
SETTLED_MS = 800
LINKS = frozenset({"listed", "typeTable", "typeMap"})
"""Actions that end with the last key of a link that leads nowhere."""
SETTLED = LINKS | {"problem", "make"}
"""Actions before which a text is put in: what comes of that must be over."""
TIMED = """async ([kind, number]) => {
  const one = (selector) => document.querySelector(selector);
  const said = (selector) => one(selector).textContent;
  const name = one('[aria-label="Name of the passage"]');
  const shows = (value) => [...document.querySelectorAll('.gb-table .slick-cell')].some((cell) => cell.textContent.includes(value));
  const row = () => [...document.querySelectorAll('.gb-table .gb-is-selected')].map((cell) => cell.textContent).join('|');
  const differs = (look) => {
    const before = look();
    return () => look() !== before;
  };
  const before = name.value;
  const undone = () => name.value !== before && shows(name.value) && !shows(before);
  const shown = {
    click: () => name.value !== before,
    rename: () => shows(`Renamed ${number}`),
    undo: undone,
    zoom: () => true,
    pan: () => true,
    letter: differs(() => said('.gb-editor .cm-content')),
    problem: differs(() => document.querySelectorAll('.gb-editor .cm-lintRange').length),
    listed: differs(() => said('.gb-problems .gb-codes')), // how many of each kind
    typeTable: differs(row),
    typeMap: differs(() => said('.gb-map-foot')),
    tag: differs(() => said('.gb-map-legend')),
    link: ((foot) => () => name.value !== before && foot())(differs(() => said('.gb-map-foot'))),
    make: ((foot) => () => name.value !== before && foot())(differs(() => said('.gb-map-foot'))),
  }[kind];
  // looked at when all that a frame's callbacks do is done, and before it is painted: sizes are told just then. A callback of
  // one's own may come before the one that makes the change, and would credit it to the frame after.
  const beat = document.body.appendChild(document.createElement('div'));
  beat.style.cssText = 'position: fixed; left: -9px; width: 1px; height: 1px; contain: strict; visibility: hidden';
  let told;
  const sizes = new ResizeObserver(() => told?.());
  sizes.observe(beat);
  const frame = () => new Promise((done) => {
    told = done;
    requestAnimationFrame(() => (beat.style.width = beat.style.width === '1px' ? '2px' : '1px'));
  });
  // the time of the press itself, by the browser's input clock: what waits in a queue before any script runs counts as well
  const start = await new Promise((done) => {
    const stop = new AbortController();
    const heard = (event) => ['Shift', 'Control'].includes(event.key) || (stop.abort(), done(event.timeStamp));
    for (const type of ['pointerdown', 'keydown', 'wheel']) addEventListener(type, heard, { capture: true, signal: stop.signal, passive: true });
  });
  let isLost = false;
  do {
    await frame();
    isLost = performance.now() - start > 5000;
  } while (!shown() && !isLost); // this frame paints it
  sizes.disconnect();
  beat.remove();
  if (isLost) return null;
  await new Promise((done) => {
    const channel = new MessageChannel(); // its turn comes when the frame is done
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  });
  return performance.now() - start;
}"""
POINTS = """([selector, own]) => [...document.querySelectorAll(selector)]
  .filter((element) => element.textContent.trim() && !(own && element.textContent.includes(own)))
  .map((element) => [element, element.getBoundingClientRect()])
  .map(([element, { left, top, width, height }]) => [element, left + Math.min(width / 2, 40), top + height / 2])
  .filter(([element, x, y]) => element.contains(document.elementFromPoint(x, y)))
  .map(([, x, y]) => [x, y])"""
_NEW = itertools.count()
CELL = ".gb-table .slick-cell.l0"
LINK = ".gb-neighbours button.gb-link:enabled:not(.gb-is-missing)"
MISSING = ".gb-neighbours button.gb-is-missing"
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


def prepared(page: Page, kind: str, number: int) -> Callable[[], None]:
    """Bring the page to just before the press; gives what presses."""
    keyboard, mouse = page.keyboard, page.mouse
    if kind == "link" and not page.locator(LINK).count():  # an end of the story: begin again
        page.locator(".gb-map canvas").first.press("Home")
        page.locator(LINK).first.wait_for()
    if kind in {"click", "link"}:
        own = page.get_by_label("Name of the passage").input_value()  # which names no link of its own
        points = page.evaluate(POINTS, [CELL, own] if kind == "click" else [LINK, ""])
        x, y = points[number % len(points)]
        mouse.move(x, y)
        return lambda: mouse.click(x, y)
    if kind == "undo":
        box = page.locator('.gb-toolbar [aria-label^="Undo"]').bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        return lambda: mouse.click(x, y)
    if kind == "rename":
        page.get_by_label("Name of the passage").fill(f"Renamed {number}")
        return lambda: keyboard.press("Enter")
    if kind == "tag":
        field = page.locator(".gb-tag-input")
        common = page.locator(".gb-map-legend .gb-map-count").first.evaluate(
            "count => count.previousSibling.textContent"
        )
        has_tags = page.locator(".gb-editor .gb-chip").count() > 0
        field.fill("" if has_tags else common)
        return lambda: keyboard.press("Backspace" if has_tags else "Enter")
    if kind == "zoom":
        page.locator(".gb-map canvas").first.hover()
        return lambda: mouse.wheel(0, 120 if number % 2 else -120)
    if kind == "pan":
        page.locator(".gb-map canvas").first.focus()
        return lambda: keyboard.press("Shift+ArrowLeft" if number % 2 else "Shift+ArrowRight")
    page.locator(".gb-editor .cm-content").focus()
    keyboard.press("Control+End")
    if kind == "make":
        name = f"New place {next(_NEW)}"
        keyboard.insert_text(f" [[{name}]]")
        button = page.locator(MISSING).filter(has_text=name).first
        button.wait_for()
        box = button.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        return lambda: mouse.click(x, y)
    if kind == "problem":  # into a link that leads somewhere: an unclosed one would be underlined before
        keyboard.insert_text(f" [[{page.get_by_label('Name of the passage').input_value()}]]")
        keyboard.press("ArrowLeft")
        keyboard.press("ArrowLeft")
    if kind in LINKS:
        keyboard.insert_text(f" [[Nowhere {kind} {number}]")
    return lambda: keyboard.press("]" if kind in LINKS else "x")


def times(page: Page, kind: str, repeats: int) -> list[float | None]:
    """Milliseconds from the press of a real key or mouse button to the painted change; None where nothing changed in five seconds."""
    values = []
    for number in range(repeats):
        press = prepared(page, kind, number)
        page.wait_for_timeout(
            SETTLED_MS if kind in SETTLED else 50
        )  # what typing the rest, or moving there, brought about
        page.evaluate(f"(what) => {{ window.gbTimed = ({TIMED})(what); }}", [kind, number])
        press()
        values.append(page.evaluate("() => window.gbTimed"))
        if values[-1] is None:
            name = page.get_by_label("Name of the passage").input_value()
            print(f"  nothing shown: {kind}, number {number}, in {name!r}", file=sys.stderr)
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
            print(f"  {'press -> painted':<38}{'p50 ms':>8}{'p95 ms':>8}{'n':>6}{'never':>8}")
            print(f"  {'open again (page reloaded)':<38}{percentiles(list(opened[1:]))}")
            line(page, "pan the map by a key", "pan", repeats)
            line(page, "zoom the map", "zoom", repeats)
            line(page, "link in the editor -> map", "link", repeats)
            line(page, "type a letter", "letter", repeats)
            line(page, "type in a link -> problem underlined", "problem", repeats)
            line(page, "type a link -> problem listed", "listed", repeats)
            page.get_by_role("tab", name="Table", exact=True).click()
            page.locator(".gb-table .slick-row").first.wait_for()
            page.wait_for_timeout(1000)
            line(page, "click in the table -> editor", "click", repeats)
            line(page, "rename in the editor -> table", "rename", repeats)
            line(page, "undo -> editor and table", "undo", repeats)
            page.get_by_role("tab", name="Map", exact=True).click()
            line(page, "link to nowhere -> new passage, map", "make", repeats)
            page.get_by_label("Colour").select_option("tag")
            page.wait_for_timeout(1000)
            line(page, "tag in the editor -> map's colour", "tag", repeats)
            line(page, "type a link -> map", "typeMap", repeats)
            page.get_by_role("tab", name="Table", exact=True).click()
            page.locator(".gb-table .slick-row").filter(has_not_text=re.compile("stylesheet|script|widget")).nth(
                2
            ).locator(".l0").click()
            page.wait_for_timeout(1000)
            line(page, "type a link -> table", "typeTable", repeats)
            print(f"  {load()}")
            browser.close()


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium on this machine: nothing measured (`make chromium` installs Debian's)")
        return
    print(load())
    each_story("How quick the Studio is in a real browser.", measure, REPEATS)


if __name__ == "__main__":
    main()
