"""Harlowe's parser on any text at all: it never raises, and what it says fits the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import EditError
from gamebook_lab.languages.harlowe import LANGUAGE
from gamebook_lab.story.program import TOKEN_KINDS, Choice, Program, Reference

PIECES = st.sampled_from(
    [
        "(if: ",
        "(else:)",
        "(else-if: $x)",
        "[[",
        "]]",
        "[",
        "]",
        "(",
        ")",
        '"',
        "'",
        "`",
        "``",
        "<!--",
        "-->",
        "$x",
        "_y",
        "->",
        "<-",
        "a b",
        "\n",
        "* ",
        "# ",
        "---",
        "''",
        "//",
        "**",
        "*",
        "{",
        "}",
        "{=",
        '(link:"a")',
        "(goto:'B')",
        " is ",
        " not ",
        " to ",
        "(set: $x to 1)",
        "<b>",
        "<script>",
        "</script>",
        '<a "',
        "\\",
        "]<n",
        "[=",
        "'s 1st",
        "its x",
        "1st of ",
        "...",
        "each ",
        " where ",
        "bind ",
        ",",
        "num-type ",
        "<<x>>",
        "http://",
        "1",
        "2s",
        "it",
        " and ",
        "(a:",
        " + ",
        '(link-goto:"q", "z")',
        "(cond: ",
        "?h",
        "(move: $a into $b)",
        "]<",
        "\t",
        "&amp;",
        "é",
        "(click-goto: ?h, 'C')",
        '(display: "D")',
        "(passage: 'E')",
        "(macro: str-type _a, ",
        "|n>[",
        "|x)[",
        "|",
    ],
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
NAMES = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("[]()$_`'\"\\/*&;<->|")), max_size=20)


def check(text: str, program: Program) -> None:
    """Check everything that holds for every program."""
    spans = [
        [choice.span for choice in program.choices], [found.slot.span for found in program.references],
        [access.span for access in program.accesses], [opaque.span for opaque in program.opaques],
        [problem.span for problem in program.problems], list(program.prose),
    ]  # fmt: skip
    for row in spans:
        assert row == sorted(row)
        assert all(0 <= start <= stop <= len(text) for start, stop in row)
    for access in program.accesses:
        assert text[access.span.start : access.span.stop] == access.variable
        assert LANGUAGE.is_variable_name(access.variable)
    edge = 0
    for token in program.tokens:
        assert edge <= token.start < token.stop <= len(text)
        assert token.kind in TOKEN_KINDS
        edge = token.stop
    edge = 0
    for start, stop in program.prose:
        assert edge <= start < stop
        edge = stop


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_a_sound_program(text: str) -> None:
    check(text, LANGUAGE.parse(text))


@given(TEXTS, NAMES)
@settings(max_examples=200, deadline=None)
def test_renamed_reference_reads_back(text: str, name: str) -> None:
    program = LANGUAGE.parse(text)
    for index, reference in enumerate(program.references):
        try:
            written = LANGUAGE.encode(name, reference.slot.quoting)
        except EditError:
            continue
        start, stop = reference.slot.span
        again = LANGUAGE.parse(text[:start] + written + text[stop:])
        assert again.references[index].name == name


@given(NAMES, NAMES)
@settings(max_examples=200, deadline=None)
def test_written_link_reads_back(label: str, target: str) -> None:
    try:
        source = LANGUAGE.link(label, target)
    except EditError:
        return
    (choice,) = LANGUAGE.parse(source).choices
    assert (choice.label, choice.target) == (label, target)


@pytest.mark.parametrize(
    "unit",
    [
        "(if:", "[[", '"', '(print: "', "`", "[", "(", "{", "''", "<!--", "<a ", '<a "', "<a '>'", "_", "$1", "[[a|b|c]d ",
        "[[a]b|", "]", "|a>[", "<script>", "<<a ", "(if: $x)[a]", "(else-if: $x)[a]", "$x+", "(if:1)+", "[=", "\n* ",
        "(a:1+", "(a: 11", "-->", "\\", "*", "](x|", "http://", "(link:'a')[", "$x[a]", "&", "(cond: 1, ", "''[",
    ],
)  # fmt: skip
def test_long_repetitions_are_read(unit: str) -> None:
    text = unit * 3000
    check(text, LANGUAGE.parse(text))


def test_tag_that_never_ends_is_no_tag() -> None:
    text = "<a '>' <b \" <c '>' text [[x]]"
    (choice,) = LANGUAGE.parse(text).choices
    assert isinstance(choice, Choice)
    assert choice.target == "x"


def test_reference_after_unclosed_openings_is_still_found() -> None:
    references = LANGUAGE.parse("[ { (if: $x '' <!-- [[A->B]]").references
    assert [isinstance(found, Reference) and found.name for found in references] == ["B"]
