"""Whatever is edited, what a check has taken over from earlier versions is right: it finds what one of a new story finds."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gamebook_lab as gb
from gamebook_lab.errors import EditError, UnknownPassageError
from gamebook_lab.languages import registry
from gamebook_lab.story import edits
from gamebook_lab.story.checks import check
from gamebook_lab.story.edits.rows import with_cells
from gamebook_lab.story.history import History
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.search import replace
from gamebook_lab.story.story import Story, passage_rows

ANYWHERE = ["[[A]]", "[[B]]", "[[Gone]]", "words ", "The End", "", " ", "\0", "\n", "é去"]
MARKUP = {
    "toy": [
        "{goto A}", "{include B}", "{include Gone}", "{visited Gone}", "{visited C}", "{restart}", "{computed}", "{return}",
        "{set $x}", "{read $x}", "{set _i}", "{read _i}", "{set $fx}", "{code fx}", "{jump j}", "{define fx}", "{oops}",
    ],
    "sugarcube": [
        "<<goto 'A'>>", "<<include 'B'>>", "<<set $x to 'C'>>", "<<set $y to $x>>", "<<goto $y>>", "$x", "<<set _i to 1>>", "_i",
        "<<fx>>", "<<widget 'fx'>><<fx>><</widget>>", "<<script>>player.x = state.y<</script>>", "<<if visited('Gone')>>a<</if>>",
        "<<back>>", "<<if",
    ],
    "harlowe": [
        "(goto: 'A')", "(display: 'B')", "(set: $x to 'C')", "(goto: $x)", "$x", "(set: _i to 1)", "_i", "<script>x = 1</script>",
        "(link-goto: 'x', 'A')", "(open-storylets:)", "(storylet: when $x is 1)", "(if: visits > 1)[a]", "(restart:)", "(if:",
    ],
    "snowman": ["<% s.x = 1 %>", "<%= s.x %>", "<%= s.y %>", "<%= window.story.render('B') %>", "<% story.show(s.x) %>", "<%"],
    "chapbook": ["x: 'C'\n--\n", "{x}", "{embed passage: 'B'}", "{restart link}", "{back link}", "[if x]\n", "[JavaScript]\n", "{"],
}  # fmt: skip
NAMES = st.sampled_from(["A", "B", "C", "Gone", "Start", "PassageFooter", "StoryInit", "fx"])
TAGS = st.sampled_from(
    [[], ["end"], ["ending-good", "dark"], ["script"], ["style"], ["special"], ["widget"], ["footer"]]
)
KEYS = st.integers(0, 7)


def in_order(story: Story, seed: int) -> Story:
    """Put the passages in another order."""
    return story.with_table(story.table.sample(frac=1, random_state=seed))


def of_kind(story: Story, key: int, kind: str) -> Story:
    return with_cells(story, {"kind": {story.key(key): kind}})


def elsewhere(story: Story, line: int) -> Story:
    """Put the passages elsewhere in a file, as saving does."""
    lines = pd.array([line] * len(story), dtype="Int64")
    return story.with_table(story.table.assign(file=pd.array(["b.twee"] * len(story), dtype="str"), line=lines))


def from_elsewhere(story: Story) -> Story:
    return story.with_source(None)


def actions(texts: Any) -> Any:
    return st.one_of(
        st.tuples(st.just(edits.set_text), KEYS, texts),
        st.tuples(st.just(edits.add_passage), NAMES, texts),
        st.tuples(st.just(edits.rename_passage), KEYS, NAMES),
        st.tuples(st.just(edits.delete_passage), KEYS),
        st.tuples(st.just(edits.delete_passages), st.lists(KEYS, max_size=3, unique=True)),
        st.tuples(st.just(edits.duplicate_passage), KEYS),
        st.tuples(st.just(edits.split_passage), KEYS, st.integers(0, 20), NAMES),
        st.tuples(st.just(edits.merge_passages), KEYS, KEYS),
        st.tuples(st.just(edits.move_passage), KEYS, st.just(3.0), st.just(4.0)),
        st.tuples(st.just(edits.set_tags), KEYS, TAGS),
        st.tuples(st.just(edits.set_start), KEYS),
        st.tuples(st.just(edits.rename_variable), st.just("$x"), st.just("$y")),
        st.tuples(st.just(replace), st.sampled_from(["A", "Gone", "x"]), st.sampled_from(["B", "", "Gone"])),
        st.tuples(st.just(in_order), st.integers(0, 9)),
        st.tuples(st.just(of_kind), KEYS, st.sampled_from(["story", "special", "script"])),
        st.tuples(st.just(elsewhere), st.integers(1, 9)),
        st.tuples(st.just(from_elsewhere)),
        st.sampled_from([(History.undo,), (History.redo,)]),
    )


def after(history: History, action: Any) -> History:
    verb, *arguments = action
    try:
        if verb in (History.undo, History.redo):
            return verb(history)
        return history.do("edit", verb(history.story, *arguments))
    except (EditError, UnknownPassageError):
        return history


def assert_as_anew(story: Story) -> None:
    anew = Story(story.table, story.language, story.metadata, story.source, story.import_problems)
    found, wanted = check(story), check(anew)
    assert found.equals(wanted), f"{found.to_string()}\n\nand not\n\n{wanted.to_string()}"


@pytest.fixture(scope="module", autouse=True)
def languages():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parents[2] / "toys")
        yield {name: registry.language(name) for name in MARKUP}


@pytest.mark.parametrize("name", sorted(MARKUP))
@settings(max_examples=40)
@given(data=st.data())
def test_check__after_any_edits_is_as_of_a_new_story(languages, name, data):
    language = languages[name]
    texts = st.lists(st.sampled_from(ANYWHERE + 2 * MARKUP[name]), max_size=5).map("".join)
    passages = data.draw(st.lists(st.tuples(NAMES, texts, TAGS), min_size=1, max_size=6))
    rows = [
        Passage(title, text, tuple(tags), language.kind(title, tuple(tags)), is_start=number == 0)
        for number, (title, text, tags) in enumerate(passages)
    ]
    problems = (Problem("GB502", "Odd header", key=1), Problem("GB501", "Tag colours"))
    history = History(Story(passage_rows(rows), language, import_problems=problems))
    look_every = data.draw(st.integers(1, 3))
    check(history.story)
    for number, action in enumerate(data.draw(st.lists(actions(texts), max_size=8))):
        history = after(history, action)
        if number % look_every == 0:
            assert_as_anew(history.story)
    assert_as_anew(history.story)


@pytest.mark.parametrize(
    "path",
    [
        "twine/chapbook-demo", "twine/tiny-qbn-storylets", "twine/ghosthunt-spook-tours",
        "twine/grenzwert-snowman", "twine/cybersecurity-and-you",
    ],
)  # fmt: skip
def test_check__of_a_real_story_after_edits_is_as_of_a_new_one(corpora, path):
    file = max((each for each in (corpora / path).rglob("*") if each.suffix in {".twee", ".tw", ".html"}), key=size)
    story = gb.read_story(file)
    check(story)
    first, second, *_, last = story.table.index.tolist()
    for edit in (
        lambda story: edits.set_text(story, second, story.text(second) + " [[Nowhere]]"),
        lambda story: edits.rename_passage(story, first, "Another name"),
        lambda story: edits.delete_passage(story, last),
        lambda story: edits.set_text(story, first, ""),
        lambda story: edits.add_passage(story, "Nowhere", "The End"),
        lambda story: in_order(story, 1),
    ):
        story = edit(story)
        assert_as_anew(story)


def size(path: Path) -> int:
    return path.stat().st_size
