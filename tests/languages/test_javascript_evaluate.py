"""Evaluating JavaScript: what a browser gives (checked against the ECMAScript specification and SugarCube's documentation)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from gamebook_lab.languages.javascript.host import MISSING, Host
from gamebook_lab.languages.javascript.lexemes import Dialect
from gamebook_lab.languages.javascript.library import GLOBALS
from gamebook_lab.languages.javascript.statements import compile_program, statement_nodes
from gamebook_lab.languages.javascript.values import ThrownError, freeze, number_text, thaw
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, exact
from gamebook_lab.story.program import Span


class Table(Host):
    """A host with a dictionary, scripted draws, and a list of what was strange."""

    def __init__(self, draws: Sequence[int] = (), **names: Any) -> None:
        super().__init__()
        self.names: dict[str, Any] = {"$unknown": UNKNOWN, **{f"${name}": value for name, value in names.items()}}
        self.draws, self.weights = list(draws), list[tuple[int, ...]]()
        self.strays: list[str] = []
        self.steps = 0

    def lookup(self, name: str) -> Any:
        return self.names.get(name, GLOBALS.get(name, UNSET if name[0] == "$" else MISSING))

    def store(self, name: str, value: Any) -> None:
        self.names[name] = value

    def delete(self, name: str) -> None:
        self.names.pop(name, None)

    def tick(self) -> None:
        self.steps += 1
        assert self.steps < 10_000

    def either(self, n: int, what: str, span: Span) -> int:
        return 0

    def chance(self, weights: Sequence[int]) -> int:
        self.weights.append(tuple(weights))
        return self.draws.pop(0) if self.draws else 0

    def stray(self, what: str, span: Span) -> Any:
        self.strays.append(what)
        return UNKNOWN


def run(source: str, host: Host | None = None) -> Any:
    trees = statement_nodes(source, 0, len(source), Dialect.SUGAR)
    assert trees is not None, source
    code = compile_program(trees)
    assert code is not None
    return code(host or Table())


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2", 3), ("1 / 2", 0.5), ("4 / 2", 2), ("0.1 + 0.2", 0.1 + 0.2), ("7 % 3", 1), ("-7 % 3", -1), ("2 ** 10", 1024),
        ("1 / 0", math.inf), ("'5' * '2'", 10), ("'5' + 2", "52"), ("5 + '2'", "52"), ("'a' - 1 is NaN", False),
        ("1 + null", 1), ("1 + true", 2), ("[] + []", ""), ("[1, 2] + ''", "1,2"), ("({}) + ''", "[object Object]"),
        ("null + ''", "null"), ("undefined + ''", "undefined"), ("1e21 + ''", "1e+21"), ("1e-7 + ''", "1e-7"),
        ("100000 * 10 + ''", "1000000"), ("5 & 3", 1), ("5 | 3", 7), ("5 ^ 3", 6), ("~5", -6), ("1 << 31", -2147483648),
        ("-1 >>> 0", 4294967295), ("-5 >> 1", -3), ("9007199254740992 + 1", 9007199254740992),
    ],
)  # fmt: skip
def test_arithmetic__as_doubles_and_texts(source: str, value: object) -> None:
    assert exact(run(source)) == exact(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 == '1'", True), ("1 === '1'", False), ("null == undefined", True), ("null === undefined", False),
        ("null == 0", False), ("'' == 0", True), ("true == 1", True), ("true === 1", False), ("[1] == 1", True),
        ("NaN == NaN", False), ("[] == []", False), ("'b' > 'a'", True), ("'10' < '9'", True), ("'10' < 9", False),
        ("null >= 0", True), ("undefined >= 0", False), ("!''", True), ("!'0'", False), ("![]", False), ("!NaN", True),
        ("0 || 'x'", "x"), ("0 ?? 'x'", 0), ("null ?? 'x'", "x"), ("1 && 'x'", "x"), ("'' && 'x'", ""),
        ("typeof 1", "number"), ("typeof null", "object"), ("typeof $nope", "undefined"), ("'a' in {a: 1}", True),
        ("1 is 1 and 2 gt 1", True), ("$nope eq null", True), ("not $nope", True), ("def $nope", False), ("ndef $nope", True),
        ("1 isnot 2", True), ("1 neq '1'", False), ("3 gte 3", True), ("3 lte 2", False),
    ],
)  # fmt: skip
def test_comparison__and_truth(source: str, value: object) -> None:
    assert exact(run(source)) == exact(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[3, 1, 2].sort()", [1, 2, 3]), ("[10, 9, 1].sort()", [1, 10, 9]), ("[10, 9, 1].sort((a, b) => a - b)", [1, 9, 10]),
        ("[1, 2, 3].map(x => x * 2)", [2, 4, 6]), ("[1, 2, 3].filter(x => x > 1)", [2, 3]), ("[1, 2].find(x => x > 5)", UNSET),
        ("[1, 2, 3].reduce((s, x) => s + x)", 6), ("[1, 2].some(x => x is 2)", True), ("[].every(x => false)", True),
        ("[1, 2, 3].indexOf(3)", 2), ("[1, NaN].includes(NaN)", True), ("[1, NaN].indexOf(NaN)", -1),
        ("[1, 2, 3, 4].slice(1, -1)", [2, 3]), ("[1, 2, 3].splice(1, 1)", [2]), ("[1, [2, [3]]].flat()", [1, 2, [3]]),
        ("[1, 2].concat(3, [4])", [1, 2, 3, 4]), ("[1, null, 2].join('-')", "1--2"), ("[1, 2].length", 2), ("[1][5]", UNSET),
        ("[...[1, 2], 3]", [1, 2, 3]), ("[1, 2].push(5)", 3), ("[1, 2].at(-1)", 2), ("[1, 2, 1].count(1)", 2),
        ("[1, 2, 1].delete(1)", [1, 1]), ("[5, 6, 7].deleteAt(0, -1)", [5, 7]), ("[1, 2].includesAll(1, 2)", True),
        ("[1, 2].includesAny([3, 1])", True), ("[1, 2].pushUnique(2, 3)", 3), ("[4, 5].first()", 4), ("[4, 5].last()", 5),
        ("[].first()", UNSET), ("[1, 2, 3].deleteWith(x => x > 1)", [2, 3]), ("[[1, 2], [3]].flatten()", [1, 2, 3]),
    ],
)  # fmt: skip
def test_arrays__javascripts_methods_and_sugarcubes(source: str, value: object) -> None:
    assert run(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'abc'.toUpperFirst()", "Abc"), ("'abc'.toUpperCase()", "ABC"), ("'a,b'.split(',')", ["a", "b"]), ("'abc'[1]", "b"),
        ("'abc'.length", 3), ("' x '.trim()", "x"), ("'abc'.slice(-2)", "bc"), ("'abcd'.substring(3, 1)", "bc"),
        ("'abc'.includes('bc')", True), ("'5'.padStart(3, '0')", "005"), ("'ab'.repeat(2)", "abab"), ("'aXbX'.replace('X', '-')", "a-bX"),
        ("`a${1 + 1}b`", "a2b"), ("(1.005).toFixed(2)", "1.00"), ("(2.5).toFixed(0)", "3"), ("(3).toFixed(2)", "3.00"),
        ("Math.max(1, 5, 3)", 5), ("Math.max()", -math.inf), ("Math.round(-2.5)", -2), ("Math.round(2.5)", 3),
        ("Math.floor(-1.5)", -2), ("Math.trunc(-1.5)", -1), ("Math.clamp(15, 1, 10)", 10), ("parseInt('12px')", 12),
        ("parseInt('3.9')", 3), ("parseFloat('2.5e1x')", 25), ("Number('')", 0), ("isNaN('x')", True), ("Number.isInteger(2)", True),
        ("Object.keys({a: 1, b: 2})", ["a", "b"]), ("({a: 1, ...{b: 2}}).b", 2), ("({a: {b: 3}}).a.b", 3), ("$nope?.x", UNSET),
        ("Array.isArray([])", True), ("String(null)", "null"), ("[1, 2].toString()", "1,2"),
    ],
)  # fmt: skip
def test_texts_and_numbers__functions(source: str, value: object) -> None:
    assert run(source) == value


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1, "0.1"), (1e21, "1e+21"), (123456789012345680000.0, "123456789012345680000"), (1.5e-7, "1.5e-7"), (0.000001, "0.000001"),
     (5e-324, "5e-324"), (-0.5, "-0.5"), (math.nan, "NaN"), (-math.inf, "-Infinity")],
)  # fmt: skip
def test_number_text__as_javascript_writes_numbers(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("let t = 0; for (let i = 0; i < 5; i++) { if (i is 3) continue; t += i }\nt", 7),
        ("function f(n) { if (n > 1) { return n * f(n - 1) } return 1 }\nf(5)", 120),
        ("let o = []; for (const k of ['a', 'b']) { o.push(k) }\no", ["a", "b"]),
        ("let n = 0; while (true) { n++; if (n > 3) break }\nn", 4),
        ("let s = ''; for (const k in {x: 1, y: 2}) s += k\ns", "xy"),
        ("[1, 2].map(function (x) { return x + 1 })", [2, 3]),
        ("let a = 1; { let a = 2 }\na", 1),
    ],
)  # fmt: skip
def test_statements__run_as_they_read(source: str, value: object) -> None:
    assert run(source) == value


@pytest.mark.parametrize("source", ["switch (x) {}", "try { a } catch {}", "class A {}", "let x = ", "if (", "a b"])
def test_statements__what_is_not_understood_is_none(source: str) -> None:
    assert statement_nodes(source, 0, len(source)) is None


@pytest.mark.parametrize(
    "source", ["$nope.x", "null.x", "(5)()", "(0).push(1)", "[].reduce((a, b) => a)", "null.x = 1"]
)
def test_errors__are_thrown_as_in_javascript(source: str) -> None:
    with pytest.raises(ThrownError):
        run(source)


@pytest.mark.parametrize(
    "source",
    ["$unknown + 1", "[$unknown].join()", "$unknown.x", "$unknown is 1", "$unknown ? 1 : 2", "$unknown and 1", "`${$unknown}`",
     "[1, $unknown].includes(2)", "[1, 2].filter(x => $unknown)", "Math.max(1, $unknown)", "$unknown.map(x => x)", "Math.random()"],
)  # fmt: skip
def test_unknown__goes_through_every_operation(source: str) -> None:
    host = Table()
    assert run(source, host) is UNKNOWN
    assert host.strays == []


def test_unknown__may_still_be_known() -> None:
    assert run("[1, $unknown].includes(1)") is True
    assert run("!($unknown and false)") is True
    assert run("!($unknown or true)") is False
    assert run("[$unknown].length") == 1


def test_unknown__key_spoils_the_array_under_every_name() -> None:
    host = Table(list=[1, 2])
    run("$other to $list; $list[$unknown] to 5", host)
    assert run("$list", host) is UNKNOWN
    assert run("$other[0]", host) is UNKNOWN


def test_strange_calls__are_told_to_the_host() -> None:
    host = Table(list=[1])
    assert run("whatever(1)", host) is UNKNOWN
    run("$list.strange()", host)
    run("$unknown.map(x => $n = x)", host)
    assert host.strays == ["whatever()", "strange()", "map()"]


def test_chance__is_drawn_with_whole_weights() -> None:
    host = Table(draws=[2, 0, 1])
    assert run("Math.floor(Math.random() * 6) + 1", host) == 3
    assert run("Math.random() < 0.3", host) is True
    assert run("[7, 8].random()", host) == 8
    assert host.weights == [(1,) * 6, (3, 7), (1, 1)]


def test_pluck__takes_one_out() -> None:
    host = Table(draws=[1], list=[1, 2, 3])
    assert run("$list.pluck()", host) == 2
    assert host.names["$list"] == [1, 3]


def test_writing__members_and_patterns() -> None:
    host = Table()
    run("$o to {}; $o.a to [1]; $o.a[2] to 3; [$x, $y] = [1, 2]; $x += 4; $y++; delete $o.b; $z ??= 9", host)
    assert host.names["$o"] == {"a": [1, UNSET, 3]}
    assert (host.names["$x"], host.names["$y"], host.names["$z"]) == (5, 3, 9)


def test_freeze__and_thaw_are_inverse() -> None:
    value = [1, {"a": ["x", None, True]}, UNSET]
    assert freeze(value) == (1, Map((("a", ("x", None, True)),)), UNSET)
    assert thaw(freeze(value)) == value


def test_hostile__depth_and_size_are_bounded() -> None:
    assert run("'x'.repeat(1e9)") is UNKNOWN
    deep = "[" * 40 + "]" * 40
    assert freeze(run(deep)) is not None
    long = " + ".join(["1"] * 2_500)
    trees = statement_nodes(long, 0, len(long))
    assert trees is not None
    assert compile_program(trees) is None
    host = Table()
    run("let f = (x) => f(x); f(1)", host)
    assert host.strays
