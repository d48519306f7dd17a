r"""Find and replace in a story's texts and names.

Patterns run on RE2 (google-re2), so that the time is linear in the text whatever the pattern
is. RE2 has no look-around and no backreferences in patterns (https://github.com/google/re2/wiki/Syntax);
``^`` and ``$`` match at every line here.

Where a search goes (``within``):

- ``text``: the source as it is, markup and code included;
- ``prose``: only what a reader may see. A match never reaches across markup, and replacing never touches any:
  if ``[[Cellar]]`` shows its target, replacing the word changes the label alone, ``[[Basement->Cellar]]``;
- ``names``: passage names; replacing renames, with every link;
- ``all``: texts and names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

import pandas as pd

from gamebook_lab.errors import EditError, LimitError
from gamebook_lab.story import schema
from gamebook_lab.story.edits import checked, rename_passage
from gamebook_lab.story.edits.choices import Found, label_edit
from gamebook_lab.story.edits.rows import with_cells
from gamebook_lab.story.edits.splice import splice
from gamebook_lab.story.patterns import compiled_pattern, replacement_template, whole_characters
from gamebook_lab.story.program import Span
from gamebook_lab.story.schema import Column
from gamebook_lab.story.story import Story

Within = Literal["text", "prose", "names", "all"]

MATCHES: Final = (
    Column("passage_id", "str", "name of the passage"),
    Column("key", "int64", "its key"),
    Column("where", "str", "text or name"),
    Column("start", "int64", "where the match begins in the text or name", "characters"),
    Column("stop", "int64", "where it ends", "characters"),
    Column("line", "Int64", "1-based line of the text; missing: in a name"),
    Column("column", "Int64", "1-based column of that line; missing: in a name", "characters"),
    Column("match", "object", "what was found"),
    Column("before", "object", "what stands before it on its line"),
    Column("after", "object", "what stands after it on its line"),
)
REPLACEMENT: Final = Column("replacement", "object", "what would stand in place of the match")
MAX_MATCHES: Final = 1_000_000
_CONTEXT: Final = 60


class _Match(NamedTuple):
    key: int
    where: str
    text: str
    span: Span
    replacement: str


def find(
    story: Story,
    pattern: str,
    *,
    regex: bool = False,
    case_sensitive: bool = False,
    whole_word: bool = False,
    within: Within = "text",
    passages: Iterable[str | int] | None = None,
) -> pd.DataFrame:
    r"""Find a text everywhere.

    Parameters
    ----------
    pattern
        What to find.
    regex
        Take ``pattern`` as a regular expression of RE2.
    case_sensitive
        Tell ``A`` from ``a``.
    whole_word
        Only where no letter, digit or underscore stands directly before or after.
    within
        Where to look; see the module.
    passages
        Only in these, by name or key; without, in all.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`MATCHES`, in story order.

    Raises
    ------
    EditError
        If the pattern is empty or not a regular expression.
    LimitError
        If there are more than a million matches.
    """
    query = _Query(pattern, None, regex, case_sensitive, whole_word, within, _keys(story, passages))
    return _table(story, list(query.matches(story)))


def preview(
    story: Story,
    pattern: str,
    replacement: str,
    *,
    regex: bool = False,
    case_sensitive: bool = False,
    whole_word: bool = False,
    within: Within = "text",
    passages: Iterable[str | int] | None = None,
) -> pd.DataFrame:
    r"""Show what :func:`replace` would do: a row per match, with the new text beside the old.

    Parameters
    ----------
    pattern, regex, case_sensitive, whole_word, within, passages
        As for :func:`find`.
    replacement
        What to put there. With ``regex``, ``\1`` and ``\g<name>`` stand for what a group matched, ``\n`` for a new line and ``\\``
        for a backslash.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`MATCHES` and :data:`REPLACEMENT`; choose rows of it for ``select``.

    Raises
    ------
    EditError
        If the pattern or the replacement cannot be used.
    LimitError
        If there are more than a million matches.
    """
    query = _Query(pattern, replacement, regex, case_sensitive, whole_word, within, _keys(story, passages))
    found = list(query.matches(story))
    texts = pd.Series([match.replacement for match in found], dtype=REPLACEMENT.dtype)
    return _table(story, found).assign(**{REPLACEMENT.name: texts})


def replace(
    story: Story,
    pattern: str,
    replacement: str,
    *,
    regex: bool = False,
    case_sensitive: bool = False,
    whole_word: bool = False,
    within: Within = "text",
    passages: Iterable[str | int] | None = None,
    select: Iterable[int] | None = None,
) -> Story:
    """Replace a text everywhere, or where it was chosen.

    Parameters
    ----------
    pattern, replacement, regex, case_sensitive, whole_word, within, passages
        As for :func:`preview`.
    select
        Row labels of the preview (made of the same story, with the same arguments): only these are replaced.

    Raises
    ------
    EditError
        If the pattern or the replacement cannot be used, a selected row does not exist, or a name cannot be changed so.
    LimitError
        If there are more than a million matches.
    """
    query = _Query(pattern, replacement, regex, case_sensitive, whole_word, within, _keys(story, passages))
    found = _selected(list(query.matches(story)), select)
    edits = _prose_edits if within == "prose" else _text_edits
    texts = {key: splice(story.text(key), edits(story, key, matches)) for key, matches in _grouped(found, "text")}
    story = with_cells(story, {"text": texts})
    for key, matches in _grouped(found, "name"):
        story = rename_passage(story, key, splice(story.name(key), _text_edits(story, key, matches)))
    return story


# ---- matching


class _Query(NamedTuple):
    pattern: str
    replacement: str | None
    regex: bool
    case_sensitive: bool
    whole_word: bool
    within: Within
    keys: list[int]

    def matches(self, story: Story) -> Iterator[_Match]:
        """Every match in story order, each passage's name before its text."""
        compiled = compiled_pattern(self.pattern, regex=self.regex, case_sensitive=self.case_sensitive)
        replacement = checked.text_of(self.replacement or "")
        expand = replacement_template(replacement, compiled) if self.regex else lambda _: replacement
        n_found = 0
        for key, where, text, spans in self._places(story):
            for span, found in _matches_in(compiled, text, spans):
                if self.whole_word and not _is_whole(text, span):
                    continue
                n_found += 1
                if n_found > MAX_MATCHES:
                    msg = f"{self.pattern!r} was found more than {MAX_MATCHES:,} times; look for something longer, or in fewer passages"
                    raise LimitError(msg)
                yield _Match(key, where, text, span, expand(found))

    def _places(self, story: Story) -> Iterator[tuple[int, str, str, list[Span]]]:
        if self.within not in {"text", "prose", "names", "all"}:
            raise EditError(f"expected within 'text', 'prose', 'names' or 'all', not {self.within!r}")
        rows = story.table.loc[self.keys, ["passage_id", "text"]]
        for key, name, text in zip(self.keys, rows["passage_id"].tolist(), rows["text"].tolist(), strict=True):
            if self.within in {"names", "all"}:
                yield key, "name", name, [Span(0, len(name))]
            if self.within == "prose":
                yield key, "text", text, _stretches(story, key)
            elif self.within != "names":
                yield key, "text", text, [Span(0, len(text))]


