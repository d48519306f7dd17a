"""Stories drawn at random, written in every language, and how their exploration is held against a naive one.

``test_every_language.py`` is the short form, ``soak.py`` the long one. The same story is drawn once, as plain data, walked naively,
written in each language, and explored: passages that cannot be reached, choices that are never offered and the lengths of
shortest ways must be the same, whatever is kept, and with all that saves states or without; and ways that are found can be
played. Links and assignments are written in many ways: plainly, printed from pieces, held by variables, in loops, in macros
of the story's own.
"""

from __future__ import annotations

from hypothesis import strategies as st
from naive import Naive

import gamebook_lab as gb
import gamebook_lab.languages.shared.nesting  # allows for deep calls: hypothesis warns if that happens amid an example
from gamebook_lab.analysis.verdicts import passage_verdicts
from gamebook_lab.engine.exploration import explore
from gamebook_lab.engine.playthrough import replay

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


PLAIN = 0
"""Of the ways to write something, the one that the tables of choices can read."""


PLAINLY = st.just(PLAIN)


@st.composite
def stories(draw, *, clicks_write, rolls, hows=PLAINLY):
    n = draw(st.integers(2, 7))
    names = [f"P{at}" for at in range(n)]
    passages = {"Begin": {"enter": [("set", name, 0) for name in NAMES], "choices": [{"to": "P0", "if": [], "do": []}]}}
    for name in names:
        enter = draw(STATEMENTS)
        if rolls and draw(st.integers(0, 4)) == 0:
            enter = [*enter, ("roll", draw(VARIABLES), draw(st.integers(2, 3)))]
        choices = [
            {
                "to": draw(st.sampled_from(names)), "if": draw(CONDITIONS), "do": draw(STATEMENTS) if clicks_write else [],
                "how": draw(hows),
            }
            for _ in range(draw(st.integers(0, 3)))
        ]  # fmt: skip
        passages[name] = {"enter": enter, "choices": choices, "how": draw(hows)}
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

    used = {choice.get("how", PLAIN) % 13 for said in passages.values() for choice in said["choices"]}
    widgets = [
        "<<widget wrap container>><b>_contents</b><</widget>>",
        "<<widget echo>><<= _args[0] + _args[1]>><</widget>>",
    ]

    def link(name, at, choice):
        code = "; ".join(statement(*each) for each in choice["do"])
        setter = f"[{code}]" if code else ""
        label, to, own = f"c{at}", choice["to"], f"{name}{at}"
        plain = f"[[{label}|{to}]{setter}]"
        widgets.append(f"<<widget w{own}>>{plain}<</widget>>")
        inside = f"<<set {code}>>" if code else ""
        return [
            plain,
            f'<<= "[" + "{plain[1:]}">>',
            f'<<set $m{own} to "["; $m{own} += "{plain[1:]}">>$m{own}',
            f'<<for _i to 0; _i lt 2; _i++>><<if _i is 1>><<= "{plain}">><</if>><</for>>',
            f"<<w{own}>>",
            f"<<nobr>><span id='x{at}'>{plain}</span><</nobr>>",
            f'<<link "{label}" "{to}">>{inside}<</link>>',
            f"<<wrap>>{plain}<</wrap>>",
            f"<<= '<a data-passage=\"{to}\" data-setter=\"{code}\"' + '>{label}</a>'>>" if code else f"<<print '<a data-pass' + 'age=\"{to}\">{label}</a>'>>",
            f'<<echo "[" "{plain[1:]}">>',
            f'<<print ["{plain}", "none"][0]>>',
            f'<<switch {at}>><<case {at}>><<= "<" + "<link \'{label}\' \'{to}\'>>{inside}<" + "</link>>">><</switch>>',
            f'<<set _t to "{plain}">><<capture _t>><<print _t>><</capture>>',
        ][choice["how"] % 13]  # fmt: skip

    def enter(said, each):
        code = statement(*each)
        return [
            f"<<set {code}>>", f"<<for _j to 0; _j lt 1; _j++>><<set {code}>><</for>>", f"<<silently>><<run {code}>><</silently>>",
            f'<<= "<" + "<set {code}>>">>', f"<<nobr>><<if true>><<set {code}>><</if>><</nobr>>",
        ][said.get("how", PLAIN) % 5]  # fmt: skip

    for name, said in passages.items():
        lines = [enter(said, each) for each in said["enter"]]
        for at, choice in enumerate(said["choices"]):
            lines.append(f"<<if {holds(choice['if'])}>>{link(name, at, {'how': PLAIN, **choice})}<</if>>")
        yield name, "\n".join([*lines, "Words."])
    if used - {PLAIN}:
        yield "Widgets [widget]", "\n".join(widgets)


