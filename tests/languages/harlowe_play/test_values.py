"""Harlowe's expressions: what each comes to, as its manual has it."""

from __future__ import annotations

import pytest

from gamebook_lab.story.frozen import UNKNOWN, Map
from tests.languages.harlowe_play.driving import Driver, read


def value(source: str, *, version: str = "3.3.9", **of_driver: object) -> object:
    """Value of an expression; None where Harlowe gives an error."""
    reading = read(f"(set: $result to {source})", version=version, **of_driver)
    return reading.driver.values.get("$result")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("5 / 2", 2.5),
        ("4 / 2", 2),
        ("7 % 3", 1),
        ("-7 % 3", -1),
        ("1 / 0", None),
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ('"abcb" - "b"', "ac"),
        ("(a: 1, 2) + (a: 3)", (1, 2, 3)),
        ("(a: 1, 2, 1) - (a: 1)", (2,)),
        ('(dm: "a", 1) + (dm: "a", 2)', Map((("a", 2),))),
        ("(ds: 1, 2) - (ds: 1)", frozenset([2])),
        ("true + 1", None),
        ('1 is "1"', False),
        ("1 is 1.0", True),
        ("(a: 1) is (a: 1)", True),
        ("2 > 1 and 1 < 2", True),
        ('2 > "1"', None),
        ("not true", False),
        ("not 1", None),
        ("true or 0", None),
        ("(a: 1, 2) contains 2", True),
        ('"abc" contains "bc"', True),
        ("2 is in (a: 1)", False),
        ("2 is not in (a: 1)", True),
        ('(dm: "hp", 1) contains "hp"', True),
        ("$never", 0),
        ("$never + 1", 1),
        ("3 is a num", True),
        ("3 is a str", False),
        ("4 is an even", True),
        ("(a: 1, 2) matches (a: num, num)", True),
        ("(a: 1, 2, 3) matches (a: num, ...num)", True),
        ('(a: 1, "2") matches (a: num, num)', False),
        ("2 is 2 or 3", True),
        ("5 is 2 or 3", False),
        ("4 > 1 and < 5", True),
        ("3 < 4 and 5", True),
        ("3 > 2 and 4", False),
        ("3 and 4 < 5", True),
        ("3 and 5 < 5", False),
        ("3 and 4 and 2 < 5", True),
        ("3 < 4 and 5 and 6", True),
        ("'ab' contains 'b' and 'a'", True),
        ("'b' is in 'ac' and 'bc'", False),
        ("'a' is not 'b' and 'a'", None),
        ("'a' and 'b' is not 'c'", None),
        ("2 < 3 and true", True),
        ("2 is 2 or false", True),
        ("1 + 1 and 2 * 1 is 2", True),
        ("any of (a: 1, 5) > 4", True),
        ("all of (a: 1, 5) > 4", False),
        ("(a: 1, 5)'s any is 5", True),
    ],
)
def test_operators(source: str, expected: object) -> None:
    assert value(source) == expected
    assert type(value(source)) is type(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(a: 5, 6, 7)'s 1st", 5),
        ("(a: 5, 6, 7)'s last", 7),
        ("2ndlast of (a: 5, 6, 7)", 6),
        ("(a: 5, 6, 7)'s 1stto2nd", (5, 6)),
        ("(a: 5, 6, 7)'s 2ndtolast", (6, 7)),
        ("(a: 5, 6, 7)'s length", 3),
        ("(a: 5, 6, 7)'s (2)", 6),
        ("(a: 5, 6, 7)'s (-1)", 7),
        ("(a: 5, 6, 7)'s 4th", None),
        ("(a: 5, 6, 7)'s (a: 1, 3)", (5, 7)),
        ('"abc"\'s 2nd', "b"),
        ('"abc"\'s (a: 1, 3)', "ac"),
        ('(dm: "hp", 3)\'s hp', 3),
        ('(dm: "hp", 3)\'s mp', None),
        ('(dm: "hp", 3)\'s ("hp")', 3),
        ('"hp" of (dm: "hp", 3)', 3),
        ("5's 1st", None),
    ],
)
def test_properties(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(range: 1, 3)", (1, 2, 3)),
        ("(range: 3, 1)", (1, 2, 3)),
        ('(dm: "b", 1, "a", 2)', Map((("a", 2), ("b", 1)))),
        ('(dm: "b")', None),
        ("(count: (a: 1, 2, 1), 1)", 2),
        ('(count: "banana", "a")', 3),
        ('(datanames: (dm: "b", 1, "a", 2))', ("a", "b")),
        ('(datavalues: (dm: "b", 1, "a", 2))', (2, 1)),
        ('(dataentries: (dm: "b", 1))', (Map((("name", "b"), ("value", 1))),)),
        ("(sorted: 3, 1, 2)", (1, 2, 3)),
        ('(sorted: "b", "a")', ("a", "b")),
        ("(reversed: 1, 2)", (2, 1)),
        ("(rotated: 1, 1, 2, 3)", (3, 1, 2)),
        ("(rotated: -1, 1, 2, 3)", (2, 3, 1)),
        ("(repeated: 2, 0, 1)", (0, 1, 0, 1)),
        ("(interlaced: (a: 1, 2), (a: 3, 4))", (1, 3, 2, 4)),
        ("(subarray: (a: 1, 2, 3), 2, 3)", (2, 3)),
        ('(substring: "abcd", 2, 3)', "bc"),
        ('(joined: ", ", "a", "b")', "a, b"),
        ('(split: ",", "a,b")', ("a", "b")),
        ('(words: " a  b ")', ("a", "b")),
        ('(str: 1, true, "a")', "1truea"),
        ("(text: 1.5)", "1.5"),
        ('(num: "2.50")', 2.5),
        ('(num: "two")', None),
        ('(uppercase: "ab")', "AB"),
        ('(upperfirst: " ab")', " Ab"),
        ('(lowerfirst: "AB")', "aB"),
        ("(str-nth: 2)", "2nd"),
        ("(str-nth: 11)", "11th"),
        ('(plural: 2, "cat")', "2 cats"),
        ('(plural: 1, "cat")', "1 cat"),
        ("(min: 3, 1)", 1),
        ("(max: ...(a: 3, 1))", 3),
        ('(max: 3, "1")', None),
        ("(round: 2.5)", 3),
        ("(round: -2.5)", -2),
        ("(floor: -1.5)", -2),
        ("(ceil: 1.2)", 2),
        ("(trunc: -1.5)", -1),
        ("(abs: -2)", 2),
        ("(sign: -2)", -1),
        ("(sqrt: 9)", 3),
        ("(sqrt: -1)", None),
        ("(pow: 2, 3)", 8),
        ("(nth: 5, 1, 2, 3)", 2),
        ('(cond: false, "a", true, "b", "c")', "b"),
        ('(cond: false, "a", "c")', "c"),
        ('(cond: 1, "a", "c")', None),
        ("(altered: via it * 2, 1, 2)", (2, 4)),
        ("(altered: _n via _n + pos, 1, 2)", (2, 4)),
        ("(altered: _n where _n > 1 via 0, 1, 2)", (1, 0)),
        ("(find: _n where _n > 1, 1, 2, 3)", (2, 3)),
        ("(find: where it > 1, ...(range: 1, 3))", (2, 3)),
        ("(all-pass: _n where _n > 1, 1, 2)", False),
        ("(some-pass: _n where _n > 1, 1, 2)", True),
        ("(none-pass: _n where _n > 2, 1, 2)", True),
        ("(folded: _n making _sum via _sum + _n, 1, 2, 3)", 6),
        ("(sorted: via it * -1, 1, 2)", (2, 1)),
        ("(unique: 1, 2, 1)", (1, 2)),
        ("(passage:)'s name", "Start"),
        ('(str-reversed: "ab")', "ba"),
        ('(str-repeated: 2, "ab")', "abab"),
        ('(trimmed: " a ")', "a"),
    ],
)
def test_macros_that_compute(source: str, expected: object) -> None:
    assert value(source) == expected
    assert type(value(source)) is type(expected)


