"""Random sequences of edits: only what had to change has changed, undo restores, nothing derived is stale."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import EditError, UnknownPassageError
from gamebook_lab.story import edits
from gamebook_lab.story.history import History, changed_keys
from gamebook_lab.story.search import replace
from gamebook_lab.story.story import Story

NAMES = st.sampled_from(["A", "B", "C", "Door", "In and out", "StoryInit", "Start"])
PIECES = st.sampled_from([
    "[[A]]", "[[go->B]]", "[[Door]]", '{link "x" "C"}', '{goto "A"}', '{visited "B"}', "{if $x}", "{end}", "{set $x = 1}",
    "{set $y = $x}", "{set _i = true}", "{js z}", "$y", "/*", "*/", "word ", "\n", "[[", "{", '"', "é😀 ",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=8).map("".join)
KEYS = st.integers(0, 6)
OFFSETS = st.integers(0, 40)
ORDERS = st.integers(0, 3)
PLACES = st.floats(-1e6, 1e6)
VARIABLES = st.sampled_from(["$x", "$y", "_i", "$z"])

ACTIONS = st.one_of(
    st.tuples(st.just(edits.add_passage), NAMES, TEXTS),
    st.tuples(st.just(edits.rename_passage), KEYS, NAMES),
    st.tuples(st.just(edits.delete_passage), KEYS),
    st.tuples(st.just(edits.duplicate_passage), KEYS),
    st.tuples(st.just(edits.split_passage), KEYS, OFFSETS, NAMES),
    st.tuples(st.just(edits.merge_passages), KEYS, KEYS),
    st.tuples(st.just(edits.move_passage), KEYS, PLACES, PLACES),
    st.tuples(st.just(edits.set_text), KEYS, TEXTS),
    st.tuples(st.just(edits.set_tags), KEYS, st.sampled_from([[], ["dark"], ["script"], ["style"]])),
    st.tuples(st.just(edits.set_start), KEYS),
    st.tuples(st.just(edits.add_choice), KEYS, st.sampled_from([None, "go"]), NAMES),
    st.tuples(st.just(edits.retarget_choice), st.tuples(KEYS, ORDERS), NAMES),
    st.tuples(st.just(edits.relabel_choice), st.tuples(KEYS, ORDERS), st.sampled_from(["go", "stay"])),
    st.tuples(st.just(edits.delete_choice), st.tuples(KEYS, ORDERS)),
    st.tuples(st.just(edits.rename_variable), VARIABLES, VARIABLES),
    st.tuples(st.just(replace), st.sampled_from(["go", "o", "$x"]), st.sampled_from(["", "way"])),
)
STARTS = st.lists(TEXTS, min_size=1, max_size=4)
DERIVED = ("choices", "variables")


def story_of(make_story, texts):
    return make_story(**dict(zip("ABCD", texts, strict=False)))


def attempt(story, action):
    verb, *arguments = action
    try:
        return verb(story, *arguments)
    except (EditError, UnknownPassageError):
        return story


@settings(max_examples=150, deadline=None)
@given(STARTS, st.lists(ACTIONS, max_size=6), st.integers(0, 3))
def test_edits__derived_tables_are_never_stale_and_undo_restores(make_story, texts, actions, look_every):
    story = story_of(make_story, texts)
    history, stories = History(story), [story]
    for number, action in enumerate(actions):
        if look_every and number % look_every == 0:
            _ = history.story.choices, history.story.variables
        new = attempt(history.story, action)
        history = history.do("edit", new)
        if history.story.table is not stories[-1].table and changed_keys(stories[-1], history.story):
            stories.append(history.story)
        assert_fresh(history.story)
        assert history.story.table["is_start"].sum() <= 1
        assert history.story.table.dtypes.equals(story.table.dtypes)
    for earlier in reversed(stories[:-1]):
        history = history.undo()
        assert history.story.table.equals(earlier.table)
        assert history.story.metadata == earlier.metadata
        assert_fresh(history.story)
    for later in stories[1:]:
        history = history.redo()
        assert history.story.table.equals(later.table)


def assert_fresh(story):
    anew = Story(story.table, story.language)
    assert story.choices.equals(anew.choices)
    assert story.variables.equals(anew.variables)
    assert story.keys_by_name == anew.keys_by_name
    assert story.mentions.keys == anew.mentions.keys


@settings(max_examples=150, deadline=None)
@given(STARTS, ACTIONS)
def test_edits__untouched_passages_keep_their_text_and_program(make_story, texts, action):
    story = story_of(make_story, texts)
    _ = story.programs
    before = story.table.copy(deep=True)
    new = attempt(story, action)
    changed = changed_keys(story, new)
    for key in set(story.table.index) & set(new.table.index) - changed:
        assert new.text(key) is story.text(key)
        assert new.program(key) is story.program(key)
    assert story.table.equals(before)
    assert new.next_key > max([*story.table.index, *new.table.index], default=-1)


@settings(max_examples=150, deadline=None)
@given(STARTS, st.sampled_from("ABCD"))
def test_rename_passage__and_back_restores_everything(make_story, texts, name):
    story = story_of(make_story, texts)
    if name in story.keys_by_name:
        there = edits.rename_passage(story, name, "Elsewhere")
        assert edits.rename_passage(there, "Elsewhere", name).table.equals(story.table)


@settings(max_examples=150, deadline=None)
@given(STARTS, st.tuples(st.integers(0, 3), ORDERS))
def test_retarget_choice__changes_one_target_and_nothing_else(make_story, texts, choice):
    story = story_of(make_story, texts)
    new = attempt(story, (edits.retarget_choice, choice, "Nowhere"))
    if new is not story:
        changed = new.choices["target"] != story.choices["target"]
        assert (changed & ~(new.choices["target"].isna() & story.choices["target"].isna())).sum() == 1
        assert new.choices["label"].equals(story.choices["label"])
        assert changed_keys(story, new) == {choice[0]}


@settings(max_examples=150, deadline=None)
@given(STARTS, OFFSETS)
def test_split_passage__then_merge_restores_the_text(make_story, texts, at):
    story = story_of(make_story, texts)
    new = attempt(story, (edits.split_passage, 0, at, "Rest"))
    if new is not story:
        assert edits.merge_passages(new, 0, "Rest").table.equals(story.table)
