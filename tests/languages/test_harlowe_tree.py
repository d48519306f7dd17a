"""Harlowe's syntax trees: precedence, operators, attachment and bounded depth."""

from __future__ import annotations

import pytest

from gamebook_lab.languages.harlowe import LANGUAGE, tree
from gamebook_lab.languages.harlowe.parser import parse


def shape(node: tree.Node) -> str:  # noqa: C901 - one case a kind of node
    """Write an expression with every operation in brackets."""
    match node:
        case tree.Variable(name=name) | tree.Identifier(name=name) | tree.Datatype(name=name):
            return name
        case tree.HookName(name=name):
            return f"?{name}"
        case tree.Number(value=value, unit=unit):
            return f"{value:g}{unit}"
        case tree.String(value=value):
            return repr(value)
        case tree.Boolean(value=value) | tree.Colour(value=value):
            return str(value)
        case tree.Group(inner=inner):
            return shape(inner)
        case tree.Unary(operator=operator, operand=operand):
            return f"[{operator} {shape(operand)}]"
        case tree.Binary(operator=operator, left=left, right=right):
            return f"[{shape(left)} {operator} {shape(right)}]"
        case tree.Property(owner=owner, key=key):
            return f"[{shape(owner) if owner else 'it'} . {key if isinstance(key, str) else shape(key)}]"
        case tree.Assignment(operator=operator, target=target, value=value):
            return f"[{shape(target)} {operator} {shape(value)}]"
        case tree.Typed(datatype=datatype, variable=variable):
            return f"[{shape(datatype)}-type {shape(variable)}]"
        case tree.Spread(operand=operand):
            return f"...{shape(operand)}"
        case tree.Bind(operand=operand, is_two_way=is_two_way):
            return f"[{'2' if is_two_way else ''}bind {shape(operand)}]"
        case tree.Lambda(subject=subject, clauses=clauses):
            return f"[lambda {shape(subject) if subject else ''} {' '.join(f'{word} {shape(at)}' for word, at in clauses)}]"
        case tree.Macro(name=name, arguments=arguments):
            return f"({name}: {', '.join(map(shape, arguments))})"
        case tree.Broken(parts=parts):
            return f"<{' '.join(map(shape, parts))}>"
        case _:
            return type(node).__name__


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$a is 1 and $b is not 2 or $c", "[[[$a is 1] and [$b is not 2]] or $c]"),
        ("not $a is $b", "[[not $a] is $b]"),
        ("1 + 2 * 3 - 4", "[[1 + [2 * 3]] - 4]"),
        ("-$a + -2", "[[- $a] + [- 2]]"),
        ("$a > 2 + 1 and < 5", "[[$a > [2 + 1]] and [it < 5]]"),
        ("$a is not > 3", "[$a <= 3]"),
        ("$a contains $b + 1", "[$a contains [$b + 1]]"),
        ("$a is in $b", "[$a is in $b]"),
        ("$a is not in $b", "[$a is not in $b]"),
        ("$a does not contain 1", "[$a does not contain 1]"),
        ("$a is a num", "[$a is a num]"),
        ("$a is not an array", "[$a is not a array]"),
        ("num matches $a", "[num matches $a]"),
        ("$a's b's 1st", "[[$a . b] . 1st]"),
        ("$a's (1 + 1)'s b", "[[$a . [1 + 1]] . b]"),
        ("$a's $b", "[$a . $b]"),
        ("1st of 2ndlast of $a's b", "[[[$a . b] . 2ndlast] . 1st]"),
        ("(1) of $a", "[$a . 1]"),
        ("its length + 1", "[[it . length] + 1]"),
        ("its (2)", "[it . 2]"),
        ("length of it", "[it . length]"),
        ("(3) of it", "[it . 3]"),
        ("$x to it + 1", "[$x to [it + 1]]"),
        ("$a's b to $c and $d", "[[$a . b] to [$c and $d]]"),
        ("1 + 2 into $x", "[$x into [1 + 2]]"),
        ("$x += 2", "[$x += 2]"),
        ("num-type $x to 3", "[[num-type $x] to 3]"),
        ("each _x, ...$a's b", "[lambda _x ], ...[$a . b]"),
        ("each _x where _x > 1 and it < 3", "[lambda _x where [[_x > 1] and [it < 3]]]"),
        ("_a making _b via _a + _b where true", "[lambda _a making _b via [_a + _b] where True]"),
        ("when $a is 2", "[lambda  when [$a is 2]]"),
        ("via it * 2", "[lambda  via [it * 2]]"),
        ("2bind $x, bind $y's z", "[2bind $x], [bind [$y . z]]"),
        ("2s, 500ms, 1.5s, .5, 1e3", "2000s, 500ms, 1500s, 0.5, 1000"),
        ("red, #FFF, #a1b2c3, TRUE", "red, #fff, #a1b2c3, True"),
        (r"'it\'s', \"a\n\", \"é\u00e9\"".replace(r"\"", '"'), "\"it's\", 'a\\n', 'éé'"),
        ("?hook's 1st + ?b", "[[?hook . 1st] + ?b]"),
        ("(A_-b: 1, (c:)),", "(ab: 1, (c: ))"),
        ("$a is (it + 1)", "[$a is [it + 1]]"),
        ("[a hook], [[link]]", "Hook, Link"),
        ("time > 3s and visits is 1", "[[time > 3000s] and [visits is 1]]"),
    ],
)
def test_expression(source: str, expected: str) -> None:
    parsed = parse(f"(m: {source})")
    assert parsed.problems == ()
    (macro,) = parsed.nodes
    assert isinstance(macro, tree.Macro)
    assert ", ".join(map(shape, macro.arguments)) == expected


