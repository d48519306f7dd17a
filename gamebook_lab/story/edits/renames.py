"""Renames passages and variables, with everything that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import checked
from gamebook_lab.story.edits.rows import with_cells, with_start_by_name
from gamebook_lab.story.edits.splice import splice
from gamebook_lab.story.program import Span
from gamebook_lab.story.story import Story


def rename_passage(story: Story, passage: str | int, new_name: str) -> Story:
    """Give a passage another name, and write it in every link, macro and condition that names the passage.

    No link leads elsewhere afterwards. A name that several passages have by mistake (GB102) means the first of them:
    renaming that one takes the links along, renaming another one leaves them. Links to the new name that were broken
    before lead to the passage now. A name that only becomes one when the story runs (a string that is put into a
    variable, or put together) stays: find those with :func:`gamebook_lab.story.search.find`.

    Parameters
    ----------
    passage
        Name or key.
    new_name
        No passage may have it yet.

    Raises
    ------
    EditError
        If the name is taken, or cannot be written in one of the places that name the passage.
    UnknownPassageError
        If there is no such passage.
    """
    key = story.key(passage)
    old = story.name(key)
    if new_name == old:
        return story
    checked.new_name(story, new_name)
    texts = renamed_references(story, old, new_name) if story.key(old) == key else {}
    return with_start_by_name(with_cells(story, {"text": texts, "passage_id": {key: new_name}}))


def renamed_references(story: Story, old: str, new: str) -> dict[int, str]:
    """Texts, by key, of all passages that name ``old``, naming ``new`` instead.

    Raises
    ------
    EditError
        If ``new`` cannot be written in one of the places.
    """
    spelled: dict[str, str] = {}

    def spell(quoting: str) -> str:
        if quoting not in spelled:
            spelled[quoting] = story.language.encode(new, quoting)
        return spelled[quoting]

    def edits(key: int) -> Iterable[tuple[Span, str]]:
        references = story.program(key).references
        return [(each.slot.span, spell(each.slot.quoting)) for each in references if each.name == old]

    return _texts(story, story.mentions.keys.get(old, ()), edits)


def rename_variable(story: Story, old: str, new: str, *, merge: bool = False) -> Story:
    """Give a variable another name in every passage that reads or writes it.

    Temporary variables of one name are renamed in every passage that has one, as they are one row of ``story.variables``.
    A name in a string that only becomes code when the story runs stays.

    Parameters
    ----------
    old, new
        Names as the author writes them, sigil included where the language has one: ``$gold``.
    merge
        Allow ``new`` to be a variable that the story uses already: the two become one.

    Raises
    ------
    EditError
        If the story does not use ``old``, uses ``new`` already, or ``new`` is not a name for that kind of variable.
    """
    if new == old:
        return story
    keys = story.uses.keys.get(old)
    if keys is None:
        raise EditError(f"no passage uses a variable {old!r}; story.variables lists those there are")
    if not story.language.is_variable_name(new):
        msg = f"{new!r} is not a name for a variable in {story.language.name}; expected one written like {old!r}"
        raise EditError(msg)
    if new in story.uses.keys and not merge:
        msg = f"the story has a variable {new!r} already; choose another name, or give merge=True to make them one"
        raise EditError(msg)

    def edits(key: int) -> Iterable[tuple[Span, str]]:
        text = story.text(key)
        accesses = [each for each in story.program(key).accesses if each.variable == old]
        return [(each.span, _respelled(text[slice(*each.span)], old, new)) for each in accesses]

    result = with_cells(story, {"text": _texts(story, keys, edits)})
    _same_lifetime(story, result, keys[0], old, new)
    return result


def _respelled(written: str, old: str, new: str) -> str:
    """Write ``new`` as ``old`` was written: in some places without its sigil, as in ``State.variables.gold``.

    Raises
    ------
    EditError
        If that is not possible.
    """
    if written == old:
        return new
    sigil = old.removesuffix(written)
    if not old.endswith(written) or not new.startswith(sigil):
        msg = f"{old!r} is written as {written!r} in one place, where {new!r} has no spelling; begin the name with {sigil!r}"
        raise EditError(msg)
    return new.removeprefix(sigil)


def _same_lifetime(before: Story, after: Story, key: int, old: str, new: str) -> None:
    """Refuse to turn a variable of the story into one of a passage, or the other way round; one passage shows it.

    Raises
    ------
    EditError
        If it would.
    """
    was, is_now = (
        {access.is_temporary for access in story.program(key).accesses if access.variable == name}
        for story, name in ((before, old), (after, new))
    )
    if not is_now <= was:
        msg = (
            f"{old!r} and {new!r} are not the same kind of variable: one lives as long as the story, the other in one passage; "
            f"keep the first character of {old!r}"
        )
        raise EditError(msg)


def _texts(story: Story, keys: Iterable[int], edits: Callable[[int], Iterable[tuple[Span, str]]]) -> dict[int, str]:
    return {key: splice(story.text(key), edits(key)) for key in keys}
