"""Compiles macros: variables, decisions, loops, widgets, and what changes other elements."""

# ruff: noqa: ARG001 - all compiled code takes the run, all compilers a node

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.languages.javascript.counting import counts_out
from gamebook_lab.languages.javascript.lexemes import Dialect, lexemes
from gamebook_lab.languages.javascript.nodes import Assign, every
from gamebook_lab.languages.javascript.statements import expression_node, statement_nodes
from gamebook_lab.languages.javascript.values import ThrownError, keys_of, strict_equal
from gamebook_lab.languages.shared.marks import kinds_of
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.expressions import resolve
from gamebook_lab.languages.sugarcube.play import inputs, leads, live
from gamebook_lab.languages.sugarcube.play.effects import Effect
from gamebook_lab.languages.sugarcube.play.habits import all_of
from gamebook_lab.languages.sugarcube.play.leads import argument, arguments
from gamebook_lab.languages.sugarcube.play.markings import made_of
from gamebook_lab.languages.sugarcube.play.run import BreakError, ContinueError, Run
from gamebook_lab.languages.sugarcube.play.unit import Action, Body, Compiler, Contents, Widget
from gamebook_lab.languages.sugarcube.vocabulary import CONTAINERS
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import ChoiceKind, Span

Maker = Callable[[Compiler, nodes.Macro], Action | None]
MAX_TURNS: Final = 100_000
"""Turns of a loop over a number; of more, nobody knows how many."""
MOST_TURNS: Final = 1_000
"""Turns after which SugarCube itself ends a loop with conditions, unless a script has set another number."""
MAX_UNKNOWN_TURNS: Final = 3
"""Turns of a loop over something unknown that are tried."""


