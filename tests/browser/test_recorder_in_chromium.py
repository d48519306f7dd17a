"""The recorder in a real browser, on pages that behave as the story formats do: what it saves is a log that we read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import gamebook_lab as gb
from gamebook_lab.analysis.matching import match
from gamebook_lab.formats.recorder import with_recorder

STORY = ":: Start\n[[Go on->Hall]]\n\n:: Hall\n[[A <b>door</b>->Room]] [[Start]]\n\n:: Room\nThe end.\n"
JQUERY = """
// as much of jQuery as the formats' events need
window.jQuery = (target) => ({
  on(names, run) { for (const name of names.split(" ")) (hooks[name] ||= []).push(run); },
  trigger(event, data) { for (const run of hooks[event.type || event] || []) run(typeof event === "string" ? {type: event} : event, data); },
});
const hooks = {}; jQuery.fn = {};
"""
FORMATS = {
    "SugarCube": JQUERY + """
const played = []; window.SugarCube = {State: {get passage() { return played.at(-1); }}};
const show = (name) => { played.push(name); draw(name); jQuery(document).trigger({type: ":passagedisplay", passage: {title: name, name}}); };
const back = () => { played.pop(); draw(played.at(-1)); jQuery(document).trigger({type: ":passagedisplay", passage: {title: played.at(-1)}}); };
""",
    "Snowman": JQUERY + """
const played = [];
const show = (name) => { played.push(name); window.passage = {name}; draw(name); jQuery(window).trigger("sm.passage.shown", {passage: window.passage}); };
const back = () => { played.pop(); const name = played.pop(); show(name); };
""",
    "Chapbook": """
let trail = []; const heard = []; const hidden = document.createElement("button");
document.body.append(hidden); hidden.hidden = true;  // Chapbook 1 clicks it before it goes on
window.engine = {event: {on: (_, run) => heard.push(run)}, state: {get: () => trail}};
const set = (value) => { hidden.click(); trail = value; draw(trail.at(-1)); heard.forEach((run) => run({name: "trail", value})); };
const show = (name) => set([...trail, name]); const back = () => set(trail.slice(0, -1));
""",
    "Chapbook 2": """
let trail = [];
window.engine = {state: {get: () => trail}};
const set = (value) => { trail = value; draw(trail.at(-1)); dispatchEvent(new CustomEvent("state-change", {detail: {name: "trail", value}})); };
const show = (name) => set([...trail, name]); const back = () => set(trail.slice(0, -1));
""",
    "Harlowe": """
const played = [];
const render = (name) => {
  document.querySelector("tw-story").innerHTML = "<tw-passage><span class=gamebook-recorder-passage hidden></span></tw-passage>";
  document.querySelector(".gamebook-recorder-passage").textContent = name; draw(name);
};
const show = (name) => { played.push(name); render(name); }; const back = () => { played.pop(); render(played.at(-1)); };
""",
}  # fmt: skip
DRAW = """
const ways = {Start: [["Go on", "Hall"]], Hall: [["A <b>door</b>", "Room"], ["Start", "Start"]], Room: []};
const draw = (name) => {
  const place = document.querySelector("#links"); place.replaceChildren();
  for (const [label, target] of ways[name]) {
    const link = document.createElement("a"); link.textContent = label; link.dataset.to = target; link.onclick = () => show(target); place.append(link);
  }
};
"""


def page_of(name: str) -> str:
    return (
        f'<html><body><tw-story></tw-story><div id="links"></div><button id="history-backward" onclick="back()">Back</button>'
        f'<script>{DRAW}{FORMATS[name]}document.addEventListener("DOMContentLoaded", () => show("Start"));</script>'
        f'<tw-storydata name="T" ifid="AB-{len(name)}" format="{name.split(maxsplit=1)[0]}" hidden></tw-storydata></body></html>'
    )


@pytest.fixture
def offline(browser: Browser, tmp_path: Path):
    """Open a page from a file; anything that it asks of a network makes the test fail."""
    with browser.new_context(accept_downloads=True, offline=True) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))

        def start(name: str) -> Page:
            file = tmp_path / f"{name}.html"
            file.write_text(with_recorder(page_of(name)), encoding="utf-8")
            page.goto(file.as_uri())
            return page

        yield start
        assert failures == []
        assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def saved(page: Page, path: Path) -> gb.Story:
    with page.expect_download() as download:
        page.click("#gamebook-recorder-save")
    download.value.save_as(path)
    return gb.read_sessions(path)


@pytest.mark.parametrize("name", FORMATS)
def test_recorder__what_is_read_is_saved_as_a_log_that_fits_the_story(offline, tmp_path, name):
    page = offline(name)
    page.click("[data-to=Hall]")
    page.click("#history-backward")
    page.click("[data-to=Hall]")
    page.click("[data-to=Room]")
    log = saved(page, tmp_path / "log.jsonl")
    assert len(log.problems()) == 0
    assert log.table["passage_id"].tolist() == ["Start", "Hall", "Start", "Hall", "Room"]
    assert log.table["event"].tolist() == ["visit", "visit", "back", "visit", "visit"]
    assert log.table["choice_id"].tolist()[-2] == "A <b>door</b>"
    assert log.table["time"].notna().all()
    matched = match(gb.explore(gb.parse_twee(STORY)), log)
    assert matched.table["verdict"].tolist() == ["valid with undo"]


def test_recorder__a_reload_keeps_the_steps_and_is_a_restart(offline, tmp_path):
    page = offline("SugarCube")
    page.click("[data-to=Hall]")
    page.reload()
    page.click("[data-to=Hall]")
    log = saved(page, tmp_path / "log.jsonl")
    assert log.table["event"].tolist() == ["visit", "visit", "restart", "visit"]
    assert log.table["session_id"].nunique() == 1
    page.evaluate("gamebookRecorder.forget()")
    assert page.evaluate("gamebookRecorder.steps()") == []
