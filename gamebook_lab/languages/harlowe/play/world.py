"""What a player knows of its whole story: passages by name, special ones, and which variables may hold markup.

A variable that may hold markup can offer links wherever it is shown; any other one only changes words there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from gamebook_lab.languages.harlowe import chars, names, tree
from gamebook_lab.languages.harlowe.play import counters, dom, functions, units
from gamebook_lab.languages.harlowe.play.bounding import bounds_of
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.story.bounds import Bounds
from gamebook_lab.story.closure import closed
from gamebook_lab.story.play import Detail

MARKUP: Final = re.compile(
    r"\[|\((?:[\w\-]+|[$_]\w+):|[$_](?:[A-Za-z]|\Z)|<script|\((?:[\w\-]*|[$_]\w*)\Z|<\w*\Z", re.IGNORECASE
)
"""What lets a string do more than be shown, by itself or with what another string adds to it."""
PIECE: Final = re.compile(r"\((?:[\w\-]*|[$_]\w*)\Z")
"""The beginning of a call of nobody knows what."""
CUT: Final = "(a bracket within a string)"
"""Stands among what may hold markup, where the story takes strings apart."""
_CUTTING: Final = frozenset(
    ["words", "split", "splitted", "strreversed", "stringreversed", "strnth", "stringnth", "trimmed", "replaced", "strreplaced",
     "stringreplaced", "substring", "strfind", "stringfind"]
)  # fmt: skip
_PURE: Final = (
    frozenset(functions.TABLE)
    | frozenset(["random", "either", "shuffled", "history", "visited", "turns", "cond", "altered", "find", "allpass", "somepass", "nonepass", "folded", "sorted", "currentdate", "currenttime", "weekday", "monthday", "savedgames", "pageurl", "savegame", "pass", "permutations", "set", "put", "move", "unpack"])
    | (names.CHANGERS - set(names.LINKS) - set(names.CLICKS) - {"linkrevealgoto", "live", "after", "event", "more", "output",
       "replace", "append", "prepend", "for", "loop", "enchantin", "hidden"})
)  # fmt: skip
"""Macros that make nothing which could lead anywhere when it is shown, if their values cannot."""
INPUTS: Final = frozenset(
    ["cyclinglink", "seqlink", "sequencelink", "dropdown", "checkbox", "checkboxfullscreen", "input", "inputbox", "forceinput",
     "forceinputbox", "meter", "dialog"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage."""

    name: str
    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """A whole story."""

    passages: dict[str, Passage]
    start: str | None
    version: int
    """1, 2 or 3."""
    startup: tuple[Passage, ...] = ()
    headers: tuple[Passage, ...] = ()
    footers: tuple[Passage, ...] = ()
    storylets: tuple[str, ...] = ()
    holds_markup: frozenset[str] = frozenset()
    """Variables, temporary ones too, that may hold it."""
    hook_names: frozenset[str] = frozenset()
    """Hooks that some code speaks of."""
    stored: tuple[str, ...] = ()
    """Source of whatever code values may hold."""
    parameters: frozenset[str] = frozenset()
    """Parameters of the story's own macros."""
    shares_visits: tuple[str, ...] = ()
    """Passages, all of them, if code that several show asks how often the present one was visited."""
    caps: Mapping[str, int] = field(default_factory=dict)
    """Where counters of visits and turns may stop."""
    bounds: Mapping[Detail, Mapping[str, Bounds]] = field(default_factory=dict)
    """Where numbers of variables may stop, by what is kept."""

    @property
    def variables(self) -> frozenset[str]:
        """Story variables that any passage names."""
        return frozenset().union(*(_named(each.text) for each in self.passages.values()))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one text adds to the story's facts."""

    flows: tuple[tuple[str, bool, frozenset[str]], ...]
    """For each writing: the variable, whether what is written has markup in it, and variables that it comes from; among these
    :data:`CUT` for a bracket that may become markup."""
    cuts: tuple[frozenset[str], ...]
    """What is read, and :data:`CUT`, by each expression that takes a string apart."""
    hook_names: frozenset[str]
    is_storylet: bool
    stored: tuple[str, ...]
    parameters: frozenset[str]


