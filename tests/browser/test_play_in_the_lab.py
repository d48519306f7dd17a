"""Playing the sample: three steps, back again, and the variables change with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.lab import OPEN_MS, Lab

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"


def choose(page: Page, label: str) -> None:
    page.get_by_role("group", name="Choices", exact=True).get_by_role("button", name=label).click()


def at(page: Page, passage: str) -> None:
    expect(page.get_by_role("region", name="The passage").locator("h2")).to_have_text(passage)


def test_play__three_steps_and_back(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    expect(page.locator("canvas").first).to_be_visible(timeout=OPEN_MS)
    page.get_by_role("tab", name="Play", exact=True).click()
    at(page, "Title Page")
    variables = page.get_by_role("region", name="Variables")
    expect(variables).to_contain_text("$saved")

    choose(page, "Step into the boat")
    at(page, "The Boat")
    expect(page.get_by_label("Name of the passage")).to_have_value("The Boat")
    page.keyboard.press("4")  # Stand up and get ready to jump
    at(page, "The Landing")
    choose(page, "Snatch the mail-bag")
    at(page, "Wenna at the Winch")
    changed = variables.locator(".gb-is-changed", has_text="$saved")
    expect(changed).to_contain_text("'mail'")
    expect(page.get_by_role("group", name="Choices that are not offered")).to_have_count(0)

    page.get_by_title("Step back (Backspace)").click()
    at(page, "The Landing")
    expect(variables.locator(".gb-play-variable", has_text="$saved")).to_contain_text("'case'")
    choose(page, "Snatch the instrument case")
    at(page, "Wenna at the Winch")
    expect(changed).to_have_count(0)  # it was the case already
    page.get_by_role("list", name="Steps so far").get_by_role("button", name="Step into the boat").click()
    at(page, "The Boat")
    expect(page.get_by_role("list", name="Steps so far").get_by_role("button")).to_have_count(4)
    assert not lab.failures
