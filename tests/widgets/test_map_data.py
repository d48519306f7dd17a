"""What the map shows after a chain of edits is what it shows of the story that they led to."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import EditError
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.story import edits
from gamebook_lab.story.history import History, changed_keys
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows
from gamebook_lab.widgets import map_data

NAMES = "ABCDEF"
BEGINNING = [
    Passage(name, f"[[{NAMES[at - 1]}]]", x=150.0 * at, y=0.0, is_start=not at) for at, name in enumerate("ABAC")
]
"""Two are of one name."""


def text(dice):
    return "".join(f"[[{dice.choice(NAMES)}]]" for _ in range(dice.randrange(4)))


def placed(story, dice):
    return {"text": text(dice), "x": 150.0 * dice.randrange(9), "y": 150.0 * dice.randrange(9)}


def pasted(story, dice):
    some = [Passage(dice.choice(NAMES), text(dice), x=150.0 * at, y=0.0) for at in range(dice.randrange(1, 4))]
    names = dict.fromkeys(each.passage_id for each in some)
    return edits.import_passages(
        story, Story(passage_rows([next(p for p in some if p.passage_id == n) for n in names]), LANGUAGE)
    )


def any_key(story, dice):
    return dice.choice(story.table.index.tolist())


ACTS = {
    "add": lambda story, dice: edits.add_passage(story, dice.choice(NAMES), **placed(story, dice)),
    "delete": lambda story, dice: edits.delete_passage(story, any_key(story, dice)),
    "rename": lambda story, dice: edits.rename_passage(story, any_key(story, dice), dice.choice(NAMES)),
    "text": lambda story, dice: edits.set_text(story, any_key(story, dice), text(dice)),
    "move": lambda story, dice: edits.move_passage(story, any_key(story, dice), 150.0 * dice.randrange(9), 0.0),
    "start": lambda story, dice: edits.set_start(story, any_key(story, dice)),
    "duplicate": lambda story, dice: edits.duplicate_passage(story, any_key(story, dice)),
    "paste": pasted,
}  # fmt: skip
CHAINS = st.lists(st.tuples(st.sampled_from([*ACTS, "undo", "undo", "redo"]), st.integers(0, 2**16)), max_size=25)


def stories(chain):
    """Every story of a chain of edits, and what is done to it; an edit that is refused does nothing."""
    history = History(Story(passage_rows(BEGINNING), LANGUAGE))
    yield history.story
    for act, seed in chain:
        try:
            if act in ACTS:
                history = history.do(act, ACTS[act](history.story, random.Random(seed)))
            elif history.can_undo if act == "undo" else history.can_redo:
                history = history.undo() if act == "undo" else history.redo()
        except (EditError, IndexError):
            continue
        yield history.story


@settings(max_examples=20)
@given(CHAINS)
def test_map__after_a_chain_of_edits_is_that_of_the_story_it_led_to(chain):
    story, *later = stories(chain)
    data = map_data.read(story)
    for new in later:
        before, shown = story, data
        story = new
        data, patch = map_data.update(data, story, changed_keys(before, story))
        fresh = map_data.read(story)
        assert (data.rows, data.names, data.sources) == (fresh.rows, fresh.names, fresh.sources)
        links = [
            {key: [each.names.get(name) for name in row.targets] for key, row in each.rows.items()}
            for each in (shown, data)
        ]
        others = {key for key, row in data.rows.items() if shown.rows.get(key) != row or links[0][key] != links[1][key]}
        assert patch == (sorted(others), sorted(shown.rows.keys() - data.rows.keys()))
