"""A day's writing: names by keyboard, many passages at once, tabs, menus and help, all in one sitting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.lab import SHOWN_MS, Lab
from tests.browser.test_studio_in_the_lab import select, state, text_of, when_open

DATA = Path(__file__).resolve().parents[2] / "data"


def test_writing__by_keyboard_alone(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(DATA / "small" / "gated.twee")
    page = lab.page
    when_open(page)
    select(page, "The Box")
    text_of(page).click()
    page.keyboard.press("Control+Home")
    for _ in range(8):
        page.keyboard.press("ArrowRight")

    unchecked = page.locator('.gb-editor [spellcheck="false"]')
    expect(
        unchecked.filter(has_text="$ticket").first
    ).to_be_visible()  # the browser's spell-check minds the prose alone
    expect(unchecked.filter(has_text="programme")).to_have_count(0)

    page.keyboard.press("Shift+F12")  # on $ticket
    expect(page.locator(".gb-uses header")).to_contain_text("of variable $ticket")
    page.keyboard.press("Escape")
    page.keyboard.press("F2")
    field = page.get_by_label("New name of $ticket")
    expect(field).to_be_focused()
    field.fill("$stub")
    field.press("Enter")
    expect(text_of(page)).to_contain_text("$stub")
    page.keyboard.press("F12")  # where it is first set
    expect(page.get_by_label("Name of the passage")).to_have_value("StoryInit")

    page.keyboard.press("Control+End")
    page.keyboard.type("\n<<s")
    offers = page.locator(".cm-tooltip-autocomplete")
    for _ in range(5):
        page.keyboard.type("e")
        with suppress(AssertionError):
            expect(offers).to_contain_text("set", timeout=SHOWN_MS / 12)
            break
        page.keyboard.press("Backspace")  # an answer of a busy kernel has closed the list: the next letter opens it
    else:
        expect(offers).to_contain_text("set")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+.")
    page.get_by_role("menuitem", name="If, else").press("Enter")
    expect(text_of(page)).to_contain_text("<<else>>")

    page.keyboard.press("Alt+3")
    expect(page.get_by_role("tab", name="Variables")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".gb-facts")).to_contain_text("$stub")
    page.get_by_role("tab", name="Variables").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Words")).to_be_focused()
    expect(page.locator(".gb-words-sum")).to_contain_text("words in")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="Words")).to_be_focused()

    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+a")
    page.keyboard.press("t")
    page.keyboard.type("draft")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+2")
    # by number: the table draws rows anew, and they then stand last in the page
    first, second, fourth = (page.locator(f'.gb-table .slick-row[data-row="{number}"]') for number in (0, 1, 3))
    expect(second).to_contain_text("draft")
    expect(first).to_contain_text("StoryInit")
    expect(first).not_to_contain_text("draft")
    second.locator(".slick-cell").nth(2).click()
    fourth.locator(".slick-cell").nth(2).click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Selected passages").locator("visible=true")
    expect(bar).to_contain_text("3 passages")
    bar.get_by_label("Tag to add").fill("draft")
    bar.get_by_label("Tag to add").press("Shift+Enter")
    expect(second).not_to_contain_text("draft")

    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Add Twee…").click()
    page.get_by_label("Twee to add").fill(":: The Box\nAnother. [[Snow]]\n")
    page.get_by_label("Twee to add").press("Control+Enter")
    expect(page.get_by_label("Name of the passage")).to_have_value("The Box 2")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Proofing copy").click()
    expect(page.locator(".gb-notices")).to_contain_text("gated.proof.html")
    assert "The Box 2" in (lab.folder / "gated.proof.html").read_text("utf-8")
    page.keyboard.press("Control+s")
    state(page, "Saved")
    assert not lab.failures
