"""What code's values are made of, as far as they may be markup that is put together while the story runs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.lexemes import Dialect, lexemes
from gamebook_lab.languages.javascript.library import GLOBALS
from gamebook_lab.languages.javascript.strings import decode
from gamebook_lab.languages.shared.marks import ELSEWHERE, WHOLE, kinds_of, printed_marks
from gamebook_lab.languages.sugarcube.arguments import Argument
from gamebook_lab.languages.sugarcube.play.effects import Effect
from gamebook_lab.languages.sugarcube.play.natives import FUNCTIONS
from gamebook_lab.story.closure import closed
from gamebook_lab.story.frozen import UNKNOWN

TYPED: Final = "(what a reader types)"
"""Stands for words of a reader's own: markup again, if they are, where they are printed."""
_PLAIN: Final = (FUNCTIONS.keys() - {"recall", "importScripts", "importStyles", "passage", "previous", "tags"}) | {
    "this",
    "Story",
}
"""Functions whose results are no strings that come from anywhere else."""


def pieces_of(trees: Iterable[nodes.Node]) -> frozenset[str]:
    """Kinds of the literals in some code, and :data:`ELSEWHERE` where it names what is no variable."""
    found = set[str]()
    for node in nodes.every(trees):
        match node:
            case nodes.Text():
                found |= kinds_of(node.value)
            case nodes.Template():
                found = found.union(*map(kinds_of, node.strings))
            case nodes.Property(key=str() as key):
                found |= kinds_of(key)
            case nodes.Member(object=nodes.Name(name="Story")) if node.key not in {
                "title",
                "name",
                "has",
                "domId",
                "ifId",
            }:
                found.add(WHOLE)  # a passage's text
            case nodes.Name() if node.name not in _PLAIN and GLOBALS.get(node.name, UNKNOWN) is UNKNOWN:
                found.add(ELSEWHERE)
            case _:
                pass
    return frozenset(found)


def made_of(given: Argument, text: str) -> frozenset[str]:
    """What a macro's argument is made of."""
    from gamebook_lab.languages.sugarcube.play.code import expression

    if given.kind == "expression":
        return expression(text, *given.inside).made_of
    return kinds_of(given.value) if given.kind == "text" else frozenset()


@lru_cache(maxsize=1_024)
def script_pieces(text: str) -> frozenset[str]:
    """Kinds of the literals in a script."""
    found = set[str]()
    for each in lexemes(text, 0, len(text), Dialect.PLAIN):
        if each.kind == "string":
            found |= kinds_of(decode(each.text[1:-1]))
        elif each.kind == "template":
            found |= kinds_of(each.text)
    return frozenset(found)


def markings_of(effects: Iterable[Effect], scripts: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """Find variables that may hold markup or a part of it, and kinds of literals: what prints one may offer. Mostly none.

    Parameters
    ----------
    effects
        Of all passages and widgets.
    scripts
        Texts of scripts.
    names
        Names of passages, which code can ask for.
    """
    effects = list(effects)
    flows = {pair for each in effects for pair in (*each.flows, *each.holds)}
    flows |= {(kind, ELSEWHERE) for text in scripts for kind in script_pieces(text)}
    flows |= {(kind, ELSEWHERE) for name in names for kind in kinds_of(name)}
    prints = {made_of for each in effects for made_of in each.prints}
    return printed_marks(flows, prints, {made_of for each in effects for made_of in each.cuts})


def typed_names(effects: Iterable[Effect]) -> frozenset[str]:
    """Find what may hold words of a reader's own; mostly nothing."""
    follows: dict[str, list[str]] = {}
    for effect in effects:
        for source, target in (*effect.flows, *effect.holds):
            follows.setdefault(source, []).append(target)
    return frozenset(closed([TYPED], follows) - {TYPED}) if TYPED in follows else frozenset()


def prints_any(names: frozenset[str], effects: Iterable[Effect]) -> bool:
    """Tell whether something is printed that is made of one of these."""
    return any(not names.isdisjoint(each) for effect in effects for each in effect.prints)
