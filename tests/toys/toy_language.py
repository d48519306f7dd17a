"""A language for tests: ``[[target]]``, and ``{verb argument}`` for each thing that a program can say.

It is installed like a package of someone else's (see the folder beside it), so that the registry
and worker processes find it by its name.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from gamebook_lab.story.passage import Passage
from gamebook_lab.story.program import (
    Access,
    AccessKind,
    Choice,
    ChoiceKind,
    Opaque,
    Program,
    Reference,
    Slot,
    Span,
    SyntaxProblem,
)
from gamebook_lab.story.story import Story, passage_rows

MARK = re.compile(r"\[\[([^\[\]]*)\]\]|\{(\w+) ?([^{}]*)\}")
NAMING = {"goto", "include"}


@dataclass(frozen=True)
class Toy:
    name: str = "toy"

    def kind(self, name, tags):
        return next((tag for tag in tags if tag in {"special", "script", "style"}), "story")

    def parse(self, text, *, name="", tags=()):
        if "{explode}" in text:
            raise RuntimeError("the toy language exploded")
        if "{die}" in text:
            os._exit(9)
        if "{print}" in text:
            print("the toy language talks")  # noqa: T201  # what a careless language might do
        choices, references, accesses, opaques, problems, prose, definitions = [], [], [], [], [], [], []
        reached = 0
        for mark in MARK.finditer(text):
            span = Span(*mark.span())
            if reached < span.start:
                prose.append(Span(reached, span.start))
            reached = span.stop
            link, verb, argument = mark[1], mark[2], mark[3]
            slot = Slot(Span(*mark.span(1 if link is not None else 3)), "bare")
            if link is not None or verb in NAMING:
                target = link if link is not None else argument
                kind = ChoiceKind.LINK if link is not None else ChoiceKind(verb)
                choices.append(Choice(kind, span, target=target, target_slot=slot))
                references.append(Reference(target, slot, is_required=True))
                if link is not None:
                    prose.append(slot.span)
            elif verb == "visited":
                references.append(Reference(argument, slot, is_required=False))
            elif verb in {"restart", "undo", "load", "computed", "reveal", "external", "return"}:
                choices.append(Choice(ChoiceKind(verb), span))
            elif verb in {"set", "read"}:
                kind = AccessKind.WRITE if verb == "set" else AccessKind.READ
                accesses.append(Access(argument, kind, slot.span, is_temporary=argument.startswith("_")))
            elif verb in {"code", "jump"}:
                opaques.append(Opaque(f"<<{argument}>>", span, may_move=verb == "jump"))
            elif verb == "define":
                definitions.append(argument)
            else:
                problems.append(SyntaxProblem(f"no such verb: {verb}", span, "Use another."))
        if reached < len(text):
            prose.append(Span(reached, len(text)))
        return Program(
            tuple(choices), tuple(references), tuple(accesses), tuple(opaques), tuple(problems), tuple(prose),
            definitions=tuple(definitions),
        )  # fmt: skip

    def encode(self, text, quoting):
        return text

    def link(self, label, target):
        return f"[[{target}]]"

    def link_inside(self, label, target):
        return target

    def is_variable_name(self, name):
        return name.isidentifier()

    def player(self, story):
        from gamebook_lab.languages.plain import PlainPlayer

        return PlainPlayer(story)


LANGUAGE = Toy()


def toy_story(passages, *, tags=None, start=0, language=LANGUAGE, **story):
    """Make a story of ``{name: text}`` or ``[(name, text)]``; headers stand in ``toy.twee``, one after another."""
    rows, line = [], 1
    pairs = passages.items() if isinstance(passages, dict) else passages
    for number, (name, text) in enumerate(pairs):
        its_tags = tuple((tags or {}).get(name, ()))
        rows.append(
            Passage(
                name, text, its_tags, language.kind(name, its_tags),
                file="toy.twee", line=line, is_start=number == start,
            )
        )  # fmt: skip
        line += text.count("\n") + 3
    return Story(passage_rows(rows), language, **story)
