"""What the reader sets by hand: cycling links, menus, boxes. Fixed lists are offers; free text is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import assign
from gamebook_lab.languages.harlowe.play.dom import Action, Live
from gamebook_lab.languages.harlowe.play.operators import is_same
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import ChoiceKind

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run


def _bound(node: tree.Macro) -> tuple[tree.Bind | None, tuple[tree.Expression, ...]]:
    bind = next((each for each in node.arguments if isinstance(each, tree.Bind)), None)
    return bind, tuple(each for each in node.arguments if each is not bind)


def cycling(run: Run, node: tree.Macro, place: Place) -> None:
    """``(cycling-link: bind $x, "one", "two")``: each click takes the next."""
    bind, rest = _bound(node)
    labels = tuple(run.arguments(rest))
    if not labels:
        return
    at = 0
    if bind is not None and bind.is_two_way:
        now = assign.current(run, bind.operand)
        at = next((at for at, label in enumerate(labels) if is_same(label, now)), 0)
    offer(
        run,
        place,
        Action("cycle" if node.name == "cyclinglink" else "sequence", _target(run, bind), values=labels, at=at),
    )


def _target(run: Run, bind: tree.Bind | None) -> str:
    return "" if bind is None else run.unit.text[bind.operand.start : bind.operand.stop]


def offer(run: Run, place: Place, action: Action) -> None:
    """Put an input on the page, and its first value into the variable."""
    write(run, action.target, action.values[action.at])
    shown = [str(value) for value in action.values]
    here = run.boxes[-1].children
    if action.how == "menu":
        for at, label in enumerate(shown):
            chosen = Action("menu", action.target, values=action.values, at=at)
            here.append(Live(place, label, ChoiceKind.REVEAL, chosen))
    elif action.how == "cycle" or action.at + 1 < len(shown):
        here.append(Live(place, shown[action.at], ChoiceKind.REVEAL, action))
    else:
        run.say(shown[action.at])


def write(run: Run, target: str, value: Any) -> None:
    """Write a bound variable, named by its source."""
    if target:
        from gamebook_lab.languages.harlowe.play import units

        unit = units.unit(f"(x:{target})")
        if isinstance(unit.nodes[0], tree.Macro) and unit.nodes[0].arguments:
            with run.reading(unit, run.outer):
                assign.write(run, unit.nodes[0].arguments[0], value)


def dropdown(run: Run, node: tree.Macro, place: Place) -> None:
    """``(dropdown: bind $x, "one", "two")``."""
    bind, rest = _bound(node)
    labels = tuple(run.arguments(rest))
    if labels and bind is not None:
        at = 0
        if bind.is_two_way:
            now = assign.current(run, bind.operand)
            at = next((at for at, label in enumerate(labels) if is_same(label, now)), 0)
        offer(run, place, Action("menu", _target(run, bind), values=labels, at=at))


def checkbox(run: Run, node: tree.Macro, place: Place) -> None:
    """``(checkbox: bind $x, "label")``."""
    bind, rest = _bound(node)
    run.arguments(rest)
    if bind is None:
        return
    now = assign.current(run, bind.operand) if bind.is_two_way else False
    if now is UNKNOWN:
        assign.write(run, bind.operand, UNKNOWN)
        return
    offer(run, place, Action("cycle", _target(run, bind), values=(False, True), at=int(now is True)))


def free(run: Run, node: tree.Macro, place: Place) -> None:
    """Boxes for any text: the reader leaves anything in the variable."""
    del place
    bind, _ = _bound(node)
    if bind is not None:
        assign.write(run, bind.operand, UNKNOWN)


TABLE: Final = {
    "cyclinglink": cycling, "seqlink": cycling, "sequencelink": cycling, "dropdown": dropdown, "checkbox": checkbox,
    "input": free, "inputbox": free, "forceinput": free, "forceinputbox": free, "dialog": free,
}  # fmt: skip
