"""Summaries never say too little: checked by running generated stories, with and without each variable."""

from __future__ import annotations

from hypothesis import given, reject
from hypothesis import strategies as st

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.languages.harlowe.play.player import Player
from gamebook_lab.story.frozen import Value
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, Move, Page, Summary, visits_of
from tests.languages.harlowe_play.driving import Driver, player_of

VARIABLES = ("$a", "$b", "$c")
ATOMS = st.sampled_from(
    [
        "1",
        "2",
        "$a",
        "$b",
        "$c",
        "_t",
        "it",
        "visits",
        "turns",
        "(random: 1, 2)",
        "(a: 1, $a)'s 1st",
        "'x'",
        "(print: $a)",
        "(cond: $b is 1, 1, 2)",
        "(history:)'s length",
        "(nth: 1, $c, 2)",
        "(macro: num-type _p, [(output-data: _p + $c)])",
    ]
)
TESTS = st.sampled_from(
    [
        "$a is 1",
        "$b > 1",
        "$c is 'x'",
        "_t is 1",
        "visits is 1",
        "(history:) contains 'End'",
        "(visited: 'End')",
        "true",
        "$a is 1 or 2",
        "not ($b is 2)",
        "(some-pass: _i where _i is $c, 1, 2)",
    ]
)
LABELS = st.sampled_from(["go", "stay", "more"])


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    hook = inner.map(lambda text: f"[{text}]")
    return st.one_of(
        st.builds("(if: {}){}(else:){}".format, TESTS, hook, hook),
        st.builds("(unless: {}){}(else-if: {}){}".format, TESTS, hook, TESTS, hook),
        st.builds("(link: '{}'){}".format, LABELS, hook),
        st.builds("(link-repeat: '{}'){}".format, LABELS, hook),
        st.builds("(link-reveal-goto: '{}', 'End'){}".format, LABELS, hook),
        st.builds("|h>{}".format, hook),
        st.builds("|h){}".format, hook),
        st.builds("(replace: ?h){}".format, hook),
        st.builds("(append: ?h){}".format, hook),
        st.builds("(for: each _i, {}, 2){}".format, ATOMS, hook),
        st.builds("(after: 1s){}".format, hook),
        st.builds("(event: when {}){}".format, TESTS, hook),
        st.builds("(set: $l to (link: 'stored'))$l{}".format, hook),
        st.builds("{}{}".format, inner, inner),
    )


LEAVES = st.one_of(
    st.builds("(set: {} to {})".format, st.sampled_from([*VARIABLES, "_t"]), ATOMS),
    st.builds("(set: {} to it + 1)".format, st.sampled_from([*VARIABLES, "_t"])),
    st.builds("(set: {} to {}, {} to 2)".format, st.sampled_from(VARIABLES), ATOMS, st.sampled_from(VARIABLES)),
    st.sampled_from(
        [
            "words",
            "$a",
            "_t",
            "[[End]]",
            "[[$a->End]]",
            "[[to->$d]]",
            "(goto: 'End')",
            "(display: 'Part')",
            "(show: ?h)",
        ]
    )
    | st.sampled_from(
        [
            "(set: $d to 'End')",
            "(set: $m to '(if: $b is 1)[[[End]]]')",
            "$m",
            "(link-goto: 'x', (cond: $a is 1, 'End', 'Start'))",
        ]
    )
    | st.sampled_from(
        [
            "(cycling-link: 2bind $a, 1, 2)",
            "(cycling-link: bind $b, 1, 2)",
            "(dropdown: bind $c, 1, 'x')",
            "($c: 1)",
            "(undo:)",
        ]
    )
    | st.sampled_from(
        ["(link-storylet: 1)", "(input-box: bind $b, 'XX')", "(link-show: 's', ?h)", "(rerun: ?h)", "(hide: ?h)"]
    ),
)
TEXTS = st.recursive(LEAVES, blocks, max_leaves=8)
VALUES = st.dictionaries(
    st.sampled_from([*VARIABLES, "$d", visits_of("End"), visits_of("Start"), TURNS]), st.sampled_from([1, 2])
)
STORIES = st.builds(
    lambda start, part, end, when: player_of(start, {"Part": part, "End": f"(storylet: when {when}){end}"}),
    TEXTS,
    TEXTS,
    TEXTS,
    TESTS,
)


def enter(player: Player, driver: Driver) -> Page:
    try:
        return player.enter("Start", driver)
    except EndlessPassageError:  # ``(rerun: ?h)`` inside it, say
        reject()


