"""What a click on a page does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gamebook_lab.languages.harlowe.play import commands, dom, hooks, inputs, lambdas
from gamebook_lab.languages.harlowe.play.dom import Box, Live
from gamebook_lab.languages.harlowe.play.values import HookNamed, LambdaOf, Part, StoryError
from gamebook_lab.story.frozen import UNKNOWN

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run

_AGAIN = frozenset(["linkrepeat", "linkrerun", "live", "clickrerun"])
TIMED = frozenset(["live", "after", "event", "more"])
_KEEPS_LABEL = frozenset(["linkreveal", "linkappend", "linkrevealgoto"])


def perform(run: Run, live: Live, path: tuple[Box, ...]) -> None:
    """Click, with the boxes around what is clicked."""
    action, parent = live.action, path[-1]
    at = next(at for at, each in enumerate(parent.children) if each is live)
    run.boxes, run.chain = [*path], [None] * len(path)
    run.outer = None
    how = action.how
    if how in {"cycle", "sequence", "menu"}:
        _input(run, live, parent, at)
    elif how == "linkshow":
        del parent.children[at]
        for value in action.values:
            assert isinstance(value, HookNamed)
            for box in hooks.found_hooks(run, value):
                commands.reveal(run, box, live.place)
    elif how == "clickgoto":
        raise commands.Moved(str(action.values[0]))
    elif how == "click":
        _click(run, live, parent, at)
    else:
        _run_hook(run, live, parent, at)
        if how == "linkrevealgoto":
            raise commands.Moved(action.target)


def _run_hook(run: Run, live: Live, parent: Box, at: int) -> None:
    """Run a link's or timed hook, in its place or behind it."""
    action = live.action
    if action.how in _KEEPS_LABEL:
        parent.children[at] = live.label if run.is_text else ""
    elif action.how not in _AGAIN:
        del parent.children[at]
    elif action.how != "linkrepeat":
        parent.children[at + 1 :] = []
    run.stops.append(False)
    _content(run, live)
    if run.stops.pop() and live in parent.children:
        parent.children.remove(live)


def _content(run: Run, live: Live) -> None:
    """Run a hook with the changers that are left."""
    assert live.action.source is not None
    own = live.place.passage
    before, run.own = run.own, own
    try:
        hooks.show(run, hooks.Hook(live.action.source), live.action.parts, live.place)
    except StoryError:
        pass
    finally:
        run.own = before


def _click(run: Run, live: Live, parent: Box, at: int) -> None:
    """Click a hook's words: its content stays, or is replaced or added to."""
    action = live.action
    name = str(action.values[0])
    if name != "clickrerun":
        del parent.children[at]
    how = next((each for each in ("replace", "append", "prepend") if name.endswith(each)), None)
    if how is None or not action.target.startswith("?"):
        _content(run, live)
        return
    placed = Part(how, (HookNamed(action.target[1:]),))
    assert action.source is not None
    hooks.put_in(run, action.source, placed, live.place, {})


def _input(run: Run, live: Live, parent: Box, at: int) -> None:
    action = live.action
    if action.how == "menu":
        inputs.write(run, action.target, action.values[action.at])
        return
    following = (action.at + 1) % len(action.values)
    tail = parent.children[at + 1 :]
    del parent.children[at:]
    changed = dom.Action(action.how, action.target, values=action.values, at=following)
    inputs.offer(run, live.place, changed)
    parent.children += tail


def settle(run: Run) -> None:
    """Run the hooks of ``(event:)`` whose time has come."""
    for _ in range(100):
        for each, path in dom.walk(run.root):
            if isinstance(each, Live) and each.action.how == "event" and _has_come(run, each, path):
                perform(run, each, path)
                break
        else:
            return


def _has_come(run: Run, live: Live, path: tuple[Box, ...]) -> bool:
    given = live.action.values[0] if live.action.values else UNKNOWN
    if not isinstance(given, LambdaOf):
        return False
    run.boxes, run.chain = [*path], [None] * len(path)
    try:
        return lambdas.apply(run, given, 0)[0] is True
    except StoryError:
        return False


def is_offered(run: Run, live: Live) -> bool:
    """Whether it can be clicked now: what ``(click:)`` speaks of must be there."""
    action = live.action
    if action.how in {"click", "clickgoto"}:
        if action.target.startswith("?") and dom.normal(action.target[1:]) not in hooks.UNMODELLED:
            return any(not box.is_hidden for box in hooks.found_hooks(run, HookNamed(action.target[1:])))
        return True
    if action.how == "event":
        given = action.values[0] if action.values else UNKNOWN
        if not isinstance(given, LambdaOf):
            return True
        try:
            return lambdas.apply(run, given, 0)[0] is UNKNOWN
        except StoryError:
            return False
    return True
