"""Writing in the editor: the notebook hears none of it, and Undo does what a writer expects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.lab import EXPLORED_MS, OPEN_MS

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"


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
    expect(toolbar).to_contain_text("All changes kept")
    assert page.locator(".jp-Cell").count() == n_cells

    for _ in range(20):
        page.keyboard.press("Control+z")
    expect(area).not_to_contain_text("end")
    expect(area).not_to_contain_text("a b dd")
    page.get_by_role("button", name="Redo").click()
    expect(toolbar).to_contain_text("All changes kept")
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
    page.locator(".gb-token-target", has_text="Sea Cave").click(modifiers=["Control"])
    page.get_by_role("button", name="Create passage").click()
    expect(page.get_by_label("Name of the passage")).to_have_value("Sea Cave")
    page.get_by_title("Delete this passage").click()
    expect(page.get_by_text("Select a passage on the map, or create one.")).to_be_visible()
    assert not lab.failures


def test_what_is_put_in_after_a_bracket__comes_after_it_however_often_it_was_underlined(
    open_lab: Callable[..., Any],
) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    area = page.get_by_label("Text of the passage")
    expect(area).to_be_visible(timeout=OPEN_MS)
    area.click()
    for number in range(3):
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(f" [[Nowhere {number}]")  # as pasting does
        expect(page.locator(".cm-lintRange", has_text=f"Nowhere {number}")).to_be_visible()
        page.keyboard.press("]")
        expect(page.locator(".gb-token-target", has_text=f"Nowhere {number}")).to_be_visible()
    expect(area).to_contain_text(" [[Nowhere 0]] [[Nowhere 1]] [[Nowhere 2]]")
    assert not lab.failures


def test_tabs__show_nothing_stale_when_they_come_to_the_front(open_lab: Callable[..., Any]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    name = page.get_by_label("Name of the passage")
    expect(name).to_be_visible(timeout=OPEN_MS)
    before = name.input_value()
    table, chart = (page.get_by_role("tab", name=tab, exact=True) for tab in ("Table", "Map"))
    table.click()
    expect(page.locator(".gb-table .slick-cell", has_text=before).first).to_be_visible()
    chart.click()
    name.fill("Quite another name")
    name.press("Enter")
    expect(page.locator(".gb-pane-table .gb-is-behind")).to_have_count(1)
    seen = page.evaluate_handle(
        """() => {
          const seen = [];
          let shownAt = 0;
          const look = (now) => {
            const pane = document.querySelector('.gb-pane-table .gb-part');
            if (pane.offsetParent) {
              shownAt ||= now;
              const isFresh = pane.textContent.includes('Quite another name');
              // after 3 s it shows what it has: Python is busy then, or gone
              if (!pane.classList.contains('gb-is-behind')) seen.push(isFresh || now - shownAt > 2900);
            }
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
          return seen;
        }"""
    )
    table.click()
    expect(page.locator(".gb-table .slick-cell", has_text="Quite another name").first).to_be_visible()
    page.wait_for_function("seen => seen.length > 3", arg=seen)
    assert all(seen.json_value())
    assert not lab.failures


def test_caret__stays_in_view_when_the_list_of_links_grows(open_lab: Callable[..., Any]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    page.set_viewport_size({"width": 1280, "height": 720})
    area = page.get_by_label("Text of the passage")
    expect(area).to_be_visible(timeout=OPEN_MS)
    expect(page.locator(".gb-why")).to_contain_text("Reading begins here", timeout=EXPLORED_MS)
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" [[Nowhere at all]] and more words")
    expect(page.locator(".gb-editor-foot")).to_contain_text("Nowhere at all")
    page.wait_for_function(
        """() => {
          const caret = document.querySelector('.gb-editor .cm-cursor-primary')?.getBoundingClientRect();
          const area = document.querySelector('.gb-editor .cm-scroller').getBoundingClientRect();
          return caret?.height > 0 && caret.top >= area.top && caret.bottom <= area.bottom + 1;
        }""",
    )
    assert not lab.failures


def test_links__keep_the_focus_from_passage_to_passage(open_lab: Callable[..., Any]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    name, to = page.get_by_label("Name of the passage"), page.locator(".gb-neighbours").last.get_by_role("button")
    expect(name).to_have_value("Title Page", timeout=OPEN_MS)
    expect(to).to_have_text(["The Boat", "About"])
    to.last.focus()
    page.keyboard.press("Enter")
    expect(name).to_have_value("About")
    expect(to).to_have_text(["Title Page"])
    expect(to).to_be_focused()
    page.keyboard.press("Enter")
    expect(name).to_have_value("Title Page")
    expect(to.first).to_be_focused()
    to.first.click()
    expect(name).to_have_value("The Boat")

    text = page.get_by_label("Text of the passage")
    text.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("[[A Long Walk]]")
    page.get_by_role("button", name="create A Long Walk").dblclick()
    expect(name).to_have_value("A Long Walk")
    expect(text).to_be_focused()
    page.keyboard.press("Control+z")  # back to the passage that it was made from, to go on writing there
    expect(name).to_have_value("The Boat")
    expect(text).to_be_focused()
    page.keyboard.press("Control+y")
    expect(name).to_have_value("A Long Walk")
    expect(text).to_be_focused()
    expect(page.get_by_text("There is a passage 'A Long Walk' already")).to_have_count(0)
    assert not lab.failures


def test_a_very_long_line__is_never_drawn_as_a_whole_and_is_written_into(
    open_lab: Callable[..., Any], tmp_path: Path
) -> None:
    story = tmp_path / "long.twee"
    line = "The lamp burns low. [[On|Start]] " * 10_000
    story.write_text(f":: StoryTitle\nLong\n\n:: Start\n[[Long]]\n\n:: Long\n{line}\n", encoding="utf-8")
    lab = open_lab(story)
    page = lab.page
    name, area = page.get_by_label("Name of the passage"), page.get_by_label("Text of the passage")
    expect(name).to_have_value("Start", timeout=OPEN_MS)
    page.evaluate(
        """() => {
          window.gbDrawn = 0;
          const count = (records) => (window.gbDrawn += records.reduce((n, record) => n + record.addedNodes.length, 0));
          new MutationObserver(count).observe(document.querySelector('.gb-editor .cm-scroller'), { childList: true, subtree: true });
        }"""
    )
    page.locator(".gb-neighbours button", has_text="Long").first.click()
    expect(name).to_have_value("Long")
    expect(page.locator(".gb-token-target").first).to_be_visible()
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("dawn")
    expect(area).to_contain_text("dawn")
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text("All changes kept")
    assert page.evaluate("window.gbDrawn") < 10_000  # nodes; the line has 60,000
    page.get_by_role("button", name="Undo").click()
    expect(area).not_to_contain_text("dawn")
    assert not lab.failures


def test_a_new_row_of_the_table__is_in_sight_also_once_problems_and_notices_have_taken_their_place(
    open_lab: Callable[..., Any], tmp_path: Path
) -> None:
    story = tmp_path / "rows.twee"
    chain = "".join(f":: P{number}\n[[P{number + 1}]]\n\n" for number in range(29))
    story.write_text(f":: StoryTitle\nRows\n\n{chain.replace(':: P0', ':: Start', 1)}:: P29\nEnd.\n", encoding="utf-8")
    lab = open_lab(story)
    page = lab.page
    page.set_viewport_size({"width": 1280, "height": 720})
    name = page.get_by_label("Name of the passage")
    expect(name).to_be_visible(timeout=OPEN_MS)
    page.get_by_role("tab", name="Table", exact=True).click()
    expect(page.locator(".gb-table .slick-row").first).to_be_visible()
    row = page.locator(".gb-table .slick-cell.gb-is-selected.l0")
    for number in ("", " 2"):
        page.get_by_role("button", name="New passage", exact=True).click()
        expect(row).to_have_text(f"Untitled Passage{number}")
        expect(page.locator(".gb-problems .gb-message, .gb-problem").first).to_be_visible()
        expect(row).to_be_in_viewport(ratio=0.95)
    page.locator(".gb-file").click()
    page.get_by_label("File to save to").fill(str(tmp_path / "none" / "copy.twee"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="There is no folder")).to_be_visible()
    expect(page.get_by_label("File to save to")).to_be_focused()
    expect(row).to_be_in_viewport(ratio=0.95)
    page.locator('.gb-toolbar [aria-label^="Undo"]').click()
    expect(name).to_have_value("Untitled Passage")
    page.locator('.gb-toolbar [aria-label^="Redo"]').click()
    expect(name).to_have_value("Untitled Passage 2")
    assert not lab.failures
