"""From a story to the finished, checked book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.paper.book import Book, Effect, Section, Slot
from gamebook_lab.analysis.paper.checking import differences
from gamebook_lab.analysis.paper.faces import Domains, Node, Tree, key_of, read_trees
from gamebook_lab.analysis.paper.folding import fold
from gamebook_lab.analysis.paper.marking import MOST_LETTERS, make_marks
from gamebook_lab.analysis.paper.numbering import numbers
from gamebook_lab.analysis.paper.refusals import PaperError, refusals
from gamebook_lab.analysis.paper.writing import MOST_VARIANTS, Writing
from gamebook_lab.engine.situations import Location
from gamebook_lab.engine.space import Space
from gamebook_lab.story.checks.facts import shown
from gamebook_lab.story.frozen import UNKNOWN, Value
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.story import Story

__all__ = ["MOST_STATES", "paper"]

MOST_STATES: Final = 500_000
"""States up to which a story is explored for a book, if nothing else is said: what has more is no story for paper."""

_MOST_NAMED: Final = 4


def paper(
    story: Story | Space,
    *,
    seed: int = 0,
    memory: str | int = "2GB",
    max_states: int | None = MOST_STATES,
    seconds: float | None = None,
) -> Book:
    """Make a gamebook on paper of a story: numbered sections, codewords and counters; it plays exactly as the story does.

    Parameters
    ----------
    story
        A story, or the space of one that was explored with ``detail="text"``.
    seed
        Shuffles the section numbers; the same seed gives the same book.
    memory, max_states, seconds
        Limits of exploring the story, as in :func:`gamebook_lab.explore`.

    Returns
    -------
    Book
        Checked in every state: the same words and choices, leading to the same, as likely. ``book.save("book.html")``.

    Raises
    ------
    PaperError
        If paper cannot do what the story does; its ``problems`` say which passages and expressions are in the way.

    Notes
    -----
    Time is that of exploring with all text variants, and about 0.1 ms for each state that differs in what is on the sheet.
    """
    space = (
        story
        if isinstance(story, Space)
        else explore(story, detail="text", memory=memory, max_states=max_states, seconds=seconds)
    )
    if space.detail != "text":
        msg = "a book needs all variants of the text: explore with detail='text', or give the story"
        raise ValueError(msg)
    _stop_if([*refusals(space), *_endless(space)], space)
    domains = Domains(space)
    trees = {place: fold(tree) for place, tree in read_trees(space, domains).items()}
    sections, start = _write(space, trees, domains)
    tracked = _tracked(sections)
    _stop_if(_unknown(space.story, trees, tracked), space)
    marks, too_many = make_marks(tracked, domains, start)
    _stop_if((_too_many_values(space.story, name, domains) for name in too_many), space)
    sections = [_pruned(each, tracked) for each in sections]
    new = numbers([frozenset(exit_.to for exit_ in each.exits if exit_.to is not None) for each in sections], seed)
    book = Book(
        space.story.metadata.title or "Untitled story",
        tuple(sorted((each.renumbered(new) for each in sections), key=lambda each: each.number)),
        tuple(marks), seed, space.n_states, tuple(_notes(space, sections)),
    )  # fmt: skip
    _stop_if((_differs(space.story, *each) for each in differences(book, space)), space)
    return book


def _stop_if(problems: Iterable[Problem], space: Space) -> None:
    found = list(problems)
    if found:
        raise PaperError(space.story, found)


def _write(space: Space, trees: Mapping[Location, Tree], domains: Domains) -> tuple[list[Section], dict[str, Value]]:
    """Write all sections; gives the values of variables at the beginning, too."""
    writing = Writing(trees, domains)
    begun = space.begun
    if len(begun) == 1:
        start = dict(begun[0].writes)
        sections = writing.write(begun[0].to)
    else:
        start = {}
        ways = [
            (each.to, tuple(Effect(name, "set", value) for name, value in each.writes), each.weight) for each in begun
        ]
        sections = writing.begin(ways)
    _stop_if((_too_many_variants(space.story, *item) for item in writing.too_many.items()), space)
    return sections, start


def _tracked(sections: Iterable[Section]) -> list[str]:
    """Variables that somebody asks for, or that are shown; and those that these are made of. Sorted."""
    found: set[str] = set()
    copies: set[tuple[str, str]] = set()
    for section in sections:
        texts = [section.text, *section.reveals, *(each.label for each in section.exits)]
        found.update(piece.variable for text in texts for piece in text if isinstance(piece, Slot))
        found.update(test.variable for each in section.exits for test in each.tests)
        effects = [*section.effects, *(effect for each in section.exits for effect in each.effects)]
        copies.update((each.variable, str(each.value)) for each in effects if each.kind == "copy")
    while more := {source for variable, source in copies if variable in found and source not in found}:
        found |= more
    return sorted(found, key=lambda name: (name.casefold(), name))


def _pruned(section: Section, tracked: Iterable[str]) -> Section:
    kept = frozenset(tracked)

    def only(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        return tuple(each for each in effects if each.variable in kept)

    exits = tuple(replace(each, effects=only(each.effects)) for each in section.exits)
    return replace(section, effects=only(section.effects), exits=exits)


def _notes(space: Space, sections: Iterable[Section]) -> Iterator[str]:
    if space.unclear:
        places = dict.fromkeys(each.place.passage for each in space.unclear)
        yield f"Something shown is not modelled, and left out, in: {', '.join(map(shown, list(places)[:_MOST_NAMED]))}"
    if any(section.reveals for section in sections):
        yield "What a click reveals on the screen is printed at once."
    others = {
        click.offer.kind
        for each in space.explorer.table.situations
        for branch in each.branches
        for click in branch.others
    }
    if others & {ChoiceKind.UNDO, ChoiceKind.LOAD}:
        yield "There is no way back on paper: links that undo are left out."
    missing = dict.fromkeys(exit_.missing for section in sections for exit_ in section.exits if exit_.missing)
    if missing:
        yield f"Links lead to passages that were never written: {', '.join(map(shown, list(missing)[:_MOST_NAMED]))}"


# ---- what is in the way


def _endless(space: Space) -> Iterator[Problem]:
    table = space.explorer.table
    passages: dict[str, None] = {}
    for situation in dict.fromkeys(space.situation.tolist()):
        place = table.locations[table.situation_location[situation]]
        branches = table.situations[situation].branches
        goes_on = (outcome.to is None for branch in branches for way in branch.ways for outcome in way.outcomes)
        if any(branch.is_endless for branch in branches) or any(goes_on):
            passages[place if isinstance(place, str) else place.passage] = None
    for name in passages:
        yield Problem("GB804", f"{shown(name)} never comes to an end", "See problem GB605.", key=space.story.key(name))


def _too_many_variants(story: Story, passage: str, asked: tuple[str, ...]) -> Problem:
    return Problem(
        "GB803",
        f"{shown(passage)} would need more than {MOST_VARIANTS} sections: what it shows or offers hangs on {', '.join(asked[:_MOST_NAMED])}",
        "Show less of these values, or test them in fewer ranges.",
        key=story.key(passage),
    )


def _too_many_values(story: Story, variable: str, domains: Domains) -> Problem:
    key = min(story.uses.keys.get(variable, ()), default=None)
    return Problem(
        "GB802",
        f"{variable} has {len(domains.values[variable]):,} different values; on paper, what is not a number may have {MOST_LETTERS}",
        "Keep it in numbers or yes-or-no variables, one for each thing that matters.",
        key=key,
    )


def _unknown(story: Story, trees: Mapping[Location, Tree], tracked: Iterable[str]) -> Iterator[Problem]:
    wanted = frozenset(tracked)
    told: set[str] = set()
    for tree in trees.values():
        for variable, values in _tests(tree):
            if (
                variable in wanted
                and variable not in told
                and any(key_of(value) == key_of(UNKNOWN) for value in values)
            ):
                told.add(variable)
                key = min(story.uses.keys.get(variable, ()), default=None)
                message = f"What {variable} is, nobody knows beforehand (free input, or something that is not modelled)"
                yield Problem("GB802", message, "Let the reader choose among links instead.", key=key)


def _tests(tree: Tree) -> Iterator[tuple[str, tuple[Value, ...]]]:
    if isinstance(tree, Node):
        for values, child in tree.children:
            yield tree.variable, values
            yield from _tests(child)


def _differs(story: Story, passage: str, what: str) -> Problem:
    key = story.keys_by_name.get(passage, (None,))[0]
    return Problem(
        "GB805",
        f"The book would not play as the story does in {shown(passage)}: {what}",
        "Please report this.",
        key=key,
    )
