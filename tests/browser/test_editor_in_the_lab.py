"""Writing in the editor: the notebook hears none of it, and Undo does what a writer expects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"
OPEN_MS, SHOWN_MS = 60_000, 15_000


def test_keys__stay_in_the_editor_and_undo_takes_typing_back_first(open_lab: Callable[..., Any]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    toolbar, area = page.get_by_role("toolbar", name="Story"), page.get_by_label("Text of the passage")
    expect(area).to_be_visible(timeout=OPEN_MS)
    n_cells = page.locator(".jp-Cell").count()

    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" a b dd ii 00 x")
    for keys in ("Shift+Enter", "Control+Enter", "Escape"):
        page.keyboard.press(keys)
    page.keyboard.type("dd 🕯 end")
    expect(area).to_contain_text("dd 🕯 end")
    expect(toolbar).to_contain_text("All changes kept", timeout=SHOWN_MS)
    assert page.locator(".jp-Cell").count() == n_cells

    for _ in range(20):
        page.keyboard.press("Control+z")
    expect(area).not_to_contain_text("end")
    expect(area).not_to_contain_text("a b dd")
    page.get_by_role("button", name="Redo").click(timeout=SHOWN_MS)
    expect(toolbar).to_contain_text("All changes kept", timeout=SHOWN_MS)
    assert not lab.failures


def test_a_name_that_no_passage_has__is_offered_and_made(open_lab: Callable[..., Any]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    area = page.get_by_label("Text of the passage")
    expect(area).to_be_visible(timeout=OPEN_MS)
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" [[Sea Cave")
    page.keyboard.press("Escape")
    page.locator(".gb-token-target", has_text="Sea Cave").click(modifiers=["Control"], timeout=SHOWN_MS)
    page.get_by_role("button", name="Create passage").click(timeout=SHOWN_MS)
    expect(page.get_by_label("Name of the passage")).to_have_value("Sea Cave", timeout=SHOWN_MS)
    page.get_by_title("Delete this passage").click()
    expect(page.get_by_text("Select a passage on the map, or create one.")).to_be_visible(timeout=SHOWN_MS)
    assert not lab.failures


def test_caret__stays_in_view_when_the_list_of_links_grows(open_lab: Callable[..., Any]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    page.set_viewport_size({"width": 1280, "height": 720})
    area = page.get_by_label("Text of the passage")
    expect(area).to_be_visible(timeout=OPEN_MS)
    page.wait_for_function("document.querySelector('.gb-why').textContent.includes('Reading begins here')")
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" [[Nowhere at all]] and more words")
    expect(page.locator(".gb-editor-foot")).to_contain_text("Nowhere at all", timeout=SHOWN_MS)
    page.wait_for_function(
        """() => {
          const caret = document.querySelector('.gb-editor .cm-cursor-primary').getBoundingClientRect();
          const area = document.querySelector('.gb-editor .cm-scroller').getBoundingClientRect();
          return caret.height > 0 && caret.top >= area.top && caret.bottom <= area.bottom + 1;
        }""",
        timeout=SHOWN_MS,
    )
    assert not lab.failures
