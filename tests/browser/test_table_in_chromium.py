"""The table's script alone, with a Python that answers when the test says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import gamebook_lab.widgets

STATIC = Path(gamebook_lab.widgets.__file__).parent / "static"
SHOW = """async ([script, style]) => {
  const { default: widget } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  document.head.appendChild(document.createElement("style")).textContent = style;
  const el = document.body.appendChild(document.createElement("div"));
  el.style.height = "400px";
  const hearers = [];
  window.sent = [];
  const model = { send: (message) => sent.push(message), on: (_, hear) => hearers.push(hear), off: () => {}, get: () => undefined };
  widget.render({ model, el, signal: new AbortController().signal });
  const last = (type) => sent.filter((message) => message.type === type).at(-1);
  window.last = last;
  window.tell = (message) => hearers.forEach((hear) => hear({ view: last("query").view, query: last("query").query, version: 1, ...message }));
}"""


@pytest.fixture
def table(page: Page) -> Page:
    scripts = [STATIC / f"passage_table.{kind}" for kind in ("js", "css")]
    page.evaluate(SHOW, [script.read_text("utf-8") for script in scripts])
    return page


def row(key: int, name: str, tags: str = "") -> dict[str, Any]:
    counts = dict.fromkeys(("n_words", "n_out", "n_in", "n_problems"), 0)
    words = dict.fromkeys(("kind", "worst", "verdict", "first"), "")
    return {
        "key": key,
        "name": name,
        "tags": tags,
        "is_start": False,
        "shortest": None,
        "n_visits": None,
        **counts,
        **words,
    }


def tell_order(page: Page, n: int) -> None:
    order = {"type": "order", "n": n, "total": 3, "selected": None, "selected_row": None, "kinds": [], "tags": []}
    page.evaluate("(message) => tell(message)", order)


def tell_rows(page: Page, *rows: dict[str, Any]) -> None:
    page.evaluate("(message) => tell(message)", {"type": "page", "start": 0, "rows": list(rows)})


def test_cell_that_is_typed_in_while_other_rows_come__is_the_one_that_it_was(table: Page) -> None:
    tell_order(table, 3)
    tell_rows(table, row(0, "Start"), row(1, "Boat"), row(2, "Yard"))
    table.locator(".slick-cell", has_text="Boat").dblclick()
    field = table.locator("input.gb-table-input")
    expect(field).to_have_value("Boat")
    # what a filter has asked for before comes now
    tell_rows(table, row(1, "Boat"), row(2, "Yard", "night"), row(3, "Cave"))
    field.fill("Ship")
    field.press("Enter")
    table.wait_for_function("last('edit')")
    edit = table.evaluate("last('edit')")
    assert (edit["key"], edit["was"], edit["value"]) == (1, "Boat", "Ship")
    names = [table.locator(f".slick-row[data-row='{at}'] .l0") for at in range(3)]
    for shown, name in zip(names, ("Boat", "Yard", "Cave"), strict=True):
        expect(shown).to_have_text(name)
    expect(table.locator(".slick-row[data-row='1']")).to_contain_text("night")
