"""Which parts of a text need be run where only choices count: those that may offer, move, or write what matters.

Found from the tree alone, and kept for each set of variables that matter. A hook that an ``(else:)`` which is needed
refers to is needed too, if only for its condition.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import names, tree
from gamebook_lab.languages.harlowe.play import dom, units
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.languages.harlowe.play.world import INPUTS, World, has_markup, variables, written

ASSIGNS: Final = frozenset(["set", "put", "move", "unpack"])
_LEADS: Final = (
    frozenset(names.MOVES)
    | frozenset(["linkgoto", "linkundo", "linkstorylet", "linkshow", "linkrevealgoto", "clickgoto", "mouseovergoto", "mouseoutgoto", "clickundo", "mouseoverundo", "mouseoutundo", "iconundo", "iconrestart", "display", "show", "hide", "rerun", "stop", "outputdata", "outdata", "forgetvisits"])
    | (INPUTS - {"meter"})
)  # fmt: skip
"""Commands that offer, move, or change which hooks are shown."""
CHANGES: Final = (
    frozenset(names.LINKS)
    | frozenset(names.CLICKS)
    | {"linkrevealgoto", "replace", "replacewith", "output", "out", "more", "rerun"}
)
"""Changers that make an offer of their hook, or take another's content away."""


def plan(world: World, unit: units.Unit, mattering: frozenset[str]) -> frozenset[int]:
    """Find the nodes that must be run, by their ``id``."""
    key = "plan", mattering, world.holds_markup, world.hook_names
    found: frozenset[int] | None = unit.memo.get(key)
    if found is None:
        found = unit.memo[key] = _Planner(world, mattering).run(unit)
    return found


def writes(unit: units.Unit) -> frozenset[str]:
    """Story variables that a text may write."""
    known: frozenset[str] | None = unit.memo.get("writes")
    if known is not None:
        return known
    found: set[str] = set()
    for top in unit.nodes:
        for node in walk(top):
            if isinstance(node, tree.Assignment):
                found |= written(node.target)
            elif isinstance(node, tree.Bind):
                found |= written(node)
            elif isinstance(node, tree.Macro) and node.name == "move":
                for each in node.arguments:
                    if isinstance(each, tree.Assignment):
                        found |= written(each.value)
    known = unit.memo["writes"] = frozenset(name for name in found if name.startswith("$"))
    return known


class _Planner:
    def __init__(self, world: World, mattering: frozenset[str]) -> None:
        self.world, self.mattering = world, mattering
        self.temporaries: set[str] = set()
        """Those that some needed code reads."""
        self.needed: set[int] = set()
        self.has_unread = False

    def run(self, unit: units.Unit) -> frozenset[int]:
        """Repeat until no further temporary variable turns out to be read."""
        self.has_unread = unit.has_unread
        while True:
            before = len(self.temporaries)
            self.needed.clear()
            self.siblings(unit.nodes)
            if len(self.temporaries) == before:
                return frozenset(self.needed)

    def siblings(self, nodes: tuple[tree.Markup, ...]) -> bool:
        """Go through them backwards, since an ``(else:)`` needs those before it."""
        has_else = is_any = False
        for node in reversed(nodes):
            is_needed = self.is_needed(node) or (self.has_unread and units.unread_in(node))
            if isinstance(node, tree.Attached):
                is_needed = is_needed or has_else
                asks = any(isinstance(each, tree.Macro) and each.name in {"else", "elseif"} for each in node.changers)
                has_else = is_needed and asks
            if is_needed:
                is_any = True
                self.needed.add(id(node))
                self.reads(node)
        return is_any

    def reads(self, node: tree.Markup) -> None:
        """Note the temporary variables that a needed node's own code reads."""
        if isinstance(node, tree.Attached):
            code: tuple[tree.Node, ...] = node.changers
            if not isinstance(node.target, tree.Hook):
                code = (*code, node.target)
        elif isinstance(node, tree.Hook | tree.Style):
            return
        else:
            code = (node,)
        for each in code:
            self.temporaries.update(name for name in variables(each) if name.startswith("_"))

    def is_needed(self, node: tree.Markup) -> bool:
        """Whether this node may do more than show words."""
        if isinstance(node, tree.Link):
            return True
        if isinstance(node, tree.Style):
            return self.siblings(node.children)
        if isinstance(node, tree.Hook):
            is_inside = self.siblings(node.children)
            return is_inside or (node.name is not None and dom.normal(node.name) in self.world.hook_names)
        if isinstance(node, tree.Attached):
            return self.attached(node)
        if isinstance(node, tree.Macro):
            return self.macro(node)
        return isinstance(node, tree.Variable) and node.name in self.world.holds_markup

    def attached(self, node: tree.Attached) -> bool:
        """A hook with changers."""
        is_inside = self.is_needed(node.target)
        return is_inside or any(map(self.changes, node.changers))

    def changes(self, changer: tree.Macro | tree.Variable) -> bool:
        """Whether a changer makes or takes away an offer, whatever its hook holds."""
        if isinstance(changer, tree.Variable):
            return changer.name in self.world.holds_markup
        return (
            changer.name in CHANGES or changer.is_custom or (changer.name not in names.CHANGERS and self.macro(changer))
        )

    def macro(self, node: tree.Macro) -> bool:
        """A call in prose."""
        if node.name in ASSIGNS:
            return any(map(self.assigns, node.arguments)) or (
                node.name == "move" and any(self.assigns(each, is_moved=True) for each in node.arguments)
            )
        if node.name in _LEADS or node.is_custom:
            return True
        if node.name not in names.KNOWN or node.name in names.CHANGERS - CHANGES:
            return False
        return any(has_markup(each, self.world.holds_markup) for each in node.arguments) or node.name in {
            "source",
            "passage",
        }

    def assigns(self, node: tree.Expression, *, is_moved: bool = False) -> bool:
        """Whether an assignment writes what matters."""
        if not isinstance(node, tree.Assignment):
            return False
        targets = written(node.value if is_moved else node.target)
        return any(name in self.mattering or name in self.temporaries for name in targets)
