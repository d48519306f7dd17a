"""A small language for the tests of tables and edits, and stories written in it.

``[[target]]`` and ``[[label->target]]`` link; ``$gold`` is a variable and ``_i`` a temporary one; ``/*`` hides up to
``*/``; and in braces: ``{link "label" "target"}``, ``{jump "both"}``, ``{goto "X"}``, ``{visited "X"}``, ``{web "address"}``,
``{set $x = value}``, ``{if condition}`` to ``{end}``, ``{go $computed}``, ``{js anything}``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.program import (
    Access,
    AccessKind,
    Choice,
    ChoiceKind,
    Condition,
    Opaque,
    Program,
    Reference,
    Slot,
    Span,
    SyntaxProblem,
    Token,
)
from gamebook_lab.story.story import Story, passage_rows

MARK = re.compile(
    r"/\*(?P<comment>[^*]*)\*/|\[\[(?:(?P<label>[^\[\]\n]*?)->)?(?P<target>[^\[\]\n]+?)\]\]"
    r"|\{(?P<verb>\w+) ?(?P<rest>(?:\"(?:\\.|[^\"\\])*\"|[^\"{}])*)\}|(?P<name>[$_][a-z]\w*)"
)
NAME = re.compile(r"[$_][a-z]\w*")
STRING = re.compile(r'"((?:\\.|[^"\\])*)"')


@dataclass(frozen=True)
class Fake:
    name: str = "fake"

    def kind(self, name, tags):
        if name == "StoryInit":
            return "special"
        return next((tag for tag in tags if tag in {"script", "style"}), "story")

    def encode(self, text, quoting):
        if quoting == "double":
            return text.replace("\\", "\\\\").replace('"', '\\"')
        if not text.strip() or any(mark in text for mark in ("[", "]", "->", "\n")):
            msg = f"{text!r} cannot stand in a link"
            raise EditError(msg)
        return text

    def link(self, label, target):
        return f"[[{self.encode(target, 'bare') if label is None else self.link_inside(label, target)}]]"

    def link_inside(self, label, target):
        return f"{self.encode(label, 'bare')}->{self.encode(target, 'bare')}"

    def is_variable_name(self, name):
        return NAME.fullmatch(name) is not None

    def parse(self, text, *, name="", tags=()):
        return Parser(text).program() if self.kind(name, tags) != "style" else Program()


class Parser:
    def __init__(self, text):
        self.text = text
        self.choices, self.references, self.accesses, self.opaques = [], [], [], []
        self.problems, self.prose, self.tokens, self.conditions = [], [], [], []

    def program(self):
        done = 0
        for mark in MARK.finditer(self.text):
            self.say(done, mark.start())
            done = mark.end()
            if mark["target"] is not None:
                self.link(mark)
            elif mark["verb"] is not None:
                self.tokens.append(Token(*mark.span(), "macro"))
                self.macro(mark)
            elif mark["name"] is not None:
                self.tokens.append(Token(*mark.span(), "variable"))
                self.names(mark.start(), mark.end())
            else:
                self.tokens.append(Token(*mark.span(), "comment"))
        self.say(done, len(self.text))
        self.problems += [SyntaxProblem("an if without its end", each.span) for each in self.conditions]
        return Program(
            tuple(self.choices),
            tuple(sorted(self.references, key=lambda each: each.slot.span)),
            tuple(sorted(self.accesses, key=lambda each: each.span)),
            tuple(self.opaques),
            tuple(self.problems),
            tuple(sorted(self.prose)),
            tuple(self.tokens),
        )

    def say(self, start, stop):
        if start < stop:
            self.prose.append(Span(start, stop))
        lost = self.text.find("/*", start, stop)
        if lost >= 0:
            self.problems.append(SyntaxProblem("a comment without its end", Span(lost, lost + 2)))

    def choice(self, kind, mark, target=None, label=None, quoting="bare"):
        slots = [each and Slot(Span(*each), quoting) for each in (target, label)]
        names = [each and self.decoded(each) for each in slots]
        self.choices.append(
            Choice(kind, Span(*mark.span()), names[0], slots[0], names[1], slots[1], tuple(self.conditions))
        )
        if target and kind is not ChoiceKind.COMPUTED:
            self.references.append(Reference(names[0], slots[0], is_required=True))

    def decoded(self, slot):
        written = self.text[slice(*slot.span)]
        return re.sub(r"\\(.)", r"\1", written) if slot.quoting == "double" else written

    def link(self, mark):
        self.tokens.append(Token(*mark.span(), "link"))
        label = mark.span("label") if mark["label"] is not None else mark.span("target")
        self.choice(ChoiceKind.LINK, mark, mark.span("target"), label)
        self.prose.append(Span(*label))

    def macro(self, mark):
        verb, at = mark["verb"], mark.start("rest")
        strings = [(at + each.start(1), at + each.end(1)) for each in STRING.finditer(mark["rest"])]
        if verb == "link" and len(strings) == 2:
            self.choice(ChoiceKind.LINK, mark, strings[1], strings[0], "double")
            self.prose.append(Span(*strings[0]))
        elif verb == "jump" and strings:
            self.choice(ChoiceKind.LINK, mark, strings[0], strings[0], "double")
        elif verb == "goto" and strings:
            self.choice(ChoiceKind.GOTO, mark, strings[0], None, "double")
        elif verb == "web" and strings:
            slot = Slot(Span(*strings[0]), "double")
            self.choices.append(Choice(ChoiceKind.EXTERNAL, Span(*mark.span()), self.decoded(slot), slot))
        elif verb == "visited" and strings:
            slot = Slot(Span(*strings[0]), "double")
            self.references.append(Reference(self.decoded(slot), slot, is_required=False))
        elif verb == "set":
            self.set(mark)
        elif verb == "go":
            self.choice(ChoiceKind.COMPUTED, mark)
            self.names(*mark.span("rest"), is_condition=True)
        elif verb == "if":
            self.conditions.append(Condition(mark["rest"], is_negated=False, span=Span(*mark.span("rest"))))
            self.names(*mark.span("rest"), is_condition=True)
        elif verb == "end" and self.conditions:
            self.conditions.pop()
        elif verb == "js":
            self.opaques.append(Opaque("js", Span(*mark.span())))
        else:
            self.problems.append(SyntaxProblem(f"no macro {verb}", Span(*mark.span())))

    def set(self, mark):
        name = NAME.match(mark["rest"])
        if name is None:
            self.problems.append(SyntaxProblem("nothing to set", Span(*mark.span())))
            return
        at = mark.start("rest")
        value = mark["rest"][name.end() :].lstrip(" =").strip() or None
        span = Span(at, at + name.end())
        self.accesses.append(Access(name[0], AccessKind.WRITE, span, is_temporary=name[0].startswith("_"), value=value))
        self.names(span.stop, mark.end("rest"), flows_to=name[0])

    def names(self, start, stop, **facts):
        for name in NAME.finditer(self.text, start, stop):
            self.accesses.append(
                Access(name[0], AccessKind.READ, Span(*name.span()), is_temporary=name[0].startswith("_"), **facts)
            )


def make(**texts):
    """Build a story of passages by name; the first is its start."""
    language = Fake()
    rows = [
        Passage(name.replace("_", " "), text, kind=language.kind(name, ()), is_start=at == 0)
        for at, (name, text) in enumerate(texts.items())
    ]
    return Story(passage_rows(rows), language)


@pytest.fixture(scope="session")
def make_story():
    """Function that builds a story of passages by name; the first is its start."""
    return make


@pytest.fixture(scope="session")
def fake():
    """A small language."""
    return Fake()


@pytest.fixture
def inn():
    """A story of four passages, with a variable, a condition and every way to name a passage."""
    return make(
        Start='You wake. [[Cellar]] or [[up the stairs->Attic]].\n{set $gold = 3}{visited "Cellar"}',
        Cellar='Dark.\n{if $gold > 2}[[Bribe->Attic]]{end}\n{goto "Start"}',
        Attic='{link "Go \\"down\\"" "Cellar"}\n[[Attic]]\nYou have $gold.',
        Yard="Nothing leads here.",
    )
