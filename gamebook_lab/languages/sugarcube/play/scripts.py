"""What a story's scripts do by themselves, before the first passage and with every other one.

Nobody runs them. A function that they give a name, or to a macro of their own, does nothing until code calls it, and such a
call may do anything anyway. What is left (their statements, and the functions that they hand to events and tasks) may
write the variables that it names, or do anything where it reaches further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme, lexemes
from gamebook_lab.languages.javascript.uses import MUTATORS
from gamebook_lab.languages.sugarcube.play.handed import CALLED, holders
from gamebook_lab.languages.sugarcube.vocabulary import (
    CODE_MACROS,
    CONTAINERS,
    EXPRESSION_MACROS,
    INPUTS,
    LINKS,
    PLAIN_MACROS,
)
from gamebook_lab.story.closure import closed
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.sugarcube.play.run import Run

__all__ = ["Doing", "act", "doing_of", "doing_of_all", "sets_turns"]

_HARMLESS_STATE: Final = frozenset(
    {"random", "initPRNG", "prng", "passage", "turns", "length", "size", "hasPlayed", "metadata", "getVar"}
)
_FAR: Final = frozenset(
    {"Engine", "Wikifier", "Template", "eval", "Scripting", "evalJavaScript", "evalTwineScript", "wiki", "wikiPassage", "wikiWithOptions",
     "setPageElement", "SugarCube"}
)  # fmt: skip
"""Names that reach further than to variables."""
_CONFIGURED: Final = frozenset({"override", "onProcess", "start", "ifAssignmentError"})
_OWN: Final = {*CONTAINERS, *EXPRESSION_MACROS, *CODE_MACROS, *INPUTS, *PLAIN_MACROS, *LINKS}
_USING: Final = frozenset({"(", ")", ",", "."})
_OPENING: Final = frozenset({"(", "[", "{"})
_CLOSING: Final = frozenset({")", "]", "}"})
_ASSIGNING: Final = frozenset(
    {"=", "+=", "-=", "*=", "/=", "%=", "**=", "&&=", "||=", "??=", "|=", "&=", "^=", "++", "--"}
)
_LONGEST_CHAIN: Final = 1_000
"""Lexemes behind a variable after which it is taken to be written, lest nested chains be gone through again and again."""
_IDENTIFIER: Final = re.compile(r"\$?[A-Za-z_$][\w$]*")


class Doing(NamedTuple):
    """What scripts do by themselves."""

    writes: frozenset[str] = frozenset()
    """Story variables that they may write."""
    is_wild: bool = False
    """They may do anything."""


@lru_cache(maxsize=1_024)
def doing_of(text: str) -> Doing:
    """Look through one script."""
    found = [each for each in lexemes(text, 0, len(text), Dialect.PLAIN) if each.kind != "comment"]
    if any(_redefines(found, at) for at in range(len(found))):
        return Doing(is_wild=True)
    return _mentions(found, _live(found))


def doing_of_all(texts: Iterable[str]) -> Doing:
    """Look through all of a story's scripts."""
    found = [doing_of(text) for text in texts]
    return Doing(frozenset[str]().union(*(each.writes for each in found)), any(each.is_wild for each in found))


def sets_turns(texts: Iterable[str]) -> bool:
    """Tell whether a script says how often a loop may turn."""
    return any("maxLoopIterations" in text for text in texts)


def act(run: Run, doing: Doing) -> None:
    """Do what scripts may have done since the last passage."""
    if doing.is_wild:
        run.player.anything(run, "script", Span(0, 0))
    for name in sorted(doing.writes):
        if run.turn.matters(name):
            run.store(name, UNKNOWN)


