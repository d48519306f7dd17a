"""In every language, verdicts are what a naive exploration finds that knows neither the language nor any way to save states.

The same story is drawn once, as plain data, walked naively, written in each language, and explored: passages that cannot
be reached, choices that are never offered and the lengths of shortest ways must be the same.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import Naive

import gamebook_lab as gb
import gamebook_lab.languages.shared.nesting  # allows for deep calls: hypothesis warns if that happens amid an example

NAMES = ("a", "b", "c")
VARIABLES = st.sampled_from(NAMES)
SMALL = st.integers(0, 2)
CONDITIONS = st.lists(st.tuples(VARIABLES, st.sampled_from(["==", "!=", "<", ">="]), SMALL), max_size=2)
STATEMENTS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), VARIABLES, SMALL),
        st.tuples(st.just("add"), VARIABLES, st.sampled_from([-1, 1]), st.just(0), st.just(2)),
    ),
    max_size=2,
)


@st.composite
def stories(draw, *, clicks_write, rolls):
    n = draw(st.integers(2, 7))
    names = [f"P{at}" for at in range(n)]
    passages = {"Begin": {"enter": [("set", name, 0) for name in NAMES], "choices": [{"to": "P0", "if": [], "do": []}]}}
    for name in names:
        enter = draw(STATEMENTS)
        if rolls and draw(st.integers(0, 4)) == 0:
            enter = [*enter, ("roll", draw(VARIABLES), draw(st.integers(2, 3)))]
        choices = [
            {"to": draw(st.sampled_from(names)), "if": draw(CONDITIONS), "do": draw(STATEMENTS) if clicks_write else []}
            for _ in range(draw(st.integers(0, 3)))
        ]
        passages[name] = {"enter": enter, "choices": choices}
    return passages


def sugarcube(passages):
    def statement(verb, name, number, *bounds):
        value = {
            "set": f"{number}", "add": f"Math.clamp(${name} + {number}, 0, 2)", "roll": f"random(0, {number - 1})",
        }[verb]  # fmt: skip
        return f"${name} to {value}"

    def holds(condition):
        words = {"==": "is", "!=": "isnot", "<": "lt", ">=": "gte"}
        return " and ".join(f"${name} {words[compare]} {number}" for name, compare, number in condition) or "true"

    for name, said in passages.items():
        lines = [f"<<set {statement(*each)}>>" for each in said["enter"]]
        for at, choice in enumerate(said["choices"]):
            setter = f"[{'; '.join(statement(*each) for each in choice['do'])}]" if choice["do"] else ""
            lines.append(f"<<if {holds(choice['if'])}>>[[c{at}|{choice['to']}]{setter}]<</if>>")
        yield name, "\n".join([*lines, "Words."])


def harlowe(passages):
    def statement(verb, name, number, *bounds):
        value = {
            "set": f"{number}", "add": f"(max: 0, (min: 2, ${name} + {number}))", "roll": f"(random: 0, {number - 1})",
        }[verb]  # fmt: skip
        return f"(set: ${name} to {value})"

    def holds(condition):
        words = {"==": "is", "!=": "is not", "<": "<", ">=": ">="}
        return " and ".join(f"${name} {words[compare]} {number}" for name, compare, number in condition) or "true"

    for name, said in passages.items():
        lines = [statement(*each) for each in said["enter"]]
        for at, choice in enumerate(said["choices"]):
            does = "".join(statement(*each) for each in choice["do"])
            link = f'(link-reveal-goto: "c{at}", "{choice["to"]}")[{does}]' if does else f"[[c{at}->{choice['to']}]]"
            lines.append(f"(if: {holds(choice['if'])})[{link}]")
        yield name, "\n".join([*lines, "Words."])


def holds_in_javascript(condition, prefix):
    words = {"==": "===", "!=": "!==", "<": "<", ">=": ">="}
    return " && ".join(f"{prefix}{name} {words[compare]} {number}" for name, compare, number in condition) or "true"


def chapbook(passages):
    for name, said in passages.items():
        lines = [
            f"{variable}: {number if verb == 'set' else f'Math.max(0, Math.min(2, {variable} + {number}))'}"
            for verb, variable, number, *_ in said["enter"]
        ]
        lines = [*lines, "--", "Words."] if lines else ["Words."]
        for at, choice in enumerate(said["choices"]):
            test = holds_in_javascript(choice["if"], "")
            lines += [f"[if {test}]", f"[[c{at}->{choice['to']}]]", "[continue]"]
        yield name, "\n".join([*lines, "More."])


def snowman(passages):
    for name, said in passages.items():
        lines = [
            f"<% s.{variable} = {number if verb == 'set' else f'Math.max(0, Math.min(2, s.{variable} + {number}))'}; %>"
            for verb, variable, number, *_ in said["enter"]
        ]
        for at, choice in enumerate(said["choices"]):
            lines.append(f"<% if ({holds_in_javascript(choice['if'], 's.')}) {{ %>[[c{at}->{choice['to']}]]<% }} %>")
        yield name, "\n".join([*lines, "Words."])


LANGUAGES = {
    "SugarCube": (sugarcube, "2.37.3", {"clicks_write": True, "rolls": True}),
    "Harlowe": (harlowe, "3.3.9", {"clicks_write": True, "rolls": True}),
    "Chapbook": (chapbook, "2.3.0", {"clicks_write": False, "rolls": False}),
    "Snowman": (snowman, "2.0.2", {"clicks_write": False, "rolls": False}),
}


def written(passages, name):
    write, version, _ = LANGUAGES[name]
    data = f'{{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "{name}", "format-version": "{version}", "start": "Begin"}}'
    parts = [f":: StoryData\n{data}\n", *(f":: {passage}\n{text}\n" for passage, text in write(passages))]
    return gb.parse_twee("\n".join(parts))


@pytest.mark.parametrize("name", LANGUAGES)
def test_verdicts__are_those_of_a_naive_exploration(name):
    @settings(max_examples=40)
    @given(stories(**LANGUAGES[name][2]))
    def check(passages):
        naive = Naive(passages, "Begin")
        assert len(naive.n_steps) < 100_000
        space = gb.explore(written(passages, name), threads=1)
        assert space.is_exact, space.unclear
        table = space.passages()
        found = {row["passage_id"]: row for row in table.to_dict("records")}
        assert {each for each, row in found.items() if row["verdict"] == "reachable"} == naive.length.keys()
        assert {
            each for each, row in found.items() if row["verdict"] == "unreachable"
        } == passages.keys() - naive.length.keys()
        assert {each: found[each]["shortest"] for each in naive.length} == naive.length
        offers = space.choices()
        offered = offers.loc[offers["verdict"] == "reachable", ["passage_id", "label"]].to_numpy().tolist()
        assert {(passage, f":{label[1:]}") for passage, label in offered} == naive.choices
        never = offers.loc[offers["verdict"] == "unreachable", "passage_id"]
        n_choices = sum(len(said["choices"]) for said in passages.values())
        assert len(never) == n_choices - len(naive.choices)

    check()
