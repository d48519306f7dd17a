"""Which language a story is read in."""

from __future__ import annotations

import pytest

from gamebook_lab.languages import registry


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("SugarCube", "sugarcube"),
        ("Harlowe 3", "harlowe"),
        ("harlowe-2.1.0", "harlowe"),
        ("Chapbook", "chapbook"),
        ("Snowman", "snowman"),
        ("Sugarcane", "sugarcube"),
    ],
)
def test_for_format__knows_the_usual_names(name: str, language: str) -> None:
    found = registry.for_format(name)
    assert found is not None
    assert found.name == language


@pytest.mark.parametrize("name", ["", "Paperthin", "plain text", "../../etc"])
def test_for_format__others_are_not_known(name: str) -> None:
    found = registry.for_format(name)
    assert found is None or found.name == "plain"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("<<set $x to 1>> [[a]]", "sugarcube"),
        ("(set: $x to 1)(if: $x)[b]", "harlowe"),
        ("<% s.x = 1 %>", "snowman"),
        ("x: 1\n--\n{embed passage: 'a'}", "chapbook"),
        ("You see:\n[if dark]\nNothing.\n[continue]\n", "chapbook"),
        ("Just [[links]].", "plain"),
        ("", "plain"),
    ],
)
def test_guess__by_the_marks_in_the_text(text: str, language: str) -> None:
    assert registry.guess([text]).name == language


@pytest.mark.parametrize("name", ["plain", "harlowe", "sugarcube", "chapbook", "snowman"])
def test_tags_that_make_code_are_the_same_in_every_language(name):
    kinds = [registry.language(name).kind("Cellar", (tag,)) for tag in ("script", "stylesheet", "style", "dark")]
    assert kinds == ["script", "style", "story", "story"]
    assert [choice.target for choice in registry.language(name).parse("[[Attic]]", tags=("style",)).choices] == [
        "Attic"
    ]