def _keys(story: Story, passages: Iterable[str | int] | None) -> list[int]:
    if passages is None:
        keys: list[int] = story.table.index.tolist()
        return keys
    wanted = {story.key(passage) for passage in passages}
    return [key for key in story.table.index.tolist() if key in wanted]


def _stretches(story: Story, key: int) -> list[Span]:
    """Stretches of prose, those that touch taken together, but labels apart: they are written in their own way."""
    program = story.program(key)
    labels = {choice.label_slot.span for choice in program.choices if choice.label_slot is not None}
    merged: list[Span] = []
    for span in program.prose:
        if merged and merged[-1].stop == span.start and not labels & {merged[-1], span}:
            merged[-1] = Span(merged[-1].start, span.stop)
        else:
            merged.append(span)
    return merged


def _matches_in(compiled: Any, text: str, spans: list[Span]) -> Iterator[tuple[Span, Any]]:
    """Every match in these stretches, each searched as if it were all of the text."""
    for start, stop in spans:
        for found in compiled.finditer(whole_characters(text[start:stop])):
            yield Span(found.start() + start, found.end() + start), found


def _is_whole(text: str, span: Span) -> bool:
    around = text[span.start - 1 : span.start] if span.start else "", text[span.stop : span.stop + 1]
    return not any(each.isalnum() or each == "_" for each in around)