def test_names_of_macros_are_compared_without_case_dashes_and_underscores() -> None:
    names = {node.name for node in parse("(Link-Goto:)(linkgoto:)(link_GOTO:)(li-nk--goto:)").nodes}  # type: ignore[union-attr]
    assert names == {"linkgoto"}


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("(if: 1)[a]", "Attached"),
        ("(if: 1) \n <br> <!-- x --> \\\n[a]", "Attached"),
        ("(if: 1) + (font: 2)+$c[a]", "Attached"),
        ("(if: 1)(font: 2)[a]", "Attached"),
        ("(if: 1)[[a]]", "Attached"),
        ("(if: 1)$link", "Attached"),
        ("(if: 1)$style[a]", "Attached"),
        ("(if: 1)(goto: 'a')", "Attached"),
        ("$x[a]", "Attached"),
        ("$x [a]", "Variable Text Hook"),
        ("$x[[a]]", "Variable Link"),
        ("(set: $x to 1)[a]", "Macro Hook"),
        ("(print: 1)(goto: 'a')", "Macro Macro"),
        ("(if: 1) and [a]", "Macro Text Hook"),
        ("(visited: 'a') [b]", "Attached"),
        ("$a+$b+$c", "Variable Text Variable Text Variable"),
    ],
)
def test_changers_attach(source: str, kinds: str) -> None:
    assert " ".join(type(node).__name__ for node in parse(source).nodes) == kinds


def test_markup_nests_and_crossing_openings_become_text() -> None:
    (strong,) = parse("***a***").nodes
    assert isinstance(strong, tree.Style)
    (inner,) = strong.children
    assert (strong.kind, isinstance(inner, tree.Style) and inner.kind) in {("strong", "em"), ("em", "strong")}
    crossed = parse("''a [b'' c]")
    assert [problem.message for problem in crossed.problems] == ["This [ is never closed.", "This ] closes nothing."]


def test_named_hooks_know_their_names() -> None:
    first, _, second, _, third = parse("|Cave-A>[x] [y](dark| |rest)[=z").nodes
    assert isinstance(first, tree.Hook)
    assert isinstance(second, tree.Hook)
    assert isinstance(third, tree.Hook)
    assert (first.name, first.is_hidden, first.is_open) == ("cavea", False, False)
    assert (second.name, second.is_hidden) == ("dark", True)
    assert (third.name, third.is_hidden, third.is_open) == ("rest", True, True)


@pytest.mark.parametrize("start_stop", [(3, 8), (0, 0), (4, 4)])
def test_part_of_a_text_is_read_in_place(start_stop: tuple[int, int]) -> None:
    start, stop = start_stop
    for node in parse("ab $c d ''e''", start, stop).nodes:
        assert start <= node.start < node.stop <= stop


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[", "]"), ("(a: ", ")"), ("(a: (", "))"), ("{", "}"), ("(a: not ", ")"), ("(a: 1 + ", ")"), ("(if: 1)[", "]")],
)
def test_deep_nesting_is_a_problem_and_not_a_crash(opening: str, closing: str) -> None:
    text = f"{opening * 500}1{closing * 500}"
    program = LANGUAGE.parse(text)
    assert any("open here" in problem.message or "deep" in problem.message for problem in program.problems)
    assert program.opaques


@pytest.mark.parametrize("unit", ["not ", "1 + ", "1st of ", "...", "- ", "each ", "$a's b's "])
def test_long_chains_are_cut_off(unit: str) -> None:
    program = LANGUAGE.parse(f"(a: {unit * 5000}$x)")
    assert program.problems


def test_forty_deep_is_read() -> None:
    text = "(if: $x)[" * 38 + "[[Deep]]" + "]" * 38
    program = LANGUAGE.parse(text)
    assert program.problems == ()
    assert len(program.choices[0].conditions) == 38
