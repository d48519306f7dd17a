"""Changers and what they do to a hook: show it or not, once or often, as a link, later, or in another hook's place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import commands, dom, lambdas, markup, plans, units
from gamebook_lab.languages.harlowe.play.dom import Action, Box, Live
from gamebook_lab.languages.harlowe.play.specials import Output
from gamebook_lab.languages.harlowe.play.units import Source
from gamebook_lab.languages.harlowe.play.values import (
    Changer,
    Code,
    HookNamed,
    LambdaOf,
    Part,
    StoryError,
    kind,
)  # fmt: skip
from gamebook_lab.story.frozen import UNKNOWN, Value
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import ChoiceKind

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.run import Run

_TIMED: Final = frozenset(["live", "after", "event"])
_TESTS: Final = frozenset(["if", "unless", "elseif"])
_PLACED: Final = frozenset(["replace", "append", "prepend"])
_CHAINED: Final = frozenset(["if", "unless", "else", "elseif", "testfalse"])
UNMODELLED: Final = frozenset(["link", "visited", "sidebar"])
"""Names of hooks that Harlowe finds by itself and that are not looked for here."""
_LATER: Final = "(after a while)"
_MOST_PASSES: Final = 10_000
"""Times that a loop is run; more often, or where nobody knows how often, it is run as if nobody knew what it changes."""
_UNKNOWN_PASSES: Final = 2


class Hook(NamedTuple):
    """A hook to be shown."""

    source: Source
    name: str | None = None
    is_hidden: bool = False


def attached(run: Run, node: tree.Attached) -> None:
    """Apply changers to what they stand before.

    Where a changer is in error, Harlowe shows that and then the hook, as if nothing stood before it.
    """
    place = run.place(node)
    parts: list[Part] = []
    asked: list[Place | None] = []
    try:
        for changer in node.changers:
            parts += _parts(run, changer)
            asked += [None] * (len(parts) - len(asked))
            if asked and parts[-1].name in _TESTS:
                asked[-1] = _asked(run, changer, parts[-1])
    except StoryError:
        parts = []
    target, before = node.target, run.chain[-1]
    if isinstance(target, tree.Hook):
        show(run, Hook(run.unit.source(target), target.name, target.is_hidden), tuple(parts), place, asked)
        if parts:
            _remember(run, node.changers[0], before)
    elif enabled(run, parts, place, asked):
        if isinstance(target, tree.Link):
            markup.link(run, target, start=node.start)
        elif isinstance(target, tree.Macro):
            commands.call(run, target, start=node.start)
        else:
            markup.show(run, run.evaluate(target), place)


def _remember(run: Run, first: tree.Macro | tree.Variable, before: Value | None) -> None:
    """Correct what an ``(else:)`` will ask: hiding a hook counts only for ``(if:)`` and its like, if they come first."""
    name = first.name if isinstance(first, tree.Macro) else ""
    if run.chain[-1] is False and name in names.CHANGERS and name not in _CHAINED:
        run.chain[-1] = before


def _parts(run: Run, changer: tree.Macro | tree.Variable) -> list[Part]:
    """Evaluate one changer; a boolean is an ``(if:)``."""
    if isinstance(changer, tree.Macro) and changer.name in {"else", "elseif"}:
        return [_otherwise(run, changer)]
    value = run.evaluate(changer)
    if isinstance(value, Changer):
        for part in value.parts:
            _check(part)
        return [*value.parts]
    if isinstance(value, bool) or value is UNKNOWN:
        return [Part("if", (value,))]
    if run.version == 1:
        markup.show(run, value, run.place(changer))
    return []


def _check(part: Part) -> None:
    """Refuse a changer whose first value has the wrong type."""
    wanted = (
        {"boolean"} if part.name in _TESTS
        else {"string"} if part.name in names.LINKS or part.name == "linkrevealgoto"
        else {"lambda"} if part.name in {"for", "loop"}
        else {"string", "hookname"} if part.name in _PLACED or part.name in names.CLICKS
        else None
    )  # fmt: skip
    if wanted is None:
        return
    if not part.values:
        msg = f"({part.name}:) needs a value"
        raise StoryError(msg)
    if part.values[0] is not UNKNOWN and kind(part.values[0]) not in wanted:
        msg = f"({part.name}:) needs a {' or '.join(sorted(wanted))}, not a {kind(part.values[0])}"
        raise StoryError(msg)


def _otherwise(run: Run, changer: tree.Macro) -> Part:
    last = run.chain[-1]
    if last is None:
        msg = f"({changer.name}:) has no hook before it"
        raise StoryError(msg)
    if changer.name == "else":
        return Part("if", (UNKNOWN if last is UNKNOWN else not last,))
    if last is True:
        # Stays true for the rest of the chain, though this hook is not shown.
        return Part("elseif", (False,))
    part = Part("if", tuple(run.arguments(changer.arguments)))
    _check(part)
    return part


def _asked(run: Run, changer: tree.Macro | tree.Variable, part: Part) -> Place | None:
    """Where the condition stands that a changer asked; None for one that asked none of its own."""
    if isinstance(changer, tree.Macro) and changer.name in _CHAINED:
        is_own = changer.name != "else" and part.name != "elseif" and bool(changer.arguments)
        return run.place(changer.arguments[0]) if is_own else None
    return run.place(changer)


def enabled(run: Run, parts: list[Part] | tuple[Part, ...], place: Place, asked: Sequence[Place | None] = ()) -> bool:
    """Decide whether a hook is shown, and remember it for an ``(else:)``; ``asked`` says where each condition stands."""
    shown = True
    for part, condition in zip_longest(parts, asked[: len(parts)]):
        if part.name in _TESTS:
            holds = run.decide(part.values[0], f"({part.name}:)", place)
            if condition is not None:
                run.turn.condition(condition, holds=holds)
            shown = holds != (part.name == "unless") and shown
        elif part.name == "hidden":
            shown = False
    is_chained = any(part.name == "elseif" for part in parts)
    run.chain[-1] = True if is_chained else shown
    return shown


def show(run: Run, hook: Hook, parts: tuple[Part, ...], place: Place, asked: Sequence[Place | None] = ()) -> None:
    """Show a hook with its changers."""
    is_shown = enabled(run, parts, place, asked) if parts else True
    name = next((str(part.values[0]) for part in parts if part.name == "hook" and part.values), hook.name)
    hook = hook._replace(name=name)
    if not is_shown or hook.is_hidden:
        if name is not None:
            rest = tuple(part for part in parts if part.name not in {"if", "unless", "hidden", "elseif"})
            run.boxes[-1].children.append(Box(name, hook.source, is_hidden=True))
            del rest
        return
    for scope in _passes(run, hook.source, parts, place):
        _once(run, hook, parts, place, scope)


def _passes(run: Run, source: Source, parts: tuple[Part, ...], place: Place) -> list[dict[str, Value]]:
    """Temporary variables for each time that a hook is shown."""
    loop = next((part for part in parts if part.name in {"for", "loop"}), None)
    if loop is None:
        return [{}]
    given, items = (loop.values[0] if loop.values else UNKNOWN), loop.values[1:]
    if not isinstance(given, LambdaOf):
        if given is not UNKNOWN:
            msg = f"({loop.name}:) needs a lambda"
            raise StoryError(msg)
        return _unknown_passes(run, source, "a loop that is not known", place, {})
    unit = units.unit(f"(x:{given.source})")
    node = unit.nodes[0].arguments[0] if unit.nodes and isinstance(unit.nodes[0], tree.Macro) else None
    name = lambdas.subject_name(node) if isinstance(node, tree.Lambda) else None
    if UNKNOWN in items or len(items) > _MOST_PASSES:
        scope: dict[str, Value] = {name: UNKNOWN} if name else {}
        return _unknown_passes(run, source, "a loop over items that are not known", place, scope)
    found = []
    for at, item in enumerate(items, 1):
        test, _ = lambdas.apply(run, given, item, at)
        if run.decide(test, f"({loop.name}:)", place):
            found.append({name: item} if name else {})
    return found


def _unknown_passes(
    run: Run, source: Source, what: str, place: Place, scope: dict[str, Value]
) -> list[dict[str, Value]]:
    """Show a hook never, or as any pass may find it: nobody knows what those before it have changed."""
    n = run.turn.either(_UNKNOWN_PASSES + 1, what, place)
    if n:
        run.forget(plans.writes(units.unit(source.text)))
    return [dict(scope) for _ in range(n)]


def _once(run: Run, hook: Hook, parts: tuple[Part, ...], place: Place, scope: dict[str, Value]) -> None:
    box = Box(hook.name, hook.source, scope=scope)
    at = next((at for at, part in enumerate(parts) if _is_kept(part)), None)
    if at is not None:
        run.boxes[-1].children.append(box)
        run.boxes.append(box)
        try:
            keep(run, hook.source, parts[at], parts[at + 1 :], place)
        finally:
            run.boxes.pop()
        return
    placed = next((part for part in parts if part.name in _PLACED), None)
    if placed is not None:
        put_in(run, hook.source, placed, place, scope)
        return
    if any(part.name in {"output", "out"} for part in parts):
        raise Output(Code(_text_of(hook.source), tuple(sorted({**run.all_temporaries(), **scope}.items()))))
    run.boxes[-1].children.append(box)
    if any(part.name in {"verbatim", "v6m"} for part in parts):
        run.say(_text_of(hook.source))
    else:
        run.fill(box, hook.source, run.outer)


def _text_of(source: Source) -> str:
    if source.number < 0:
        return source.text
    unit = units.unit(source.text)
    inner = unit.hooks[source.number].inner
    return source.text[inner.start : inner.stop]


def _is_kept(part: Part) -> bool:
    """Whether a changer makes something of its hook that runs it later."""
    return (
        part.name in names.LINKS
        or part.name in names.CLICKS
        or part.name in _TIMED
        or part.name in {"linkrevealgoto", "more"}
    )


def keep(run: Run, source: Source, part: Part, rest: tuple[Part, ...], place: Place) -> None:
    """Put what runs a hook later on the page."""
    here = run.boxes[-1].children
    values: list[Any] = [*part.values]
    rest = tuple(each for each in rest if each.name in _PLACED or _is_kept(each) or each.name in {"for", "loop"})
    if part.name in _TIMED or part.name == "more":
        if part.name != "event" and run.is_inert(source):
            run.fill(run.boxes[-1], source, run.outer)
            return
        action = Action(part.name, source=source, parts=rest, values=tuple(values[:1]))
        here.append(Live(place, _LATER, _kind(source, ChoiceKind.REVEAL), action))
    elif part.name in names.CLICKS:
        selector = values[0] if values else ""
        if not is_there(run, selector, f"({part.name}:) of words", place):
            return
        wanted = f"?{selector.name}" if isinstance(selector, HookNamed) else str(selector)
        action = Action("click", wanted, source, rest, (part.name,))
        here.append(Live(place, wanted.removeprefix("?"), _kind(source, ChoiceKind.REVEAL), action))
    elif part.name == "linkrevealgoto":
        target = values[1] if len(values) > 1 and isinstance(values[1], str) else values[0] if values else ""
        name = _target(run, target, place)
        action = Action("linkrevealgoto", name, source, rest)
        here.append(Live(place, markup.label(run, values[0] if values else ""), ChoiceKind.LINK, action))
    else:
        shown = markup.label(run, values[0] if values else "")
        here.append(Live(place, shown, _kind(source, ChoiceKind.REVEAL), Action(part.name, source=source, parts=rest)))


def is_there(run: Run, selector: Value, what: str, place: Place) -> bool:
    """Whether what is to be clicked is on the page; words, and hooks that Harlowe finds by itself, may be or not."""
    if isinstance(selector, HookNamed) and dom.normal(selector.name) not in UNMODELLED:
        return True
    return run.turn.either(2, what, place) == 1


def _target(run: Run, value: Value, place: Place) -> str:
    if isinstance(value, str):
        found = markup.rendered(run, value, place)
        if found is not None:
            return found
    everywhere = [*run.world.passages]
    return everywhere[run.turn.either(len(everywhere), "a link to a passage that is not known", place)]


_KINDS: Final = {
    "undo": ChoiceKind.UNDO, "restart": ChoiceKind.RESTART, "reload": ChoiceKind.RESTART, "loadgame": ChoiceKind.LOAD,
    "gotourl": ChoiceKind.EXTERNAL,
}  # fmt: skip


def _kind(source: Source, otherwise: ChoiceKind) -> ChoiceKind:
    """Kind of what runs a hook: undo and its like are told apart where they surely happen."""
    for node in units.unit(source.text).content(source.number):
        if isinstance(node, tree.Macro):
            if node.name in {"goto", "redirect"}:
                return ChoiceKind.LINK
            if node.name in _KINDS:
                return _KINDS[node.name]
    return otherwise


def put_in(run: Run, source: Source, part: Part, place: Place, scope: dict[str, Value]) -> None:
    """Run content into other hooks: ``(replace: ?name)[...]``."""
    for value in part.values:
        if not isinstance(value, HookNamed) or dom.normal(value.name) in UNMODELLED:
            # Words, or hooks that are not known: they may be on the page or not.
            if run.is_inert(source) and not run.is_text:
                continue
            if run.turn.either(2, f"({part.name}:) of words", place):
                run.boxes[-1].children.append(box := Box())
                run.fill(box, source, place)
            continue
        for target in found_hooks(run, value):
            box = Box(scope={**run.all_temporaries(), **scope})
            target.is_hidden = False
            if part.name == "replace":
                target.children[:] = [box]
            elif part.name == "append":
                target.children.append(box)
            else:
                target.children.insert(0, box)
            run.fill(box, source, run.outer)


def found_hooks(run: Run, value: HookNamed) -> list[Box]:
    """Hooks of a name, or of one of several names, that are on the page."""
    found: dict[int, Box] = {}
    for name in value.name.split("+"):
        if dom.normal(name) in {"passage", "page"}:
            found[id(run.root)] = run.root
        else:
            found.update((id(box), box) for box, _ in dom.named(run.root, name))
    return [*found.values()]