@lru_cache(maxsize=16_384)
def _named(text: str) -> frozenset[str]:
    return frozenset(chars.STORY_VARIABLE.findall(text))


def make(passages: list[Passage], start: str | None, version: int) -> World:
    """Look a story over."""
    by_name = {passage.name: passage for passage in reversed(passages)}
    tagged = {
        tag: tuple(sorted((each for each in passages if tag in each.tags), key=lambda each: each.name))
        for tag in ("startup", "header", "footer")
    }
    facts = {each.name: _facts(each.text) for each in passages if not _is_code(each)}
    return World(
        by_name, start, version, tagged["startup"], tagged["header"], tagged["footer"],
        tuple(name for name, each in facts.items() if each.is_storylet),
        _spread(
            [flow for each in facts.values() for flow in each.flows], [cut for each in facts.values() for cut in each.cuts]
        ),
        frozenset(dom.normal(name) for each in facts.values() for name in each.hook_names),
        tuple(dict.fromkeys(code for each in facts.values() for code in each.stored)),
        frozenset(name for each in facts.values() for name in each.parameters),
        tuple(by_name) if _is_shared(passages) else (),
        counters.caps((each.text for each in passages if each.name in facts), by_name),
        bounds_of(each.text for each in passages),
    )  # fmt: skip


def look_at(passage: Passage) -> None:
    """Find out what :func:`make` will ask of a passage, and remember it."""
    if not _is_code(passage):
        _facts(passage.text)


def _is_code(passage: Passage) -> bool:
    return not {"script", "stylesheet"}.isdisjoint(passage.tags)


def _is_shared(passages: list[Passage]) -> bool:
    """Whether ``visits`` may be asked by code that stands elsewhere than the passage visited."""
    texts = [passage.text for passage in passages if "visit" in passage.text.lower()]
    is_shown = any(
        "(display:" in passage.text.lower() or {"header", "footer"}.intersection(passage.tags) for passage in passages
    )
    return bool(texts) and (is_shown or any("macro:" in text.lower() or MARKUP.search(text) for text in texts))


def _spread(flows: list[tuple[str, bool, frozenset[str]]], cuts: list[frozenset[str]]) -> frozenset[str]:
    """Follow markup from variable to variable."""
    readers: dict[str, list[str]] = {}
    for name, _, sources in flows:
        for source in sources:
            readers.setdefault(source, []).append(name)
    whole = [name for name, has_markup, _ in flows if has_markup]
    if not closed([CUT], readers).isdisjoint(name for cut in cuts for name in cut):
        whole.append(CUT)
    return frozenset(closed(whole, readers))


def has_markup(node: tree.Node, tainted: frozenset[str] = frozenset()) -> bool:
    """Whether a value computed so may lead anywhere, or speak of variables, when it is shown."""
    for each in walk(node):
        if isinstance(each, tree.String):
            if MARKUP.search(each.value) or (CUT in tainted and "(" in each.value):
                return True
        elif isinstance(each, tree.Macro):
            if each.name not in _PURE:
                return True
        elif isinstance(each, tree.Hook | tree.Link) or (isinstance(each, tree.Variable) and each.name in tainted):
            return True
    return False


def variables(node: tree.Node) -> frozenset[str]:
    """All variables in code, custom macros' too."""
    return frozenset(
        each.name
        for each in walk(node)
        if isinstance(each, tree.Variable) or (isinstance(each, tree.Macro) and each.is_custom)
    )


def _pieces(nodes: Iterable[tree.Node]) -> frozenset[str]:
    """Variables in code, and :data:`CUT` if a string there has a bracket."""
    found: set[str] = set()
    for node in nodes:
        found |= variables(node)
        if any(isinstance(each, tree.String) and "(" in each.value for each in walk(node)):
            found.add(CUT)
    return frozenset(found)


