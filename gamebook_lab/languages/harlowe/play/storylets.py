"""Which storylets are open: their ``(storylet: when ...)`` holds, and no other has a higher exclusivity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import lambdas, units
from gamebook_lab.languages.harlowe.play.values import LambdaOf, StoryError
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.story.frozen import UNKNOWN, Value
from gamebook_lab.story.play import Place

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run

_PARTS: Final = re.compile(r"([^0-9]*)([0-9]{0,9})")


def calls(text: str) -> dict[str, tree.Macro]:
    """A storylet's macros by name: its condition, exclusivity and urgency."""
    found: dict[str, tree.Macro] = {}
    for top in units.unit(text).nodes:
        for node in walk(top):
            if isinstance(node, tree.Macro) and node.name in {"storylet", "exclusivity", "urgency"}:
                found.setdefault(node.name, node)
    return found


def open_now(run: Run) -> list[str] | None:
    """Open storylets, most urgent first, and by name among equals; None where that is not known."""
    found: list[tuple[float, float, str]] = []
    for name in run.world.storylets:
        macros = calls(run.world.passages[name].text)
        is_open = _value(run, name, macros["storylet"])
        if is_open is UNKNOWN:
            return None
        if is_open is True:
            ranks = [_value(run, name, macros[word]) if word in macros else 0 for word in ("exclusivity", "urgency")]
            if not all(isinstance(rank, (int, float)) for rank in ranks):
                return None
            found.append((ranks[0], ranks[1], name))  # type: ignore[arg-type]
    most = max((exclusivity for exclusivity, _, _ in found), default=0)
    kept = [(urgency, name) for exclusivity, urgency, name in found if exclusivity == most]
    return [name for _, name in sorted(kept, key=lambda pair: (-pair[0], _natural(pair[1])))]


def _natural(name: str) -> tuple[list[tuple[str, int]], str]:
    """Order names as people do: ``Part 2`` before ``Part 10``."""
    parts = [(word.casefold(), int(digits or -1)) for word, digits in _PARTS.findall(name)]
    return parts, name


def _value(run: Run, name: str, macro: tree.Macro) -> Value:
    """Value of a storylet's macro, computed as if in its own passage."""
    unit = units.unit(run.world.passages[name].text)
    passage = run.passage
    run.passage = name
    try:
        with run.reading(unit, Place(name, macro.span), name):
            value = run.evaluate(macro.arguments[0]) if macro.arguments else UNKNOWN
            return lambdas.apply(run, value, 0)[0] if isinstance(value, LambdaOf) else value
    except StoryError:
        return False
    finally:
        run.passage = passage