def _live(found: Sequence[Lexeme]) -> list[bool]:
    """Tell of each lexeme whether it runs by itself: it is in no function, or in one that something running by itself calls."""
    closes = _closes(found)
    opens = {close: at for at, close in closes.items()}
    bodies = {start: (name, stop) for name, start, stop in _named_bodies(found, closes, opens)}
    declared = {opens[at - 1] - 1 for at in bodies if at - 1 in opens}
    held = holders(found, closes.keys(), opens.keys())
    owners: list[int] = []
    """Where the innermost of the bodies around each lexeme begins; -1: it is in none."""
    around = [(-1, len(found))]
    follows: dict[int | str, list[int | str]] = {}
    for at, each in enumerate(found):
        while around[-1][1] <= at:
            around.pop()
        if at in bodies:
            name, stop = bodies[at]
            if held[at]:
                follows.setdefault(around[-1][0] if held[at] == CALLED else _inside(held[at]), []).append(at)
            around.append((at, stop))
            follows.setdefault(name, []).append(at)
        owners.append(around[-1][0])
        if each.kind == "name" and at not in declared and not _is_declared(found, at):
            for source, target in _uses(found, at, owners[at], held[at]):
                follows.setdefault(source, []).append(target)
    live = closed([-1], follows)
    return [owner in live for owner in owners]


def _inside(name: str) -> str:
    """Stands for what is in the object that a variable holds."""
    return f"({name})"


def _uses(found: Sequence[Lexeme], at: int, owner: int, held: str) -> Iterator[tuple[int | str, int | str]]:
    """What may be called, and by whom, where a name stands there."""
    name, after, before = found[at].text, _text(found, at + 1), _text(found, at - 1)
    if after in _USING or before == "return":
        yield owner, name
    if after in {")", ","}:
        yield owner, _inside(name)
    if before == "=" and at > 1:  # another name of it
        yield found[at - 2].text, name
        yield _inside(found[at - 2].text), _inside(name)
    if after in {"}", "]"} and held:
        holder = owner if held == CALLED else _inside(held)
        yield holder, name
        yield holder, _inside(name)


def _mentions(found: Sequence[Lexeme], live: Sequence[bool]) -> Doing:
    writes: set[str] = set()
    for at, each in enumerate(found):
        if not live[at] or each.kind != "name":
            continue
        if each.text in _FAR and not (each.text == "SugarCube" and _text(found, at + 2) == "State"):
            return Doing(is_wild=True)
        if each.text in _CONFIGURED and _text(found, at - 1) == "." and _text(found, at + 1) in _ASSIGNING:
            return Doing(is_wild=True)
        if each.text in {"State", "state"} and _text(found, at - 1) != ".":
            name = _written(found, at)
            if name is None:
                return Doing(is_wild=True)
            writes |= {name} if name else set()
        if each.text == "variables" and _text(found, at + 1) == "(" and _text(found, at - 1) != ".":
            return Doing(is_wild=True)
    return Doing(frozenset(writes))


def _written(found: Sequence[Lexeme], at: int) -> str | None:
    """The variable that ``State...`` writes there; empty if none, None if nobody knows what is done."""
    if _text(found, at + 1) != ".":
        return None
    member = _text(found, at + 2)
    if member in _HARMLESS_STATE:
        return ""
    if member == "setVar":
        first = found[at + 4] if at + 4 < len(found) else None
        name = first.text[1:-1] if first is not None and first.kind == "string" else ""
        root = _IDENTIFIER.match(name)
        return root.group() if root is not None else None
    if member == "active":
        at += 2
        if _text(found, at + 2) != "variables":
            return "" if _text(found, at + 1) == "." else None
        member = "variables"
    if member != "variables" or _text(found, at + 3) != "." or at + 4 >= len(found) or found[at + 4].kind != "name":
        return None
    return f"${found[at + 4].text}" if _is_write(found, at + 5, at) else ""


def _is_write(found: Sequence[Lexeme], at: int, begun: int) -> bool:
    """Tell whether a chain of members is written to; ``at`` is where it may go on."""
    if _text(found, begun - 1) in {"++", "--", "delete", "..."}:
        return True
    depth = 0
    last = ""
    stop = min(len(found), at + _LONGEST_CHAIN)
    while at < stop:
        text = found[at].text
        if depth == 0 and text in _ASSIGNING:
            return True
        if depth == 0 and text == "(":
            return last in MUTATORS
        if (
            depth == 0
            and text not in {".", "[", "?."}
            and not (found[at].kind == "name" and _text(found, at - 1) in {".", "?."})
        ):
            return text in {")", ","} and _text(found, begun - 1) in {"(", ","}  # whoever gets an object may change it
        depth += (text == "[") - (text == "]")
        last = text
        at += 1
    return stop < len(found)


