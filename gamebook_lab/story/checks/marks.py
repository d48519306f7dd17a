"""Marks: what a check wants to know of a passage, told of that passage alone.

After an edit, the marks of the other passages stay as they are, and each check looks just at passages with a mark that it is
about: one edit of a story of 10,000 passages costs what the marks find, not 10,000 looks by a dozen checks. A mark
therefore depends on nothing but the passage's text, name, tags and kind. Marks only choose where to look; what is a problem,
the checks say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from gamebook_lab.story.checks.prose import closes, prose_of, says_anything
from gamebook_lab.story.checks.row import Row
from gamebook_lab.story.inverted import Inverted
from gamebook_lab.story.program import AccessKind, Program
from gamebook_lab.story.story import Story

Mark: TypeAlias = tuple[str, str]
"""What it says, and the name or word that it says it of, if any."""

APART: Final = ("apart", "")
"""Of another kind than ``story``: nobody reads it, the story format runs it."""
AROUND: Final = ("around", "")
"""What the story format shows around every passage offers ways on, or may move the reader."""
BLANK: Final = ("blank", "")
CERTAIN: Final = ("certain", "")
"""Surely shows, calls or goes somewhere."""
CLOSES: Final = ("closes", "")
"""Has no way on, and the words of an ending."""
COMPUTED: Final = ("computed", "")
GARBLED: Final = ("garbled", "")
"""Something of it could not be read."""
HALTS: Final = ("halts", "")
"""Has no way on, those of what it includes left aside."""
INCLUDES: Final = ("includes", "")
MENTIONS: Final = ("mentions", "")
"""Code names a passage, and does not lead there."""
MOVES: Final = ("moves", "")
"""Code that is not understood may take the reader elsewhere."""
MUTE: Final = ("mute", "")
"""Has no way on, and no words."""
OFFERS: Final = ("offers", "")
"""Offers storylets."""
ONE_SIDED: Final = ("one-sided", "")
"""Some temporary variable is only read here, or only set."""
OPAQUE: Final = ("opaque", "")
STORYLET: Final = ("storylet", "")
TAGGED: Final = ("tagged", "")
"""Has a tag of endings."""
TURNS: Final = ("turns", "")
"""All of its own ways lead back to itself."""
UNSAID: Final = ("unsaid", "")
"""Has a way to a passage that is not among its references."""
ZERO: Final = ("zero", "")

READS, SETS = "reads", "sets"
"""A variable that is not temporary."""
TEMPORARY: Final = "temporary"
"""A temporary variable."""
DEFINES: Final = "defines"
"""A macro of the story's own."""
WORD: Final = "word"
"""A word of code that is not understood."""

_SAID: Final = (
    (CERTAIN, "certain"), (COMPUTED, "computed"), (GARBLED, "problems"), (INCLUDES, "includes"), (MOVES, "may_move"),
    (OFFERS, "offers_storylets"), (OPAQUE, "opaques"), (STORYLET, "is_storylet"),
)  # fmt: skip
"""What a program says of itself."""
_AROUND_NAMES: Final = frozenset({"PassageHeader", "PassageFooter", "PassageReady", "PassageDone"})
_AROUND_TAGS: Final = frozenset({"header", "footer"})
_ENDING_TAGS: Final = frozenset({"end", "ending", "the-end"})
_WORD: Final = re.compile(r"\w+")


class Marks(NamedTuple):
    """Which passages have which marks."""

    rows: tuple[Row, ...]
    found: Inverted[Mark]


def marked(story: Story, rows: tuple[Row, ...], resting: Callable[[Iterable[Row]], Iterator[Row]]) -> Marks:
    """Tell the marks of all passages; after an edit, only of those whose rows are new."""
    earlier = story.earlier("marks")
    if earlier is None:
        same: dict[Mark, Mark] = {}
        said = ((row.key, tuple(same.setdefault(each, each) for each in marks_of(row))) for row in resting(rows))
        return Marks(rows, Inverted.of(said))
    before: Marks = earlier.value
    gone = {row.key: row for row in before.rows}
    fresh = [row for row in rows if gone.pop(row.key, None) is not row]
    told: dict[int, tuple[Mark, ...]] = dict.fromkeys(gone, ())
    told.update((row.key, tuple(marks_of(row))) for row in resting(fresh))
    return Marks(rows, before.found.updated(told))


def marks_of(row: Row) -> Iterator[Mark]:
    """Tell the marks of one passage, each once."""
    if row.kind != "story":
        yield APART
    elif not row.text.strip():
        yield BLANK
    if "\0" in row.text or "\0" in row.name or "\0" in "".join(row.tags):
        yield ZERO
    if row.tags and any(tag in _ENDING_TAGS or tag.startswith("ending-") for tag in map(str.lower, row.tags)):
        yield TAGGED
    program = row.program
    for mark, name in _SAID:
        if getattr(program, name):
            yield mark
    if any(not (each.is_required or each.may_lead) for each in program.references):
        yield MENTIONS
    yield from _of_ways(row)
    yield from _of_variables(program)
    for macro in dict.fromkeys(program.definitions):
        yield DEFINES, macro
    if program.opaques or row.kind == "script":
        for word in dict.fromkeys(_code_words(row)):
            yield WORD, word


def _of_ways(row: Row) -> Iterator[Mark]:
    ways = row.program.ways
    if (row.name in _AROUND_NAMES or not _AROUND_TAGS.isdisjoint(row.tags)) and (row.program.may_move or ways):
        yield AROUND
    if row.kind != "story":
        return
    if ways:
        said = {each.name for each in row.program.references}
        if any(each.target is not None and each.target not in said for each in ways):
            yield UNSAID
        if all(each.target == row.name for each in ways):
            yield TURNS
    elif not row.program.includes:
        yield HALTS
        if not says_anything(prose_of([row])):
            yield MUTE
        elif closes(prose_of([row])):
            yield CLOSES


def _of_variables(program: Program) -> Iterator[Mark]:
    if not program.accesses:
        return
    uses = {(each.variable, each.kind is AccessKind.WRITE, each.is_temporary): None for each in program.accesses}
    for variable, is_write, is_temporary in uses:
        if not is_temporary:
            yield SETS if is_write else READS, variable
    temporary = Counter(variable for variable, _, is_temporary in uses if is_temporary)
    for variable in temporary:
        yield TEMPORARY, variable
    if 1 in temporary.values():
        yield ONE_SIDED


def _code_words(row: Row) -> Iterator[str]:
    """Give the words of all code of a passage that is not understood."""
    reached = 0
    for opaque in row.program.opaques:
        start = max(opaque.span.start, reached)
        if start < opaque.span.stop:
            reached = opaque.span.stop
            for word in _WORD.finditer(row.text, start, reached):
                yield word[0]
    if row.kind == "script" and not reached:
        yield from (word[0] for word in _WORD.finditer(row.text))
