"""Makes a Chapbook passage ready to be played: once for each text, whoever plays it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from gamebook_lab.languages.chapbook import nodes, steps
from gamebook_lab.languages.chapbook.code import NAME, RESERVED
from gamebook_lab.languages.chapbook.formula import VAGUE, Formula, expression, formula, named, program, strings
from gamebook_lab.languages.chapbook.parser import parse, parse_text
from gamebook_lab.languages.chapbook.scripts import SCRIPTS, script
from gamebook_lab.languages.chapbook.telling import Telling
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.counting import moved
from gamebook_lab.languages.javascript.cutting import takes_apart
from gamebook_lab.languages.javascript.parser import parse_properties
from gamebook_lab.languages.javascript.telling import ALL, Context
from gamebook_lab.languages.javascript.telling import Telling as Told
from gamebook_lab.languages.shared.deeds import NOTHING, Deed, Deeds
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.html import Tag
from gamebook_lab.languages.shared.links import is_address, read_link
from gamebook_lab.languages.shared.marks import kinds_of
from gamebook_lab.languages.shared.playing import Source
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.story.play import PREVIOUS
from gamebook_lab.story.program import ChoiceKind, Span

__all__ = ["ANYWHERE", "MARGINS", "prepare"]

ANYWHERE: Final = "(any passage)"
"""Stands for every passage of the story, where a name is computed."""
MARGINS: Final = tuple(
    f"config.{where}.{side}" for where in ("header", "footer") for side in ("left", "center", "right")
)
"""Chapbook shows these on every page, with their links and inserts."""

_TEST: Final = re.compile(r"if(?:always|never)?\s|.*else\Z|.*unless\s", re.IGNORECASE | re.DOTALL)
_KNOWN: Final = (
    ("test", _TEST),
    ("plain", re.compile(r"after\s|align\s+(?:left|right|center)|append\Z|continued?|.*cont(?:'d)?\Z", re.IGNORECASE | re.DOTALL)),
    ("hidden", re.compile(r"css\Z|(?:note(?:\s+to\s+(?:myself|self))?|n\.?b\.?|todo|fixme)\Z", re.IGNORECASE)),
    ("script", re.compile(r"javascript\Z", re.IGNORECASE)),
)  # fmt: skip
_EMPHASIS: Final = re.compile(r"\*+|~~|`|\\(?=[*_#~`])")
_BLANKS: Final = re.compile(r"\s+")
_PATH: Final = re.compile(r"[\w$]+(?:\.[\w$]+|\[\d+\])*")
_SILENT: Final = (
    "ambient sound", "no ambient sound", "sound effect", "embed image", "embed flickr", "embed youtube", "embed unsplash",
    "theme switcher",
)  # fmt: skip
_KEPT: Final = 16_384
"""Passages that are remembered: of a story that has more, each is read anew whenever all are asked for."""
_ELEMENTS: Final = frozenset({"reveal-link", "cycling-link", "variable-binding"})


@lru_cache(maxsize=_KEPT)
def prepare(source: Source) -> steps.Ready:
    """Make a passage ready."""
    return _Preparing(source.text).run()


class _Preparing:
    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[Deed] = []
        self.kills: set[str] = set()
        self.read_before: set[str] = set()
        self.opaques: list[tuple[str, Span]] = []
        self.conditions = NOTHING
        self.state = NOTHING
        """What ``[else]`` depends on."""
        self.telling, self.shows = Telling(), set[Told]()
        self.kinds = NOTHING
        self.is_cutting = self.has_brackets = self.writes = False

    def run(self) -> steps.Ready:
        tree = parse(self.text)
        assigns = tuple(each for node in tree.assignments if (each := self.assign(node)) is not None)
        sections = tuple(self.section(block) for block in tree.blocks)
        deeds = Deeds(tuple(self.parts), frozenset(self.kills))
        tells = frozenset(self.telling.found)
        return steps.Ready(
            assigns, sections, deeds, tuple(self.opaques), tells, tells.union(self.shows),
            self.kinds, self.is_cutting, self.has_brackets, self.writes,
        )  # fmt: skip

    def source(self, span: Span) -> str:
        return self.text[span.start : span.stop]

    # ---- what expressions do

    def formula(self, span: Span, context: Context | None = "value") -> Formula:
        """Read an expression; what its value tells is noted, if ``context`` is not None."""
        made = expression(self.text, span)
        if context is not None:
            self.tell(made, context)
        return self.noted(made)

    def tell(self, made: Formula, context: Context) -> None:
        if made.node is not None:
            self.telling.run([made.node], context)

    def noted(self, made: Formula) -> Formula:
        """Note what evaluating it may do besides giving a value."""
        if made.writes or made.is_wild or made.may_move:
            sets = tuple((name, made.reads) for name in sorted(made.writes))
            includes = frozenset({SCRIPTS}) if made.is_wild else NOTHING
            self.deed(
                decides=made.reads if made.may_move else NOTHING, sets=sets, acts=made.may_move, includes=includes
            )
        if made.is_wild or made.is_vague:
            self.opaques.append((made.source[:40], made.span))
        if made.node is not None:
            self.strings(strings([made.node]))
            self.is_cutting = self.is_cutting or takes_apart([made.node])
        return made

    def strings(self, found: Iterable[str]) -> None:
        """Note what strings may come to be where they are shown or written."""
        for each in found:
            if "<" in each or ">" in each:
                self.kinds |= kinds_of(each)
            self.has_brackets = self.has_brackets or "[" in each or "{" in each

    def deed(
        self,
        *,
        decides: frozenset[str] = NOTHING,
        shows: frozenset[str] = NOTHING,
        sets: tuple[tuple[str, frozenset[str]], ...] = (),
        acts: bool = False,
        includes: frozenset[str] = NOTHING,
        prints: bool = False,
    ) -> None:
        self.parts.append(Deed(self.conditions, decides, shows, sets, acts, includes, prints))

    # ---- the vars section

    def assign(self, node: nodes.Assignment) -> steps.Assign | None:
        name = self.source(node.name)
        condition = self.formula(node.condition, "truth") if node.condition is not None else None
        value = self.formula(node.value, None)
        span = Span(node.start, node.stop)
        root = NAME.match(name)
        path = (name,) if name in MARGINS else tuple(re.split(r"[.\[\]]+", name.rstrip("]")))
        if root is None or (root.group() in RESERVED and name not in MARGINS):
            if name == "trail":
                self.opaques.append(("trail", span))
                self.deed(acts=True, includes=frozenset({ANYWHERE}))
            elif name.startswith("config.random"):
                self.opaques.append((name, span))
            return steps.Assign((), condition, value, span)
        target = path[0]
        by = moved(value.node, target, named) if value.node is not None and len(path) == 1 else None
        if by is not None:
            self.telling.moves(target, by)
        else:
            self.tell(value, "value")
        if len(path) > 1:
            self.telling.sees(target)
        if name in MARGINS:
            self.inner_text(value.node)
        before = condition.reads if condition is not None else NOTHING
        self.read_before |= before | value.reads | value.writes
        self.parts.append(Deed(before, sets=((target, value.reads | ({target} if len(path) > 1 else NOTHING)),)))
        if condition is None and len(path) == 1 and target not in self.read_before and not value.is_wild:
            self.kills.add(target)
        return steps.Assign(path, condition, value, span)

    # ---- blocks

    def section(self, block: nodes.Block) -> steps.Section:
        start = block.nodes[0].start if block.nodes else block.stop
        sources = [(self.source(span), span) for each in block.modifiers if (span := Span(each.start, each.stop))]
        kinds = [[kind for kind, pattern in _KNOWN if pattern.match(words)] for words, _ in sources]
        unknown = tuple(
            steps.Strange(span, f"[{words}]")
            for (words, span), kind in zip(sources, kinds, strict=True)
            if len(kind) != 1
        )
        for strange in unknown:
            self.strange(strange)
        if not self.text[start : block.stop].strip():
            return steps.Section((), (), unknown=unknown, is_acting=bool(unknown))
        first = len(self.parts)
        tests = tuple(
            self.test(words, span) for (words, span), kind in zip(sources, kinds, strict=True) if kind == ["test"]
        )
        self.deed()  # what is shown depends on the tests
        code: steps.Script | None = None
        found: tuple[steps.Step, ...] = ()
        if ["script"] in kinds:
            code = self.script(Span(start, block.stop))
        else:
            found = self.line(block.nodes)
        self.conditions = NOTHING
        own = self.parts[first:]
        return steps.Section(
            tests, found, ["hidden"] in kinds, code, unknown,
            bool(unknown) or any(part.acts for part in own),
            any(part.prints for part in own),
            frozenset(name for part in own for name, _ in part.sets),
            frozenset().union(*(part.includes for part in own)),
        )  # fmt: skip

    def test(self, words: str, span: Span) -> steps.Test:
        """Read one test; what stands in the block depends on it, and so may a later ``[else]``."""
        head, _, rest = words.partition(" ") if " " in words else (words, "", "")
        kind = head.lower()
        made = None
        if kind in {"if", "unless"}:
            outer, self.conditions = self.conditions, NOTHING
            made = self.formula(Span(span.stop - len(rest), span.stop), "truth")
            self.conditions, self.state = outer, made.reads
        elif kind in {"ifalways", "ifnever"}:
            self.state = NOTHING
        self.conditions |= self.state
        return steps.Test(kind, made, span, trim(self.text, Span(span.stop - len(rest), span.stop)))

    def script(self, span: Span) -> steps.Script:
        code = script(self.text, span)
        self.writes = self.writes or code.is_writing
        followed = program(self.text, span)
        if followed is not None:
            self.tell(followed, "nothing")
            if "config" in followed.source:  # it may set what is shown around every page
                self.telling.sees(ALL)
            self.deed(shows=followed.reads, prints=code.is_writing)
            self.noted(followed)
            return replace(code, followed=followed)
        self.opaques.append(("[JavaScript]", span))
        self.strings(code.targets)
        includes = frozenset({ANYWHERE, SCRIPTS} if code.may_move else {SCRIPTS})
        sets = tuple((name, code.reads) for name in sorted(code.writes))
        self.deed(sets=sets, shows=code.reads, acts=True, includes=includes)
        return code

    def strange(self, strange: steps.Strange) -> None:
        self.opaques.append((strange.what, strange.span))
        self.deed(acts=True, includes=frozenset({SCRIPTS}))

    # ---- text

    def line(self, found: tuple[nodes.Node, ...]) -> tuple[steps.Step, ...]:
        made: list[steps.Step] = []
        for node in found:
            match node:
                case nodes.Prose():
                    made.append(self.say(node.start, node.stop))
                case nodes.Link():
                    made.append(self.link(Span(node.start, node.stop), node.link.target, node.link.label))
                case nodes.Insert():
                    made += self.insert(node)
                case nodes.Html():
                    made += self.tag(node.tag)
                case nodes.Mark():
                    made.append(steps.Say(Span(node.start, node.stop), " "))
        return tuple(made)

    def say(self, start: int, stop: int) -> steps.Say:
        return steps.Say(Span(start, stop), _EMPHASIS.sub("", self.text[start:stop]))

    def words(self, span: Span) -> steps.Line:
        """A stretch in which only inserts count."""
        source = self.source(span)
        if "{" not in source:
            return steps.Line(source, ())
        found, _ = parse_text(Finder(self.text), *span)
        return steps.Line(source, self.line(found))

    def link(self, span: Span, target: Span, label: Span | None) -> steps.Go:
        first = len(self.parts)
        to = self.words(target)
        reads = frozenset().union(*(part.shows for part in self.parts[first:]))
        shown = to if label is None else self.words(label)
        is_outside = not to.steps and is_address(to.source)
        kind = ChoiceKind.EXTERNAL if is_outside else ChoiceKind.COMPUTED if to.steps else ChoiceKind.LINK
        self.deed(decides=reads, acts=True)
        for name in reads:
            self.telling.sees(name)
        return steps.Go(span, kind, to, shown)

    def tag(self, tag: Tag) -> tuple[steps.Step, ...]:
        span = Span(tag.start, tag.stop)
        if tag.is_closing:
            return ()
        for attribute in tag.attributes:
            if attribute.value is None:
                continue
            value = self.source(attribute.value)
            if (tag.name, attribute.name) == ("passage-link", "to"):
                return (self.link(span, attribute.value, None),)
            is_code = attribute.name.startswith("on") or value.strip().lower().startswith("javascript:")
            if is_code or tag.name in _ELEMENTS:
                return (self.handler(tag, span, attribute.value),)
            if (tag.name, attribute.name) == ("a", "href") and is_address(value):
                self.deed(acts=True)
                return (steps.Go(span, ChoiceKind.EXTERNAL, steps.Line(value, ()), steps.Line("", ())),)
        return (steps.Say(span, "\n"),) if tag.name in {"br", "p", "div", "li", "hr", "tr"} else ()

    def handler(self, tag: Tag, span: Span, code: Span) -> steps.Handler:
        found = script(self.text, code)
        self.opaques.append((f"<{tag.name}>", span))
        self.deed(
            sets=tuple((name, found.reads) for name in sorted(found.writes)),
            acts=True,
            includes=frozenset({ANYWHERE, SCRIPTS}),
        )
        return steps.Handler(span, f"<{tag.name}>", found.targets, found.writes)

    # ---- inserts

    def insert(self, node: nodes.Insert) -> tuple[steps.Step, ...]:
        span = Span(node.start, node.stop)
        inside = self.text[node.start + 1 : node.stop - 1].strip()
        if not _BLANKS.search(inside):
            return (self.show(span, inside),)
        if broken := self.broken(span):
            return broken
        keyword = _BLANKS.sub(" ", self.source(node.keyword)).lower()
        if keyword.startswith(_SILENT):
            return ()
        given = self.arguments(node)
        made = self.known(keyword, span, *given)
        if made is not None:
            return (made,)
        self.strange(strange := steps.Strange(span, f"{{{keyword}}}"))
        return (strange,)

    def show(self, span: Span, path: str) -> steps.Step:
        if not _PATH.fullmatch(path):
            return self.say(*span)
        made = expression(path, Span(0, len(path)))
        self.deed(shows=made.reads, prints=True)
        self.shows.update(Told("seen", name) for name in made.reads)
        if path.startswith(VAGUE):
            self.opaques.append((f"{{{path}}}", span))
        return steps.Show(span, path)

    def broken(self, span: Span) -> tuple[steps.Step, ...]:
        """Links are made before inserts, with double quotes: inside a double-quoted string they break the insert, and stay."""
        if "[[" not in self.source(span) or not re.search(r'"[^"]*\[\[', self.source(span)):
            return ()
        finder = Finder(self.text)
        made: list[steps.Step] = []
        place = span.start
        while (place := self.text.find("[[", place, span.stop)) >= 0:
            found = read_link(finder, place)
            if found is not None and found.stop <= span.stop:
                made.append(self.link(Span(found.start, found.stop), found.target, found.label))
            place = max(place + 2, found.stop if found is not None else 0)
        return tuple(made)

    def arguments(self, node: nodes.Insert) -> tuple[Formula | None, dict[str, Formula]]:
        start, stop = node.arguments
        if start == stop:
            return None, {}
        parsed, first, properties = parse_properties(self.text, start + 1, stop, has_first=self.text[start] == ":")
        if parsed.problem is not None:
            return None, {}
        named = {
            each.key: self.part(each.value)
            for each in properties
            if isinstance(each.key, str)
        }  # fmt: skip
        return (None if first is None else self.part(first)), named

    def part(self, node: js.Node) -> Formula:
        made = formula(self.text, Span(node.start, node.stop), node)
        self.tell(made, "value")
        return self.noted(made)

    def known(self, keyword: str, span: Span, first: Formula | None, given: dict[str, Formula]) -> steps.Step | None:
        label = given.get("label")
        shows = label.reads if label is not None else NOTHING
        if keyword.startswith("embed passage"):
            if first is None:
                return steps.Say(span, "")
            self.deed(decides=first.reads, includes=_includes(first))
            return steps.Embed(span, first)
        if keyword.startswith("link to"):
            if first is None:
                return steps.Say(span, "")
            target = first.node
            is_outside = isinstance(target, js.Text) and is_address(target.value)
            kind = ChoiceKind.LINK if isinstance(target, js.Text) else ChoiceKind.COMPUTED
            self.deed(decides=first.reads, shows=shows, acts=True)
            return steps.Go(span, ChoiceKind.EXTERNAL if is_outside else kind, first, first if label is None else label)
        if keyword.startswith("back link"):
            self.deed(decides=frozenset({PREVIOUS}), shows=shows, acts=True)
            return steps.Back(span, label)
        if keyword.startswith("restart link"):
            self.deed(shows=shows, acts=True)
            return steps.Restart(span, label)
        if keyword.startswith("reveal link"):
            return self.reveal(span, first, given)
        if keyword.startswith(("cycling link", "dropdown menu")):
            return self.menu(span, first, given.get("choices"))
        if keyword.startswith("text input"):
            return self.box(span, first)
        return None

    def reveal(self, span: Span, label: Formula | None, given: dict[str, Formula]) -> steps.Step:
        text, passage = given.get("text"), given.get("passage")
        if label is None or (text is None and passage is None):
            return steps.Say(span, "")
        reads = label.reads.union(*(each.reads for each in (text, passage) if each is not None))
        includes = NOTHING
        if text is None and passage is not None:
            includes = _includes(passage)
        elif text is not None and isinstance(text.node, js.Text):
            inner = prepare(Source("", (), text.node.value))
            outer = self.conditions
            self.parts += [part._replace(conditions=part.conditions | outer) for part in inner.deeds.parts]
            self.opaques += [(what, span) for what, _ in inner.opaques]
            self.inner_text(text.node)
        else:
            self.inner_text(None)
            includes = frozenset({ANYWHERE})
            self.opaques.append(("{reveal link}", span))
        self.deed(decides=reads, acts=True, includes=includes)
        return steps.Reveal(span, label, text, passage)

    def menu(self, span: Span, variable: Formula | None, choices: Formula | None) -> steps.Step | None:
        if choices is None:
            return self.say(*span)
        if variable is None:
            self.deed(shows=choices.reads)
            return steps.Menu(span, None, choices)
        target = variable.node
        if not isinstance(target, js.Text) or not _PATH.fullmatch(target.value):
            return None
        root = re.split(r"[.\[]", target.value)[0]
        self.telling.sees(root)
        self.deed(decides=choices.reads, sets=((root, choices.reads | {root}),), acts=True)
        return steps.Menu(span, variable, choices)

    def box(self, span: Span, variable: Formula | None) -> steps.Step | None:
        if variable is None:
            return steps.Say(span, "")
        target = variable.node
        if not isinstance(target, js.Text) or not _PATH.fullmatch(target.value):
            return None
        root = re.split(r"[.\[]", target.value)[0]
        self.deed(sets=((root, frozenset({root})),), acts=True)
        return steps.Box(span, root)

    def inner_text(self, node: js.Node | None) -> None:
        """Note what a text may tell that is run as a passage's would be; None: nobody knows which."""
        if isinstance(node, js.Text):
            inner = prepare(Source("", (), node.value))
            self.telling.found |= inner.tells
            self.shows |= inner.shows
        else:
            self.telling.sees(ALL)


def _includes(target: Formula) -> frozenset[str]:
    return frozenset({target.node.value if isinstance(target.node, js.Text) else ANYWHERE})