# ---- replacing


def _selected(found: list[_Match], select: Iterable[int] | None) -> list[_Match]:
    if select is None:
        return found
    rows = sorted(set(select))
    if rows and not 0 <= rows[0] <= rows[-1] < len(found):
        msg = f"row {rows[0] if rows[0] < 0 else rows[-1]} is not in the preview, which has {len(found)} rows; make the preview anew"
        raise EditError(msg)
    return [found[row] for row in rows]


def _grouped(found: list[_Match], where: str) -> Iterator[tuple[int, list[_Match]]]:
    groups: dict[int, list[_Match]] = {}
    for match in found:
        if match.where == where:
            groups.setdefault(match.key, []).append(match)
    yield from groups.items()


def _text_edits(_story: Story, _key: int, matches: list[_Match]) -> list[tuple[Span, str]]:
    return [(match.span, match.replacement) for match in matches]


def _prose_edits(story: Story, key: int, matches: list[_Match]) -> list[tuple[Span, str]]:
    """Write what is in a label as its language writes labels there; all else as it is."""
    text = story.text(key)
    labels = {
        choice.label_slot.span: Found(key, order, choice)
        for order, choice in enumerate(story.program(key).choices)
        if choice.label_slot is not None and text[slice(*choice.label_slot.span)] == choice.label
    }
    edits: list[tuple[Span, str]] = []
    inside: dict[Span, list[tuple[Span, str]]] = {}
    ordered = sorted(labels)
    for match in matches:
        before = bisect_right(ordered, match.span.start, key=lambda span: span.start)
        around = ordered[before - 1] if before else Span(0, 0)
        if match.span.stop > around.stop:
            edits.append((match.span, match.replacement))
        else:
            span = Span(match.span.start - around.start, match.span.stop - around.start)
            inside.setdefault(around, []).append((span, match.replacement))
    for span, changes in inside.items():
        edits.append(label_edit(story, labels[span], splice(text[slice(*span)], changes)))
    return edits


# ---- tables


def _table(story: Story, found: list[_Match]) -> pd.DataFrame:
    names = story.table["passage_id"].to_dict()
    places = list(_line_and_column(found))
    return schema.build(
        MATCHES,
        {
            "passage_id": [names[match.key] for match in found],
            "key": [match.key for match in found],
            "where": [match.where for match in found],
            "start": [match.span.start for match in found],
            "stop": [match.span.stop for match in found],
            "line": [line for line, _ in places],
            "column": [column for _, column in places],
            "match": [match.text[slice(*match.span)] for match in found],
            "before": [_line_before(match) for match in found],
            "after": [_line_after(match) for match in found],
        },
    )


def _line_and_column(found: Iterable[_Match]) -> Iterator[tuple[int | None, int | None]]:
    """Count lines on from match to match, so that each text is read once."""
    key, line, done, line_start = -1, 1, 0, 0
    for match in found:
        if match.where == "name":
            yield None, None
            continue
        if match.key != key:
            key, line, done, line_start = match.key, 1, 0, 0
        start = match.span.start
        line += match.text.count("\n", done, start)
        line_start = max(line_start, match.text.rfind("\n", done, start) + 1)
        done = start
        yield line, start - line_start + 1


def _line_before(match: _Match) -> str:
    return match.text[max(0, match.span.start - _CONTEXT) : match.span.start].rpartition("\n")[2]


def _line_after(match: _Match) -> str:
    return match.text[match.span.stop : match.span.stop + _CONTEXT].partition("\n")[0]
