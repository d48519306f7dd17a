"""What an author does: open the lab on a story, write, see it everywhere, save, come back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gamebook_lab import read_story
from tests.browser.lab import OPEN_MS, Lab

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "lighthouse.twee"


def when_open(page: Page) -> None:
    expect(page.get_by_role("toolbar", name="Story")).to_be_visible(timeout=OPEN_MS)
    expect(page.locator("canvas").first).to_be_visible(timeout=OPEN_MS)


def select(page: Page, name: str) -> None:
    """Go to a passage by the search box of the toolbar."""
    box = page.get_by_label("Find a passage by name or text")
    box.fill(name)
    page.locator(".gb-hit", has_text=name).first.click()
    expect(page.get_by_label("Name of the passage")).to_have_value(name)


def text_of(page: Page) -> Locator:
    return page.get_by_label("Text of the passage")


def go_to_end(page: Page) -> None:
    # the editor keeps only the lines in view in the page
    text_of(page).click()
    page.keyboard.press("Control+End")


def type_at_end(page: Page, text: str) -> None:
    go_to_end(page)
    page.keyboard.type(text)


def state(page: Page, words: str) -> None:
    expect(page.get_by_role("toolbar", name="Story")).to_contain_text(words)


def test_lab__edit_is_shown_saved_and_there_again(start_lab: Callable[..., Lab]) -> None:
    lab = start_lab(SAMPLE)
    page = lab.page
    when_open(page)
    kernels = page.evaluate("async () => (await (await fetch('/api/kernels')).json()).map((each) => each.name)")
    assert kernels == ["gamebook-lab"], "the kernel that the server has started is not the page's"
    before = (lab.folder / SAMPLE.name).read_bytes()

    select(page, "The Yard")
    type_at_end(page, "\nA gull laughed. [[Follow the gull->Nowhere Yet]]")
    expect(page.locator(".gb-problems")).to_contain_text("Nowhere Yet")
    state(page, "All changes kept")

    page.keyboard.press("Control+s")
    state(page, "Saved")
    after = (lab.folder / SAMPLE.name).read_bytes()
    assert after != before
    added = b"\nA gull laughed. [[Follow the gull->Nowhere Yet]]"
    place = after.index(added)
    assert after[:place] + after[place + len(added) :] == before, "saving changed more than the edit"

    assert read_story(lab.folder / SAMPLE.name).choices["target"].eq("Nowhere Yet").any()

    page.reload()
    when_open(page)
    select(page, "The Yard")
    go_to_end(page)
    expect(text_of(page)).to_contain_text("A gull laughed.")
    assert not lab.failures


def test_lab__unsaved_work_outlives_a_reload_of_the_page(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    when_open(page)
    select(page, "The Yard")
    type_at_end(page, " Not saved yet.")
    state(page, "All changes kept")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    when_open(page)
    state(page, "All changes kept")
    select(page, "The Yard")
    go_to_end(page)
    expect(text_of(page)).to_contain_text("Not saved yet.")


def test_lab__rename_in_the_table_reaches_map_editor_and_links(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    when_open(page)
    select(page, "The Boat")
    page.get_by_role("tab", name="Table", exact=True).click()
    page.get_by_label("Filter by name, tag or text").fill("The Boat")
    expect(page.locator(".gb-table-count")).to_contain_text("of 91 passages")
    row = page.locator(".gb-table .slick-row", has_text="The Boat").first
    row.locator(".slick-cell", has_text="The Boat").first.dblclick()
    field = page.locator("input.gb-table-input")
    field.fill("The Rowing Boat")
    field.press("Enter")
    expect(page.get_by_label("Name of the passage")).to_have_value("The Rowing Boat")
    select(page, "Title Page")
    expect(text_of(page)).to_contain_text("Step into the boat|The Rowing Boat")
    assert not lab.failures


def test_lab__file_changed_on_disk_is_never_overwritten_unasked(open_lab: Callable[..., Lab]) -> None:
    lab = open_lab(SAMPLE)
    page = lab.page
    when_open(page)
    select(page, "The Yard")
    type_at_end(page, " Mine.")
    state(page, "All changes kept")
    file = lab.folder / SAMPLE.name
    theirs = file.read_bytes() + b"\n:: From outside\nTheirs.\n"
    file.write_bytes(theirs)

    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("button", name="Overwrite")).to_be_visible()
    assert file.read_bytes() == theirs
    page.get_by_role("button", name="Overwrite").click()
    state(page, "Saved")
    assert b" Mine." in file.read_bytes()
    assert not lab.failures


def test_lab__hostile_story_runs_nothing_and_loads_nothing(open_lab: Callable[..., Lab], tmp_path: Path) -> None:
    attack = '<img src="http://192.0.2.1/x.png" onerror="window.hit=1"><script>window.hit=1</script><svg onload="window.hit=1">'
    name = "<img src=x onerror=window.hit=1>"
    story = tmp_path / "hostile.twee"
    story.write_text(
        f":: StoryTitle\n{attack}\n\n:: Start [{attack.replace(' ', '')}]\n{attack}\n[[{name}]] [[{attack}->gone]]\n\n:: {name}\n"
        f"{attack}<<if {attack}>>\n"
    )
    lab = open_lab(story)
    page = lab.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    when_open(page)
    expect(page.locator(".gb-problems")).to_contain_text("gone")
    page.get_by_role("tab", name="Table", exact=True).click()
    expect(page.locator(".gb-table .slick-row").first).to_be_visible()
    page.get_by_role("tab", name="Play", exact=True).click()
    expect(page.locator(".gb-play-words")).to_contain_text("Start")
    assert page.evaluate("window.hit") is None
    outside = [url for url in asked if not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))]
    assert not outside
    assert not lab.failures


def test_lab__a_real_story_of_1329_passages_opens(open_lab: Callable[..., Lab], magium: Path) -> None:
    lab = open_lab(magium)
    page = lab.page
    when_open(page)
    expect(page.locator(".gb-problems")).to_contain_text("B3-Ch01a-Intro")
    page.locator(".gb-problem", has_text="B3-Ch01a-Intro").first.click()
    expect(page.get_by_label("Name of the passage")).to_have_value("B2-Ch11c-Credits")
    assert not lab.failures


@pytest.mark.parametrize("width", [760, 1500])
def test_lab__nothing_is_cut_off(open_lab: Callable[..., Lab], width: int) -> None:
    lab = open_lab(SAMPLE, viewport={"width": width, "height": 860})
    when_open(lab.page)
    studio = lab.page.locator(".gb-studio")
    overflow = studio.evaluate("element => element.scrollWidth - element.clientWidth")
    assert overflow <= 1
    for menu in ("View", "Tidy", "More", "Insert"):
        lab.page.locator("summary", has_text=menu).click()
        items = lab.page.locator(".gb-menu[open] .gb-menu-items")
        expect(items).to_be_visible()
        room = items.evaluate("""items => {
          const [box, area] = [items, items.parentElement.closest(".gb-root")].map((each) => each.getBoundingClientRect());
          return Math.min(box.left - area.left, area.right - box.right, area.bottom - box.bottom);
        }""")
        assert room >= 0, menu
        lab.page.keyboard.press("Escape")


def test_lab__shortcuts_work_in_every_pane(open_lab: Callable[..., Lab]) -> None:
    page = open_lab(SAMPLE).page
    when_open(page)
    find = page.get_by_label("Find a passage by name or text")
    for pane in (text_of(page), page.locator("canvas").first):
        pane.click()
        page.keyboard.press("Control+k")
        expect(find).to_be_focused()
        pane.click()
        page.keyboard.press("Control+Shift+f")
        expect(page.get_by_label("Find", exact=True)).to_be_focused()
        page.keyboard.press("Escape")
        expect(text_of(page)).to_be_focused()
        page.get_by_label("Name of the passage").click()
        page.keyboard.press("Escape")
        expect(text_of(page)).to_be_focused()
    find.fill("The Bo")
    expect(page.locator(".gb-hit").first).to_have_text("The Boat")
    find.press_sequentially("at")
    find.fill("The Yard")
    find.press("Enter")  # before it is found
    expect(page.get_by_label("Name of the passage")).to_have_value("The Yard")
    expect(text_of(page)).to_be_focused()
    page.get_by_role("button", name=SAMPLE.name).click()
    page.get_by_label("File to save to").fill("nowhere.doc")
    page.get_by_label("File to save to").press("Enter")
    refused = page.locator(".gb-notices .gb-banner.gb-is-unsaved")
    expect(refused).to_be_visible()
    refused.get_by_role("button", name="Dismiss").click()
    expect(text_of(page)).to_be_focused()
    page.get_by_role("button", name="New passage").first.click()
    name = page.get_by_label("Name of the passage")
    expect(name).to_be_focused()
    state(page, "All changes kept")
    page.locator("canvas").first.click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+z")
    state(page, "Saved")


def test_lab__a_new_passage_is_named_by_typing_and_one_that_is_missing_is_a_click_away(
    open_lab: Callable[..., Lab],
) -> None:
    page = open_lab(SAMPLE).page
    when_open(page)
    n = len(read_story(SAMPLE))
    facts, name = page.locator(".gb-map-foot"), page.get_by_label("Name of the passage")
    expect(facts).to_contain_text(f"{n} passages (4 code)")
    page.get_by_role("button", name="New passage").first.click()
    expect(name).to_be_focused()
    page.keyboard.type("The Old Sea Cave")
    page.keyboard.press("Enter")
    page.keyboard.type("It is dark. [[Go deeper->Deeper In]]")
    expect(facts).to_contain_text(f"{n + 1} passages")
    expect(name).to_have_value("The Old Sea Cave")
    page.get_by_role("button", name="create Deeper In").click()
    expect(name).to_have_value("Deeper In")
    expect(text_of(page)).to_be_focused()
    page.keyboard.type("Deeper still.")
    expect(text_of(page)).to_contain_text("Deeper still.")

    expect(facts).to_contain_text(f"{n + 2} passages")
    page.locator("canvas").first.focus()
    page.keyboard.press("Control+a")
    expect(facts).to_contain_text(f"{n + 2 - 4} passages selected")

    page.keyboard.press("Control+Shift+f")
    page.keyboard.type("deeper")
    expect(page.locator(".gb-replace-row mark")).to_have_count(2)
    replace, delete = (page.get_by_role("button", name=each) for each in ("Replace all", "Delete all matches"))
    expect(replace).to_be_disabled()
    expect(delete).to_be_hidden()
    page.get_by_label("Replace by").click()
    expect(replace).to_be_disabled()
    expect(delete).to_be_visible()
    page.keyboard.type("farther")
    expect(page.locator(".gb-replace-row ins")).to_have_count(2)
    expect(replace).to_be_enabled()
    expect(delete).to_be_hidden()
    page.keyboard.press("Escape")

    name.fill("The Boat")
    name.press("Enter")
    banner = page.locator(".gb-notices")
    expect(banner).to_contain_text("There is a passage 'The Boat' already")
    page.get_by_role("button", name="Undo").first.click()
    expect(banner).not_to_contain_text("There is a passage")  # it may tell of the machine's memory besides
