"""Everything that the package does with a stranger's file, in one function."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import gamebook_lab as gb
from gamebook_lab.errors import FormatError, GamebookError
from gamebook_lab.formats import registry
from gamebook_lab.formats.encoding import decode, encode
from gamebook_lab.formats.protocol import Document, Origin
from gamebook_lab.story.story import Story
from tests.hostile_inputs import ALL_MARKS, Hostile

_WRITERS = {"twee": gb.to_twee, "twine-html": gb.to_twine_html, "twine-json": gb.to_twine_json}


def sources(files: Iterable[Path]) -> list[str]:
    """Texts of story files, to be mutated: each as it stands, and written as HTML and JSON."""
    found: list[str] = []
    for file in files:
        text = decode(file.read_bytes())[0]
        found.append(text)
        with suppress(GamebookError):
            story = gb.read_story(file)
            found += [gb.to_twine_html(story), gb.to_twine_json(story)]
    return found


def run(hostile: Hostile) -> int:
    """Read, derive, check, write, read back, edit and search; give the number of stories that were read."""
    try:
        text, encoding = decode(hostile.data)
    except FormatError:
        return 0
    assert encode(text, encoding) == hostile.data
    document = Document(text, "hostile.twee", encoding)
    stories = [story for found in registry.formats() for story in read(found.name, document)]
    chance = random.Random(hostile.seed)
    if stories:
        use(chance.choice(stories), chance)
    with suppress(FormatError):
        registry.recognise(document)
    return len(stories)


def read(name: str, document: Document) -> tuple[Story, ...]:
    try:
        return registry.by_name(name).read((document,), Origin())
    except GamebookError:
        return ()


def use(story: Story, chance: random.Random) -> None:
    """Ask everything of a story that was read."""
    tables = story.passages, story.choices, story.variables, story.problems()
    for table in tables:
        for name in table.columns:
            if table[name].dtype in {"object", "str"}:
                "".join(str(value) for value in table[name].tolist()).encode()  # no half characters
    if len(story) and chance.random() < 0.5:
        edit(story, chance)
        return
    name = chance.choice(tuple(_WRITERS))
    with suppress(GamebookError):
        written = _WRITERS[name](story)
        written.encode()
        back = registry.by_name(name).read((Document(written),), Origin())  # all stories of its archive
        assert len(story) in map(len, back) or gb.unrepresentable(story, name)


def edit(story: Story, chance: random.Random) -> None:
    """Make an edit of a story; if it can be made, its result is sound."""
    with suppress(GamebookError):
        new = chance.choice(_EDITS)(story, chance)
        assert new.keys_by_name == new.with_table(new.table, new.table.index).keys_by_name
        new.parse(new.table.index)


def _any(story: Story, chance: random.Random) -> int:
    return int(chance.choice(story.table.index.tolist()))


def _word(chance: random.Random) -> str:
    return chance.choice(
        ("Here", "a b", "", "\ud800", "x]]y", "Ende'", '"', chance.choice(ALL_MARKS), chance.choice(ALL_MARKS))
    )


def _rename_variable(story: Story, chance: random.Random) -> Story:
    names = story.variables["name"].tolist()
    return gb.edits.rename_variable(
        story, chance.choice([*names, "$x"]), chance.choice(("$new", "_t", "new", _word(chance)))
    )


def _choice(story: Story, chance: random.Random) -> str:
    return str(chance.choice([*story.choices["choice_id"].tolist(), "0:0"]))


def _split(story: Story, chance: random.Random) -> Story:
    key = _any(story, chance)
    at = chance.randrange(len(story.text(key)) + 1)
    new = gb.edits.split_passage(story, key, at, "New")
    return gb.edits.merge_passages(new, key, "New")


_EDITS = (
    lambda story, chance: gb.edits.rename_passage(story, _any(story, chance), _word(chance)),
    lambda story, chance: gb.edits.delete_passage(story, _any(story, chance)),
    lambda story, chance: gb.edits.duplicate_passage(story, _any(story, chance)),
    lambda story, chance: gb.edits.add_choice(story, _any(story, chance), _word(chance), _word(chance)),
    lambda story, chance: gb.edits.retarget_choice(story, _choice(story, chance), _word(chance)),
    lambda story, chance: gb.edits.relabel_choice(story, _choice(story, chance), _word(chance)),
    lambda story, chance: gb.edits.delete_choice(story, _choice(story, chance)),
    lambda story, chance: gb.edits.set_tags(story, _any(story, chance), [_word(chance)]),
    lambda story, chance: gb.edits.set_text(story, _any(story, chance), _word(chance) * 3),
    lambda story, chance: gb.search.replace(story, _word(chance), _word(chance), within="prose"),
    lambda story, chance: gb.search.replace(story, r"\w+|\[+", r"<\0>", regex=True, within="all"),
    _rename_variable,
    _split,
)