def play(player: Player, driver: Driver, clicks: list[int]) -> list[object]:
    """Enter, and click within the page; what can be chosen at each step, and where it ends."""
    page: Page | Move = enter(player, driver)
    seen: list[object] = []
    for click in clicks:
        if isinstance(page, Move):
            break
        seen.append(([(offer.kind, offer.token) for offer in page.offers], page.goto))
        offers = [offer for offer in page.offers if offer.token is not None]
        if not offers:
            break
        try:
            page = player.click(page, offers[click % len(offers)], driver)
        except EndlessPassageError:
            reject()
    return [*seen, page if isinstance(page, Move) else [(offer.kind, offer.token) for offer in page.offers]]


def known(summary: Summary) -> frozenset[str]:
    return summary.decides | summary.shows | {source for source, _ in summary.flows}


@given(STORIES, VALUES, st.lists(st.integers(0, 5), max_size=3), st.sampled_from(["text", "choices"]))
def test_summary__lists_all_that_a_run_reads_and_writes(
    player: Player, values: dict[str, Value], clicks: list[int], detail: str
) -> None:
    driver = Driver(dict(values), detail, draws=[1, 0, 1])  # type: ignore[arg-type]
    play(player, driver, clicks)
    summary = player.summary("Start")
    assert driver.reads <= known(summary)
    assert {*driver.writes} <= summary.writes


@given(
    STORIES,
    VALUES,
    st.lists(st.integers(0, 5), max_size=3),
    st.sampled_from([*VARIABLES, "$d", visits_of("End"), TURNS]),
)
def test_summary__what_neither_decides_nor_flows_changes_no_choice(
    player: Player, values: dict[str, Value], clicks: list[int], variable: str
) -> None:
    summary = player.summary("Start")
    if variable in summary.decides:
        return
    flows = {target for source, target in summary.flows if source == variable}
    reached, waiting = set(flows), [*flows]
    while waiting:
        new = {target for source, target in summary.flows if source == waiting[-1]} - reached
        waiting.pop()
        reached |= new
        waiting += new
    if reached & summary.decides:
        return
    runs = []
    for value in (1, "x"):
        driver = Driver({**values, variable: value}, "choices", draws=[1, 0, 1])
        runs.append((play(player, driver, clicks), driver))
    assert runs[0][0] == runs[1][0]
    for name in {*runs[0][1].writes, *runs[1][1].writes} - reached - {variable}:
        assert runs[0][1].values.get(name) == runs[1][1].values.get(name)


@given(STORIES, VALUES)
def test_details__offer_the_same(player: Player, values: dict[str, Value]) -> None:
    hidden = frozenset([HISTORY, PREVIOUS])
    pages = [enter(player, Driver(dict(values), detail, hidden=hidden)) for detail in ("text", "choices")]  # type: ignore[arg-type]
    assert [(offer.place, offer.kind) for offer in pages[0].offers] == [
        (offer.place, offer.kind) for offer in pages[1].offers
    ]
    assert pages[0].goto == pages[1].goto


@given(STORIES)
def test_kills__are_written_before_they_are_read(player: Player) -> None:
    for name in player.summary("Start").kills:
        driver = Driver()
        enter(player, driver)
        assert name in driver.writes
        assert name not in Driver().reads


def test_summary__tells_words_from_decisions() -> None:
    player = player_of("$gold (if: $mood is 1)[happy](if: $key is 1)[[[Door]]](set: $x to $y)", {"Door": ""})
    summary = player.summary("Start")
    assert "$key" in summary.decides
    assert not {"$gold", "$mood", "$y"} & summary.decides
    assert {"$gold", "$mood"} <= summary.shows
    assert ("$y", "$x") in summary.flows
    assert "$x" in summary.writes
    assert not summary.reads_all


def test_summary__of_begin_is_that_of_the_startup_passages() -> None:
    summary = player_of("", {"S [startup]": "(set: $x to 1)"}).summary(None)
    assert summary.writes == {"$x"}


def test_sources__are_all_texts_that_may_run() -> None:
    player = player_of("(display: 'A')", {"A": "(display: 'B')", "B": "", "C": "", "H [header]": ""})
    assert player.sources("Start") == {"Start", "A", "B", "H"}
    assert player.sources(None) == frozenset()
    assert player_of("(display: $x)", {"A": ""}).sources("Start") == {"Start", "A"}


def test_kills__are_set_to_a_literal_first() -> None:
    assert player_of("(set: $x to 1)(set: $y to $x)").summary("Start").kills == {"$x"}
    assert player_of("$x(set: $x to 1)").summary("Start").kills == frozenset()
    assert player_of("(if: $y)[(set: $x to 1)]").summary("Start").kills == frozenset()
