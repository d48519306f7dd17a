"""What holds for any text at all, in each of the three languages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import EditError
from gamebook_lab.languages.chapbook import LANGUAGE as CHAPBOOK
from gamebook_lab.languages.snowman import LANGUAGE as SNOWMAN
from gamebook_lab.languages.sugarcube import LANGUAGE as SUGARCUBE
from gamebook_lab.story.language import Language
from gamebook_lab.story.program import TOKEN_KINDS, Program, Span

LANGUAGES = [SUGARCUBE, SNOWMAN, CHAPBOOK]
BY_NAME = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)

PIECES = [
    "<<",
    ">>",
    "<</",
    "[[",
    "]]",
    "][",
    "[img[",
    "|",
    "->",
    "<-",
    "$x",
    "_t",
    "$a.b[0]",
    '"',
    "'",
    "`",
    "\\",
    "/",
    "//",
    "/*",
    "*/",
    "/%",
    "%/",
    "<!--",
    "-->",
    "{",
    "}",
    "${",
    "(",
    ")",
    ",",
    ";",
    ":",
    "=",
    "==",
    "+",
    "!",
    "?",
    "~\nif",
    "else",
    "elseif",
    "switch",
    "case",
    "set",
    "run",
    "link",
    "button",
    "goto",
    "include",
    "widget",
    "script",
    "back",
    "to",
    "is",
    "not",
    "and",
    "range",
    "for",
    "print",
    '"A"',
    "'B'\n<%=",
    "<%",
    "%>",
    "s.x",
    "story.show(",
    "<a",
    "data-passage=",
    "@title=",
    "href=",
    ">",
    "</a>",
    "<script>",
    "</script>",
    "<nowiki>",
    "{{{",
    "}}}",
    '"""',
    "\n",
    "--",
    "[if",
    "[else]",
    "[note]",
    "embed\npassage",
    "reveal",
    "text:",
    "1",
    "0x",
    ".5",
    "=>",
    "function",
    "class",
    "$$",
    "__",
    "''",
    "@@",
    "!",
    "*",
    "#",
    ">",
    "Engine.play(",
    "visited(",
    "cell",
    "door",
]
SOURCES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
                    st.lists(st.sampled_from(PIECES), max_size=40).map("".join))  # fmt: skip
NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.lists(st.sampled_from([*PIECES, "a", " "]), min_size=1, max_size=4).map("".join),
)
KINDS = st.sampled_from([("", ()), ("x", ("script",)), ("StoryInterface", ()), ("y", ("widget",))])


def spans(program: Program) -> list[Span]:
    choices = [
        span
        for choice in program.choices
        for span in (
            choice.span,
            choice.target_slot and choice.target_slot.span,
            choice.label_slot and choice.label_slot.span,
        )
        if span is not None
    ]
    conditions = [condition.span for choice in program.choices for condition in choice.conditions]
    slots = [reference.slot.span for reference in program.references]
    rest = [record.span for table in (program.accesses, program.opaques, program.problems) for record in table]
    return [*choices, *conditions, *slots, *rest, *program.prose, *(Span(*token[:2]) for token in program.tokens)]


@BY_NAME
@settings(max_examples=400, deadline=None)
@given(source=SOURCES, kind=KINDS)
def test_any_text_gives_a_program_whose_spans_lie_in_it(
    language: Language, source: str, kind: tuple[str, tuple[str, ...]]
):
    program = language.parse(source, name=kind[0], tags=kind[1])
    assert all(0 <= start <= stop <= len(source) for start, stop in spans(program))


@BY_NAME
@settings(max_examples=400, deadline=None)
@given(source=SOURCES)
def test_records_are_sorted_and_tokens_and_prose_never_overlap(language: Language, source: str):
    program = language.parse(source)
    for table in (program.choices, program.accesses, program.opaques, program.problems):
        assert [record.span for record in table] == sorted(record.span for record in table)
    assert [reference.slot.span for reference in program.references] == sorted(
        reference.slot.span for reference in program.references
    )
    for stretches in (program.tokens, program.prose):
        assert all(a.stop <= b.start for a, b in itertools.pairwise(stretches))
    assert {token.kind for token in program.tokens} <= set(TOKEN_KINDS)


