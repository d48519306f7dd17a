"""What a story asks of its past is asked as cheaply as may be, and with the same answer."""

from __future__ import annotations

import pytest

from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from tests.languages.harlowe_play.driving import Driver, Reading, player_of, read

OTHERS = {"Hall": "[[Start]] [[Hall]]", "Yard": ""}


@pytest.mark.parametrize(
    ("test", "asked"),
    [
        ("(history:) contains 'Hall'", {visits_of("Hall")}),
        ("(history:) does not contain 'Hall'", {visits_of("Hall")}),
        ("'Hall' is in (history:)", {visits_of("Hall")}),
        ("'Hall' is not in ((history:))", {visits_of("Hall")}),
        ("(history:) contains 'Start'", {visits_of("Start")}),
        ("(history:) contains any of (a: 'Hall', 'Yard')", {visits_of("Hall"), visits_of("Yard")}),
        ("(history:) contains all of (a: 'Hall', 'Yard')", {visits_of("Hall"), visits_of("Yard")}),
        ("(history:) does not contain any of (a: 'Hall', 'Yard')", {visits_of("Hall"), visits_of("Yard")}),
        ("all of (ds: 'Hall') is in (history:)", {visits_of("Hall")}),
        ("any of (history:) is 'Hall'", {visits_of("Hall")}),
        ("all of (history:) is not 'Hall'", {visits_of("Hall")}),
        ("$no or (history:) contains 'Hall'", {visits_of("Hall"), "$no"}),
        ("(history:) contains 'Hall' and not $no", {visits_of("Hall"), "$no"}),
        ("(history:)'s length > 1", {TURNS}),
        ("length of (history:) is 0", {TURNS}),
        ("(history:)'s last is 'Hall'", {PREVIOUS}),
    ],
)
def test_history__is_asked_for_no_more_than_needed(test: str, asked: set[str]) -> None:
    source = f"(set: $no to false)[[Hall]] [[Start]] (if: {test})[[[Yard]]]"
    # The same with the whole history, which a variable holds first.
    whole = f"(set: $no to false)(set: $past to (history:))[[Hall]] [[Start]] (if: {test.replace('(history:)', '$past')})[[[Yard]]]"
    short, long = (Reading(player_of(each, OTHERS)) for each in (source, whole))
    assert short.labels == long.labels
    for label in ["Start", "Hall", "Hall", "Start", "Start"]:
        short, long = short.click(label), long.click(label)
        assert short.labels == long.labels
    summary = short.player.summary("Start")
    assert summary.decides == asked
    assert (HISTORY, "$past") in long.player.summary("Start").flows


@pytest.mark.parametrize(
    "test",
    [
        "(history:) contains $place",
        "(history:) contains 'Hall' or 'Yard'",
        "(history:) contains 'Hall' and it contains 'Yard'",
        "(history:) contains 'Hall' and its length > 3",
        "(history:)'s 1st is 'Hall'",
        "$place is in (history:)",
        "$a or 'Hall' is in (history:)",
        "(history:) is (a: 'Hall')",
    ],
)
def test_history__is_read_whole_where_more_is_asked(test: str) -> None:
    assert HISTORY in player_of(f"(if: {test})[[[Yard]]]", OTHERS).summary("Start").decides


def test_history__holds_the_present_passage_only_after_another_visit() -> None:
    reading = read("(if: (history:) contains 'Start')[again][[Start]]", OTHERS)
    assert [reading.text, reading.click("Start").text] == ["Start", "againStart"]


def test_history__of_a_storylet_is_that_of_the_reader() -> None:
    others = {"Hall": "(storylet: when (history:) contains 'Hall')[[Start]]"}
    reading = read("(link-storylet: 1)[[Hall]]", others)
    assert reading.labels == ["Hall"]
    assert reading.click("Hall").click("Start").labels == ["Hall", "Hall"]


def test_last_of_no_history__is_the_same_error_as_that_of_an_empty_array() -> None:
    assert read("a(set: $x to 1)(set: $x to (history:)'s last)$x").text == "a1"
    assert read("a(set: $x to 1)(set: $x to (a:)'s last)$x").text == "a1"


def test_length_of_the_history__is_0_before_the_first_passage() -> None:
    assert Reading(player_of("$n", {"S [startup]": "(set: $n to (history:)'s length)"}), Driver()).text == "0"


@pytest.mark.parametrize(
    ("code", "visits", "turns"),
    [
        ("(if: visits > 3)[a]", 4, 1),
        ("(if: visits is 2)[a](else-if: visits >= 2.5)[b]", 3, 1),
        ("(if: 5 > turns)[a]", 1, 6),
        ("(if: visits is 1 or 7)[a]", 8, 1),
        ("(if: visits > 1 and < 5)[a]", 6, 1),
        ("(if: $a and visits is 2)[a]", 3, 1),
        ("(if: $a and 2 is visits)[a]", None, 1),
        ("(if: $a is 3 and visits is 2)[a]", 4, 1),
        ("(if: visits > $a)[a]", None, 1),
        ("(print: visits)", None, 1),
        ("(if: visits % 2 is 0)[a]", None, 1),
        ("(set: $a to turns)", 1, None),
        ("(if: visits is 2)[a](else-if: it is 3)[b]", 5, 5),
        ("(if: visits is 2)[a](print: it)", None, None),
        ("(if: (history:)'s length > 3)[a]", 1, 5),
        ("(if: (history:) contains 'Start')[a]", 2, 1),
        ("(set: $a to '(print: visits)')$a", None, 1),
        ("(set: $a to '(print: vis' + 'visits)')$a", None, None),
        ("[[Go->(cond: visits is 4, 'Hall', 'Yard')]]", 5, 1),
        ("(if: (visited: 'Start'))[a]", 1, 1),
    ],
)
def test_counters__stop_where_no_code_tells_them_apart(code: str, visits: int | None, turns: int | None) -> None:
    caps = player_of(code, OTHERS).world.caps
    assert (caps.get(visits_of("Start")), caps.get(TURNS)) == (visits, turns)
