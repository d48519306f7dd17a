"""Compiles what changes a page that is there: content in other elements, and what time brings."""

# ruff: noqa: ARG001 - all compiled code takes the run, all compilers a node

from __future__ import annotations

from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.play.leads import argument, arguments
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.languages.sugarcube.play.unit import Action, Body, Compiler
from gamebook_lab.story.program import ChoiceKind, Span

AFTER_A_WHILE = "(after a while)"


def compile_change(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """``<<replace "#id">>`` and its kin: what stood in the element goes, and what is in the body comes."""
    found = arguments(compiler, node)
    if not found:
        return None
    with compiler.apart() as effect:
        body = compiler.body(node.clauses[0].body)
    selector, reads = argument(compiler, found[0])
    effect.offers = effect.elements = True
    effect.under(set(reads))
    compiler.effect.merge(effect)
    span, name = Span(node.start, node.stop), node.name

    def run(run: Run) -> None:
        run.change(name, selector(run), body, span)

    return run


def compile_later(compiler: Compiler, node: nodes.Macro) -> Action | None:
    """``<<timed>>`` and ``<<repeat>>``: what time brings, the reader may wait for."""
    delay = arguments(compiler, node)
    if not delay:
        return None
    for given in delay:
        argument(compiler, given)
    numbers: list[int] = []
    inside = compiler.inside
    for clause in reversed(node.clauses):
        with compiler.apart() as effect:
            body = compiler.body(clause.body)
        effect.offers = True
        following = numbers[-1] if numbers else -1
        span = Span(clause.tag.start, clause.tag.stop)

        numbers.append(
            compiler.click(
                _bringing(body, following, span, inside), effect, "replace" if node.name == "timed" else "repeat"
            )
        )
    number, span = numbers[-1], Span(node.start, node.stop)
    compiler.effect.offers = True
    return lambda run: run.offer(span, AFTER_A_WHILE, ChoiceKind.REVEAL, run.stay(number), inside)


def _bringing(body: Body, following: int, span: Span, inside: tuple[str, ...]) -> Action:
    """What comes, and then the waiting for what follows."""

    def run(run: Run) -> None:
        body.run(run)
        if following >= 0:
            run.offer(span, AFTER_A_WHILE, ChoiceKind.REVEAL, run.stay(following), inside)

    return run


def compile_stop(compiler: Compiler, node: nodes.Macro) -> Action:
    """``<<stop>>``, inside ``<<repeat>>``."""
    compiler.effect.offers = True

    def run(run: Run) -> None:
        run.is_stopped = True

    return run
