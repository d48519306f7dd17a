"""Harlowe's prose: what is shown, under which conditions, and where a passage leads by itself."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from gamebook_lab.story.program import ChoiceKind
from tests.languages.harlowe_play.driving import Driver, Reading, player_of, read

NAMES_OF_VARIABLES = ("$x", "$été", "$2x", "$_y")
"""Harlowe takes them all."""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A //b// ''c'' `$d`", "A b c $d"),
        ("(set: $x to 3)You have $x.", "You have 3."),
        ("(print: 1 + 1)", "2"),
        ("(if: true)[a](else:)[b]", "a"),
        ("(if: false)[a](else:)[b]", "b"),
        ("(if: false)[a](else-if: true)[b](else:)[c]", "b"),
        ("(if: true)[a](else-if: true)[b](else:)[c]", "a"),
        ("(unless: false)[a](else:)[b]", "a"),
        ("(if: false)[a](else-if: false)[b](else:)[c]", "c"),
        ("(if: true)[(if: false)[a]](else:)[b]", ""),
        ("(if: false)[a] and (else:)[b]", "and b"),
        ("(else:)[a]b", "ab"),
        ("(if: 1)[a](else:)[b]", "ab"),
        ("(set: $x to 5)$x[a]", "a"),
        ("(set: $c to (if: false))$c[a](else:)[b]", "b"),
        ("(set: $c to true)$c[a]", "a"),
        ("(text-style: 'bold')[a](else:)[b]", "a"),
        ("(if: true)+(text-style: 'bold')[a]", "a"),
        ("(if: false)+(text-style: 'bold')[a](else:)[b]", "b"),
        ("(hidden:)|x>[a](else:)[b]", "b"),
        ("(if: false)[a](hidden:)|x>[b](else:)[c]", "c"),
        ("(if: true)[a](else:)[b](else:)[c]", "ac"),
        ("|x)[a]b", "b"),
        ("|x)[a]b(show: ?x)", "ab"),
        ("(show: ?x)|x)[a]b", "b"),
        ("|x>[a]b(hide: ?x)", "b"),
        ("(for: each _x, 1, 2)[_x;]", "1;2;"),
        ("(for: each _x where _x > 1, 1, 2)[_x;]", "2;"),
        ("(loop: each _x, ...(a: 'a', 'b'))[_x]", "ab"),
        ("(for: each _x, 1)[]_x", ""),
        ("(set: _x to 1)[(set: _x to it + 1)_x]_x", "21"),
        ("[(set: _x to 2)]_x", ""),
        ("|x>[a](replace: ?x)[b]", "b"),
        ("|x>[a](append: ?x)[b]", "ab"),
        ("|x>[a](prepend: ?x)[b]", "ba"),
        ("|x>[a]|x>[b](replace: ?x)[c]", "cc"),
        ("(replace: ?x)[b]|x>[a]", "a"),
        ("(set: $m to '(print: 2)')$m", "2"),
        ("(set: $m to \"a''b''\")$m", "ab"),
        ("(set: $c to (print: 4))a$c", "a4"),
        ("(display: 'Other')", "other 1"),
        ("(display: 'No such')b", "b"),
        ("(print: (a: 1, 'b'))", "1,b"),
        ("(set: $m to (macro: num-type _n, [(output-data: _n * 2)]))(print: ($m: 4))", "8"),
        ("(set: $m to (macro: num-type _n, [(output:)[<_n>]]))($m: 4)", "<4>"),
        ("(set: $m to (macro: [(if: $y is 0)[(output-data: 'none')]]))($m:)", "none"),
        ("a(set: $x to 1 + 'b')c", "ac"),
        ("{a\n b}", "a\nb"),
        ("A &amp; B", "A & B"),
        ("a(enchant: ?page, (text-style: 'bold'))b", "ab"),
        ("(event: when $y is 0)[a]", "a"),
        ("(event: when $y is 1)[a]b", "b"),
        ("(live: 1s)[a]", "a"),
        ("(nth: 2, 'a', 'b')", "b"),
        ("(verbatim:)[$a]", "$a"),
        ("|x)[a]|y)[b](show: ?x + ?y)", "ab"),
    ],
)
def test_what_is_shown(source: str, expected: str) -> None:
    assert read(source, {"Other": "other (print: visits)"}).text == expected


def test_display__has_the_visits_of_the_passage_around_it() -> None:
    # Harlowe's `visits` is of the passage that the reader is in.
    reading = read("(display: 'Other')", {"Other": "(print: visits)"}, values={visits_of("Start"): 4})
    assert reading.text == "5"


def test_arrival__is_counted() -> None:
    driver = read("[[Next]]", {"Next": "(print: (history:)) (print: turns)"}).click("Next").driver
    assert driver.values[visits_of("Next")] == 1
    assert driver.values[TURNS] == 2
    assert driver.values[HISTORY] == ("Start", "Next")
    assert driver.values[PREVIOUS] == "Start"


def test_arrival__costs_nothing_where_nothing_asks() -> None:
    driver = Driver(hidden=frozenset([visits_of("Start"), TURNS, HISTORY, PREVIOUS]))
    player_of("a").enter("Start", driver)
    assert (driver.reads, driver.writes) == (set(), {})


def test_history__leaves_the_present_visit_out() -> None:
    source = "(if: (history:) contains 'Start')[again](else:)[first] [[Start]]"
    reading = read(source)
    assert reading.text.startswith("first")
    assert reading.click("Start").text.startswith("again")
    assert HISTORY not in reading.driver.reads - {HISTORY}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(print: visits)", "1"),
        ("(print: turns)", "1"),
        ("(print: (visited: 'Start'))", "true"),
        ("(print: (visited: 'No'))", "false"),
    ],
)
def test_identifiers(source: str, expected: str) -> None:
    assert read(source).text == expected


def test_goto__stops_the_passage() -> None:
    reading = read("(goto: 'Next')(set: $x to 1)", {"Next": ""})
    assert reading.page.goto == "Next"
    assert reading.page.offers == ()
    assert "$x" not in reading.driver.writes
    assert reading.driver.values[PREVIOUS] == "Start"


def test_goto__lets_the_rest_run_in_harlowe_1() -> None:
    reading = read("(goto: 'Next')(set: $x to 1)", {"Next": ""}, version="1.2.4")
    assert reading.page.goto == "Next"
    assert reading.driver.writes["$x"] == 1


def test_goto__of_no_passage_is_an_error() -> None:
    assert read("(goto: 'Nowhere')b").text == "b"


def test_undo_and_restart__end_the_passage_with_an_offer_that_nobody_clicks() -> None:
    for source, kind in {
        "(undo:)": ChoiceKind.UNDO,
        "(restart:)": ChoiceKind.RESTART,
        "(load-game: 'A')": ChoiceKind.LOAD,
    }.items():
        page = read(f"{source}(set: $x to 1)").page
        assert [(offer.kind, offer.token) for offer in page.offers] == [(kind, None)]


def test_startup__runs_before_the_first_passage() -> None:
    reading = read("$gold (display: 'S')", {"S [startup]": "(set: $gold to 3)"})
    assert reading.text == "3"


def test_header_and_footer__stand_around_every_passage() -> None:
    reading = read("b", {"H [header]": "a [[Home->Start]]", "F [footer]": "(set: $n to it + 1)c$n"})
    assert reading.text == "a Homebc1"
    assert reading.click("Home").text == "a Homebc2"


def test_unknown_condition__may_go_either_way() -> None:
    for way, expected in ((0, "b"), (1, "a")):
        reading = read("(if: $u)[a](else:)[b]", values={"$u": UNKNOWN}, ways=[way, 1 - way])
        assert reading.text == expected


def test_unknown_words__are_opaque() -> None:
    reading = read("a $u b", values={"$u": UNKNOWN})
    assert reading.text == "a … b"
    assert reading.driver.opaques


def test_choices_alone__run_only_what_may_matter() -> None:
    source = """(if: $mood > 2)[You smile.](random: 1, 6) $gold
