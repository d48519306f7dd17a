"""Facts of macros: what each reads, writes, shows and leads to, and under which conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.colours import colour
from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme, lexemes
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument, read_arguments
from gamebook_lab.languages.sugarcube.brackets import trim
from gamebook_lab.languages.sugarcube.expressions import NAME, Expressions, is_place
from gamebook_lab.languages.sugarcube.links import Destination, Label, Links, sources
from gamebook_lab.languages.sugarcube.places import Click, Place, Way, negated
from gamebook_lab.languages.sugarcube.tags import MacroTag
from gamebook_lab.languages.sugarcube.vocabulary import (
    INPUTS,
    LINKS,
    PLAIN_MACROS,
    REVEALS,
)
from gamebook_lab.story.program import AccessKind, ChoiceKind, Condition, Slot, Span

Walk = Callable[[Sequence[nodes.Node], Place], None]
_MARKUP_SIGNS: Final = ("[[", "[\\[", "<<", "<\\<", "data-passage")
_SILENT: Final = frozenset({"silently", "silent"})
_TRANSITIONS: Final = frozenset({"t8n", "transition"})


class Macros:
    """Reads the macros of one passage into its builder; ``walk`` reads what stands inside them."""

    def __init__(self, builder: Builder, finder: Finder, expressions: Expressions, links: Links, walk: Walk) -> None:
        self.builder, self.text, self.finder = builder, builder.text, finder
        self.expressions, self.links, self.walk = expressions, links, walk

    def macro(self, node: nodes.Macro, place: Place) -> None:
        """Gather the facts of one macro and of all that it encloses."""
        for clause in node.clauses:
            self.colour_tag(clause.tag)
        if node.close is not None:
            self.colour_tag(node.close)
        reader = _READERS.get(node.name)
        if reader is not None:
            reader(self, node, place)
        elif node.name in PLAIN_MACROS:
            self.plain(node, place)
        else:
            self.unknown(node, place)

    # ---- shared

    def colour_tag(self, tag: MacroTag) -> None:
        name_stop = tag.start + 2 + len(tag.name)
        self.builder.token(tag.start, name_stop, "macro")
        if tag.is_closed:
            self.builder.token(tag.stop - 2, tag.stop, "macro")

    def arguments(self, tag: MacroTag) -> list[Argument]:
        found, problems = read_arguments(self.finder, *tag.arguments)
        self.builder.problems.extend(problems)
        return found

    def inside(self, tag: MacroTag) -> Span:
        return trim(self.text, tag.arguments)

    def source(self, span: Span) -> str:
        return self.text[span.start : span.stop]

    def read(self, arguments: Sequence[Argument]) -> None:
        """Arguments that are only read."""
        for argument in arguments:
            if argument.kind == "expression":
                self.expressions.expression(argument.inside)
            elif argument.brackets is not None:
                self.links.brackets(argument.brackets)
            elif argument.kind == "constant":
                kind = "number" if argument.value[:1] in "+-.0123456789" else "keyword"
                self.builder.token(argument.start, argument.stop, kind)
            else:
                self.builder.token(argument.start, argument.stop, "string")

    def bodies(self, node: nodes.Macro, place: Place) -> None:
        for clause in node.clauses:
            self.walk(clause.body, place)

    # ---- conditions

    def if_(self, node: nodes.Macro, place: Place) -> None:
        before: list[Condition] = []
        for clause in node.clauses:
            condition = self.branch(clause.tag)
            here = [negated(each) for each in before]
            if condition is not None:
                here.append(condition)
                before.append(condition)
            self.walk(clause.body, place.under(*here))

    def branch(self, tag: MacroTag) -> Condition | None:
        """The condition of an ``<<if>>`` or ``<<elseif>>``; None for ``<<else>>``."""
        span = self.inside(tag)
        if tag.name == "else":
            if span.start < span.stop:
                hint = "write <<elseif condition>>" if self.source(span).startswith("if") else "remove what follows"
                self.builder.problem("<<else>> takes no condition", *span, hint)
            return None
        if span.start == span.stop:
            self.builder.problem(f"<<{tag.name}>> has no condition", tag.start, tag.stop)
            return None
        parsed, _ = self.expressions.expression(span, is_condition=True)
        if isinstance(parsed.expression, js.Assign):
            self.builder.problem("a condition sets a variable", *span, 'write "is" to compare')
        return Condition(self.source(span), is_negated=False, span=span)

    def switch(self, node: nodes.Macro, place: Place) -> None:
        span = self.inside(node.clauses[0].tag)
        if span.start == span.stop:
            self.builder.problem("<<switch>> has no expression", node.start, node.clauses[0].tag.stop)
        parsed, _ = self.expressions.expression(span, is_condition=True)
        is_passage = is_place(parsed.expression)
        before: list[Condition] = []
        self.walk(node.clauses[0].body, place.shown(is_shown=False))
        for clause in node.clauses[1:]:
            if clause.tag.name == "default":
                self.walk(clause.body, place.under(*(negated(each) for each in before)))
                continue
            condition = self.case(clause.tag, self.source(span), is_passage=is_passage)
            before.append(condition)
            self.walk(clause.body, place.under(condition))

    def case(self, tag: MacroTag, subject: str, *, is_passage: bool) -> Condition:
        found = self.arguments(tag)
        for argument in found:
            if argument.kind == "expression":
                self.expressions.expression(argument.inside, is_condition=True)
            elif argument.kind == "text" and is_passage:
                slot = Slot(argument.inside, argument.quoting)
                self.builder.reference(argument.value, slot, is_required=False)
        self.read([argument for argument in found if argument.kind != "expression"])
        text = " or ".join(f"{subject} is {self.text[each.start : each.stop]}" for each in found)
        return Condition(text, is_negated=False, span=self.inside(tag))

    def for_(self, node: nodes.Macro, place: Place) -> None:
        """``<<for>>`` in its three forms: a condition, three parts, a range."""
        span = self.inside(node.clauses[0].tag)
        found = [each for each in lexemes(self.text, *span, Dialect.SUGAR) if each.kind != "comment"]
        ranged = next((each for each in found if each.kind == "name" and each.text == "range"), None)
        semicolons = [each.start for each in found if each.text == ";" and each.kind == "operator"]
        if ranged is not None:
            self.range(found, ranged, span)
        elif semicolons:
            place = self.three_parts(span, semicolons, place)
        elif span.start < span.stop:
            self.expressions.expression(span, is_condition=True)
            place = place.under(Condition(self.source(span), is_negated=False, span=span))
        self.bodies(node, place)

    def range(self, found: list[Lexeme], ranged: Lexeme, span: Span) -> None:
        before = [each for each in found if each.start < ranged.start]
        colour(before, self.builder)
        self.builder.token(ranged.start, ranged.stop, "keyword")
        for each in before:
            if each.kind == "variable":
                self.expressions.variable(Span(each.start, each.stop), AccessKind.WRITE)
        self.expressions.expression(Span(ranged.stop, span.stop), is_condition=True)

    def three_parts(self, span: Span, semicolons: list[int], place: Place) -> Place:
        first = semicolons[0]
        second = semicolons[1] if len(semicolons) > 1 else span.stop
        self.expressions.code(Span(span.start, first))
        self.expressions.code(Span(min(second + 1, span.stop), span.stop))
        condition = trim(self.text, Span(first + 1, second))
        if condition.start == condition.stop:
            return place
        self.expressions.expression(condition, is_condition=True)
        return place.under(Condition(self.source(condition), is_negated=False, span=condition))

    # ---- variables

    def set(self, node: nodes.Macro, place: Place) -> None:
        span = self.inside(node.clauses[0].tag)
        if span.start == span.stop:
            self.builder.problem(f"<<{node.name}>> has no expression", node.start, node.stop)
        parsed, moves = self.expressions.code(span)
        if parsed.is_code:
            self.builder.opaque(f"<<{node.name}>>", *span, may_move=False)
        self.links.moves(moves, place)
        if place.click is not None and not moves:
            place.click.effects.extend(sources(self.text, parsed))

    def unset(self, node: nodes.Macro, place: Place) -> None:
        self.each_variable(node.clauses[0].tag, (AccessKind.WRITE,))
        if place.click is not None:
            place.click.effects.append(f"unset {self.source(self.inside(node.clauses[0].tag))}")

    def capture(self, node: nodes.Macro, place: Place) -> None:
        self.each_variable(node.clauses[0].tag, (AccessKind.READ, AccessKind.WRITE))
        self.bodies(node, place)

    def each_variable(self, tag: MacroTag, kinds: tuple[AccessKind, ...]) -> None:
        found = lexemes(self.text, *tag.arguments, Dialect.SUGAR)
        colour(found, self.builder)
        for lexeme in found:
            if lexeme.kind == "variable":
                for kind in kinds:
                    self.expressions.variable(Span(lexeme.start, lexeme.stop), kind)

    def print(self, node: nodes.Macro, place: Place) -> None:
        span = self.inside(node.clauses[0].tag)
        if span.start == span.stop:
            self.builder.problem(f"<<{node.name}>> has no expression", node.start, node.stop)
        parsed, moves = self.expressions.expression(span)
        self.links.moves(moves, place)
        if any(_is_markup(lexeme) for lexeme in parsed.lexemes):
            self.builder.opaque(f"<<{node.name}>>", node.start, node.stop, may_move=True)

    def input(self, node: nodes.Macro, place: Place) -> None:
        """The reader chooses a value for the variable whose name is the first argument."""
        found = self.arguments(node.clauses[0].tag)
        if found:
            self.receiver(found[0], node)
        else:
            self.builder.problem(f"<<{node.name}>> names no variable", node.start, node.stop)
        self.read(found[1:])
        for clause in node.clauses[1:]:
            self.option(clause.tag)
            self.walk(clause.body, place.shown(is_shown=False))

    def receiver(self, argument: Argument, node: nodes.Macro) -> None:
        name = NAME.match(self.text, argument.inside.start, argument.inside.stop)
        if argument.kind != "text" or name is None:
            self.read([argument])
            self.builder.opaque(f"<<{node.name}>>", node.start, node.stop, may_move=False)
            return
        self.builder.token(argument.start, argument.inside.start, "string")
        self.builder.token(*argument.inside, "variable")
        self.builder.token(argument.inside.stop, argument.stop, "string")
        span = Span(*name.span())
        if name.end() < argument.inside.stop:
            self.expressions.variable(span, AccessKind.READ)
        self.expressions.variable(span, AccessKind.WRITE)

    def option(self, tag: MacroTag) -> None:
        if tag.name == "optionsfrom":
            self.expressions.expression(self.inside(tag))
            return
        found = self.arguments(tag)
        for argument in found[:1]:
            self.links.argument_label(argument)
        self.read(found[1:])

    # ---- ways on

    def link(self, node: nodes.Macro, place: Place) -> None:
        """A link whose body runs on a click; a jump in there is where it leads."""
        found = self.arguments(node.clauses[0].tag)
        if not found:
            self.builder.problem(f"<<{node.name}>> has no label", node.start, node.clauses[0].tag.stop)
        label, to = self.link_arguments(found, node)
        click = Click()
        if to is not None:
            click.ways.append(Way(to.kind, to.target, to.slot, place.conditions))
        is_reveal = node.name in REVEALS
        self.bodies(node, place.clicked(click, is_shown=place.is_shown and is_reveal))
        ways = click.ways or [Way(ChoiceKind.REVEAL, None, None, place.conditions)]
        for way in ways:
            self.links.choice(Span(node.start, node.stop), way, label, tuple(click.effects), is_once=is_reveal)

    def link_arguments(self, found: list[Argument], node: nodes.Macro) -> tuple[Label, Destination | None]:
        if not found:
            return Label(), None
        first, rest = found[0], found[1:]
        if first.brackets is not None:
            label, to, _ = self.links.brackets(first.brackets)
            self.read(rest)
            return label, to
        label = self.links.argument_label(first)
        if node.name in REVEALS or not rest or rest[0].value in _TRANSITIONS:
            self.read(rest)
            return label, None
        _, to = self.links.argument_target(rest[0])
        self.read(rest[1:])
        return label, to

    def goto(self, node: nodes.Macro, place: Place) -> None:
        found = self.arguments(node.clauses[0].tag)
        if not found:
            self.builder.problem("<<goto>> names no passage", node.start, node.stop)
            return
        _, to = self.links.argument_target(found[0])
        self.read(found[1:])
        kind = ChoiceKind.GOTO if to.kind is ChoiceKind.LINK else to.kind
        self.links.way(to._replace(kind=kind), Span(node.start, node.stop), place)

    def include(self, node: nodes.Macro, place: Place) -> None:
        found = self.arguments(node.clauses[0].tag)
        if not found:
            self.builder.problem(f"<<{node.name}>> names no passage", node.start, node.stop)
            return
        _, to = self.links.argument_target(found[0])
        self.read(found[1:])
        way = Way(ChoiceKind.INCLUDE, to.target, to.slot, place.conditions)
        self.links.choice(Span(node.start, node.stop), way, Label())

    def back(self, node: nodes.Macro, place: Place) -> None:
        """``<<back>>`` and ``<<return>>``, with a label and a passage of their own or without."""
        found = self.arguments(node.clauses[0].tag)
        label, to = self.link_arguments(found, node)
        target, slot = (to.target, to.slot) if to is not None else (None, None)
        way = Way(ChoiceKind.RETURN, target, slot, place.conditions)
        self.links.choice(Span(node.start, node.stop), way, label)

    def actions(self, node: nodes.Macro, place: Place) -> None:
        """One link for each argument, gone once it was taken."""
        for argument in self.arguments(node.clauses[0].tag):
            effects: tuple[str, ...] = ()
            if argument.brackets is not None:
                label, found, effects = self.links.brackets(argument.brackets)
                to = found or Destination(ChoiceKind.COMPUTED)
            else:
                label, to = self.links.argument_target(argument)
                self.builder.prose(*argument.inside)
            way = Way(to.kind, to.target, to.slot, place.conditions)
            self.links.choice(Span(argument.start, argument.stop), way, label, effects, is_once=True)

    def choice(self, node: nodes.Macro, place: Place) -> None:
        """``<<choice "passage" "label">>``: the passage comes first."""
        found = self.arguments(node.clauses[0].tag)
        if not found:
            self.builder.problem("<<choice>> names no passage", node.start, node.stop)
            return
        effects: tuple[str, ...] = ()
        if found[0].brackets is not None:
            label, where, effects = self.links.brackets(found[0].brackets)
            to = where or Destination(ChoiceKind.COMPUTED)
        else:
            label, to = self.links.argument_target(found[0])
        if len(found) > 1:
            label = self.links.argument_label(found[1])
        self.read(found[2:])
        way = Way(to.kind, to.target, to.slot, place.conditions)
        self.links.choice(Span(node.start, node.stop), way, label, effects, is_once=True)

    # ---- the rest

    def plain(self, node: nodes.Macro, place: Place) -> None:
        """A macro that only shows, hides or plays something."""
        for clause in node.clauses:
            self.read(self.arguments(clause.tag))
            self.walk(clause.body, place.shown(is_shown=self.is_shown(node, place)))

    def is_shown(self, node: nodes.Macro, place: Place) -> bool:
        if node.name in _SILENT:
            return False
        return place.is_shown or (place.click is not None and node.name in {"append", "prepend", "replace"})

    def widget(self, node: nodes.Macro, place: Place) -> None:
        found = self.arguments(node.clauses[0].tag)
        if not found:
            self.builder.problem("<<widget>> has no name", node.start, node.clauses[0].tag.stop)
        self.builder.definitions.extend(argument.value for argument in found[:1])
        self.read(found)
        self.bodies(node, place)

    def script(self, node: nodes.Macro, place: Place) -> None:
        language = self.arguments(node.clauses[0].tag)
        self.read(language)
        if node.raw is not None:
            is_sugared = bool(language) and language[0].value.lower() == "twinescript"
            moves = self.expressions.script("<<script>>", node.raw, is_sugared=is_sugared)
            self.links.moves(moves, place)

    def unknown(self, node: nodes.Macro, place: Place) -> None:
        """A macro of the story's own: it may do anything with what it is given."""
        tag = node.clauses[0].tag
        self.builder.opaque(f"<<{node.name}>>", tag.start, tag.stop, may_move=True)
        for argument in self.arguments(tag):
            self.unknown_argument(argument, node, place)
        if place.click is not None:
            place.click.effects.append(self.text[tag.start : tag.stop])
        self.bodies(node, place)

    def unknown_argument(self, argument: Argument, node: nodes.Macro, place: Place) -> None:
        if argument.brackets is not None:
            label, to, effects = self.links.brackets(argument.brackets)
            if to is not None:
                way = Way(to.kind, to.target, to.slot, place.conditions)
                self.links.choice(Span(argument.start, argument.stop), way, label, effects)
        elif argument.kind == "text" and NAME.match(argument.value) and argument.quoting != "bareword":
            self.receiver(argument, node)
        else:
            self.read([argument])


def _is_markup(lexeme: Lexeme) -> bool:
    """A string that, printed, would become a link or a macro."""
    is_string = lexeme.kind in {"string", "template", "head", "middle", "tail"}
    return is_string and any(sign in lexeme.text for sign in _MARKUP_SIGNS)


_READERS: Final[dict[str, Callable[[Macros, nodes.Macro, Place], None]]] = {
    "if": Macros.if_, "switch": Macros.switch, "for": Macros.for_, "while": Macros.for_, "set": Macros.set,
    "run": Macros.set, "unset": Macros.unset, "capture": Macros.capture, "goto": Macros.goto,
    "include": Macros.include, "display": Macros.include, "back": Macros.back, "return": Macros.back,
    "actions": Macros.actions, "choice": Macros.choice, "widget": Macros.widget, "script": Macros.script,
    **dict.fromkeys(("print", "=", "-"), Macros.print),
    **dict.fromkeys(sorted(INPUTS), Macros.input),
    **dict.fromkeys(sorted(LINKS), Macros.link),
}  # fmt: skip
