"""Prints values: what they say is markup again, which is run as a part of the text that prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.javascript.values import to_text
from gamebook_lab.languages.sugarcube.play.unit import Contents, unit_of
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.sugarcube.play.run import Run

__all__ = ["show"]

_MARKUP: Final = re.compile(r"\[\[|<<|<[A-Za-z/]|[$_][A-Za-z]|''|//|__|\n|\[img\[")


def show(run: Run, value: Any, span: Span, otherwise: str, made_of: Iterable[str] = ()) -> None:
    """Print a value; see :meth:`~gamebook_lab.languages.sugarcube.play.player.SugarCubePlayer.print`."""
    if isinstance(value, Contents):
        _show_contents(run, value)
        return
    text = _printed(value)
    if text is None:
        run.show(otherwise)
    elif text is UNKNOWN:
        if run.player.may_lead(made_of):
            run.player.anything(run, "markup", span)
        elif run.is_text:
            run.opaque("unknown text", span)
    elif isinstance(text, str):
        if _MARKUP.search(text):
            _show_markup(run, text, span)
        else:
            run.show(text)


def _show_contents(run: Run, contents: Contents) -> None:
    around, run.source = run.source, contents.source
    try:
        contents.body.run(run)
    finally:
        run.source = around


def _show_markup(run: Run, text: str, span: Span) -> None:
    around, before = run.source, run.span
    run.span = span if isinstance(around, str) else before
    run.source = (around if isinstance(around, str) else around[0], text)
    try:
        unit = unit_of(text)
        if run.player.foresees(unit.effect, run.forms):
            unit.body.run(run)
        else:
            run.player.anything(run, "markup", span)
    finally:
        run.source, run.span = around, before


def _printed(value: Any) -> Any:
    """What SugarCube prints of a value; None where it prints nothing."""
    if value is None or value is UNSET:
        return None
    if isinstance(value, list):
        parts = [_printed(each) for each in value]
        if any(each is UNKNOWN for each in parts):
            return UNKNOWN
        return ", ".join("" if each is None else each for each in parts)
    if isinstance(value, dict):
        return "[object Object]"
    return to_text(value)