def _is_declared(found: Sequence[Lexeme], at: int) -> bool:
    return _text(found, at - 1) in {"function", "*"} or _text(found, at + 1) == "=>"


def _text(found: Sequence[Lexeme], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _redefines(found: Sequence[Lexeme], at: int) -> bool:
    """Tell whether one of SugarCube's own macros is made anew there."""
    if _text(found, at) != "Macro" or _text(found, at + 2) not in {"add", "delete"}:
        return False
    names = [each.text[1:-1] for each in found[at + 4 : at + 24] if each.kind == "string"]
    return bool(names) and names[0] in _OWN


def _named_bodies(
    found: Sequence[Lexeme], closes: Mapping[int, int], opens: Mapping[int, int]
) -> Iterator[tuple[str, int, int]]:
    """What runs only when it is called: the name it has (empty: none that code could call), and where its body is."""
    for at, each in enumerate(found):
        if each.text == "Macro" and _text(found, at + 2) == "add" and at + 3 in closes:
            yield "", at + 3, closes[at + 3]
        if each.text == "{" and at in closes and (name := _name_of(found, at, opens)) is not None:
            yield name, at, closes[at]


def _closes(found: Sequence[Lexeme]) -> dict[int, int]:
    closes: dict[int, int] = {}
    opened: list[int] = []
    for at, each in enumerate(found):
        if each.kind in {"operator", "head", "middle", "tail"}:
            if each.text in _OPENING or each.kind == "head":
                opened.append(at)
            elif (each.text in _CLOSING or each.kind == "tail") and opened:
                closes[opened.pop()] = at
    return closes


def _name_of(found: Sequence[Lexeme], at: int, opens: Mapping[int, int]) -> str | None:
    """The name of the function whose body begins there; None if that is no function, or one without a name."""
    place = at - 1
    is_arrow = _text(found, place) == "=>"
    if is_arrow:
        place -= 1
    if _text(found, place) == ")":
        place = opens.get(place, 0) - 1
    elif is_arrow:
        place -= 1
    else:
        return None
    if is_arrow:
        place -= _text(found, place) == "async"
        return _assigned(found, place)
    if _text(found, place) == "function":
        place -= 1
        place -= _text(found, place) == "async"
        return _assigned(found, place)
    if _text(found, place - 1) == "function" and found[place].kind == "name":
        before = _text(found, place - 2)
        return found[place].text if before in {"", ";", "}", "{", ")", "async"} else _assigned(found, place - 2)
    is_word = 0 <= place < len(found) and found[place].kind == "name" and found[place].text not in {
        "if", "for", "while", "switch", "catch", "with",
    }  # fmt: skip
    return (
        found[place].text
        if is_word and _text(found, place - 1) in {"{", ",", "}", "get", "set", "static", "async"}
        else None
    )


def _assigned(found: Sequence[Lexeme], at: int) -> str | None:
    """The name that a function gets which stands behind ``at``: by ``x =``, ``a.x =`` or ``x:``."""
    mark = _text(found, at)
    if mark not in {"=", ":"} or at < 1 or found[at - 1].kind not in {"name", "string"}:
        return None
    name = found[at - 1].text.strip("\"'")
    if mark == ":":
        return name if _text(found, at - 2) in {"{", ","} else None
    root = at - 1
    while _text(found, root - 1) == "." and root >= 2:
        root -= 2
    owner = found[root].text
    is_own = owner in {"setup", "window", "globalThis", "State"} or _text(found, root - 1) in {
        "let",
        "const",
        "var",
        ",",
    }
    return name if is_own or root == at - 1 else None