def _takes_apart(node: tree.Node) -> bool:
    return isinstance(node, tree.Property | tree.Spread) or (isinstance(node, tree.Macro) and node.name in _CUTTING)


def names_in(source: str) -> frozenset[str]:
    """Variables in the source of an input's target."""
    unit = units.unit(f"(x:{source})") if source.startswith(("_", "(")) else None
    return frozenset().union(*map(variables, unit.nodes)) if unit else frozenset()


def is_open(node: tree.Node, tainted: frozenset[str]) -> bool:
    """Whether code runs other code, which may read any temporary variable."""
    return any(
        (isinstance(each, tree.Macro) and (each.name in {"display", "rerun"} or each.is_custom))
        or (isinstance(each, tree.Variable) and each.name in tainted)
        or (isinstance(each, tree.String) and MARKUP.search(each.value) is not None)
        for each in walk(node)
    )


def written(node: tree.Expression) -> frozenset[str]:
    """Variables that an assignment's target, or a pattern in it, writes."""
    if isinstance(node, tree.Property):
        return written(node.owner) if node.owner is not None else frozenset()
    if isinstance(node, tree.Macro):
        return frozenset().union(*map(written, node.arguments))
    if isinstance(node, tree.Typed):
        return written(node.variable)
    if isinstance(node, tree.Group):
        return written(node.inner)
    if isinstance(node, tree.Spread | tree.Bind):
        return written(node.operand)
    return frozenset([node.name]) if isinstance(node, tree.Variable) else frozenset()


@lru_cache(maxsize=16_384)
def _facts(text: str) -> _Facts:
    flows: list[tuple[str, bool, frozenset[str]]] = []
    hook_names = set()
    is_storylet = False
    stored: list[str] = []
    parameters: set[str] = set()
    cuts: set[frozenset[str]] = set()
    for top in units.unit(text).nodes:
        for node in walk(top):
            if _takes_apart(node):
                cuts.add(_pieces([node]))
            if isinstance(node, tree.HookName):
                hook_names.add(node.name)
            elif isinstance(node, tree.Assignment):
                come = (node.value, *((node.target,) if isinstance(node.target, tree.Property) else ()))
                _flow(flows, written(node.target), come)
                if has_markup(node.value):
                    stored.append(f"(x:{text[node.value.start : node.value.stop]})")
            elif isinstance(node, tree.Macro):
                is_storylet = is_storylet or node.name == "storylet"
                if node.name == "macro":
                    parameters |= {name for each in node.arguments[:-1] for name in written(each)}
                _flows_of_call(flows, node)
    return _Facts(tuple(flows), tuple(cuts), frozenset(hook_names), is_storylet, tuple(stored), frozenset(parameters))


def _flow(
    flows: list[tuple[str, bool, frozenset[str]]], targets: frozenset[str], values: tuple[tree.Expression, ...]
) -> None:
    sources = _pieces(values)
    is_risky = any(map(has_markup, values))
    flows += [(target, is_risky, sources) for target in targets]


def _flows_of_call(flows: list[tuple[str, bool, frozenset[str]]], node: tree.Macro) -> None:
    """Values flow into a lambda's variables and into bound ones; into a macro's parameters anything may."""
    if node.name == "macro":
        flows += [(name, True, frozenset()) for each in node.arguments[:-1] for name in written(each)]
    values = tuple(each for each in node.arguments if not isinstance(each, tree.Lambda | tree.Bind))
    for each in node.arguments:
        if isinstance(each, tree.Bind):
            _flow(flows, written(each), values)
        elif isinstance(each, tree.Lambda):
            made = tuple(clause for word, clause in each.clauses if word == "making")
            targets = frozenset().union(*map(written, (*made, *((each.subject,) if each.subject else ()))))
            _flow(flows, targets, values)
