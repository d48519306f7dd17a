"""Whatever the text, the player ends without an exception of its own, and its pages are plain values."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNKNOWN, exact
from gamebook_lab.story.play import Detail, Move
from tests.languages.harlowe_play.driving import Driver, player_of

PIECES = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "[[",
        "]]",
        "->",
        "|",
        "<-",
        "|a>",
        "|a)",
        "'",
        '"',
        "`",
        "$x",
        "$y",
        "_x",
        "?a",
        ":",
        ",",
        "1",
        "2",
        "it",
        "its",
        "'s",
        "1st",
        "last",
        "of",
        "to",
        "into",
        "is",
        "in",
        "contains",
        "and",
        "or",
        "not",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<",
        ">",
        "...",
        "each",
        "via",
        "where",
        "making",
        "bind",
        "2bind",
        "true",
        "num",
        "str",
        "-type",
        "random",
        "any",
        "all",
        "//",
        "''",
        "**",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "\n",
        "\\",
        "visits",
        "turns",
        "time",
        "'s-length",
        "(set:",
        "(put:",
        "(move:",
        "(if:",
        "(else:",
        "(else-if:",
        "(unless:",
        "(for:",
        "(link:",
        "(link-repeat:",
        "(link-goto:",
        "(goto:",
        "(display:",
        "(print:",
        "(a:",
        "(dm:",
        "(ds:",
        "(macro:",
        "(output:",
        "(output-data:",
        "(replace:",
        "(append:",
        "(show:",
        "(rerun:",
        "(click:",
        "(click-goto:",
        "(cycling-link:",
        "(dropdown:",
        "(input-box:",
        "(live:",
        "(after:",
        "(event:",
        "(stop:",
        "(either:",
        "(random:",
        "(shuffled:",
        "(history:",
        "(passage:",
        "(visited:",
        "(storylet:",
        "(link-storylet:",
        "(open-storylets:",
        "(folded:",
        "(altered:",
        "(sorted:",
        "(cond:",
        "(nth:",
        "(range:",
        "(str:",
        "(num:",
        "(undo:",
        "($x:",
        "(hidden:",
        "(verbatim:",
        "(enchant:",
        "(unpack:",
        "(checkbox:",
        "(text-style:",
        "(rotated:",
        "(substring:",
        "(count:",
        "(split:",
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map(lambda pieces: " ".join(pieces).replace(" : ", ":"))
# No markup among them: a variable holds some only where the story has put it, and players rely on that.
VALUES = st.sampled_from([0, 1, 2.5, "Start", (), (1, "a"), True, UNKNOWN, frozenset([1])])


@given(TEXTS, TEXTS, VALUES, VALUES, st.sampled_from(["text", "choices"]), st.lists(st.integers(0, 9), max_size=6))
def test_any_text__is_played(text: str, other: str, x: object, y: object, detail: Detail, ways: list[int]) -> None:
    player = player_of(text, {"Other": other, "Last [footer]": "(print: $x)"})
    driver = Driver({"$x": x, "$y": y}, detail, draws=[0] * 9, ways=ways)  # type: ignore[dict-item]
    try:
        player.begin(driver)
        page = player.enter("Start", driver)
        for offer in [each for each in page.offers if each.token is not None][:4]:
            found = player.click(page, offer, Driver(dict(driver.values), detail))
            assert isinstance(found, Move) or found.passage == "Start"
    except EndlessPassageError:
        return
    assert pickle.loads(pickle.dumps(page)) == page
    for value in driver.writes.values():
        hash(exact(value))
    summary = player.summary("Start")
    assert {*driver.writes} <= summary.writes
    assert driver.reads <= summary.decides | summary.shows | {source for source, _ in summary.flows}
    assert player.sources("Start") <= set(player.world.passages)
    player.opaques("Start")


@pytest.mark.parametrize(
    "text",
    [
        "(set: $x to " + "(a: " * 80 + "1" + ")" * 80 + ")",
        "(set: $a to (a: 1))" + "(set: $a to it + it)" * 40,
        "(set: $a to (a: 1))" + "(set: $a to (a: it, it))" * 40,
        "(set: $s to 'ab')" + "(set: $s to it + it)" * 40,
        "(if: true)[" * 60 + "[[Start]]" + "]" * 60,
        "(set: $m to (macro: num-type _n, [(output-data: ($m: _n + 1))]))(print: ($m: 1))",
        "(set: $s to '(print: $s)')(print: $s)",
        "(for: each _a, ...(range: 1, 900))[(for: each _b, ...(range: 1, 900))[[[Start]]]]",
        "(display: 'Start')(display: 'Start')",
        "(set: $n to (pow: 10, 300) * (pow: 10, 300))(set: $m to (exp: 9999))(set: $k to 1e308 * 10)",
        "(print: (repeated: 9999999999, 1))(print: (round: 1, 99))(set: $c to (a:)'s 999999999th)",
    ],
)
def test_growth__is_bounded(text: str) -> None:
    player = player_of(text)
    for detail in ("text", "choices"):
        driver = Driver(detail=detail)  # type: ignore[arg-type]
        try:
            player.enter("Start", driver)
        except EndlessPassageError:
            continue
        assert driver.ticks <= 20_000
        assert len(driver.eithers) < 5
