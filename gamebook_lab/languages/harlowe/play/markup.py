"""Runs prose: words, links, hooks, calls and variables, one after the other."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe import targets, tree
from gamebook_lab.languages.harlowe.play import commands, hooks, units
from gamebook_lab.languages.harlowe.play.dom import Action, Box, Live, tidy, words
from gamebook_lab.languages.harlowe.play.units import Source
from gamebook_lab.languages.harlowe.play.values import Changer, Code, StoryError, written
from gamebook_lab.story.frozen import UNKNOWN, Map, Value
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import ChoiceKind

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run

_BREAKS: Final = frozenset(["heading", "bullet", "number", "rule"])
_IS_MARKUP: Final = re.compile(r"[\[\](){}<>$_|`'/*~^#&=\\+-]|\d\.")


def body(run: Run, nodes: tuple[tree.Markup, ...], plan: frozenset[int] | None) -> None:
    """Run siblings, or those of them that a plan has."""
    for node in nodes:
        if plan is None or id(node) in plan:
            run.turn.tick()
            if run.unit.has_unread and units.unread_in(node):
                run.anything("deeply nested code", run.place(node), run.unit.text[node.start : node.stop])
            with suppress(StoryError):  # Harlowe shows the error in place of this node, and goes on.
                _one(run, node, plan)


def _one(run: Run, node: tree.Markup, plan: frozenset[int] | None) -> None:
    if isinstance(node, tree.Text):
        run.say(html.unescape(run.unit.text[node.start : node.stop]))
    elif isinstance(node, tree.Link):
        link(run, node)
    elif isinstance(node, tree.Attached):
        hooks.attached(run, node)
    elif isinstance(node, tree.Macro):
        commands.call(run, node)
    elif isinstance(node, tree.Variable):
        if run.version == 1 and node.name.startswith("_"):
            run.say(node.name)  # Harlowe 1 has no temporary variables.
        else:
            show(run, run.evaluate(node), run.place(node), may_lead=node.name in run.world.holds_markup)
    elif isinstance(node, tree.Hook):
        hooks.show(run, hooks.Hook(run.unit.source(node), node.name, node.is_hidden), (), run.place(node))
    elif isinstance(node, tree.Style):
        body(run, node.children, plan)
    elif isinstance(node, tree.Verbatim):
        run.say(run.unit.text[node.inner.start : node.inner.stop])
    elif isinstance(node, tree.Mark):
        run.say("\n" if node.kind in _BREAKS else "")
    elif isinstance(node, tree.Tag):
        run.say("\n" if node.name in {"br", "p", "div", "hr", "li", "tr"} else "")
    elif isinstance(node, tree.RawElement) and node.name == "script":
        run.turn.opaque("script", run.place(node))


def show(run: Run, value: Value, place: Place, *, may_lead: bool = False) -> None:
    """Show a value as ``(print:)`` does: a string is markup; if ``may_lead``, one that nobody knows is any."""
    if value is UNKNOWN and may_lead:
        run.stray("markup that is not known", place)
    elif value is UNKNOWN:
        run.turn.opaque("a value that is not known", place)
        run.say("…")
    elif isinstance(value, str):
        if _IS_MARKUP.search(value):
            run.show_code(value, (), place)
        else:
            run.say(value)
    elif isinstance(value, Code):
        run.show_code(value.source, value.temporaries, place)
    elif isinstance(value, Map):
        run.say(" ".join(f"{written(name)} {written(each)}" for name, each in value.pairs))
    elif not isinstance(value, Changer):
        run.say(written(value))


# ---- links


def link(run: Run, node: tree.Link, *, start: int | None = None) -> None:
    """Offer a ``[[link]]``."""
    text = run.unit.text
    target = text[node.target.start : node.target.stop]
    label = label_of(run, node.label_markup, text[node.label.start : node.label.stop])
    if node.form == "simple" or not target:
        name: str | None = targets.named_by_simple(target or text[node.label.start : node.label.stop])
    else:
        name = targets.named_by(target)
    place = run.place(node) if start is None or run.outer else Place(run.own, node.span._replace(start=start))
    if name is None:
        name = rendered(run, target, place)
    offer_link(run, name, label, place)


def offer_link(run: Run, name: str | None, label: str, place: Place, kind: ChoiceKind = ChoiceKind.LINK) -> None:
    """Offer a way to a passage; to any passage at all, where its name is not known."""
    if name is None:
        names = [*run.world.passages]
        if not names:
            return
        name = names[run.turn.either(len(names), "a link to a passage that is not known", place)]
    run.boxes[-1].children.append(
        Live(place, label, kind, Action("go", name.strip() if name not in run.world.passages else name))
    )


def rendered(run: Run, source: str, place: Place) -> str | None:
    """Words that markup shows, as a link's target is found; None where they are not known."""
    found = collected(run, source, place)
    return None if found is None else found.strip()


def collected(run: Run, source: str, place: Place) -> str | None:
    """Run markup off the page and take its words."""
    box, was_text = Box(), run.is_text
    run.is_text = True
    try:
        run.fill(box, Source(source), place)
    finally:
        run.is_text = was_text
    found = words(box)
    return None if "…" in found else found


def label_of(run: Run, nodes: tuple[tree.Markup, ...], source: str) -> str:
    """Words of a label; where choices alone count, as it is written if it takes a run to know."""
    if targets.is_plain(source):
        return source
    shown = targets.shown(nodes, run.unit.text)
    return shown if shown is not None else label(run, source)


def label(run: Run, value: Value) -> str:
    """Words that a label's markup shows."""
    if not isinstance(value, str):
        return ""
    if targets.is_plain(value):
        return value
    if not run.is_text:
        return targets.named_by(value) or value
    return tidy(collected(run, value, Place(run.own, (0, 0))) or "")  # type: ignore[arg-type]