(set: $seen to $mood)(if: $key)[[[Door]]](else:)[(set: $tries to it + 1)]
{(set: _n to $gold)[_n coins]}"""
    reading = read(
        source, {"Door": ""}, detail="choices", hidden=frozenset(["$seen", "$tries", TURNS, HISTORY, PREVIOUS])
    )
    assert reading.page.text is None
    assert reading.driver.reads == {"$key", visits_of("Start")}
    assert reading.driver.chances == []


def test_choices_alone__run_conditions_that_an_else_needs() -> None:
    reading = read("(if: $a)[words](else:)[[[Door]]]", {"Door": ""}, detail="choices", values={"$a": True})
    assert reading.labels == []
    assert "$a" in reading.driver.reads


def test_choices_alone__follow_temporary_variables() -> None:
    source = "(set: _open to $key is 1)(if: _open)[[[Door]]]"
    assert read(source, {"Door": ""}, detail="choices", values={"$key": 1}).labels == ["Door"]


def test_choices_alone__show_variables_that_may_hold_links() -> None:
    source = "(set: $m to '[[Door]]')(set: $n to 'words')$m$n"
    reading = read(source, {"Door": ""}, detail="choices")
    assert reading.labels == ["Door"]
    assert "$n" not in reading.driver.reads


@pytest.mark.parametrize(
    "source",
    [
        "(display: 'Start')",
        "(set: $m to '$m$m')$m",
        "(set: $m to (macro: [(output-data: ($m:))]))($m:)",
        "(event: when true)[(append: ?x)[b]]|x>[a]",
        "(for: each _x, ...(range: 1, 3000))[[[Start]]]",
        "(print: " * 90 + "1" + ")" * 90,
        "[" * 200 + "a" + "]" * 200,
        "(if: ",
        "(set: $x to",
        "(set: 1 to 2)(put:)(goto:)(display:)(link:)[a](for:)[b](replace:)[c](link-goto:)(cycling-link:)(cond:)(either:)",
        "(link-goto: $x)(display: $x)(goto: $x)",
        "|a>[(replace: ?a)[(rerun: ?a)]](rerun: ?a)",
        "<<if $x>>[[a]]<</if>>",
        "(unpack: 1 into (a: $x))(move: 1 into 2)(a: ...1)(dm: 1)(dm: (a:), 2)",
    ],
)
def test_odd_passages__end_without_an_exception(source: str) -> None:
    for detail in ("text", "choices"):
        driver = Driver(detail=detail, values={"$x": UNKNOWN})  # type: ignore[arg-type]
        try:
            reading = Reading(player_of(source), driver)
        except EndlessPassageError:
            assert driver.given_up
            continue
        for offer in reading.page.offers[:20]:
            if offer.token is not None:
                reading.player.click(reading.page, offer, reading.driver)


def test_code_too_deep_to_be_read__leaves_nothing_known_of_any_variable() -> None:
    written = "".join(f"(set: {name} to 1)" for name in NAMES_OF_VARIABLES)
    driver = Driver()
    Reading(
        player_of(written + " Then " + "(if: true)[" * 300 + f"(set: {NAMES_OF_VARIABLES[0]} to 2)" + "]" * 300), driver
    )
    assert driver.given_up
    assert [driver.values[name] for name in NAMES_OF_VARIABLES] == [UNKNOWN] * len(NAMES_OF_VARIABLES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(set: $x to 1)(if: $x)[a]", []),
        ("(replace: 'word')[a]", ["(replace:) of words"]),
        ("(click: ?x)[a](click: ?link)[b]", ["(click:) of words"]),
        ("(partial: 'print')", ["(partial:)"]),
        ("(my-own: 1)", ["(myown:)"]),
        ("(if: time > 5s)[a]", ["time"]),
        ("<script>1</script>", ["script"]),
        ("(set: num-type $x to 1)", ["a variable of one type"]),
        ("(macro: num-type _x, [(output-data: _x)])", []),
        ("(history: where its name is 'A')", ["(history:) with a lambda"]),
        ("(set: $c to (link-goto: $x))", ["a command that reads variables, kept in one"]),
        ("(enchant: ?x, (link: 'a'))", ["(enchant:) of more than style"]),
        ("(set: $x to )", ["code that is no expression"]),
    ],
)
def test_opaques__are_named_from_the_text(source: str, expected: list[str]) -> None:
    player = player_of(source)
    assert [what for what, _ in player.opaques("Start")] == expected
    assert player.opaques("no such passage") == ()