def compile_macro(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """Compile one macro with all that stands in it."""
    return _MAKERS.get(node.name, _other)(compiler, node)


def _inside(compiler: Compiler, node: nodes.Macro, clause: int = 0) -> Span:
    return trim(compiler.text, node.clauses[clause].tag.arguments)


def _set(compiler: Compiler, node: nodes.Macro) -> Action | None:
    span = _inside(compiler, node)
    if span.start == span.stop:
        return None
    return compiler.value(compiler.code(span), span)


def _unset(compiler: Compiler, node: nodes.Macro) -> Action:
    found = [
        each.text
        for each in lexemes(compiler.text, *node.clauses[0].tag.arguments, Dialect.SUGAR)
        if each.kind == "variable"
    ]
    compiler.effect.writes |= set(found)

    def run(run: Run) -> None:
        for name in found:
            run.delete(name)

    return run


def _print(compiler: Compiler, node: nodes.Macro) -> Action | None:
    span = _inside(compiler, node)
    if span.start == span.stop:
        return None
    snippet = compiler.expression(span)
    compiler.effect.shows |= snippet.reads
    return compiler.printing(snippet, span, Span(node.start, node.stop), is_escaped=node.name == "-")


# ---- decisions


def _if(compiler: Compiler, node: nodes.Macro) -> Action:
    compiler.branches += 1
    try:
        return _branches(compiler, node)
    finally:
        compiler.branches -= 1


def _branches(compiler: Compiler, node: nodes.Macro) -> Action:
    branches: list[tuple[Callable[[Run], Any] | None, Span, Body]] = []
    so_far: set[str] = set()
    assigns = is_broken = False
    for index, clause in enumerate(node.clauses):
        span = _inside(compiler, node, index)
        test = None
        if clause.tag.name != "else":
            with compiler.apart() as asked:
                snippet = compiler.expression(span, is_test=True)
            asked.under(so_far)
            compiler.effect.merge(asked)
            test = compiler.value(snippet, span)
            so_far |= snippet.reads
            assigns = assigns or is_assigning(compiler.text, span)
        elif index + 1 < len(node.clauses) or span.start < span.stop:
            is_broken = True
        with compiler.apart() as effect:
            body = compiler.body(clause.body)
        effect.under(so_far)
        compiler.effect.merge(effect)
        branches.append((test, span, body))

    whole = Span(node.start, node.stop)

    def run(run: Run) -> None:
        if is_broken:
            run.fail("<<else>> is the last, and without a condition")
            return
        if assigns and run.either(2, "an assignment in <<if>>", whole) == 1:
            run.fail("assignment operator found within <<if>>")  # in some versions, and where options ask for it
            return
        for test, span, body in branches:
            if test is None or run.condition(test(run), "<<if>>", span):
                body.run(run)
                return

    return run


def is_assigning(text: str, span: Span) -> bool:
    """Tell whether a condition assigns, which some versions of SugarCube refuse."""
    found = expression_node(text, *span, Dialect.SUGAR)
    return found is not None and any(isinstance(each, Assign) for each in every([found]))


def _switch(compiler: Compiler, node: nodes.Macro) -> Action:
    span = _inside(compiler, node)
    snippet = compiler.expression(span)
    subject, reads = compiler.value(snippet, span), set(snippet.reads)
    compiler.branches += 1
    cases: list[tuple[list[Callable[[Run], Any]], Span, Body, bool]] = []
    for index, clause in enumerate(node.clauses[1:], 1):
        values = []
        for given in arguments(compiler, node, index):
            value, more = argument(compiler, given)
            values.append(value)
            reads |= more
        with compiler.apart() as effect:
            body = compiler.body(clause.body)
        effect.under(reads)
        compiler.effect.merge(effect)
        cases.append((values, _inside(compiler, node, index), body, clause.tag.name == "default"))

    compiler.branches -= 1
    is_broken = any(not values and not is_default for values, _, _, is_default in cases) or any(
        is_default for _, _, _, is_default in cases[:-1]
    )

    def run(run: Run) -> None:
        if is_broken:
            run.fail("<<case>> without values, or <<default>> that is not the last")
            return
        found = subject(run)
        for values, span, body, is_default in cases:
            is_taken = is_default or any(
                run.decide(strict_equal(found, each(run)), "<<switch>>", span) for each in values
            )
            if not is_default:
                run.decided(span, holds=is_taken)
            if is_taken:
                body.run(run)
                return

    return run


# ---- loops


def _for(compiler: Compiler, node: nodes.Macro) -> Action:
    span = _inside(compiler, node)
    found = [each for each in lexemes(compiler.text, *span, Dialect.SUGAR) if each.kind != "comment"]
    ranged = next((each for each in found if each.kind == "name" and each.text == "range"), None)
    semicolons = [each.start for each in found if each.text == ";" and each.kind == "operator"]
    compiler.branches += 1
    compiler.loops += 1
    with compiler.apart() as effect:
        reads: set[str] = set()
        if ranged is not None:
            names = [each.text for each in found if each.start < ranged.start and each.kind == "variable"]
            action = _range(compiler, node, Span(ranged.stop, span.stop), names, reads)
        else:
            action = _counted(compiler, node, span, semicolons, reads)
    compiler.branches -= 1
    compiler.loops -= 1
    effect.under(reads | effect.breaks)
    effect.breaks = frozenset()
    compiler.effect.merge(effect)
    return action


def _range(compiler: Compiler, node: nodes.Macro, span: Span, names: list[str], reads: set[str]) -> Action:
    span = trim(compiler.text, span)
    snippet = compiler.expression(span)
    reads |= snippet.reads
    source = compiler.value(snippet, span)
    compiler.effect.writes |= set(names)
    compiler.effect.holds |= {(kind, name) for kind in snippet.made_of for name in names}
    compiler.effect.cuts |= {snippet.made_of}
    body = compiler.body(node.clauses[0].body)
    effect = compiler.effect

    def run(run: Run) -> None:
        items = _pairs(source(run))
        is_often = False
        if items is None:
            count = run.either(3, "<<for>>", span)
            items, is_often = [(UNKNOWN, UNKNOWN)] * min(count, 1), count == 2
        if is_often:
            _forget(run, effect)
        for key, value in items:
            run.tick()
            for name, each in zip(names[::-1], (value, key), strict=False):
                run.store(name, each)
            if _turned(body, run):
                return
        if is_often:
            _forget(run, effect)

    return run


def _forget(run: Run, effect: Effect) -> None:
    """Nobody knows how often a loop turns: so nobody knows what it writes."""
    for name in run.player.resolved(effect).writes:
        if name[0] in "$_" and len(name) > 1:
            run.store(name, UNKNOWN)


def _pairs(value: Any) -> list[tuple[Any, Any]] | None:
    """What a range goes over: keys and values."""
    if isinstance(value, (list, str)):
        return list(enumerate(value))
    if isinstance(value, dict):
        return [(name, value[name]) for name in keys_of(value)]
    if type(value) is int:
        return [(index, index) for index in range(value)] if value <= MAX_TURNS else None
    if value is UNKNOWN:
        return None
    raise ThrownError("<<for>> goes over nothing")


def _turned(body: Body, run: Run) -> bool:
    """Run one turn of a loop; True if it was the last."""
    try:
        body.run(run)
    except ContinueError:
        return False
    except BreakError:
        return True
    return False


def _counted(compiler: Compiler, node: nodes.Macro, span: Span, semicolons: list[int], reads: set[str]) -> Action:
    parts = [span]
    if semicolons:
        first = semicolons[0]
        second = semicolons[1] if len(semicolons) > 1 else span.stop
        parts = [Span(first + 1, second), Span(span.start, first), Span(min(second + 1, span.stop), span.stop)]
    parts = [trim(compiler.text, each) for each in parts]
    test: Callable[[Run], Any] | None = None
    if parts[0].start < parts[0].stop:
        snippet = compiler.expression(parts[0], is_test=True)
        reads |= snippet.reads
        test = compiler.value(snippet, parts[0])
    steps = []
    for part in parts[1:]:
        is_there = part.start < part.stop
        steps.append(compiler.value(compiler.code(part), part) if is_there else None)
    first_step, after = steps or (None, None)
    with compiler.apart() as inner:
        body = compiler.body(node.clauses[0].body)
    compiler.effect.merge(inner)
    effect = compiler.effect
    if not _ends(compiler.text, parts, inner, reads):
        effect.offers = True  # whether it ends decides whether anything follows

    def run(run: Run) -> None:
        doubts, n_turns = 0, 0
        if first_step is not None:
            first_step(run)
        while True:
            run.tick()
            is_on = True if test is None else test(run)
            if is_on is UNKNOWN:
                doubts += 1
                if doubts > MAX_UNKNOWN_TURNS:
                    _forget(run, effect)  # once more, as if after any number of turns, and then no more
                is_on = doubts <= MAX_UNKNOWN_TURNS + 1 and run.decide(UNKNOWN, "<<for>>", span)
            if test is not None:
                run.decided(parts[0], holds=bool(is_on))
            if not is_on:
                return
            n_turns += 1
            if n_turns > MOST_TURNS and not run.player.sets_turns:
                run.fail("exceeded configured maximum loop iterations")
                run.opaque("a loop that SugarCube ends with an error", span)
                return
            if _turned(body, run):
                return
            if after is not None:
                after(run)

    return run


def _ends(text: str, parts: list[Span], turn: Effect, reads: set[str]) -> bool:
    """Tell whether a loop surely ends: it counts up or down to a bound, and no turn of it writes either."""
    if len(parts) < 3 or turn.uses or not turn.writes.isdisjoint(reads):
        return False
    test = expression_node(text, *parts[0], Dialect.SUGAR)
    steps = statement_nodes(text, *parts[2], Dialect.SUGAR)
    return test is not None and steps is not None and len(steps) == 1 and counts_out(test, steps[0], resolve)


def _leave(compiler: Compiler, node: nodes.Macro) -> Action:
    if not compiler.loops:
        return lambda run: run.fail(f"<<{node.name}>> outside <<for>>")
    compiler.effect.breaks |= {"_"}  # so that it counts as doing something; no variable has this name
    error = BreakError if node.name == "break" else ContinueError

    def run(run: Run) -> None:
        raise error

    return run


# ---- bodies


def _hidden(compiler: Compiler, node: nodes.Macro) -> Action:
    body = compiler.body(node.clauses[0].body)

    def run(run: Run) -> None:
        run.hidden += 1
        try:
            body.run(run)
        finally:
            run.hidden -= 1

    return run


def _done(compiler: Compiler, node: nodes.Macro) -> Action:
    """``<<done>>``: runs when all of the page stands."""
    body = compiler.body(node.clauses[0].body)
    return lambda run: run.delayed(body)


def _redo(compiler: Compiler, node: nodes.Macro) -> Action:
    """``<<redo>>`` runs other parts of the page again, which is not followed."""
    span = Span(node.start, node.stop)
    compiler.opaque("<<redo>>", span)
    compiler.effect.offers = compiler.effect.wild = True
    return lambda run: run.stray("<<redo>>", span)


def _shown(compiler: Compiler, node: nodes.Macro) -> Action:
    body = compiler.body(node.clauses[0].body)
    return body.run


def _capture(compiler: Compiler, node: nodes.Macro) -> Action:
    found = [
        each.text
        for each in lexemes(compiler.text, *node.clauses[0].tag.arguments, Dialect.SUGAR)
        if each.kind == "variable"
    ]
    body = compiler.body(node.clauses[0].body)
    compiler.effect.flows |= {(name, name) for name in found}
    compiler.effect.writes |= set(found)
    compiler.effect.habits |= all_of(found)

    def run(run: Run) -> None:
        around, kept = run.captured, {name: run.lookup(name) for name in found}
        run.captured = around.union(found)
        try:
            body.run(run)
        finally:
            run.captured = around
            for name, value in kept.items():
                run.delete(name) if value is UNSET else run.store(name, value)

    return run


def _widget(compiler: Compiler, node: nodes.Macro) -> Action | None:
    found = arguments(compiler, node)
    if found:
        loops, compiler.loops = compiler.loops, 0
        with compiler.apart() as effect:
            body = compiler.body(node.clauses[0].body)
        compiler.loops = loops
        is_container = any(each.value == "container" for each in found[1:])
        compiler.widgets[found[0].value] = Widget(body, effect, is_container)
    return None


def _script(compiler: Compiler, node: nodes.Macro) -> Action | None:
    if node.raw is None:
        return None
    language = arguments(compiler, node)
    is_sugared = bool(language) and language[0].value.lower() == "twinescript"
    return compiler.script(node.raw, is_sugared=is_sugared)


# ---- macros of the story's own


def _other(compiler: Compiler, node: nodes.Macro) -> Action:
    tag = node.clauses[0].tag
    span = Span(tag.start, tag.stop)
    given = arguments(compiler, node)
    values: list[Callable[[Run], Any]] = []
    reads: set[str] = set()
    links: list[Action] = []
    for each in given:
        if each.brackets is not None:
            goal = leads.bracket_goal(compiler, each.brackets)
            if goal.find is not None:
                links.append(leads.offering(compiler, Span(each.start, each.stop), goal, ChoiceKind.LINK))
            values.append(leads.fixed(UNKNOWN))
            continue
        value, more = argument(compiler, each)
        values.append(value)
        reads |= more
        compiler.effect.holds |= {(source, "_args") for source in made_of(each, compiler.text)}
    with compiler.apart() as inner:
        body = compiler.body(node.clauses[0].body)
    compiler.effect.merge(inner)
    kind = "around" if node.clauses[0].body else "widget"
    contents = compiler.text[tag.stop : node.close.start] if node.close is not None else ""
    compiler.effect.holds |= {(kind, "_contents") for kind in kinds_of(contents)}
    compiler.effect.use(f"{kind} {node.name}")
    compiler.calls.append((node.name, span))
    compiler.effect.flows |= {(name, target) for name in reads for target in ("_args", "_contents")}
    compiler.effect.writes |= {"_args"}

    def run(run: Run) -> None:
        run.player.call_widget(
            run, node.name, [value(run) for value in values], Contents(contents, body), links=links, span=span
        )

    return run


def _nothing(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """Sound, style and the like: nothing that is followed here."""
    if node.name in CONTAINERS and node.clauses[0].body:
        return compiler.body(node.clauses[0].body).run
    return None


_IDLE: Final = (
    "addclass", "audio", "cacheaudio", "createaudiogroup", "createplaylist", "masteraudio", "playlist", "removeaudiogroup",
    "removeclass", "removeplaylist", "setplaylist", "stopallaudio", "toggleclass", "track", "waitforaudio", "elseif", "else", "case", "default", "option",
    "optionsfrom", "next",
)  # fmt: skip
_MAKERS: Final[dict[str, Maker]] = {
    **dict.fromkeys(_IDLE, _nothing),
    **dict.fromkeys(("set", "run", "remember"), _set),
    **dict.fromkeys(("unset", "forget"), _unset),
    **dict.fromkeys(("print", "=", "-"), _print),
    **dict.fromkeys(("for", "while"), _for),
    **dict.fromkeys(("break", "continue"), _leave),
    **dict.fromkeys(("silently", "silent"), _hidden),
    **dict.fromkeys(("nobr", "do", "type"), _shown),
    "done": _done, "redo": _redo,
    **dict.fromkeys(("link", "button", "click", "linkreplace", "linkappend", "linkprepend", "linkexclusive"), leads.compile_link_macro),
    **dict.fromkeys(("include", "display"), leads.compile_include),
    **dict.fromkeys(("back", "return"), leads.compile_back),
    **dict.fromkeys(("replace", "append", "prepend", "remove", "copy"), live.compile_change),
    **dict.fromkeys(("timed", "repeat"), live.compile_later),
    **dict.fromkeys(("cycle", "listbox", "checkbox", "radiobutton"), inputs.compile_choosing),
    **dict.fromkeys(("textbox", "textarea", "numberbox"), inputs.compile_typing),
    "stop": live.compile_stop, "if": _if, "switch": _switch, "capture": _capture, "widget": _widget,
    "script": _script, "goto": leads.compile_goto, "actions": leads.compile_actions, "choice": leads.compile_choice,
}  # fmt: skip