@BY_NAME
@settings(max_examples=400, deadline=None)
@given(source=SOURCES)
def test_every_choice_that_names_a_passage_is_a_reference_too(language: Language, source: str):
    program = language.parse(source)
    named = {(reference.name, reference.slot) for reference in program.references}
    for choice in program.choices:
        if choice.target is not None and choice.kind != "external":
            assert (choice.target, choice.target_slot) in named


NAMING = {
    "sugarcube": """[[A]]§[[x|A]]§[[x->A]]§[[A<-x]]§[[x|A][$y to 1]]§[[x|"A"]]§[[x|'A']]§[img[p.png][A]]§<<link "x" "A">><</link>>
<<link [[x|A]]>><</link>>§<<goto A>>§<<goto 'A'>>§<<goto `"A"`>>§<<include [[A]]>>§<<run Engine.play("A")>>§<<actions "A" [[x|B]]>>
<<if visited("A") and passage() is 'B'>>x<</if>>§<a data-passage="A">x</a>§<a data-passage='A'>x</a>§<a data-passage=A>x</a>
<a @data-passage="'A'">x</a>§<<switch passage()>><<case "A">>x<</switch>>§<<link "x">><<goto "A">><</link>>§<<= visited(`A`)>>""",
    "snowman": """[[A]]§[[x|A]]§[[x->A]]§[[A<-x]]§[[x|A][s.y = 1]]§<% story.show("A") %>§<%= Story.include('A') %>
<a data-passage="A">x</a>§<a data-passage='A'>x</a>§<a data-passage=A>x</a>§<% if (visited(`A`)) { %>x<% } %>""",
    "chapbook": """[[A]]§[[x|A]]§[[x->A]]§[[A<-x]]§> [[A]]§{embed passage: 'A'}§{link to: "A", label: 'x'}§{reveal link: 'x', passage: 'A'}
{reveal link: 'x', text: 'see [[A]] there'}§{reveal link: "x", text: "see [[y->A]]"}""",
}


@BY_NAME
@settings(max_examples=600, deadline=None)
@given(name=NAMES, data=st.data())
def test_a_renamed_reference_reads_back_as_the_new_name(language: Language, name: str, data: st.DataObject):
    snippets = NAMING[language.name].replace("\n", "§").split("§")
    source = data.draw(st.sampled_from(snippets)) + " and then " + data.draw(st.sampled_from(snippets))
    program = language.parse(source)
    index = data.draw(st.integers(0, len(program.references) - 1))
    start, stop = program.references[index].slot.span
    try:
        written = language.encode(name, program.references[index].slot.quoting)
    except EditError:
        return
    again = language.parse(source[:start] + written + source[stop:])
    expected = [reference.name for reference in program.references]
    expected[index] = name
    assert [reference.name for reference in again.references] == expected
    assert again.problems == ()


@BY_NAME
@settings(max_examples=400, deadline=None)
@given(label=st.none() | NAMES, target=NAMES)
def test_a_written_link_reads_back(language: Language, label: str | None, target: str):
    try:
        written = language.link(label, target)
    except EditError:
        return
    program = language.parse(f"Before {written} after")
    assert [(choice.kind.value, choice.target) for choice in program.choices] == [("link", target)]
    shown = program.choices[0].label
    assert shown == (target if label is None else label)


@BY_NAME
def test_plain_names_can_be_written_everywhere(language: Language):
    for quoting in ("link", "double", "single", "attribute-double"):
        assert language.encode("Hall 2: the cellar", quoting) == "Hall 2: the cellar"


@BY_NAME
def test_unknown_quoting_is_an_edit_error(language: Language):
    with pytest.raises(EditError):
        language.encode("Hall", "runes")


@BY_NAME
@pytest.mark.parametrize(
    "piece",
    [
        "<<if $x>>",
        "<<link 'a'>>",
        "(",
        "[",
        "{",
        "!",
        "a ? ",
        "`${",
        "<% if (s.x) { %>",
        "=> {",
        "f(",
        "x = ",
        "a.",
        "1+",
    ],
)
def test_depth_is_bounded(language: Language, piece: str):
    for frame in ("{}", "<<set $x to {}>>", "<%= {} %>", "[if {}]\ntext", "x: {}\n--\n"):
        program = language.parse(frame.replace("{}", piece * 3000))
        assert isinstance(program, Program)
