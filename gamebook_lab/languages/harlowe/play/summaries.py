"""What playing a passage may do, whatever the values: found by reading all code that may be run for it.

Says too much where that is simpler. Temporary variables are followed like others, and left out in the end. A move
that a condition guards may keep all code behind it from being run, so that condition flows to whatever is written.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import past, storylets, units
from gamebook_lab.languages.harlowe.play.plans import ASSIGNS, CHANGES
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.languages.harlowe.play.world import CUT, INPUTS, MARKUP, PIECE, Passage, World, written
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, Summary, visits_of

_NOTHING: Final[frozenset[str]] = frozenset()
_MOVES: Final = frozenset(names.MOVES)
_OFFERS: Final = frozenset(["linkgoto", "linkundo", "linkstorylet", "linkshow", "linkrevealgoto", "clickgoto", "mouseovergoto", "mouseoutgoto", "clickundo", "mouseoverundo", "mouseoutundo", "iconundo", "iconrestart", "show", "hide", "rerun", "stop", "forgetvisits", "outputdata", "outdata"]) | INPUTS  # fmt: skip
_DECIDING_CHANGERS: Final = CHANGES | {"append", "prepend", "live", "after", "event", "for", "loop", "hidden", "hook"}
_DEEPEST: Final = 8


def summary(world: World, passage: str | None) -> Summary:
    """Summarise a passage, or with None what is run before the first."""
    reader = _Reader(world)
    if passage is None:
        for each in world.startup:
            reader.passage(each)
    else:
        for name in sorted(sources(world, passage)):
            if name not in world.storylets or name == passage or name in _shown(world, passage):
                reader.passage(world.passages[name])
        if any(name in world.storylets for name in sources(world, passage)):
            for name in world.storylets:
                reader.storylet(name)
        machinery = (visits_of(passage), TURNS, HISTORY)
        reader.writes.update((*machinery, PREVIOUS))
        reader.flows.update((name, name) for name in machinery)
    return reader.summary(_kills(world, passage))


def sources(world: World, passage: str | None) -> frozenset[str]:
    """Passages whose text may be run for one."""
    found = _shown(world, passage)
    if any(_asks(world.passages[name].text, {"linkstorylet", "openstorylets"}) for name in found):
        found |= frozenset(world.storylets)
    return found


def _asks(text: str, macros: set[str]) -> bool:
    return any(
        isinstance(node, tree.Macro) and node.name in macros for top in units.unit(text).nodes for node in walk(top)
    )


def _shown(world: World, passage: str | None) -> frozenset[str]:
    """Follow ``(display:)``; a computed one may show any passage."""
    if passage is None:
        waiting = [each.name for each in world.startup]
    else:
        waiting = [passage, *(each.name for each in (*world.headers, *world.footers))]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in world.passages:
            continue
        found.add(name)
        text = world.passages[name].text
        for shown in _displays(text):
            waiting += [*world.passages] if shown is None else [shown]
        if _is_dynamic(world, text):
            for each in world.stored:
                for shown in _displays(each):
                    waiting += [*world.passages] if shown is None else [shown]
    return frozenset(found)


def _displays(text: str, depth: int = 0) -> list[str | None]:
    """Passages that a text displays; None for one that is computed."""
    found: list[str | None] = []
    for top in units.unit(text).nodes:
        for node in walk(top):
            if isinstance(node, tree.Macro) and node.name in {"display", "source", "passage"}:
                first = node.arguments[0] if node.arguments else None
                if isinstance(first, tree.String):
                    found.append(first.value)
                elif node.name != "passage" or first is not None:
                    found.append(None)
            elif isinstance(node, tree.String) and MARKUP.search(node.value):
                found += _displays(node.value, depth + 1) if depth < _DEEPEST else [None]
                found += [None] if PIECE.search(node.value) else []
            elif isinstance(node, tree.Unread):
                found.append(None)
    return found


def _is_dynamic(world: World, text: str) -> bool:
    """Whether it runs what variables hold."""
    for top in units.unit(text).nodes:
        for node in walk(top):
            if isinstance(node, tree.Macro) and node.is_custom:
                return True
            if isinstance(node, tree.Variable) and node.name in world.holds_markup:
                return True
    return False


def _kills(world: World, passage: str | None) -> frozenset[str]:
    """Variables that a passage sets to a literal at its beginning, before anything could read them or move away."""
    if passage is None or world.headers or passage not in world.passages:
        return _NOTHING
    found: set[str] = set()
    read: set[str] = set()
    for node in units.unit(world.passages[passage].text).nodes:
        if isinstance(node, tree.Macro) and node.name in {"set", "put"}:
            for each in node.arguments:
                is_plain = isinstance(each, tree.Assignment) and each.operator in {"to", "into"}
                if not is_plain or not isinstance(each.target, tree.Variable):  # type: ignore[union-attr]
                    return frozenset(found)
                if not isinstance(each.value, tree.Number | tree.String | tree.Boolean):  # type: ignore[union-attr]
                    return frozenset(found)
                name = each.target.name  # type: ignore[union-attr]
                if name.startswith("$") and name not in read:
                    found.add(name)
        elif isinstance(node, tree.Variable):
            if node.name in world.holds_markup:
                break
            read.add(node.name)
        elif not isinstance(node, tree.Text | tree.Comment | tree.Tag | tree.Mark | tree.Verbatim):
            break
    return frozenset(found)


class _Reader:
    """Collects; names are of variables, temporary ones among them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.decides: set[str] = set()
        self.shows: set[str] = set()
        self.flows: set[tuple[str, str]] = set()
        self.writes: set[str] = set()
        self.halts: set[str] = set()
        """What decides whether the story moves on before the rest is run."""
        self.here = ""
        self.text = ""
        self.depth = 0
        self.has_stored = False
        self.is_wild = False
        """There is code that is nested too deeply to be read."""

    def passage(self, passage: Passage) -> None:
        """Read a passage's text."""
        self.here, self.text = passage.name, passage.text
        self.nodes(units.unit(passage.text).nodes, _NOTHING)
        if not self.has_stored and _is_dynamic(self.world, passage.text):
            self.has_stored = True
            for each in self.world.stored:
                self.text = each
                for top in units.unit(each).nodes:
                    for node in walk(top):
                        if isinstance(node, tree.Hook):
                            self.nodes(node.children, _NOTHING)
                    self.strings(top, _NOTHING)
                    self.nodes((top,), _NOTHING)

    def storylet(self, name: str) -> None:
        """Read what decides whether a storylet is open."""
        self.here = name
        for macro in storylets.calls(self.world.passages[name].text).values():
            self.decides |= self.reads(macro)

    # ---- code

    def reads(self, node: tree.Node) -> frozenset[str]:
        """Whatever a value may depend on."""
        found: set[str] = set()
        for each in walk(node):
            if isinstance(each, tree.Variable):
                found.add(each.name)
            elif isinstance(each, tree.Macro):
                self._macro_reads(each, found)
            elif isinstance(each, tree.Identifier):
                if each.name.startswith("visit"):
                    found |= {visits_of(self.here), *map(visits_of, self.entered())}
                elif each.name.startswith("turn"):
                    found.add(TURNS)
                elif each.name == PREVIOUS:
                    found.add(PREVIOUS)
            elif isinstance(each, past.Remembers):
                found.update(map(visits_of, each.names))
            elif isinstance(each, tree.Unread):
                self.is_wild = True
            elif isinstance(each, tree.String) and MARKUP.search(each.value):
                if self.depth >= _DEEPEST:
                    self.is_wild = True
                    continue
                self.depth += 1
                for top in units.unit(each.value).nodes:
                    found |= self.reads(top)
                self.depth -= 1
        return frozenset(found)

    def entered(self) -> tuple[str, ...]:
        """Passages whose visits shared code may ask for: any, in a header or a displayed passage."""
        return self.world.shares_visits

    def _macro_reads(self, node: tree.Macro, found: set[str]) -> None:
        if node.is_custom:
            found.add(node.name)
        elif node.name == "history":
            found.add(HISTORY)
        elif node.name == "visited":
            first = node.arguments[0] if node.arguments else None
            if isinstance(first, tree.String):
                found.add(visits_of(first.value))
            else:
                found |= set(map(visits_of, self.world.passages))
        elif node.name in {"openstorylets", "linkstorylet"}:
            here = self.here
            for name in self.world.storylets:
                self.here = name
                for macro in storylets.calls(self.world.passages[name].text).values():
                    if macro is not node:
                        found |= self.reads(macro)
            self.here = here

    def assigns(self, targets: frozenset[str], given: frozenset[str]) -> None:
        """Note that targets are written."""
        self.writes |= targets
        self.flows |= {(source, target) for source in given for target in targets}

    def calls(self, node: tree.Node, given: frozenset[str]) -> None:
        """Note what code writes wherever in it: assignments, lambdas' and bound variables."""
        for each in walk(node):
            if isinstance(each, tree.Macro):
                self._call(each, given)
            elif isinstance(each, tree.Hook):
                self.nodes(each.children, given)

    def _call(self, node: tree.Macro, given: frozenset[str]) -> None:
        if node.name in ASSIGNS:
            reads = self.reads(node) if len(node.arguments) > 1 else _NOTHING
            for each in node.arguments:
                if isinstance(each, tree.Assignment):
                    self.assign(each, given | reads, is_move=node.name == "move")
            return
        bound = [each for each in node.arguments if isinstance(each, tree.Bind | tree.Lambda)]
        if not bound and not node.is_custom:
            return
        reads = self.reads(node) | given
        for each in bound:
            if isinstance(each, tree.Bind):
                self.assigns(written(each), reads)
            else:
                made = [clause for word, clause in each.clauses if word == "making"]
                for target in (*made, *((each.subject,) if each.subject else ())):
                    self.assigns(written(target), reads)
        if node.is_custom:
            self.assigns(frozenset(self.world.parameters), reads)

    def assign(self, node: tree.Assignment, given: frozenset[str], *, is_move: bool) -> None:
        """Read one assignment."""
        targets = written(node.target)
        sources = self.reads(node.value) | given
        if any(isinstance(each, tree.Identifier | tree.Property) for each in walk(node)) or node.operator not in {
            "to", "into",
        } or not isinstance(node.target, tree.Variable):  # fmt: skip
            sources |= self.reads(node.target)
        self.assigns(targets, sources)
        if is_move:
            self.assigns(written(node.value), sources)
        self.calls(node.value, given)

    # ---- prose

    def nodes(self, nodes: tuple[tree.Markup, ...], given: frozenset[str]) -> None:
        """Read siblings, which run where ``given`` allows."""
        chain: frozenset[str] = _NOTHING
        for node in nodes:
            if isinstance(node, tree.Link):
                self.link(node, given)
            elif isinstance(node, tree.Style):
                self.nodes(node.children, given)
            elif isinstance(node, tree.Hook):
                self.shows |= given
                self.nodes(node.children, given)
            elif isinstance(node, tree.Attached):
                chain = self.attached(node, given, chain)
            elif isinstance(node, tree.Macro | tree.Variable):
                self.value(node, given)
            elif isinstance(node, tree.Unread):
                self.is_wild = True

    def link(self, node: tree.Link, given: frozenset[str]) -> None:
        """Read a ``[[link]]``, whose label and target are markup."""
        self.decides |= given
        for each in node.label_markup:
            reads = self.reads(each) | given
            self.shows |= reads
            if node.form == "simple":
                self.decides |= reads
            self.calls(each, reads)
        if node.form != "simple":
            for each in units.unit(self.text[node.target.start : node.target.stop]).nodes:
                self.decides |= self.reads(each)

    def value(self, node: tree.Macro | tree.Variable, given: frozenset[str]) -> None:
        """Read what stands in prose and is shown, or commands."""
        reads = self.reads(node) | given
        self.shows |= reads
        self.calls(node, given)
        self.strings(node, reads)
        if isinstance(node, tree.Variable):
            if node.name in self.world.holds_markup:
                self.decides |= reads
                self.halts |= reads
        elif node.name in _MOVES:
            self.decides |= reads
            self.halts |= reads
        elif node.name in _OFFERS or node.is_custom or node.name == "display":
            self.decides |= reads
            self.halts |= reads if node.is_custom or node.name == "display" else _NOTHING
        elif node.name in ASSIGNS:
            return
        elif any(isinstance(each, tree.Variable) and each.name in self.world.holds_markup for each in walk(node)) or (
            any(isinstance(each, tree.String) and self.is_markup(each.value) for each in walk(node))
            or any(
                isinstance(each, tree.Macro)
                and (each.is_custom or each.name in _OFFERS | _MOVES | {"passage", "source", "openstorylets"})
                for each in walk(node)
            )
        ):
            self.decides |= reads
            self.halts |= reads

    def is_markup(self, text: str) -> bool:
        """Whether a string may come to be markup, or a piece of it."""
        return MARKUP.search(text) is not None or (CUT in self.world.holds_markup and "(" in text)

    def strings(self, node: tree.Node, given: frozenset[str]) -> None:
        """Read strings that may be shown as markup."""
        if self.depth >= _DEEPEST:
            self.is_wild |= any(isinstance(each, tree.String) and MARKUP.search(each.value) for each in walk(node))
            return
        self.depth += 1
        for each in walk(node):
            if isinstance(each, tree.String) and MARKUP.search(each.value):
                before, self.text = self.text, each.value
                self.nodes(units.unit(each.value).nodes, given)
                self.text = before
        self.depth -= 1

    def attached(self, node: tree.Attached, given: frozenset[str], chain: frozenset[str]) -> frozenset[str]:
        """Read a hook with changers; gives what a later ``(else:)`` depends on."""
        reads = frozenset().union(given, *map(self.reads, node.changers))
        decides = False
        for changer in node.changers:
            self.calls(changer, given)
            self.strings(changer, reads)
            if isinstance(changer, tree.Variable):
                decides = decides or changer.name in self.world.holds_markup
            elif changer.name in {"else", "elseif"}:
                reads |= chain
            else:
                decides = decides or changer.name in _DECIDING_CHANGERS or changer.is_custom
        self.shows |= reads
        if decides:
            # An offer, or hooks that others speak of, by whatever stands before it.
            self.decides |= reads
        target = node.target
        if isinstance(target, tree.Hook):
            if target.name is not None:
                self.decides |= reads
            self.nodes(target.children, reads)
        else:
            self.nodes((target,), reads)
        return reads

    # ---- the whole

    def summary(self, kills: frozenset[str]) -> Summary:
        """Follow temporary variables, and leave them out."""
        self.flows |= {(source, target) for source in self.halts for target in self.writes}
        sources: dict[str, set[str]] = {}
        for source, target in self.flows:
            sources.setdefault(target, set()).add(source)

        def lasting(found: set[str]) -> frozenset[str]:
            seen, waiting = set(found), list(found)
            while waiting:
                name = waiting.pop()
                if name.startswith("_"):
                    new = sources.get(name, set()) - seen
                    seen |= new
                    waiting += new
            return frozenset(name for name in seen if not name.startswith("_"))

        flows = {
            (source, target) for target in sources if not target.startswith("_") for source in lasting(sources[target])
        }
        writes = frozenset(name for name in self.writes if not name.startswith("_"))
        return Summary(
            lasting(self.decides), lasting(self.shows | self.decides), frozenset(flows), writes, kills & writes,
            self.is_wild,
        )  # fmt: skip
