"""Nothing written is lost: not with the kernel, and not to another kernel."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page, expect

from gamebook_lab.formats import read_story, save_story
from gamebook_lab.story import edits
from gamebook_lab.widgets.session import StorySession
from tests.browser.lab import OPEN_MS, Lab

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"


def when_open(page: Page) -> None:
    expect(page.get_by_label("Text of the passage")).to_be_visible(timeout=OPEN_MS)


def type_at_end(page: Page, text: str) -> None:
    page.get_by_label("Text of the passage").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def kernels(lab: Lab) -> list[psutil.Process]:
    """Kernels that run on the lab's folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any("gamebook_lab.lab.kernel" in word for word in process.info["cmdline"] or ()) and process.is_running():
            try:
                if Path(process.cwd()) == lab.folder:
                    found.append(process)
            except (psutil.Error, OSError):
                continue
    return found


def test_kernel_killed__its_edits_are_there_in_the_next_one(start_lab: Callable[..., Lab]) -> None:
    lab = start_lab(SAMPLE)
    page = lab.page
    when_open(page)
    type_at_end(page, " The kernel will die.")
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text("All changes kept")
    before = kernels(lab)
    assert before
    for process in before:
        process.kill()
    page.keyboard.type(" Nobody reads this.")
    expect(page.get_by_text("Waiting for the kernel")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(lab.url)
    when_open(page)
    expect(page.get_by_text("Your work is here again")).to_be_visible()
    expect(page.get_by_text("What you wrote here while Python was away is here again")).to_be_visible()
    page.get_by_label("Text of the passage").click()
    page.keyboard.press("Control+End")
    both = "The kernel will die. Nobody reads this."
    expect(page.get_by_label("Text of the passage")).to_contain_text(both)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text("Saved")
    assert (lab.folder / SAMPLE.name).read_text(encoding="utf-8").count(both) == 1


def test_revisions__show_another_kernels_edits_and_merge_a_changed_file(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(SAMPLE)
    page, path = lab.page, lab.folder / SAMPLE.name
    when_open(page)
    type_at_end(page, " From the lab.")
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text("All changes kept")

    other = StorySession.open(path)
    try:
        page.get_by_role("tab", name="Table", exact=True).click()
        page.locator(".slick-cell", has_text=re.compile("^About$")).dblclick()
        expect(page.locator("input.gb-table-input")).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.type("About")
        other.apply(lambda story: edits.add_passage(story, "Bo's Place"), label="New passage by Bo")
        assert other.flush()
        expect(page.locator(".gb-problem", has_text="Bo's Place").first).to_be_visible()
        page.keyboard.type(" It")  # a row more has not closed the cell
        page.keyboard.press("Enter")
        expect(page.locator(".slick-cell", has_text="About It")).to_be_visible()
        expect(page.get_by_text("92 passages").first).to_be_visible()
        other.apply(lambda story: edits.set_text(story, "The Yard", "Bo was here."), label="Edit by Bo")
        assert other.flush()
    finally:
        other.workspace.close()
    page.get_by_role("tab", name="Revisions").click()
    row = page.get_by_role("option", name="Edit by Bo")
    row.click()
    expect(page.locator(".gb-rev-detail ins")).to_contain_text("Bo was here")

    save_story(edits.set_text(read_story(path), "The Boat", "Changed outside."))
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="Compare and merge").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("The file was changed outside")).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text("Saved")
    saved = path.read_text(encoding="utf-8")
    assert all(text in saved for text in ("From the lab.", "Bo was here.", "Changed outside."))
    assert not lab.failures


def test_second_window__takes_the_studio_over_and_gives_it_back(start_lab: Callable[..., Lab]) -> None:
    lab = start_lab(SAMPLE)
    page = lab.page
    when_open(page)
    type_at_end(page, " In one window.")
    second = page.context.new_page()
    second.goto(lab.url)
    when_open(second)
    expect(second.get_by_label("Text of the passage")).to_contain_text("In one window.")
    type_at_end(second, " In the other.")
    page.get_by_role("button", name="Show it here").click()
    when_open(page)
    both = "In one window. In the other."
    expect(page.get_by_label("Text of the passage")).to_contain_text(both)
    expect(page.get_by_role("button", name="Show it here")).to_have_count(0)
    expect(second.get_by_role("button", name="Show it here")).to_be_visible()