def harlowe(passages):
    def statement(verb, name, number, *bounds):
        value = {
            "set": f"{number}", "add": f"(max: 0, (min: 2, ${name} + {number}))", "roll": f"(random: 0, {number - 1})",
        }[verb]  # fmt: skip
        return f"(set: ${name} to {value})"

    def holds(condition):
        words = {"==": "is", "!=": "is not", "<": "<", ">=": ">="}
        return " and ".join(f"${name} {words[compare]} {number}" for name, compare, number in condition) or "true"

    def link(name, at, choice):
        does, to, own = "".join(statement(*each) for each in choice["do"]), choice["to"], f"{name}{at}"
        macro = f"(link-reveal-goto: 'c{at}', '{to}')[{does}]"
        plain = macro if does else f"[[c{at}->{to}]]"
        return [
            plain,
            f'(print: "{plain[:1]}" + "{plain[1:]}")',
            f'(set: $m{own} to "{plain[:4]}")(set: $m{own} to it + "{plain[4:]}")$m{own}',
            f"(for: each _i, 1, 2)[(if: _i is 2)[{plain}]]",
            f"(set: $f{own} to (macro: [(output:)[{plain}]]))($f{own}:)",
            f"(set: $h{own} to [{plain}])$h{own}",
            f'(set: _t to "{macro[:1]}")(print: _t + "{macro[1:]}")',
            f'(print: (a: "{plain}", "none")\'s 1st)',
            f'(print: (str-reversed: "{macro[::-1]}"))',
            f'(print: (joined: "", "{macro[:3]}", "{macro[3:]}"))',
            f"|n>[(print: '(' + \"display: 'none'\" + ')'){plain}]",
        ][choice["how"] % 11]  # fmt: skip

    def enter(said, each):
        code = statement(*each)
        return [
            code, f"(for: each _j, 1)[{code}]", f"(if: true)[{code}]", f"(print: '(' + \"{code[1:]}\")", f"(set: _c to [{code}])_c",
        ][said.get("how", PLAIN) % 5]  # fmt: skip

    for name, said in passages.items():
        lines = [enter(said, each) for each in said["enter"]]
        for at, choice in enumerate(said["choices"]):
            lines.append(f"(if: {holds(choice['if'])})[{link(name, at, {'how': PLAIN, **choice})}]")
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
            test, to, how = holds_in_javascript(choice["if"], ""), choice["to"], choice.get("how", PLAIN) % 5
            script = [f"write('[' + '[c{at}->{to}]]')", f"let x = '['; write(x); write(x + 'c{at}->{to}]]')"]
            lines += [
                [f"[if {test}]", f"[[c{at}->{to}]]", "[continue]"],
                [f"[if {test}]", f"{{link to: '{to[:1]}' + '{to[1:]}', label: 'c{at}'}}", "[continue]"],
                [f"[if {test}; JavaScript]", script[0], "[continue]"],
                [f"[if {test}; JavaScript]", script[1], "[continue]"],
                [f"[unless !({test})]", f"[[c{at}|{to}]]", "[continue]"],
            ][how]  # fmt: skip
        yield name, "\n".join([*lines, "More."])


