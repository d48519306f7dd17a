"""A press in a pane that is drawn anew meanwhile: its click is heard, and who has the focus keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import gamebook_lab.widgets

SHARED = Path(gamebook_lab.widgets.__file__).parent / "shared"
PANE = """async ([press, redraw]) => {
  const [{ afterPress }, { redraw: show, refill }] = await Promise.all([press, redraw].map((source) => import(`data:text/javascript,${encodeURIComponent(source)}`)));
  const list = document.body.appendChild(document.createElement("div"));
  window.heard = [];
  const button = ({ name, seen }) => {
    const made = document.createElement("button");
    made.textContent = seen;
    made.addEventListener("click", () => heard.push(name));
    return made;
  };
  window.list = list;
  window.refilled = (parts) => refill(list, parts, () => parts.map(button));
  window.show = (parts) => show(list, parts, button);
  window.follow = (receive) => afterPress(list, receive, new AbortController().signal);
  window.say = follow(window.show);
}"""


@pytest.fixture
def pane(page: Page) -> Page:
    """A page with a list of buttons: ``show(parts)`` draws it, ``say(parts)`` does so as a message of Python's."""
    page.evaluate(PANE, [(SHARED / name).read_text("utf-8") for name in ("press.js", "redraw.js")])
    return page


def parts(*names: str, **seen: str) -> list[dict[str, str]]:
    return [{"name": name, "seen": seen.get(name, name)} for name in names]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).hover()
    page.mouse.down()


@pytest.mark.parametrize("draw", ["show", "refilled"])
def test_press__on_what_is_drawn_anew_just_as_it_is_is_a_click(pane: Page, draw: str) -> None:
    pane.evaluate(f"(parts) => {draw}(parts)", parts("a", "b", "c"))
    press(pane, "b")
    pane.evaluate(f"(parts) => {draw}(parts)", parts("a", "b", "c"))
    pane.mouse.up()
    assert pane.evaluate("heard") == ["b"]


def test_press__on_what_stays_while_others_come_and_go_is_a_click_and_keeps_the_focus(pane: Page) -> None:
    pane.evaluate("(parts) => show(parts)", parts("a", "b", "c", "c"))
    press(pane, "b")
    shown = pane.evaluate("(parts) => show(parts).map((each) => each.textContent)", parts("a", "b", "new", "c"))
    assert shown == ["a", "b", "new", "c"]
    pane.mouse.up()
    assert pane.evaluate("heard") == ["b"]
    expect(pane.get_by_role("button", name="b", exact=True)).to_be_focused()
    expect(pane.get_by_role("button")).to_have_text(shown)
    pane.evaluate("(parts) => show(parts)", parts("c", "more", "b", "a"))
    expect(pane.get_by_role("button")).to_have_text(["c", "more", "b", "a"])


def test_press__on_what_python_has_drawn_otherwise_meanwhile_is_a_click_on_what_was_pressed(pane: Page) -> None:
    pane.evaluate("(parts) => show(parts)", parts("a", "b"))
    press(pane, "b")
    pane.evaluate("(each) => each.forEach(say)", [parts("b", "c", b="B"), parts("c", "d")])
    assert pane.evaluate("list.textContent") == "ab", "not while it is pressed"
    pane.mouse.up()
    expect(pane.get_by_role("button")).to_have_text(["c", "d"])
    assert pane.evaluate("heard") == ["b"]


def test_press__that_does_not_end_holds_nothing_up_for_long(pane: Page) -> None:
    pane.evaluate("(parts) => show(parts)", parts("a"))
    press(pane, "a")
    pane.evaluate("(parts) => say(parts)", parts("b"))
    expect(pane.get_by_role("button")).to_have_text(["b"])
    pane.evaluate("(parts) => say(parts)", parts("c"))
    expect(pane.get_by_role("button")).to_have_text(["c"])


def test_no_press__what_python_says_is_shown_at_once(pane: Page) -> None:
    shown: Any = pane.evaluate("(parts) => { say(parts); return list.textContent; }", parts("a", "b"))
    assert shown == "ab"


def test_press__after_it_one_message_that_cannot_be_shown_keeps_none_from_the_others_nor_from_their_order(
    pane: Page,
) -> None:
    pane.evaluate("(parts) => show(parts)", parts("a"))
    pane.evaluate(
        "() => { window.said = []; window.tell = follow((what) => { said.push(what); if (what === 'bad') throw Error(what); }); }"
    )
    press(pane, "a")
    pane.evaluate("() => ['one', 'bad', 'two'].forEach(tell)")
    with pane.expect_event("pageerror"):
        pane.mouse.up()
    pane.evaluate("() => tell('three')")
    pane.wait_for_function("said.length === 4")
    assert pane.evaluate("said") == ["one", "bad", "two", "three"]
