"""What the readers of macros share: a passage's builder, its arguments, its bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument, read_arguments
from gamebook_lab.languages.sugarcube.expressions import NAME, Expressions
from gamebook_lab.languages.sugarcube.links import Links
from gamebook_lab.languages.sugarcube.places import Place
from gamebook_lab.languages.sugarcube.tags import MacroTag
from gamebook_lab.story.program import AccessKind, Span

Walk = Callable[[Sequence[nodes.Node], Place], None]


class Macros:
    """Tools to read the macros of one passage into its builder; ``walk`` reads what stands inside them."""

    def __init__(self, builder: Builder, finder: Finder, expressions: Expressions, links: Links, walk: Walk) -> None:
        self.builder, self.text, self.finder = builder, builder.text, finder
        self.expressions, self.links, self.walk = expressions, links, walk

    def colour(self, node: nodes.Macro) -> None:
        """Colour all of a macro's tags, but for their arguments."""
        for clause in node.clauses:
            self._colour_tag(clause.tag)
        if node.close is not None:
            self._colour_tag(node.close)

    def _colour_tag(self, tag: MacroTag) -> None:
        name_stop = tag.start + 2 + len(tag.name)
        self.builder.token(tag.start, name_stop, "macro")
        if tag.is_closed:
            self.builder.token(tag.stop - 2, tag.stop, "macro")

    def arguments(self, tag: MacroTag) -> list[Argument]:
        """Read a tag's arguments as those of most macros."""
        found, problems = read_arguments(self.finder, *tag.arguments)
        self.builder.problems.extend(problems)
        return found

    def inside(self, tag: MacroTag) -> Span:
        """A tag's arguments, trimmed, where they are an expression or code."""
        return trim(self.text, tag.arguments)

    def source(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.stop]

    def read(self, arguments: Sequence[Argument]) -> None:
        """Arguments that are only read."""
        for argument in arguments:
            if argument.kind == "expression":
                self.expressions.expression(argument.inside, suffix=argument.suffix)
            elif argument.brackets is not None:
                self.links.brackets(argument.brackets)
            elif argument.kind == "constant":
                kind = "number" if argument.value[:1] in "+-.0123456789" else "keyword"
                self.builder.token(argument.start, argument.stop, kind)
            else:
                self.builder.token(argument.start, argument.stop, "string")

    def bodies(self, node: nodes.Macro, place: Place) -> None:
        """Read all bodies of a macro in one place."""
        for clause in node.clauses:
            self.walk(clause.body, place)

    def receiver(self, argument: Argument, node: nodes.Macro) -> None:
        """Read the quoted name of a variable that the macro writes."""
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
