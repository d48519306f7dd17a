"""Compiles what lets the reader choose or type a variable's value."""

# ruff: noqa: ARG005 - all compiled code takes the run, all compilers a node

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gamebook_lab.languages.javascript.values import keys_of, strict_equal, to_text
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument
from gamebook_lab.languages.sugarcube.expressions import NAME
from gamebook_lab.languages.sugarcube.play.effects import Effect
from gamebook_lab.languages.sugarcube.play.habits import habits_in
from gamebook_lab.languages.sugarcube.play.leads import (
    Find,
    Goal,
    argument,
    arguments,
    fixed,
    offering,
    passage_argument,
)
from gamebook_lab.languages.sugarcube.play.markings import TYPED, made_of
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.languages.sugarcube.play.unit import Action, Compiler
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.program import ChoiceKind, Span


def _receiver(compiler: Compiler, node: nodes.Macro, given: list[Argument]) -> str | None:
    """The variable that receives the value; None (and opaque) where it is not a plain one."""
    found = NAME.match(given[0].value) if given and given[0].kind == "text" else None
    if found is None:
        compiler.opaque(f"<<{node.name}>>", Span(node.start, node.stop))
        compiler.effect.offers = compiler.effect.wild = True
        return None
    name = found.group()
    compiler.effect.writes |= {name}
    if found.end() < len(given[0].value):
        compiler.effect.flows |= {(name, name)}
    return name