def snowman(passages):
    for name, said in passages.items():
        lines = [
            f"<% s.{variable} = {number if verb == 'set' else f'Math.max(0, Math.min(2, s.{variable} + {number}))'}; %>"
            for verb, variable, number, *_ in said["enter"]
        ]
        for at, choice in enumerate(said["choices"]):
            to, own = choice["to"], f"s.m{name}{at}"
            link = [
                f"[[c{at}->{to}]]",
                f"<%= '[' + '[c{at}->{to}]]' %>",
                f"<% {own} = '['; %><%= {own} + {own} + 'c{at}->{to}]]' %>",
                f"<% for (var i = 0; i < 2; i++) {{ if (i === 1) {{ %>[[c{at}->{to}]]<% }} }} %>",
                f"<% print('[' + '[c{at}->{to}]]') %>",
                f"<%= '<a data-' + 'passage=\"{to}\">c{at}</a>' %>",
                f"<% var t = ['[', '[c{at}->{to}]]']; %><%= t.join('') %>",
            ][choice.get("how", PLAIN) % 7]
            lines.append(f"<% if ({holds_in_javascript(choice['if'], 's.')}) {{ %>{link}<% }} %>")
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


def check_verdicts(passages, naive, table, *, is_exact):
    """No verdict that is exact may differ; all of them are if the space is exact."""
    rows = {row["passage_id"]: row for row in table.to_dict("records") if row["passage_id"] in passages}
    assert rows.keys() == passages.keys()
    found = {name for name, row in rows.items() if row["verdict"] == "reachable"}
    never = {name for name, row in rows.items() if row["verdict"] == "unreachable"}
    assert found <= naive.length.keys()
    assert never.isdisjoint(naive.length)
    if is_exact:
        assert found == naive.length.keys()
        assert never == passages.keys() - naive.length.keys()
        assert {name: rows[name]["shortest"] for name in naive.length} == naive.length


def check_plain(passages, name):
    """Check a story that is written plainly: all is exact, and choices are told, too. Answers how many explorations were compared."""
    naive = Naive(passages, "Begin")
    assert len(naive.n_steps) < 100_000
    space = gb.explore(written(passages, name), threads=1)
    assert space.is_exact, space.unclear
    check_verdicts(passages, naive, space.passages(), is_exact=True)
    offers = space.choices()
    offered = offers.loc[offers["verdict"] == "reachable", ["passage_id", "label"]].to_numpy().tolist()
    assert {(passage, f":{label[1:]}") for passage, label in offered} == naive.choices
    never = offers.loc[offers["verdict"] == "unreachable", "passage_id"]
    n_choices = sum(len(said["choices"]) for said in passages.values())
    assert len(never) == n_choices - len(naive.choices)
    check_ways(space)
    return 1


def check_however(passages, name):
    """Check a story whatever it is written like: nothing that is exact may differ. Answers how many explorations were compared."""
    naive = Naive(passages, "Begin")
    story = written(passages, name)
    n_compared = 0
    for detail, reduce, most in (("choices", True, 20_000), ("text", True, 20_000), ("choices", False, 500)):
        space = explore(story, detail=detail, reduce=reduce, threads=1, max_states=most)
        if space.is_complete:
            check_verdicts(passages, naive, passage_verdicts(space), is_exact=space.is_exact)
            check_ways(space)
            n_compared += 1
    return n_compared


MOST_WAYS = 20
"""Ways that are played of each exploration."""


def check_ways(space):
    """Check that ways to states, played click by click, end where they say."""
    plan = space.explorer.plan
    for state in range(0, space.n_states, max(1, space.n_states // MOST_WAYS)):
        if space.location[state] < len(space.places):
            found = replay(plan.player, plan.names, space.relevance, space.witness(state))
            assert found.places[-1] == space.places[space.location[state]]
