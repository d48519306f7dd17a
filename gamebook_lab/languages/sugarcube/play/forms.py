"""The one form in which a story's counters and arrays are written, as far as its code cannot tell (see :mod:`.habits`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args, get_type_hints

from gamebook_lab.languages.sugarcube.play.effects import ALL_VISITS, Habit
from gamebook_lab.languages.sugarcube.play.habits import ANY
from gamebook_lab.story.bounds import Bounds
from gamebook_lab.story.frozen import Value, exact
from gamebook_lab.story.play import TURNS

_KINDS: Final = get_args(get_type_hints(Habit)["kind"])


@dataclass(frozen=True, slots=True)
class Forms:
    """What the whole story's code can tell, and the forms that follow from it."""

    habits: frozenset[Habit]
    sets: frozenset[str]
    """Arrays of which only what they hold can be told."""
    asked: Mapping[str, frozenset[str]]
    """Of those of them of which only certain strings are ever asked for: these."""
    bags: frozenset[str]
    """Arrays of which also can be told how often, but not in which order."""
    caps: Mapping[str, int]
    """Where counters may stop. Those of :data:`ALL_VISITS` are every passage's that has none of its own."""
    bounds: Mapping[str, Bounds]
    """Where numbers of variables may stop."""

    def cap(self, counter: str) -> int | None:
        """Where a counter may stop; None: nowhere."""
        found = self.caps.get(counter)
        if found is None and counter != TURNS:
            found = self.caps.get(ALL_VISITS)
        return found if found is not None and found >= 0 else None

    def write(self, name: str, value: Value) -> Value:
        """Give a variable's value its form."""
        if name in self.bounds:
            return self.bounds[name].clamped(value)
        if not isinstance(value, tuple) or (name not in self.sets and name not in self.bags):
            return value
        items: Iterable[Value] = {exact(each): each for each in value}.values() if name in self.sets else value
        asked = self.asked.get(name)
        if asked is not None:
            items = [each for each in items if not isinstance(each, str) or each in asked]
        return tuple(sorted(items, key=lambda each: repr(exact(each))))

    def covers(self, habits: Iterable[Habit]) -> bool:
        """Tell whether code that was not seen beforehand can tell no more than what was."""
        for kind, name, most, item in habits:
            if kind == "asked":
                if name in self.asked and item not in self.asked[name]:
                    return False
            elif kind in {"order", "length"}:
                known = self.sets | self.bags if kind == "order" else self.sets
                if name in known or (name == ANY and known):
                    return False
            elif kind in {"seen", "number", "step"}:
                known_bounds = (
                    self.bounds.values() if name == ANY else [self.bounds[name]] if name in self.bounds else []
                )
                if not all(each.covers(kind, most) for each in known_bounds):
                    return False
            elif kind in {"compared", "exact"} and not self._covers(name, most if kind == "compared" else None):
                return False
        return True

    def _covers(self, counter: str, most: int | None) -> bool:
        is_some = counter == ANY or counter.startswith(ALL_VISITS[:-1])
        is_any = counter in {ANY, ALL_VISITS} or counter.endswith(" .")
        caps = [cap for cap in self.caps.values() if cap >= 0] if is_any and is_some else [self.cap(counter)]
        return all(cap is None or (most is not None and most < cap) for cap in caps)


def forms_of(habits: frozenset[Habit]) -> Forms:
    """Work out the forms of a story of such habits."""
    named: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    most: dict[str, int] = {}
    asked: dict[str, set[str | None]] = {}
    moved: dict[str, tuple[list[int], list[int]]] = {}
    for kind, name, limit, item in habits:
        named[kind].add(name)
        if kind == "asked":
            asked.setdefault(name, set()).add(item)
        if kind in {"number", "step"}:
            moved.setdefault(name, ([], []))[kind == "step"].append(limit)
        if kind == "compared":
            most[name] = max(limit, most.get(name, 0))
    free = set() if ANY in named["order"] else named["set"] - named["order"]
    caps = _caps(most, named["exact"])
    seen = named["seen"] | named["set"] | named["length"]
    bounds = {
        name: found
        for name, (numbers, steps) in moved.items()
        if name not in seen and ANY not in seen and (found := Bounds.of(numbers, steps)) is not None
    }
    sets = frozenset(free - named["length"])
    certain = {name: frozenset(each for each in asked.get(name, ()) if each is not None) for name in sets}
    only = {name: items for name, items in certain.items() if None not in asked.get(name, ())}
    return Forms(habits, sets, only, frozenset(free & named["length"]), caps, bounds)


def _caps(most: Mapping[str, int], exactly: set[str]) -> dict[str, int]:
    """One above the largest number that each is compared with; -1 where there is none."""
    if ANY in exactly:
        return {}
    everywhere = -1 if ALL_VISITS in exactly else most.get(ALL_VISITS, -1)
    found = {ALL_VISITS: everywhere + 1} if everywhere >= 0 else {}
    for name, limit in most.items():
        if name == TURNS:
            found[name] = limit + 1
        elif name != ALL_VISITS and ALL_VISITS not in exactly:
            found[name] = max(limit, everywhere) + 1
    return {**found, **dict.fromkeys(exactly, -1)}