def compile_typing(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """Free input: nobody knows what the reader types."""
    given = arguments(compiler, node)
    name = _receiver(compiler, node, given)
    for each in given[1:]:
        argument(compiler, each)
    span = Span(node.start, node.stop)
    if name is None:
        return lambda run: run.stray(f"<<{node.name}>>", span)
    if node.name != "numberbox":
        compiler.effect.holds |= {(TYPED, name)}
    entering = None
    if node.name != "textarea" and len(given) > 2 and (len(given) > 3 or given[2].value != "autofocus"):
        find = passage_argument(compiler, given[2])
        is_static = given[2].kind == "text"
        entering = offering(
            compiler, span, Goal(find, fixed(""), static=given[2].value if is_static else None),
            ChoiceKind.LINK if is_static else ChoiceKind.COMPUTED,
        )  # fmt: skip

    def run(run: Run) -> None:
        run.store(name, UNKNOWN)
        if entering is not None:  # the reader presses Enter
            entering(run)

    return run


def compile_choosing(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """A list of values: each is offered, and stays in the passage; with ``once`` the next, until there is none."""
    given = arguments(compiler, node)
    name = _receiver(compiler, node, given)
    span = Span(node.start, node.stop)
    if name is None:
        return lambda run: run.stray(f"<<{node.name}>>", span)
    words = [each.value for each in given[1:] if each.kind == "text"]
    is_part = len(given[0].value) > len(name)
    effect = Effect(offers=True, writes=frozenset({name}), flows=frozenset({(name, name)}))
    if node.name in {"checkbox", "radiobutton"}:
        values, labels, start = _boxes(compiler, node, given, effect.writes)
    else:
        values, labels, start = _choices(compiler, node, given, effect, words)
    inside = compiler.inside

    def store(run: Run, value: Any) -> None:
        run.store(name, UNKNOWN if is_part else value)

    is_once = node.name == "cycle" and "once" in words
    number = compiler.click(None, effect, "replace" if is_once else "value")

    def following(run: Run, left: list[Any], inside: tuple[str, ...]) -> None:
        """Offer what comes after the first of what is left: pairs of values and labels."""
        if len(left) > 1:
            run.offer(span, left[0][1], ChoiceKind.REVEAL, run.stay(number, run.frozen(left)), inside)

    def chosen(run: Run, value: Any) -> None:
        if is_once:
            store(run, value[1][0])
            following(run, value[1:], ())
        else:
            store(run, value)

    compiler.clicks[number].choose = chosen

    def run(run: Run) -> None:
        found = values(run)
        if found is None:
            run.store(name, UNKNOWN)
            return
        place = start(run, found)
        if place is not None:
            store(run, found[place] if place < len(found) else UNKNOWN)
        said = [_said(label) for label in labels(run) or found] + [""] * len(found)
        if is_once:
            following(run, [list(pair) for pair in zip(found, said, strict=False)][place or 0 :], inside)
            return
        for value, label in zip(found, said, strict=False):
            run.offer(span, label, ChoiceKind.REVEAL, run.stay(number, run.frozen(value)), inside)

    return run


def _said(value: Any) -> str:
    label = to_text(value)
    return label if isinstance(label, str) else ""


def _holds(compiler: Compiler, given: list[Argument], names: frozenset[str]) -> set[tuple[str, str]]:
    return {(piece, name) for each in given for piece in made_of(each, compiler.text) for name in names}


Values = Callable[[Run], list[Any] | None]
Start = Callable[[Run, list[Any]], int | None]
"""Which of the values the variable gets at once; None: none of them."""


def _boxes(
    compiler: Compiler, node: nodes.Macro, given: list[Argument], names: frozenset[str]
) -> tuple[Values, Values, Start]:
    """A box to tick has two values, one of several buttons has one."""
    n = 2 if node.name == "checkbox" else 1
    parts = [argument(compiler, each)[0] for each in given[1 : 1 + n]]
    compiler.effect.holds |= _holds(compiler, given[1 : 1 + n], names)
    word = given[1 + n].value if len(given) > 1 + n else ""
    if word == "autocheck":
        compiler.effect.habits |= habits_in(given[0].value)

    def start(run: Run, found: list[Any]) -> int | None:
        if word == "checked":
            return n - 1
        if n == 1 or word != "autocheck":
            return 0 if n > 1 else None
        is_ticked = strict_equal(_now(run, given), found[-1])
        return len(found) if is_ticked is UNKNOWN else None if is_ticked else 0

    return lambda run: [part(run) for part in parts], lambda run: None, start


def _now(run: Run, given: list[Argument]) -> Any:
    """The variable's value so far."""
    return run.lookup(given[0].value) if NAME.fullmatch(given[0].value) else UNKNOWN


def _choices(
    compiler: Compiler, node: nodes.Macro, given: list[Argument], effect: Effect, words: list[str]
) -> tuple[Values, Values, Start]:
    """What gives the values, their labels, and which is set at once."""
    options: list[tuple[Find, Find, bool]] = []
    sources: list[Find] = []
    for index, clause in enumerate(node.clauses[1:], 1):
        if clause.tag.name == "optionsfrom":
            span = trim(compiler.text, clause.tag.arguments)
            snippet = compiler.expression(span)
            effect.decides |= snippet.reads
            effect.holds |= {(piece, name) for piece in snippet.made_of for name in effect.writes}
            sources.append(compiler.value(snippet, span))
            continue
        found = arguments(compiler, node, index)
        is_selected = bool(found) and found[-1].value == "selected" and len(found) > 1
        found = found[:-1] if is_selected else found
        pair = [argument(compiler, each) for each in found[:2]]
        effect.holds |= _holds(compiler, found[:2], effect.writes)
        for _, reads in pair:
            effect.decides |= reads
            effect.flows |= {(read, target) for read in reads for target in effect.writes}
        if pair:
            options.append((pair[0][0], pair[-1][0], is_selected))
    selected = next((index for index, each in enumerate(options) if each[2]), 0)

    if "autoselect" in words:
        compiler.effect.habits |= habits_in(given[0].value)

    def values(run: Run) -> list[Any] | None:
        found = [value(run) for _, value, _ in options]
        for source in sources:
            more = source(run)
            if isinstance(more, list):
                found += more
            elif isinstance(more, dict):
                found += [more[name] for name in keys_of(more)]
            else:
                return None
        return found

    def start(run: Run, found: list[Any]) -> int | None:
        if "autoselect" not in words:
            return selected if found else None
        asked = [strict_equal(_now(run, given), each) for each in found]
        if UNKNOWN in asked:
            return len(found)
        return asked.index(True) if True in asked else 0 if found else None

    return values, lambda run: [label(run) for label, _, _ in options] or None, start