@pytest.mark.parametrize(
    ("source", "version", "expected"),
    [
        ("(a: 5, 6)'s (-1)", "1.2.4", 5),
        ("(a: 5, 6)'s (0)", "1.2.4", 6),
        ("(a: 5, 6)'s (-1)", "2.1.0", 6),
        ("(a: 5, 6)'s (0)", "2.1.0", None),
        ("5 contains 5", "1.2.4", True),
        ("5 contains 5", "2.1.0", None),
    ],
)
def test_versions__differ(source: str, version: str, expected: object) -> None:
    assert value(source, version=version) == expected


@pytest.mark.parametrize(
    ("source", "weights", "expected"),
    [
        ("(random: 1, 6)", [1] * 6, 3),
        ("(random: 3)", [1] * 4, 2),
        ('(either: "a", "b", "c")', [1] * 3, "c"),
        ("(either: ...(a: 1, 2, 3))", [1] * 3, 3),
        ("(random: 4, 4)", None, 4),
        ("(a: 4, 5, 6)'s random", [1] * 3, 6),
    ],
)
def test_chance__is_drawn_with_equal_weights(source: str, weights: list[int] | None, expected: object) -> None:
    driver = Driver(draws=[2])
    assert value(source, draws=[2]) == expected
    assert weights is None or read(f"(set: $x to {source})", draws=driver.draws).driver.chances == [weights]


