"""Compiles what lets the reader choose or type a variable's value."""

# ruff: noqa: ARG001, ARG005 - all compiled code takes the run, all compilers a node

from __future__ import annotations

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
from gamebook_lab.languages.sugarcube.play.markings import made_of
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.languages.sugarcube.play.unit import Action, Compiler
from gamebook_lab.story.frozen import UNKNOWN, UNSET
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
    """A list of values: each is offered, and stays in the passage."""
    given = arguments(compiler, node)
    name = _receiver(compiler, node, given)
    span = Span(node.start, node.stop)
    if name is None:
        return lambda run: run.stray(f"<<{node.name}>>", span)
    is_part = len(given[0].value) > len(name)
    effect = Effect(offers=True, writes=frozenset({name}), flows=frozenset({(name, name)}))
    values, labels, start = _choices(compiler, node, given, effect)
    inside = compiler.inside

    def chosen(run: Run, value: Any) -> None:
        run.store(name, UNKNOWN if is_part else value)

    number = compiler.click(None, effect, "value")
    compiler.clicks[number].choose = chosen

    def run(run: Run) -> None:
        found = values(run)
        if found is None:
            run.store(name, UNKNOWN)
            return
        first = start(run, found)
        if first is not None:
            chosen(run, first)
        said = labels(run)
        for index, value in enumerate(found):
            label = said[index] if said is not None and index < len(said) else to_text(value)
            label = label if isinstance(label, str) else ""
            run.offer(span, label, ChoiceKind.REVEAL, run.stay(number, run.frozen(value)), inside)

    return run


def _holds(compiler: Compiler, given: list[Argument], names: frozenset[str]) -> set[tuple[str, str]]:
    return {(piece, name) for each in given for piece in made_of(each, compiler.text) for name in names}


def _boxes(
    compiler: Compiler, node: nodes.Macro, given: list[Argument], words: set[str], names: frozenset[str]
) -> tuple[Any, Any, Any]:
    """A box to tick has two values, one of several buttons has one."""
    n = 2 if node.name == "checkbox" else 1
    parts = [argument(compiler, each)[0] for each in given[1 : 1 + n]]
    compiler.effect.holds |= _holds(compiler, given[1 : 1 + n], names)
    place = n - 1 if "checked" in words else 0
    is_set = "autocheck" not in words and (node.name == "checkbox" or "checked" in words)

    def first(run: Run, found: list[Any]) -> Any:
        return found[place] if is_set and len(found) > place else None

    return (lambda run: [part(run) for part in parts], lambda run: None, first)


def _choices(compiler: Compiler, node: nodes.Macro, given: list[Argument], effect: Effect) -> tuple[Any, Any, Any]:
    """What gives the values, their labels, and the value that is set at once (None: none is)."""
    words = {each.value for each in given[1:] if each.kind == "text"}
    if node.name in {"checkbox", "radiobutton"}:
        return _boxes(compiler, node, given, words, effect.writes)
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

    def first(run: Run, found: list[Any]) -> Any:
        if not found:
            return None
        if "autoselect" in words:
            now = run.lookup(given[0].value) if NAME.fullmatch(given[0].value) else UNKNOWN
            if now is UNKNOWN or any(strict_equal(now, each) is True for each in found):
                return None if now is not UNKNOWN else UNKNOWN
        return found[selected] if found[selected] is not UNSET else None

    return values, lambda run: [label(run) for label, _, _ in options] or None, first
