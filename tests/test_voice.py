"""Every row of problems speaks with one voice: message and hint begin with a capital letter, a name or a piece of markup."""

from __future__ import annotations

import pytest

from gamebook_lab.formats import parse_twee, registry, unrepresentable
from gamebook_lab.formats.protocol import Document, Origin

BROKEN = {
    "SugarCube": '<<if $a = 1>><<else if>><</p>> <<link>> <<set>> [[a /* <<goto>> $b "',
    "Harlowe": "(if: $a is ] [[]] (nope: 1) (set: $a to ) (else:)[x] [ (print: 1 2)",
    "Chapbook": "no colon\n: 2\na: +\n--\n--\n[else]\n{embed passage: 'x' [[a <!-- {",
    "Snowman": '<% if (x { %> [[a <!-- <% } } "',
}


def said(rows):
    return [words for row in rows for words in (row.message, row.hint) if words]


@pytest.mark.parametrize("story_format", sorted(BROKEN))
def test_syntax_problems_begin_alike(story_format):
    text = f':: StoryData\n{{"format":"{story_format}"}}\n\n:: Start\n{BROKEN[story_format]}\n'
    story = parse_twee(text)
    found = said(problem for program in story.programs.values() for problem in program.problems)
    assert found
    assert not [words for words in found if words[0].islower()]


FILES = {
    "twee": 'stray\n:: A] [b {"position":1} x\n:: ::@include\n:: StoryData\n{"zoom":"x","ifid":3,\n:: StoryData\n',
    "twine-html": (
        "<p><tw-storydata zoom=x startnode=9 name=T data-x=1><tw-passagedata pid=1 position=x data-y=2>a<b"
        "<tw-passagedata pid=1 name=B>"
    ),
    "twine-json": '{"zoom":"x","start":1,"m":{},"passages":[1,{"name":1,"tags":[1],"metadata":{"position":"x","y":1}}]}',
}  # fmt: skip


@pytest.mark.parametrize("file_format", sorted(FILES))
def test_rows_about_files_begin_alike(file_format):
    (story,) = registry.by_name(file_format).read((Document(FILES[file_format]),), Origin())
    lost = [row for name in FILES for row in unrepresentable(story, name)]
    found = said([*story.import_problems, *lost])
    assert found
    assert not [words for words in found if words[0].islower()]
