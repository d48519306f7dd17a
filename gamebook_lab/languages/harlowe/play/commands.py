"""Calls in prose: assignments, moves, includes, links that are commands, inputs; any other value is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import assign, dom, hooks, inputs, markup
from gamebook_lab.languages.harlowe.play.dom import Action, Box, Live
from gamebook_lab.languages.harlowe.play.specials import Output
from gamebook_lab.languages.harlowe.play.units import Source
from gamebook_lab.languages.harlowe.play.values import HookNamed, StoryError
from gamebook_lab.languages.harlowe.play.world import has_markup
from gamebook_lab.story.frozen import UNKNOWN, Map
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import ChoiceKind

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run

Command = Callable[["Run", tree.Macro, Place], None]
TABLE: Final[dict[str, Command]] = {}
NOTHING: Final = frozenset(
    [
        "enchant",
        "change",
        "animate",
        "scroll",
        "alert",
        "log",
        "debug",
        "forgetundos",
        "ignore",
        "mockturns",
        "mockvisits",
        "openurl",
        "error",
        "assert",
        "assertexists",
        "iconcounter",
        "iconfullscreen",
        "iconredo",
        "linkfullscreen",
        "checkboxfullscreen",
        "meter",
        "storylet",
        "exclusivity",
        "urgency",
        "metadata",
    ]
)
"""Commands that show no words and change nothing that a story can ask."""


class Moved(Exception):  # noqa: N818 - no error: the story goes on elsewhere
    """The story moves to another passage."""

    def __init__(self, passage: str) -> None:
        super().__init__()
        self.passage = passage


class Stopped(Exception):  # noqa: N818 - no error: undo, restart or load end what runs
    """The story leaves this line of play."""


def call(run: Run, node: tree.Macro, *, start: int | None = None) -> None:
    """Run a call in prose."""
    place = run.place(node)
    if start is not None and run.outer is None:
        place = place._replace(span=place.span._replace(start=start))
    command = TABLE.get(node.name)
    if command is not None:
        command(run, node, place)
    elif node.name in NOTHING:
        return
    else:
        _show_value(run, run.evaluate(node), node, place)


def _command(*spellings: str) -> Callable[[Command], Command]:
    def register(command: Command) -> Command:
        for name in spellings:
            TABLE[name] = command
        return command

    return register


@_command("set", "put", "unpack", "move")
def _assign(run: Run, node: tree.Macro, place: Place) -> None:
    del place
    for each in node.arguments:
        assign.assign(run, each, is_move=node.name == "move")


# ---- moves


def goto(run: Run, passage: str | None, place: Place) -> None:
    """Go to a passage; to any, where its name is not known."""
    if passage is None:
        everywhere = [*run.world.passages]
        passage = everywhere[run.turn.either(len(everywhere), "a passage that is not known", place)]
    if passage not in run.world.passages:
        msg = f"there is no passage {passage!r}"
        raise StoryError(msg)
    if run.version == 1:
        run.moves_to = passage
    else:
        raise Moved(passage)


@_command("goto", "redirect")
def _goto(run: Run, node: tree.Macro, place: Place) -> None:
    goto(run, _name(run.arguments(node.arguments)), place)


def _name(values: list[Any], at: int = 0) -> str | None:
    """Passage that a value names; None if that is not known."""
    if len(values) <= at:
        msg = "a passage's name is missing"
        raise StoryError(msg)
    value = values[at]
    if isinstance(value, Map) and isinstance(value.get("name"), str):
        value = value["name"]
    if value is UNKNOWN:
        return None
    if not isinstance(value, str):
        msg = "a passage's name is a string"
        raise StoryError(msg)
    return value


@_command("display")
def _display(run: Run, node: tree.Macro, place: Place) -> None:
    name = _name(run.arguments(node.arguments))
    if name is None:
        everywhere = [*run.world.passages]
        name = everywhere[run.turn.either(len(everywhere), "(display:) of a passage that is not known", place)]
    shown = run.world.passages.get(name)
    if shown is None:
        msg = f"there is no passage {name!r}"
        raise StoryError(msg)
    run.boxes[-1].children.append(box := Box())
    run.fill(box, Source(shown.text), None, name)


def _leaver(kind: ChoiceKind) -> Command:
    def leave(run: Run, node: tree.Macro, place: Place) -> None:
        run.arguments(node.arguments)
        run.boxes[-1].children.append(Live(place, "", kind, Action("leave")))
        raise Stopped

    return leave


for _spelling, _kind in {
    "undo": ChoiceKind.UNDO, "restart": ChoiceKind.RESTART, "reload": ChoiceKind.RESTART, "loadgame": ChoiceKind.LOAD,
    "gotourl": ChoiceKind.EXTERNAL,
}.items():  # fmt: skip
    TABLE[_spelling] = _leaver(_kind)


# ---- links that are commands


@_command("linkgoto", "linkrevealgoto")
def _link_goto(run: Run, node: tree.Macro, place: Place) -> None:
    values = run.arguments(node.arguments)
    label = values[0] if values else ""
    target = values[1] if (len(values) > 1 and isinstance(values[1], (str, Map))) or UNKNOWN in values[1:2] else label
    name = _name([target])
    if name is not None and isinstance(target, str):
        name = markup.rendered(run, name, place)
    markup.offer_link(run, name, markup.label(run, label), place)


@_command("clickgoto", "mouseovergoto", "mouseoutgoto")
def _click_goto(run: Run, node: tree.Macro, place: Place) -> None:
    values = run.arguments(node.arguments)
    name = _name(values, 1)
    if name is None:
        everywhere = [*run.world.passages]
        name = everywhere[run.turn.either(len(everywhere), "a passage that is not known", place)]
    selector = values[0]
    if not hooks.is_there(run, selector, f"({node.name}:) of words", place):
        return
    wanted = f"?{selector.name}" if isinstance(selector, HookNamed) else str(selector)
    run.boxes[-1].children.append(
        Live(place, wanted.removeprefix("?"), ChoiceKind.LINK, Action("clickgoto", wanted, values=(name,)))
    )


def _offered(kind: ChoiceKind, label: str) -> Command:
    def offer(run: Run, node: tree.Macro, place: Place) -> None:
        values = run.arguments(node.arguments)
        shown = markup.label(run, values[0]) if values and isinstance(values[0], str) else label
        run.boxes[-1].children.append(Live(place, shown, kind, Action("leave")))

    return offer


for _spelling, _kind in {
    "linkundo": ChoiceKind.UNDO, "clickundo": ChoiceKind.UNDO, "mouseoverundo": ChoiceKind.UNDO, "mouseoutundo": ChoiceKind.UNDO,
    "iconundo": ChoiceKind.UNDO, "iconrestart": ChoiceKind.RESTART,
}.items():  # fmt: skip
    TABLE[_spelling] = _offered(_kind, _spelling.removeprefix("icon"))


@_command("linkshow")
def _link_show(run: Run, node: tree.Macro, place: Place) -> None:
    values = run.arguments(node.arguments)
    label = markup.label(run, values[0] if values else "")
    shown = tuple(value for value in values[1:] if isinstance(value, HookNamed))
    run.boxes[-1].children.append(Live(place, label, ChoiceKind.REVEAL, Action("linkshow", values=shown)))


@_command("linkstorylet")
def _link_storylet(run: Run, node: tree.Macro, place: Place) -> None:
    values = run.arguments(node.arguments)
    open_now = run.open_storylets()
    numbers = [at for at, value in enumerate(values) if isinstance(value, (int, float))]
    if open_now is None or not numbers:
        markup.offer_link(run, None, "", place)
        return
    number = int(values[numbers[0]])
    at = number - 1 if number > 0 else len(open_now) + number
    if 0 <= at < len(open_now):
        labels = [value for value in values[: numbers[0]] if isinstance(value, str)]
        markup.offer_link(run, open_now[at], markup.label(run, labels[0]) if labels else open_now[at], place)
    elif numbers[0] + 1 < len(values) and isinstance(values[numbers[0] + 1], str):
        run.say(values[numbers[0] + 1])


# ---- hooks by name


@_command("show", "hide", "rerun")
def _show(run: Run, node: tree.Macro, place: Place) -> None:
    for value in run.arguments(node.arguments):
        if isinstance(value, HookNamed):
            found = hooks.found_hooks(run, value)
        elif value is UNKNOWN and run.turn.either(2, f"({node.name}:) of hooks that are not known", place):
            found = [each for each in dom.everything(run.root) if isinstance(each, Box) and each.name is not None]
        else:
            continue
        for box in found:
            if node.name == "hide":
                box.is_hidden = True
            elif node.name == "rerun" or box.is_hidden:
                reveal(run, box, place, is_again=node.name == "rerun")


def reveal(run: Run, box: Box, place: Place, *, is_again: bool = False) -> None:
    """Show a hidden hook, running its content if that was not done yet, or again."""
    del place
    box.is_hidden = False
    if box.source is not None and (is_again or not box.children):
        box.children.clear()
        run.fill(box, box.source, run.outer)


@_command("stop")
def _stop(run: Run, node: tree.Macro, place: Place) -> None:
    del node, place
    if run.stops:
        run.stops[-1] = True


@_command("outputdata", "outdata")
def _output(run: Run, node: tree.Macro, place: Place) -> None:
    del place
    values = run.arguments(node.arguments)
    raise Output(values[0] if values else UNKNOWN)


@_command("print")
def _print(run: Run, node: tree.Macro, place: Place) -> None:
    for value in run.arguments(node.arguments):
        _show_value(run, value, node, place)


def _show_value(run: Run, value: Any, node: tree.Macro, place: Place) -> None:
    may_lead = value is UNKNOWN and any(has_markup(each, run.world.holds_markup) for each in node.arguments)
    markup.show(run, value, place, may_lead=may_lead)


@_command("verbatimprint", "v6mprint", "verbatimsource", "v6msource")
def _print_verbatim(run: Run, node: tree.Macro, place: Place) -> None:
    for value in run.arguments(node.arguments):
        if isinstance(value, str):
            run.say(value)
        else:
            markup.show(run, value, place)


@_command("forgetvisits")
def _forget(run: Run, node: tree.Macro, place: Place) -> None:
    run.arguments(node.arguments)
    run.turn.opaque("(forget-visits:)", place)


TABLE.update(inputs.TABLE)
