"""The list of formats that a notebook can be saved in."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType, SimpleNamespace

import pytest
from jupyter_server.services.nbconvert.handlers import NbconvertRootHandler

from gamebook_lab.lab.exports import LATER_SECONDS, LaterExportsHandler, list_exports_later
from tests.asynchronous import run


def test_exports__are_asked_of_the_later_one() -> None:
    added: list[object] = []
    list_exports_later(SimpleNamespace(settings={"base_url": "/a/"}, add_handlers=lambda *what: added.extend(what)))
    assert added == [".*$", [("/a/api/nbconvert", LaterExportsHandler)]]


@pytest.mark.parametrize("is_loaded", [False, True])
def test_exports__wait_only_where_they_are_not_loaded(monkeypatch: pytest.MonkeyPatch, is_loaded: bool) -> None:
    done: list[object] = []

    async def sleep(seconds: float) -> None:
        done.append(seconds)

    async def answer(_self: object) -> None:
        done.append("answer")

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(NbconvertRootHandler, "get", answer)
    monkeypatch.delitem(sys.modules, "nbconvert", raising=False)
    if is_loaded:
        monkeypatch.setitem(sys.modules, "nbconvert", ModuleType("nbconvert"))
    handler = LaterExportsHandler.__new__(LaterExportsHandler)
    handler._jupyter_current_user = handler._current_user = "somebody"
    run(handler.get())
    assert done == (["answer"] if is_loaded else [LATER_SECONDS, "answer"])
