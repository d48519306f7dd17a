"""Edits on real markup: what a language writes in a place, it reads back there."""

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.languages import registry
from gamebook_lab.story import edits
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.search import replace
from gamebook_lab.story.story import Story, passage_rows

TEXTS = {
    "plain": "Go [[Cellar]] or [[down->Cellar]].",
    "sugarcube": 'Go [[Cellar]] or [[down|Cellar][$gold to 1]]. <<link "down" "Cellar">><</link>> $gold',
    "harlowe": '(set: $gold to 1)Go [[Cellar]] or [[down->Cellar]]. (link-goto: "down", "Cellar") $gold',
    "snowman": "<% s.gold = 1; %>Go [[Cellar]] or [[down->Cellar]]. <%= s.gold %>",
    "chapbook": "gold: 1\n--\nGo [[Cellar]] or [[down->Cellar]]. {gold}",
}


@pytest.fixture(params=sorted(TEXTS))
def story(request):
    try:
        language = registry.language(request.param)
    except ModuleNotFoundError:
        pytest.skip(f"no {request.param}")
    rows = [Passage("Hall", TEXTS[request.param], is_start=True), Passage("Cellar", "Dark.")]
    return Story(passage_rows(rows), language)


@pytest.mark.parametrize("name", ["Wine cellar", "O'Brien's", "Keller für Käse", "42"])
def test_rename_passage__every_link_follows(story, name):
    renamed = edits.rename_passage(story, "Cellar", name)
    assert renamed.choices["target"].tolist() == [name] * len(story.choices)
    assert edits.rename_passage(renamed, name, "Cellar").table.equals(story.table)


def test_retarget_choice__keeps_label_and_the_other_choices(story):
    for order, before in enumerate(story.choices["target"]):
        new = edits.retarget_choice(story, ("Hall", order), "O'Brien's")
        assert new.choices["label"].equals(story.choices["label"])
        assert new.choices["target"].tolist() == [
            "O'Brien's" if other == order else before for other in range(len(story.choices))
        ]


def test_relabel_choice__keeps_targets(story):
    for order in range(len(story.choices)):
        new = edits.relabel_choice(story, ("Hall", order), 'say "no"')
        assert new.choices["target"].equals(story.choices["target"])
        assert new.choices["label"][order] == 'say "no"'


def test_rename_variable__and_back(story):
    for name in story.variables["name"]:
        renamed = edits.rename_variable(story, name, f"{name}en")
        assert f"{name}en" in renamed.variables["name"].tolist()
        assert name not in renamed.variables["name"].tolist()
        assert edits.rename_variable(renamed, f"{name}en", name).table.equals(story.table)


def test_split_passage__then_merge(story):
    at = story.text("Hall").index(" or ")
    split = edits.split_passage(story, "Hall", at, "Rest")
    assert split.choices["target"].tolist()[:2] == ["Cellar", "Rest"]
    assert edits.merge_passages(split, "Hall", "Rest").table.equals(story.table)


def test_replace__in_prose_leaves_targets_alone(story):
    new = replace(story, "Cellar", "Basement", within="prose")
    assert new.choices["target"].equals(story.choices["target"])
    assert new.choices["label"][0] == "Basement"


def test_rename_variable__wherever_sugarcube_code_reaches_into_the_store():
    text = "$gold State.variables: <<= State.variables[\"gold\"] + variables()['gold'] + variables().gold>><<run V.gold++>>"
    story = Story(passage_rows([Passage("Start", text)]), registry.language("sugarcube"))
    assert edits.rename_variable(story, "$gold", "$coins").text(0) == text.replace("gold", "coins")


FORKS = {
    "sugarcube": '<<link "go">><<if $x>><<goto "A">><<else>><<goto "B">><</if>><</link>>',
    "harlowe": '(link: "go")[(if: $x)[(goto: "A")](else:)[(goto: "B")]]',
}


@pytest.fixture(params=sorted(FORKS))
def fork(request):
    rows = [Passage("Start", FORKS[request.param]), Passage("A", "a"), Passage("B", "b")]
    return Story(passage_rows(rows), registry.language(request.param))


def test_delete_choice__refuses_to_take_what_leads_elsewhere_along(fork):
    assert fork.choices["target"].tolist() == ["A", "B"]
    with pytest.raises(EditError, match="leads to 'B'"):
        edits.delete_choice(fork, ("Start", 0))


def test_delete_passage__a_link_that_also_leads_elsewhere_stays(fork):
    assert edits.delete_passage(fork, "A", unlink=True).text("Start") == fork.text("Start")


NAMED = {
    "harlowe": (
        "(if: (passage:)'s name is \"Cellar\")[a](if: \"Cellar\" is not name of (passage:))[b](if: (history:)'s last is 'Cellar')[c]"
        '(if: (history:) contains any of (a: "Hall", "Cellar"))[d](if: "Cellar" is in (history:))[e]'
    ),
    "sugarcube": '<<if passage() is "Cellar" or tags("Cellar").includes("x") or previous() neq "Cellar">>a<</if>>',
    "snowman": '<% if (passage.name === "Cellar" || "Cellar" != window.passage.name) { %>a<% } %><%= visited("Cellar") %>',
    "chapbook": '[if passage.name === "Cellar" || trail.includes("Cellar")]\na\n',
}


@pytest.mark.parametrize("language", sorted(NAMED))
def test_rename_passage__wherever_a_condition_names_it(language):
    rows = [Passage("Hall", NAMED[language], is_start=True), Passage("Cellar", "Dark.")]
    renamed = edits.rename_passage(Story(passage_rows(rows), registry.language(language)), "Cellar", "Vault")
    assert renamed.text("Hall") == NAMED[language].replace("Cellar", "Vault")
