"""What an author sees of the exploration: the map's colours, the table's columns, the reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.lab import EXPLORED_MS, OPEN_MS, Lab

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"
BLOCKED = """:: StoryTitle
Blocked

:: StoryData
{"ifid": "8C1F4B5E-0000-4000-8000-000000000000", "format": "SugarCube", "start": "Start"}

:: Start
<<set $key to false>>You wake. [[Go down->Cellar]]

:: Cellar
A chest. <<if $key and "<img src=x onerror=window.hit=1>">>[[Open <b>it</b>->Treasure]]<</if>> [[Leave->End]]

:: Treasure
Gold! [[Leave->End]]

:: End
And so it ends.
"""


def when_open(page: Page) -> None:
    expect(page.get_by_role("toolbar", name="Story")).to_be_visible(timeout=OPEN_MS)
    expect(page.locator("canvas").first).to_be_visible(timeout=OPEN_MS)


def select(page: Page, name: str) -> None:
    page.get_by_label("Find a passage by name or text").fill(name)
    page.locator(".gb-hit", has_text=name).first.click()
    expect(page.get_by_label("Name of the passage")).to_have_value(name)


def test_verdicts__of_the_sample_are_on_the_map_in_the_table_and_explained(
    open_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    when_open(page)
    page.get_by_label("Colour").select_option("reach")
    legend = page.locator(".gb-map-legend")
    expect(legend).to_contain_text("an ending", timeout=EXPLORED_MS)
    expect(legend).to_contain_text("reachable")
    expect(page.locator(".gb-why")).to_contain_text("Reading begins here", timeout=EXPLORED_MS)
    select(page, "The Yard")
    why = page.locator(".gb-why")
    expect(why).to_contain_text("Reachable", timeout=EXPLORED_MS)
    page.screenshot(path=tmp_path / "map.png")
    why.locator(".gb-chip").first.click()
    expect(why).to_contain_text("Reading begins here", timeout=EXPLORED_MS)

    page.get_by_role("tab", name="Table", exact=True).click()
    page.get_by_label("Verdict").select_option("reachable")
    expect(page.locator(".gb-table .slick-row", has_text="reachable").first).to_be_visible(timeout=EXPLORED_MS)
    page.screenshot(path=tmp_path / "table.png")
    assert not lab.failures


def place_of_links(page: Page) -> float:
    """How far down the passages stand that the selected one leads to."""
    box = page.locator(".gb-neighbours").last.bounding_box()
    assert box is not None
    return box["y"]


def test_verdicts__a_block_is_explained_and_an_edit_lifts_it(open_lab: Callable[..., Lab], tmp_path: Path) -> None:
    story = tmp_path / "blocked.twee"
    story.write_text(BLOCKED, encoding="utf-8")
    lab = open_lab(story)
    page = lab.page
    when_open(page)
    why = page.locator(".gb-why")
    expect(why).to_contain_text("Reading begins here", timeout=EXPLORED_MS)
    place = place_of_links(page)
    select(page, "Treasure")
    expect(why).to_contain_text("Cannot be reached", timeout=EXPLORED_MS)
    expect(why).to_contain_text("$key is set in")
    assert place_of_links(page) == place, "what is said below the links must not move them"
    expect(page.locator(".gb-problems")).to_contain_text("No reader can come to 'Treasure'", timeout=EXPLORED_MS)
    page.get_by_label("Colour").select_option("reach")
    page.screenshot(path=tmp_path / "blocked.png")
    why.get_by_role("button", name="Start").click()
    text = page.get_by_label("Text of the passage")
    expect(text).to_contain_text("false")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("<<set $key to true>>")
    select(page, "Treasure")
    expect(why).to_contain_text("Reachable in 2 steps", timeout=EXPLORED_MS)
    why.get_by_role("button", name="Play").click()
    expect(page.get_by_role("tab", name="Play", exact=True)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".gb-problems")).not_to_contain_text("No reader can come to", timeout=EXPLORED_MS)
    expect(page.locator(".gb-pane-play")).to_contain_text("Gold!")
    page.screenshot(path=tmp_path / "played.png")
    assert page.evaluate("window.hit") is None
    assert not lab.failures


def test_why__is_told_from_its_beginning_of_each_passage(open_lab: Callable[..., Lab], tmp_path: Path) -> None:
    ways = "".join(
        f"<<if $key>>[[A way in, the one with number {n}->Treasure]] [[Or {n}->Vault]]<</if>>\n" for n in range(9)
    )
    story = tmp_path / "blocked.twee"
    story.write_text(BLOCKED.replace("A chest.", ways) + "\n:: Vault\nMore gold! [[Leave->End]]\n", encoding="utf-8")
    lab = open_lab(story)
    page = lab.page
    when_open(page)
    why = page.locator(".gb-why")
    expect(why).to_contain_text("Reading begins here", timeout=EXPLORED_MS)
    select(page, "Treasure")
    expect(why).to_contain_text("A way in", timeout=EXPLORED_MS)
    why.get_by_role("button").last.focus()
    expect(why.locator("strong")).not_to_be_in_viewport()
    select(page, "Vault")
    expect(why).to_contain_text("Or 1", timeout=EXPLORED_MS)
    expect(why.locator("strong")).to_be_in_viewport(ratio=1)
    assert not lab.failures