def test_shuffled__draws_place_by_place() -> None:
    reading = read("(set: $x to (shuffled: 1, 2, 3))", draws=[2, 0])
    assert reading.driver.values["$x"] == (3, 1, 2)
    assert reading.driver.chances == [[1, 1, 1], [1, 1]]


@pytest.mark.parametrize(
    "source", ["(random: 1, 5000)", "(current-date:)", '(str-repeated: 9999999, "a")', "(range: 1, 999999)"]
)
def test_what_is_not_modelled_or_too_large__is_unknown(source: str) -> None:
    assert value(source) is UNKNOWN


@pytest.mark.parametrize(
    "source",
    [
        "$u + 1",
        '"a" + $u',
        "$u is 1",
        "not $u",
        "(max: $u, 1)",
        "$u's 1st",
        "(altered: via it + 1, $u)",
        "(a: $u) is (a: 1)",
    ],
)
def test_unknown__spreads(source: str) -> None:
    assert value(source, values={"$u": UNKNOWN}) is UNKNOWN


def test_unknown__is_kept_inside_of_arrays_and_decided_by_what_is_known() -> None:
    assert value("(a: $u, 1)'s last", values={"$u": UNKNOWN}) == 1
    assert value("false and $u", values={"$u": UNKNOWN}) is False
    assert value("true or $u", values={"$u": UNKNOWN}) is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(set: $x to 1)(set: $x to it + 2)", {"$x": 3}),
        ("(set: $x to 2, $y to $x * 2)", {"$x": 2, "$y": 4}),
        ("(put: 3 into $x)(set: $x += 4)", {"$x": 7}),
        ("(set: $a to (a: 1, 2))(set: $a's 1st to 9)", {"$a": (9, 2)}),
        ("(set: $a to (a: 1, 2))(set: $a's 1st to it + 1)", {"$a": (2, 2)}),
        ("(set: $a to (a:))(set: $a's 1st to 5)", {"$a": (5,)}),
        ("(set: $d to (dm: \"x\", (a: 1)))(set: $d's x's 1st to 4)", {"$d": Map((("x", (4,)),))}),
        ('(set: $d to (dm:))(set: $d\'s "k" to 1)', {"$d": Map((("k", 1),))}),
        ("(set: $a to (a: 1, 2))(move: $a's 1st into $b)", {"$a": (2,), "$b": 1}),
        ("(unpack: (a: 1, 2) into (a: $x, $y))", {"$x": 1, "$y": 2}),
        ('(unpack: (dm: "n", 3) into (dm: "n", $x))', {"$x": 3}),
        ('(set: num-type $x to 3)(set: num-type $y to "a")', {"$x": 3}),
        ('(set: $x to 1)(set: $x to "a" + 1)', {"$x": 1}),
        ("(set: $a to (a: 1))(set: $b to $a)(set: $b's 1st to 2)", {"$a": (1,), "$b": (2,)}),
        ("(set: _t to 4)(set: $x to _t)", {"$x": 4}),
        ("(set: $x to _none)", {}),
    ],
)
def test_assignments(source: str, expected: dict[str, object]) -> None:
    driver = read(source).driver
    assert {name: found for name, found in driver.writes.items() if name.startswith("$")} == expected


def test_assignments__read_only_what_they_use() -> None:
    assert "$x" not in read("(set: $x to 1)").driver.reads
    assert "$x" in read("(set: $x to it + 1)").driver.reads
