"""One run: a passage that is entered, or a click on its page. Holds what code sees while it is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import commands, datatypes, evaluate, markup, plans, units
from gamebook_lab.languages.harlowe.play.dom import Box
from gamebook_lab.languages.harlowe.play.specials import Output
from gamebook_lab.languages.harlowe.play.units import Source, Unit
from gamebook_lab.languages.harlowe.play.values import (
    Custom,
    Datatype,
    StoryError,
    Temporaries,
    bounded,
    has_unknown,
    kind,
)
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.languages.harlowe.play.world import variables
from gamebook_lab.languages.shared.nesting import MOST_NESTED, end
from gamebook_lab.story.bounds import AtLeast, AtMost
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.play.world import World
    from gamebook_lab.story.play import Turn


class Run:
    """A run's state."""

    def __init__(self, world: World, turn: Turn, passage: str, root: Box) -> None:
        self.world, self.turn, self.passage, self.root = world, turn, passage, root
        self.present = passage
        """Where the reader is, also while :attr:`passage` is that of a storylet's condition."""
        self.version = world.version
        self.is_text = turn.detail == "text"
        self.bounds = world.bounds[turn.detail]
        self.unit: Unit = units.unit("")
        self.boxes = [root]
        """Hooks around what is run, outermost first; each holds its temporary variables."""
        self.chain: list[Value | None] = [None]
        """For each of those that run, whether its last hook was shown: what ``(else:)`` asks."""
        self.it: Value = 0
        self.positions: list[int] = []
        self.depth = 0
        self.outer: Place | None = None
        """Where code stands that is not the passage's own text."""
        self.own = passage
        self.moves_to: str | None = None
        """In Harlowe 1, a ``(goto:)`` lets the rest of the passage run."""
        self.stops: list[bool] = []
        self.is_stopped = False
        """An ``(undo:)`` or its like was run: the reader is elsewhere, and can click nothing here."""

    # ---- places

    def place(self, node: tree.Node) -> Place:
        """Where a node stands in the story."""
        return self.outer or Place(self.own, node.span)

    @contextmanager
    def reading(self, unit: Unit, place: Place | None, own: str | None = None) -> Iterator[None]:
        """Run code of another text."""
        before = self.unit, self.outer, self.own
        self.unit, self.outer, self.own = unit, place, own or self.own
        try:
            yield
        finally:
            self.unit, self.outer, self.own = before

    @contextmanager
    def inside(self, unit: Unit, scope: dict[str, Value], *, it: Value, position: int) -> Iterator[None]:
        """Run a lambda."""
        before = self.it
        self.boxes.append(Box(scope=scope))
        self.positions.append(position)
        self.it = it
        try:
            with self.reading(unit, self.outer or Place(self.own, Span(0, 0))):
                yield
        finally:
            self.it = before
            self.positions.pop()
            self.boxes.pop()

    # ---- variables

    def get(self, name: str) -> Value:
        """Read a variable; UNSET if it has no value."""
        if name.startswith("$"):
            found = self.turn.read(name)
            return int(found) if isinstance(found, (AtLeast, AtMost)) else found
        for box in reversed(self.boxes):
            if name in box.scope:
                return box.scope[name]
        return UNSET

    def put(self, name: str, value: Value) -> None:
        """Write a variable; a temporary one in the hook that is run, where it hides one of a hook around it."""
        value = bounded(value)
        if name.startswith("$"):
            limits = self.bounds.get(name)
            self.turn.write(name, value if limits is None else limits.clamped(value))
        else:
            self.boxes[-1].scope[name] = value

    def variables_in(self, node: tree.Node) -> frozenset[str]:
        """Variables that code reads or writes."""
        found: frozenset[str] | None = self.unit.memo.get(("variables", id(node)))
        if found is None:
            found = self.unit.memo["variables", id(node)] = variables(node)
        return found

    def asks_it(self, node: tree.Node) -> bool:
        """Whether code may ask for ``it``."""
        found: bool | None = self.unit.memo.get(("it", id(node)))
        if found is None:
            found = any(
                isinstance(each, tree.Identifier) or (isinstance(each, tree.Property) and each.owner is None)
                for each in walk(node)
            )
            self.unit.memo["it", id(node)] = found
        return found

    def captured(self, node: tree.Node) -> Temporaries:
        """Temporary variables that code reads, as they are now."""
        found = ((name, self.get(name)) for name in sorted(self.variables_in(node)) if name.startswith("_"))
        return tuple((name, value) for name, value in found if value is not UNSET)

    def all_temporaries(self) -> dict[str, Value]:
        """Every temporary variable that can be seen from here."""
        return {name: value for box in self.boxes for name, value in box.scope.items()}

    # ---- running

    def evaluate(self, node: tree.Expression) -> Any:
        """Compute an expression."""
        return evaluate.evaluate(self, node)

    def arguments(self, nodes: tuple[tree.Expression, ...]) -> list[Any]:
        """Compute a macro's values."""
        return evaluate.arguments(self, nodes)

    def decide(self, value: Value, what: str, place: Place) -> bool:
        """Take a condition's value, or either where it is not known."""
        if isinstance(value, bool):
            return value
        if value is UNKNOWN:
            return self.turn.either(2, what, place) == 1
        msg = "a condition needs a boolean"
        raise StoryError(msg)

    def say(self, words: str) -> None:
        """Show words."""
        if self.is_text:
            self.boxes[-1].children.append(words)

    def fill(self, box: Box, source: Source, place: Place | None = None, own: str | None = None) -> None:
        """Run a hook's content into a box that is on the page already, inside :attr:`boxes`."""
        if self.depth >= MOST_NESTED:
            self.end(place or Place(self.own, Span(0, 0)))
        unit = units.unit(source.text)
        self.depth += 1
        self.boxes.append(box)
        self.chain.append(None)
        try:
            with self.reading(unit, place, own):
                markup.body(self, unit.content(source.number), self.plan(unit))
        finally:
            self.chain.pop()
            self.boxes.pop()
            self.depth -= 1

    def end(self, place: Place) -> NoReturn:
        """Stop where hooks, passages or custom macros stand in each other without end."""
        end(self.turn, "hooks or passages in each other without end", place)

    def anything(self, what: str, place: Place, text: str) -> None:
        """Do what a text may do that is not followed: change any variable, move to any passage that it names, or not."""
        self.turn.give_up(what, place)
        self.forget(self.world.variables)
        names = [name for name in self.world.passages if name in text]
        way = self.turn.either(len(names) + 1, what, place)
        if way:
            commands.goto(self, names[way - 1], place)

    def stray(self, what: str, place: Place) -> None:
        """Do what markup may do that nobody knows: change any variable, move to any passage, or not."""
        self.forget(self.world.variables)
        names = list(self.world.passages)
        way = self.turn.either(len(names) + 1, what, place)
        if way:
            commands.goto(self, names[way - 1], place)

    def forget(self, names: Iterable[str]) -> None:
        """Take it that nobody knows what these variables hold, nor any temporary one."""
        for name in names:
            if name.startswith("$") and self.turn.matters(name):
                self.turn.write(name, UNKNOWN)
        for box in self.boxes:
            box.scope.update(dict.fromkeys(box.scope, UNKNOWN))

    def plan(self, unit: Unit) -> frozenset[int] | None:
        """Nodes that must be run; None for all."""
        if self.is_text:
            return None
        return self.needed(unit)

    def needed(self, unit: Unit) -> frozenset[int]:
        """Nodes that may do more than show words."""
        mattering = frozenset(name for name in plans.writes(unit) if self.turn.matters(name))
        return plans.plan(self.world, unit, mattering)

    def is_inert(self, source: Source) -> bool:
        """Whether content can only show words."""
        unit = units.unit(source.text)
        needed = self.needed(unit)
        return not any(id(node) in needed for node in unit.content(source.number))

    def show_code(self, source: str, temporaries: Temporaries, place: Place) -> None:
        """Run markup that a value holds, in a hook of its own."""
        box = Box(scope=dict(temporaries))
        self.boxes[-1].children.append(box)
        self.fill(box, Source(source), place)

    def call(self, custom: Custom, values: list[Any], place: Place) -> Value:
        """Run a custom macro."""
        if len(values) < len(custom.parameters):
            msg = "the custom macro was given too few values"
            raise StoryError(msg)
        for (_, wanted), value in zip(custom.parameters, values, strict=False):
            if isinstance(wanted, Datatype) and not has_unknown(value) and not datatypes.is_of(value, wanted):
                msg = f"a custom macro was given a {kind(value)}"
                raise StoryError(msg)
        box = Box(scope={name: value for (name, _), value in zip(custom.parameters, values, strict=False)})
        boxes, chain = self.boxes, self.chain
        self.boxes, self.chain = [Box()], [None]
        try:
            self.fill(box, Source(custom.body), place)
        except Output as output:
            return output.value
        finally:
            self.boxes, self.chain = boxes, chain
        msg = "the custom macro gave no value"
        raise StoryError(msg)

    def open_storylets(self) -> list[str] | None:
        """Storylets whose conditions hold now; None where that is not known."""
        from gamebook_lab.languages.harlowe.play import storylets

        return storylets.open_now(self)
