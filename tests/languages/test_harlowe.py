"""Harlowe's programs, against tables that were checked by hand (``cases/harlowe``)."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.languages.harlowe import LANGUAGE
from gamebook_lab.languages.registry import language
from gamebook_lab.story.language import Language
from gamebook_lab.story.program import Opaque, Program, Span, Token

CASES = Path(__file__).parent / "cases" / "harlowe"


def table(text: str, program: Program) -> dict[str, list[str]]:
    """One line a row: where it starts, its source, and what was understood."""

    def row(span: Span, *rest: object) -> str:
        parts = [f"{span.start} <{text[span.start : span.stop]}>", *(str(part) for part in rest if part)]
        return " | ".join(parts)

    def flags(**given: Any) -> str:
        return " ".join(name if value is True else f"{name}={value}" for name, value in given.items() if value)

    return {
        "choices": [
            row(
                choice.span, choice.kind,
                f"-> {choice.target!r} at {choice.target_slot.span.start} {choice.target_slot.quoting}"
                if choice.target_slot else "",
                f"label {choice.label!r}" if choice.label is not None else "",
                f"at {choice.label_slot.span.start} {choice.label_slot.quoting}" if choice.label_slot else "",
                *(f"if {condition}" for condition in choice.conditions),
                *(f"sets {effect}" for effect in choice.effects),
                flags(once=choice.is_once),
            )
            for choice in program.choices
        ],
        "references": [
            row(found.slot.span, found.name, found.slot.quoting, flags(required=found.is_required, may_lead=found.may_lead))
            for found in program.references
        ],
        "accesses": [
            row(
                found.span, found.kind,
                flags(temporary=found.is_temporary, condition=found.is_condition, flows_to=found.flows_to),
                f"value {found.value}" if found.value is not None else "",
            )
            for found in program.accesses
        ],
        "opaques": [row(found.span, found.what, flags(may_move=found.may_move)) for found in program.opaques],
        "problems": [row(found.span, found.message) for found in program.problems],
        "prose": [row(span) for span in program.prose],
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_passage_reads_as_its_table_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert table(text, LANGUAGE.parse(text)) == expected


def test_is_the_registered_language() -> None:
    assert isinstance(LANGUAGE, Language)
    assert language("harlowe") is LANGUAGE
    assert LANGUAGE.name == "harlowe"
    assert pickle.loads(pickle.dumps(LANGUAGE)) == LANGUAGE


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ((), "story"), (("dark",), "story"), (("startup",), "special"), (("x", "footer"), "special"),
        (("debug-startup",), "special"), (("script",), "script"), (("stylesheet",), "style"),
    ],
)  # fmt: skip
def test_kind_goes_by_tags(tags: tuple[str, ...], kind: str) -> None:
    assert LANGUAGE.kind("Startup", tags) == kind


def test_script_passage_is_opaque_and_style_sheet_says_nothing() -> None:
    script = LANGUAGE.parse("go('[[x]]')", tags=("script",))
    assert script == Program(opaques=(Opaque("script", Span(0, 11), may_move=True),), tokens=(Token(0, 11, "code"),))
    assert LANGUAGE.parse("a[b]{}", tags=("stylesheet",)).problems == ()


@pytest.mark.parametrize(
    ("text", "quoting", "source"),
    [
        ("Cellar", "bare", "Cellar"), ("//odd//", "bare", "`//odd//`"), ("//odd//", "simple", "//odd//"),
        ("$cash", "simple", "`$cash`"), ("a ` $b", "left", "``a ` $b``"), ("it's", "single", "it\\'s"),
        ('say "x"', "double", 'say \\"x\\"'), ("a\\b", "double", "a\\\\b"), ("$x", "double", "$x"),
        ("$x", "double-markup", "`$x`"), ("''b''", "single-markup", "`\\'\\'b\\'\\'`"), ("a]b", "simple", "a]b"),
        ("a->b", "label", "a->b"), ("a<-b", "label-right", "a<-b"), ("snake_case", "bare", "`snake_case`"),
    ],
)  # fmt: skip
def test_encode_writes_what_reads_back(text: str, quoting: str, source: str) -> None:
    assert LANGUAGE.encode(text, quoting) == source


@pytest.mark.parametrize(
    ("text", "quoting"),
    [
        ("a]]b", "bare"), ("a]b", "bare"), ("a->b", "bare"), ("a|b", "simple"), ("a<-b", "left"), ("", "bare"),
        ("", "label"), ("a]", "label"), ("a->b", "label-right"), ("x", "klingon"), ("a->b", "simple"),
    ],
)  # fmt: skip
def test_encode_refuses_what_no_spelling_holds(text: str, quoting: str) -> None:
    with pytest.raises(EditError):
        LANGUAGE.encode(text, quoting)


@pytest.mark.parametrize(
    ("label", "target", "source"),
    [
        (None, "Cellar", "[[Cellar]]"), ("Go", "Cellar", "[[Go->Cellar]]"), ("a->b", "C", "[[a->b->C]]"),
        ("Go", "a->b", '(link-goto: "Go", "a->b")'), (None, "a]]b", '(link-goto: "a]]b")'),
        ("[x]", "C", '(link-goto: "[x]", "C")'),
    ],
)  # fmt: skip
def test_link_reads_back(label: str | None, target: str, source: str) -> None:
    assert LANGUAGE.link(label, target) == source
    (choice,) = LANGUAGE.parse(source).choices
    assert (choice.target, choice.label) == (target, target if label is None else label)


@pytest.mark.parametrize("label", ["", "[[x]]", "(goto: 'y')"])
def test_link_refuses_labels_that_are_no_words(label: str) -> None:
    with pytest.raises(EditError):
        LANGUAGE.link(label, "Cellar")


def test_link_inside_refuses_what_only_a_macro_holds() -> None:
    assert LANGUAGE.link_inside("Go", "Cellar") == "Go->Cellar"
    with pytest.raises(EditError):
        LANGUAGE.link_inside("Go", "a->b")


@pytest.mark.parametrize("name", ["$x", "_x", "$x1", "$5k", "$été", "_a_b"])
def test_names_of_variables(name: str) -> None:
    assert LANGUAGE.is_variable_name(name)


@pytest.mark.parametrize("name", ["", "x", "$", "$1", "_", "__", "$a-b", "$a b", "?x"])
def test_no_names_of_variables(name: str) -> None:
    assert not LANGUAGE.is_variable_name(name)


def test_same_text_gives_equal_programs() -> None:
    text = (CASES / "conditions.txt").read_text(encoding="utf-8")
    assert LANGUAGE.parse(text) == LANGUAGE.parse(text)
    assert LANGUAGE.parse("") == Program()
