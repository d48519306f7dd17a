"""Generated SugarCube passages: a summary says all that a run may do."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.languages.sugarcube import LANGUAGE
from gamebook_lab.story.frozen import UNKNOWN, Value
from gamebook_lab.story.play import Move, Page, Player, Summary
from tests.languages.driving import Table, story_of

NAMES = ("$a", "$b", "$c", "$d")
PLACES = ("Start", "Hall", "Cellar")

values = st.sampled_from(
    ["0", "1", "3", '"x"', "[1, 2]", "$a", "$b", "$c", "_t", "$d + 1", "random(1, 2)", "either('x', $a)", "visited()",
     "visited('Hall')", "turns()", "previous()", "$a ? $b : $c", "[$a, _t].length", "$c is 1 and $d", "`${$a}!`", "$nope.x"]
)  # fmt: skip
tests = st.sampled_from(
    ["$a", "$b gt 1", "$c is $d", "_t", "not $a", "$a and $b", "visited('Hall') gt 1", "$d.length", "($b++) lt 2",
     "[1, 2].includes($c)", "random(0, 1)"]
)  # fmt: skip
code = st.one_of(
    st.tuples(st.sampled_from((*NAMES, "_t")), values).map(lambda each: f"{each[0]} to {each[1]}"),
    st.sampled_from(
        ["$a += 1", "$b++", "$c.push(1)", "_t = 2, $a = _t", "$d and ($b = 1)", "delete $a", "$a", "[$b, $c]"]
    ),
)
leaves = st.one_of(
    st.sampled_from(["words ", "[[Hall]]", "[[Go|Cellar][$a to 1]]", "$a ", "_t ", "<<= $b>>", "<<back>>", "<<return>>",
                     "<<goto 'Hall'>>", "<<box>>", "<<include 'Part'>>", "<<textbox '$d' ''>>", "<<unset $c>>",
                     "[[Where|$a]]", "<<actions 'Hall'>>", "<<choice 'Cellar'>>", "<<checkbox '$b' 0 1>>", "<<break>>",
                     "<<cycle '$c' autoselect>><<option 'x' $a>><<option 'y'>><</cycle>>"]),
    code.map(lambda each: f"<<set {each}>>"),
)  # fmt: skip


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(inner, max_size=3).map("".join)
    return st.one_of(
        st.tuples(tests, bodies, bodies).map(lambda each: f"<<if {each[0]}>>{each[1]}<<else>>{each[2]}<</if>>"),
        st.tuples(values, values, bodies, bodies).map(
            lambda each: f"<<switch {each[0]}>><<case `{each[1]}` 1>>{each[2]}<<default>>{each[3]}<</switch>>"
        ),
        bodies.map(lambda each: f"<<for _i to 0; _i lt 2; _i++>>{each}<</for>>"),
        st.tuples(values, bodies).map(lambda each: f"<<for _t range {each[0]}>>{each[1]}<</for>>"),
        bodies.map(lambda each: f"<<link 'L'>>{each}<</link>>"),
        bodies.map(lambda each: f"<<link 'M' 'Hall'>>{each}<</link>>"),
        bodies.map(lambda each: f"<<linkreplace 'R'>>{each}<</linkreplace>>"),
        bodies.map(lambda each: f"<<silently>>{each}<</silently>>"),
        bodies.map(lambda each: f"<<capture _t, $a>>{each}<</capture>>"),
        bodies.map(lambda each: f"<<timed 1s>>{each}<<next>>{each}<</timed>>"),
        bodies.map(lambda each: f"<span id='e'>{each}</span>"),
        bodies.map(lambda each: f"<<replace '#e'>>{each}<</replace>>"),
        st.tuples(values, bodies).map(lambda each: f"<<wrap `{each[0]}`>>{each[1]}<</wrap>>"),
    )


passages = st.lists(st.recursive(leaves, _wrapped, max_leaves=6), max_size=4).map("".join)
states = st.fixed_dictionaries(
    {name: st.sampled_from([0, 1, 2, "x", "Hall", (1, 2), True, UNKNOWN]) for name in NAMES}
)  # fmt: skip
scripts = st.lists(st.integers(0, 3), max_size=6)
WIDGETS = "<<widget 'box'>>$b<<set $c to 2>><</widget>><<widget 'wrap' container>><<if $d>>_contents _args[0]<</if>><</widget>>"


def _offers(page: Page) -> list[Any]:
    return [(each.place, each.kind, each.token[1] and each.token[1][:4]) for each in page.offers]


def _run(player: Player, turn: Table) -> list[Any]:
    """Enter the start and click everything once; gives what was offered on the way."""
    try:
        page = player.enter("Start", turn)
        seen: list[Any] = [_offers(page), page.goto]
        for offer in page.offers[:4]:
            if offer.kind not in {"undo", "restart", "load", "external"}:
                after = player.click(page, offer, turn)
                seen.append(after if isinstance(after, Move) else (_offers(after), after.goto))
    except EndlessPassageError:
        return ["too long"]
    return seen


def _deciding(summary: Summary) -> set[str]:
    found = set(summary.decides)
    while more := {source for source, target in summary.flows if target in found} - found:
        found |= more
    return found


def _player(text: str, part: str) -> Player:
    return LANGUAGE.player(
        story_of(LANGUAGE, {"Start": text, "Hall": "", "Cellar": "", "Part": part, "Tools [widget]": WIDGETS})
    )


@settings(max_examples=150)
@given(passages, passages, states, scripts, st.sampled_from(["choices", "text"]))
def test_summary__has_all_that_a_run_reads_and_writes(
    text: str, part: str, state: dict[str, Value], script: list[int], detail: Any
) -> None:
    player = _player(text, part)
    summary = player.summary("Start")
    turn = Table(dict(state), detail, draws=[each % 2 for each in script], ways=list(script))
    _run(player, turn)
    if summary.reads_all:
        return
    sources = {source for source, _ in summary.flows}
    assert set(turn.read_names) <= summary.decides | summary.shows | sources
    assert set(turn.written) <= summary.writes


@settings(max_examples=150)
@given(passages, passages, states, scripts, st.sampled_from(NAMES), st.sampled_from([0, 1, "Cellar", (3,)]))
def test_summary__what_decides_nothing_changes_no_offer(
    text: str, part: str, state: dict[str, Value], script: list[int], name: str, value: Value
) -> None:
    player = _player(text, part)
    summary = player.summary("Start")
    if summary.reads_all or name in _deciding(summary):
        return
    seen = []
    for table in (dict(state), {**state, name: value}):
        turn = Table(table, "choices", draws=[0] * 50, ways=[0] * 50)
        seen.append(_run(player, turn))
    assert seen[0] == seen[1]


@settings(max_examples=150)
@given(passages, passages, states, scripts, st.sampled_from(NAMES))
def test_summary__what_it_kills_is_not_read_before(
    text: str, part: str, state: dict[str, Value], script: list[int], name: str
) -> None:
    player = _player("<<set $b to 1, $c to $a>>" + text, part)
    if name not in player.summary("Start").kills:
        return
    turn = Table(dict(state), "text", draws=[0] * 50, ways=list(script))
    try:
        player.enter("Start", turn)
    except EndlessPassageError:
        return
    assert name in turn.written
    assert name not in turn.read_names


marks = st.sampled_from(
    ["<<if $a>>", "<</if>>", "<<else>>", "<<for ", "_i to 0;", ">>", "<</for>>", "[[", "]]", "|", "][", "$a", "_b", "<<set ",
     "<<link '", "'", '"', "`", "<</link>>", "<<widget 'x'>>", "<</widget>>", "<<x>>", "<<include 'Start'>>", "{", "}", "(", ")",
     "=>", "<<script>>", "<</script>>", "<<= ", "...", "a.b", "[0]", "=", "+", "<<cycle '$a'>>", "<<option ", "<</cycle>>",
     "<<replace '#a'>>", "<</replace>>", "<<timed 1s>>", "<<next>>", "<</timed>>", "<a data-passage='", "</a>", "<<actions ",
     "function", "return", "setup.", "State.variables", "Engine.play(", "<<capture $a>>", "<</capture>>", "<<switch ", "<<case "]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(marks, max_size=30).map(" ".join), states, st.sampled_from(["choices", "text"]))
def test_hostile__no_text_raises(text: str, state: dict[str, Value], detail: Any) -> None:
    player = LANGUAGE.player(story_of(LANGUAGE, {"Start": text, "Tools [widget]": text, "StoryInit": text}))
    turn = Table(dict(state), detail)
    try:
        player.begin(turn)
    except EndlessPassageError:
        return
    player.summary(None)
    player.summary("Start")
    player.opaques("Start")
    _run(player, turn)


def test_hostile__depth_is_bounded() -> None:
    for text in (
        "<<if true>>" * 200 + "x",
        "<<include 'Start'>>" * 1 + "<<if 1>>" * 60 + "<<= " + "(" * 200 + ">>",
        "<<set $f to (x) => x ? [[[[f(x)]]]] : 1>><<= $f(1)>>",
        "<<= " + "!" * 300 + "1>>",
        "<<= " + "1+" * 5_000 + "1>>",
        "<<= '<<= 1>>'>>" * 50,
        "<<set $s to '<<= $s>>'>>$s",
    ):
        _run(_player(text, text), Table({}, "text"))
